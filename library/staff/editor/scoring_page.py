"""The page of the scale: its form as stored or as typed, the zones as they will be seen, and the tree of scores."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from library.authoring.score_tree import TreeLine, beside, tree
from library.authoring.scoring_words import rule_title
from library.drafting.drafts import Draft
from library.scoring.registry import figure
from portal.web import charts

from . import part_saving
from .part_saving import Conflict
from .scoring_forms import BuiltScoring, TypedScoring, built_scoring, draw_scoring
from .typed_fields import summary

PART = "scoring"
NAMES = ("scale", "treatment", "overall", "sections", "zones")


@dataclass(frozen=True)
class ScoringPage:
    """The scale with what was typed. `state`: "" as stored, saved, open (incomplete), refused or stale."""

    definition_id: UUID
    draft: Draft
    typed: TypedScoring
    seen: str = ""
    state: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    conflict: Conflict | None = None

    @classmethod
    def stored(cls, definition_id: UUID, draft: Draft) -> Self:
        """This will show the scale as it is stored; empty for a definition that scores nothing yet."""
        scoring = draft.document.scoring
        if scoring is None:
            return cls(definition_id, draft, TypedScoring())
        seen = part_saving.seen_of(draft.content(PART), NAMES)
        return cls(definition_id, draft, TypedScoring.of_scoring(scoring), seen)

    @property
    def status(self) -> int:
        """This will be the status to answer with."""
        return {"refused": 422, "stale": 409}.get(self.state, 200)

    def sent(self, by: Viewer, fields: QueryDict) -> Self:
        """This will take what the form sent: do what its button asks, and save when it means a whole scale."""
        doing = fields.get("do", "")
        if doing == "theirs" or self.draft.document.scoring is None:
            return self
        typed = TypedScoring.of_form(fields).done(doing)
        made = self._built(typed)
        form = replace(self, typed=typed, seen=part_saving.seen_in(fields))
        if made.data is not None:
            return form._saved(by, made.data)
        is_wrong = bool(made.errors) or doing in part_saving.SAVES
        errors = {**made.missing, **made.errors} if doing in part_saving.SAVES else made.errors
        return replace(form, state="refused" if is_wrong else "open", errors=errors, missing=made.missing)

    def _built(self, typed: TypedScoring) -> BuiltScoring:
        return built_scoring(self.draft.document, typed, self.draft.content(PART))

    def _saved(self, by: Viewer, data: Mapping[str, Any]) -> Self:
        fields = {name: data.get(name) or None for name in NAMES}
        saved = part_saving.save(by=by, draft=self.draft, part=PART, fields=fields, seen=self.seen)
        form = replace(self, draft=saved.draft)
        if saved.conflict is not None:
            return replace(form, state="stale", conflict=saved.conflict)
        if saved.refused is not None:
            errors, problems = form._refused(saved)
            return replace(form, state="refused", errors=errors, problems=problems)
        return replace(form, state="saved", seen=part_saving.seen_of(saved.draft.content(PART), NAMES))

    def _refused(self, saved: part_saving.Saved) -> tuple[dict[str, str], tuple[str, ...]]:
        assert saved.refused is not None
        errors: dict[str, str] = {}
        problems: list[str] = []
        for place, messages in saved.refused.here.items():
            words = " ".join(part_saving.in_words(saved.draft.document, message) for message in messages)
            at = self._field_of(place)
            if at:
                errors[at] = words
            else:
                problems.append(words)
        return errors, (*problems, *part_saving.elsewhere(saved.draft, saved.refused))

    def _field_of(self, place: str) -> str:
        if place.startswith("scale."):
            return place.removeprefix("scale.")
        if place.startswith("sections."):
            return f"section-{place.removeprefix('sections.')}"
        zone = re.match(r"zones\[(\d+)\](?:\.(label|from|tone|description))?", place)
        if zone and int(zone[1]) < len(self.typed.zones):
            return f"zone-{self.typed.zones[int(zone[1])].id}-{zone[2] or 'label'}"
        return "overall" if place == "overall" else ""

    def context(self) -> dict[str, Any]:
        """This will return what templates/library/staff/editor/scoring.html shows."""
        document = self.draft.document
        links = {name: reverse(f"staff:{name}", args=[self.definition_id]) for name in ("scoring", "scoring_beginning", "weights", "samples", "scores", "reference_values")}  # fmt: skip
        if document.scoring is None:
            return {"links": links, "is_scored": False, "is_composed_of_children": bool(document.children)}
        made = self._built(self.typed)
        return {
            "links": links,
            "is_scored": True,
            "form": draw_scoring(document, self.typed, self.errors, self.missing),
            "gauge": self._gauge(made),
            "coverage": self._coverage(made),
            "seen": self.seen,
            "state": self.state,
            "problems": self.problems,
            "conflict": self._conflict(),
            "has_errors": self.status != 200,
            "mistakes": summary(self.errors),
            "unfinished": [part_saving.in_words(document, found.message) for found in self.draft.placed if found.part == PART],
            "tree": [self._line(line) for line in tree(document)],
            "beside": [self._line(line) for line in beside(document)],
        }  # fmt: skip

    def _gauge(self, made: BuiltScoring) -> str:
        """The zones as the results page will draw them, with a score in the middle of the third quarter."""
        if not made.zones:
            return ""
        low, high = made.zones[0]["from"], made.zones[-1]["to"]
        example = low + (high - low) * 0.62
        return charts.gauge(
            round(example, 6), made.zones, label=_("Example of a result"), minimum=low, maximum=high, uid="zones"
        )

    def _coverage(self, made: BuiltScoring) -> dict[str, Any]:
        """What can be said about the zones as they stand in the form."""
        if not self.typed.zones:
            return {"is_whole": None, "words": _("No zones: results show a number without a word for it.")}
        if not made.zones:
            return {"is_whole": False, "words": _("The zones do not cover the scale yet.")}
        ends = {"low": figure(made.zones[0]["from"]), "high": figure(made.zones[-1]["to"])}
        return {
            "is_whole": True,
            "words": _("The zones cover the scale from %(low)s to %(high)s without a gap.") % ends,
        }

    def _line(self, line: TreeLine) -> dict[str, Any]:
        weighs = line.share is not None
        return {
            "key": line.score.key,
            "name": line.score.name,
            "url": reverse("staff:score", args=[self.definition_id, line.score.key]),
            "rule": rule_title(line.score.rule),
            "depth": min(line.depth, 6),
            "questions": line.questions,
            "children": len(self.draft.document.children) if any(pick.children for pick in line.score.inputs) else 0,
            "weight": figure(line.weight) if weighs else "",
            "share": f"{line.share * 100:.0f} %" if line.share is not None else "",
            "is_overall": line.is_overall,
            "is_again": line.is_again,
            "sections": ", ".join(line.sections),
            "gates": len(line.score.gates) + len(line.score.cases),
        }

    def _conflict(self) -> dict[str, Any] | None:
        if self.conflict is None:
            return None
        zones = ", ".join(zone.get("label", "") for zone in self.conflict.theirs.get("zones", ()))
        scale = self.conflict.theirs.get("scale", {})
        words = _("Scale from %(low)s to %(high)s; zones: %(zones)s")
        return self.conflict.notice(words % {"low": scale.get("min"), "high": scale.get("max"), "zones": zones or "–"})
