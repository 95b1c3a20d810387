"""The table of all weights: what each question weighs, and what part of its section and of all that is.

A section's questions are saved together. The form carries the weights as they were shown, so that only what was changed
here is saved, and a weight somebody else changed meanwhile is not put back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.viewer import Viewer
from library.authoring.score_tree import WeighedSection, weights
from library.document import Question
from library.drafting.drafts import Draft
from library.scoring.registry import figure

from . import part_saving
from .score_inputs import weight_of
from .typed_fields import Wrong, plain


@dataclass(frozen=True)
class WeightForm:
    """All weights, with what was typed in one section."""

    definition_id: UUID
    draft: Draft
    state: str = ""
    section: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """This will be the status to answer with."""
        return {"refused": 422, "stale": 409}.get(self.state, 200)

    def sent(self, by: Viewer, fields: QueryDict) -> Self:
        """This will save the weights that differ from those that were shown."""
        document = self.draft.document
        seen = dict(pair.split("=", 1) for pair in fields.get("seen", "").split() if "=" in pair)
        typed = {key: str(fields.get(f"weight-{key}", was)).strip() for key, was in seen.items()}
        form = replace(self, section=fields.get("section", ""), typed=typed, seen=seen)
        changed = {key: text for key, text in typed.items() if text != seen[key]}
        errors, stale, wanted = {}, {}, {}
        for key, text in changed.items():
            question = document.question(key)
            try:
                weight = weight_of(text)
            except Wrong as wrong:
                errors[key] = wrong.message
                continue
            if weight is None:
                errors[key] = _("Enter a weight, such as 1.")
            elif question is None or _shown(question) not in (seen[key], plain(weight)):
                stale[key] = _meanwhile(question)
            else:
                wanted[key] = weight
        if errors or stale:
            # Whoever looks again has seen what stands there now.
            seen |= {key: _shown(one) for key in stale if (one := document.question(key))}
            return replace(form, state="refused" if errors else "stale", errors={**errors, **stale}, seen=seen)
        return form._saved(by, wanted)

    def _saved(self, by: Viewer, wanted: Mapping[str, float]) -> Self:
        draft, errors = self.draft, {}
        for key, weight in wanted.items():
            saved = part_saving.save(by=by, draft=draft, part=f"question:{key}", fields={"weight": weight}, seen="")
            draft = saved.draft
            if saved.refused is not None:
                errors[key] = " ".join(message for words in saved.refused.here.values() for message in words)
        if errors:
            return replace(self, draft=draft, state="refused", errors=errors)
        return replace(self, draft=draft, state="saved", typed={}, errors={}, seen={})

    def context(self) -> dict[str, Any]:
        """This will return what templates/library/staff/editor/weights.html shows."""
        sections = weights(self.draft.document)
        total = sum(section.total for section in sections)
        return {
            "url": reverse("staff:weights", args=[self.definition_id]),
            "scoring_url": reverse("staff:scoring", args=[self.definition_id]),
            "sections": [self._section(section) for section in sections],
            "total": figure(total),
            "check": _check(total),
            "is_hundred": abs(total - 100) < 1e-9,
            "has_errors": self.status != 200,
            "state": self.state,
        }

    def _section(self, section: WeighedSection) -> dict[str, Any]:
        lines = [self._line(line) for line in section.questions]
        return {
            "key": section.key,
            "name": section.name,
            "total": figure(section.total),
            "share": _percent(section.share),
            "lines": lines,
            "seen": " ".join(f"{line['key']}={line['was']}" for line in lines),
            "state": self.state if section.key == self.section else "",
        }

    def _line(self, line: Any) -> dict[str, Any]:
        question = line.question
        was = self.seen.get(question.key, _shown(question))
        return {
            "key": question.key,
            "number": line.number,
            "text": question.text,
            "was": was,
            "value": self.typed.get(question.key, was),
            "counts": line.counts,
            "share": _percent(line.share) if line.counts else "",
            "share_of_all": _percent(line.share_of_all) if line.counts else "",
            "error": self.errors.get(question.key, ""),
        }


def _shown(question: Question) -> str:
    return plain(question.weight)


def _meanwhile(question: Question | None) -> str:
    if question is None:
        return _("This question was removed meanwhile.")
    return _("Somebody else made this %(weight)s meanwhile. Save again to keep yours.") % {"weight": _shown(question)}


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %" if 0 < share < 0.0995 else f"{share * 100:.0f} %"


def _check(total: float) -> str:
    if abs(total - 100) < 1e-9:
        return _("The weights add up to 100.")
    words = ngettext("The weights add up to %(total)s.", "The weights add up to %(total)s.", int(total))
    return " ".join([words % {"total": figure(total)}, _("That is fine: each counts by its share.")])
