"""The page of one score: its form as stored or as typed, and what saving made of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from library.authoring import bench_state
from library.authoring.scoring_words import rule_explained, rule_title
from library.document import Score
from library.drafting.drafts import Draft
from library.scoring.plan import OutOfReach
from library.scoring.registry import figure

from . import part_saving
from .condition_forms import focus_of, question_list
from .part_saving import Conflict
from .recommendation_forms import recommendations_of
from .score_drawing import draw
from .score_forms import BuiltScore, TypedScore, built
from .score_inputs import offered_scores, offered_sections, offered_tags
from .typed_fields import summary

# What the form edits; recommendations have a form of their own.
NAMES = (
    "name",
    "rule",
    "options",
    "inputs",
    "inputs_as",
    "weight",
    "treatment",
    "needs_every_answer",
    "cases",
    "gates",
    "rounding",
    "clamp",
    "scale",
)


@dataclass(frozen=True)
class ScorePage:
    """One score with what was typed. `state`: "" as stored, saved, open (incomplete), refused or stale."""

    definition_id: UUID
    draft: Draft
    key: str
    typed: TypedScore
    seen: str
    state: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    conflict: Conflict | None = None
    focus: str = ""

    @classmethod
    def stored(cls, definition_id: UUID, draft: Draft, key: str) -> Self:
        """This will show a score as it is stored. Raises Http404 when there is none with this key."""
        score = draft.document.score(key)
        if score is None:
            raise Http404
        seen = part_saving.seen_of(draft.content(f"score:{key}"), NAMES)
        return cls(definition_id, draft, key, TypedScore.of_score(score), seen)

    @property
    def part(self) -> str:
        return f"score:{self.key}"

    @property
    def status(self) -> int:
        """This will be the status to answer with."""
        return {"refused": 422, "stale": 409}.get(self.state, 200)

    def sent(self, by: Viewer, fields: QueryDict) -> Self:
        """This will take what the form sent: do what its button asks, and save when it means a whole score."""
        doing, document = fields.get("do", ""), self.draft.document
        if doing == "theirs":
            return self
        typed, unclear = TypedScore.of_form(fields).done(doing).settled(document, self.key)
        made = built(document, self.key, typed, self.draft.content(self.part))
        errors = {**made.errors, **unclear}
        form = replace(self, typed=typed, seen=part_saving.seen_in(fields), focus=_focus(doing, typed))
        if made.data is not None and not errors:
            return form._saved(by, made)
        is_wrong = bool(errors) or doing in part_saving.SAVES
        shown = {**made.missing, **errors} if doing in part_saving.SAVES else errors
        return replace(form, state="refused" if is_wrong else "open", errors=shown, missing=made.missing)

    def _saved(self, by: Viewer, made: BuiltScore) -> Self:
        assert made.data is not None
        data = {name: made.data.get(name) for name in NAMES}
        saved = part_saving.save(by=by, draft=self.draft, part=self.part, fields=data, seen=self.seen)
        form = replace(self, draft=saved.draft)
        if saved.conflict is not None:
            return replace(form, state="stale", conflict=saved.conflict)
        if saved.refused is not None:
            errors, problems = _refused(saved, made)
            return replace(form, state="refused", errors=errors, problems=problems)
        return replace(form, state="saved", seen=part_saving.seen_of(saved.draft.content(self.part), NAMES))

    def context(self) -> dict[str, Any]:
        """This will return what the form part of templates/library/staff/editor/score.html shows."""
        document = self.draft.document
        return {
            "form": draw(document, self.key, self.typed, self.errors, self.missing),
            "score_key": self.key,
            "url": self._url("score", self.key),
            "seen": self.seen,
            "state": self.state,
            "said": _("Not saved yet: something is missing") if self.state == "open" else "",
            "problems": self.problems,
            "conflict": self._conflict(),
            "has_errors": self.status != 200,
            "mistakes": summary(self.errors, self._target),
            "focus": self.focus,
            "is_overall": document.scoring is not None and document.scoring.overall == self.key,
            "reach": reach(self.draft, self.key) if self.state in ("", "saved") else "",
            "rule_words": self._rule_words(),
            "unfinished": [part_saving.in_words(document, found.message) for found in self.draft.placed if found.part == self.part],
        }  # fmt: skip

    def beside(self) -> dict[str, Any]:
        """This will return what stands around the form: the lists of its pickers, recommendations, who uses the score."""
        document = self.draft.document
        users = [score for score in document.scoring.scores if self.key in _inner(score)] if document.scoring else []
        shown = document.scoring.sections if document.scoring else {}
        return {
            "question_list": question_list(document),
            "section_list": [name for _key, name in offered_sections(document)],
            "score_list": [name for _key, name in offered_scores(document, self.key)],
            "tag_list": offered_tags(document),
            "scoring_url": reverse("staff:scoring", args=[self.definition_id]),
            "copy_url": self._url("score_copy", self.key),
            "removal_url": self._url("score_removal", self.key),
            "used_by": [{"name": score.name, "url": self._url("score", score.key)} for score in users],
            "shown_for": [document.places.sections[key][0].name for key, score in shown.items() if score == self.key and key in document.places.sections],
            **recommendations_of(self.definition_id, self.draft, self.part),
        }  # fmt: skip

    def _target(self, name: str) -> str:
        """The id of the control of a field."""
        if re.match(r"(gate|case)-\d+-0(\.|$)", name):
            return f"{name}-question"
        if name.startswith("option-") and not any(letter.isdigit() for letter in name):
            return f"f-{name}-{self.typed.texts.get('rule', '')}"
        return name if re.fullmatch(r"(pick|gate|case)-\d+", name) else f"f-{name}"

    def _url(self, name: str, *args: str) -> str:
        return reverse(f"staff:{name}", args=[self.definition_id, *args])

    def _rule_words(self) -> str:
        made = built(self.draft.document, self.key, self.typed, {})
        return rule_explained(self.typed.texts.get("rule", ""), (made.data or {}).get("options"))

    def _conflict(self) -> dict[str, Any] | None:
        if self.conflict is None:
            return None
        theirs = self.conflict.theirs
        words = _("“%(name)s”: %(rule)s") % {"name": theirs.get("name", ""), "rule": rule_title(theirs.get("rule", ""))}
        return self.conflict.notice(words)


def reach(draft: Draft, key: str) -> str:
    """This will say from what to what a score can be, or why it can have no value; nothing for a broken draft."""
    document = draft.document
    if not bench_state.can_be_scored(draft, document):
        return ""
    planned = next((node for node in document.scoring_plan.nodes if node.score.key == key), None)
    if planned is None:
        return ""
    if isinstance(planned.bounds, OutOfReach):
        return part_saving.in_words(document, planned.bounds.message)
    low, high = planned.bounds
    return _("It can be from %(low)s to %(high)s.") % {"low": figure(low), "high": figure(high)}


def _inner(score: Score) -> set[str]:
    return {key for pick in score.inputs for key in pick.scores}


def _refused(saved: part_saving.Saved, made: BuiltScore) -> tuple[dict[str, str], tuple[str, ...]]:
    assert saved.refused is not None
    errors: dict[str, str] = {}
    problems: list[str] = []
    for place, messages in saved.refused.here.items():
        words = " ".join(part_saving.in_words(saved.draft.document, message) for message in messages)
        at = made.field_of(place)
        if at:
            errors[at] = words
        else:
            problems.append(words)
    return errors, (*problems, *part_saving.elsewhere(saved.draft, saved.refused))


def _focus(doing: str, typed: TypedScore) -> str:
    """The field that was just added, where the typing goes on."""
    what, _colon, rest = doing.partition(":")
    if what == "pick" and rest.startswith("add") and typed.picks:
        return f"pick-{typed.picks[-1].id}"
    rules = {"gate": typed.gates, "case": typed.cases}.get(what, ())
    if rest == "add" and rules:
        return f"{what}-{rules[-1].id}-0.0-"
    given, _colon, inner = rest.partition(":")
    rule = next((one for one in rules if one.id == given), None)
    return focus_of(f"{what}-{given}-", inner, rule.when) if rule else ""
