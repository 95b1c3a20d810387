"""The form of one sample: its name, and the scores that must come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from library.authoring import bench_state
from library.document import Sample
from library.drafting.drafts import Draft

from . import part_saving
from .part_saving import Conflict
from .score_inputs import offered_scores
from .typed_fields import Field, Reading, Wrong, choices, next_id, number, plain, row_ids

NAMES = ("name", "expected", "tolerance")
USUAL_TOLERANCE = 1e-6


@dataclass(frozen=True)
class TypedLine:
    """One expected score, as typed. `is_none`: no score is expected."""

    id: str
    score: str = ""
    value: str = ""
    is_none: bool = False


@dataclass(frozen=True)
class SampleForm:
    """A sample with what was typed. `state`: "" as stored, saved, open (incomplete), refused or stale."""

    definition_id: UUID
    draft: Draft
    key: str
    name: str
    tolerance: str
    lines: tuple[TypedLine, ...]
    seen: str
    state: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    conflict: Conflict | None = None

    @classmethod
    def stored(cls, definition_id: UUID, draft: Draft, key: str) -> Self:
        """This will show a sample as it is stored. Raises Http404 when there is none with this key."""
        sample = next((one for one in draft.document.samples if one.key == key), None)
        if sample is None:
            raise Http404
        lines = tuple(
            TypedLine(str(at), score, plain(value), value is None)
            for at, (score, value) in enumerate(sample.expected.items())
        )
        tolerance = "" if sample.tolerance == USUAL_TOLERANCE else plain(sample.tolerance)
        seen = part_saving.seen_of(draft.content(f"sample:{key}"), NAMES)
        return cls(definition_id, draft, key, sample.name, tolerance, lines, seen)

    @property
    def part(self) -> str:
        return f"sample:{self.key}"

    @property
    def sample(self) -> Sample:
        """This will return the sample as it is stored now."""
        return next(one for one in self.draft.document.samples if one.key == self.key)

    @property
    def status(self) -> int:
        """This will be the status to answer with."""
        return {"refused": 422, "stale": 409}.get(self.state, 200)

    def sent(self, by: Viewer, fields: QueryDict) -> Self:
        """This will take what the form sent: do what its button asks, and save what is complete."""
        doing = fields.get("do", "")
        if doing == "theirs":
            return self
        lines = _after(_lines_of(fields), doing)
        form = replace(self, name=fields.get("name", ""), tolerance=fields.get("tolerance", ""), lines=lines, seen=part_saving.seen_in(fields))  # fmt: skip
        data, reading = form._built()
        if not reading.errors and not reading.missing:
            return form._saved(by, data)
        is_wrong = bool(reading.errors) or doing in part_saving.SAVES
        errors = {**(reading.missing if doing in part_saving.SAVES else {}), **reading.errors}
        return replace(form, state="refused" if is_wrong else "open", errors=errors, missing=reading.missing)

    def _built(self) -> tuple[dict[str, Any], Reading]:
        reading, expected = Reading(), {}
        name = reading.value("name", self.name.strip, _("Enter a name."))
        tolerance = reading.value("tolerance", lambda: _tolerance(self.tolerance))
        for line in self.lines:
            at = f"expect-{line.id}"
            if not line.score:
                reading.missing[f"{at}-score"] = _("Choose a score.")
            elif line.score in expected:
                reading.errors[f"{at}-score"] = _("This score is expected twice.")
            else:
                expected[line.score] = None if line.is_none else reading.value(f"{at}-value", lambda line=line: number(line.value), _("Enter the score, or tick “no score”."))  # fmt: skip
        if not self.lines:
            reading.missing["lines"] = _("A sample expects at least one score.")
        return {"name": name, "expected": expected, "tolerance": tolerance}, reading

    def _saved(self, by: Viewer, data: Mapping[str, Any]) -> Self:
        saved = part_saving.save(by=by, draft=self.draft, part=self.part, fields=data, seen=self.seen)
        form = replace(self, draft=saved.draft)
        if saved.conflict is not None:
            return replace(form, state="stale", conflict=saved.conflict)
        if saved.refused is not None:
            words = [message for messages in saved.refused.here.values() for message in messages]
            problems = [part_saving.in_words(saved.draft.document, message) for message in words]
            return replace(form, state="refused", problems=(*problems, *part_saving.elsewhere(saved.draft, saved.refused)))  # fmt: skip
        return replace(form, state="saved", seen=part_saving.seen_of(saved.draft.content(self.part), NAMES))

    def drawn(self) -> dict[str, Any]:
        """This will lay the form out for templates/library/staff/editor/sample.html."""
        scores = {"": _("Choose a score")} | dict(offered_scores(bench_state.document_of(self.draft)))

        def one(at: str, label: Any, value: str, kind: str = "text", **more: Any) -> Field:
            return Field(at, str(label), value, kind, error=self.errors.get(at, ""), todo=self.missing.get(at, ""), **more)  # fmt: skip

        return {
            "name": one("name", _("Name"), self.name, longest=200),
            "tolerance": one("tolerance", _("May differ by"), self.tolerance, "number", placeholder="0"),
            "lines": [
                {
                    "id": line.id,
                    "score": one(f"expect-{line.id}-score", _("Score"), line.score, "select", choices=choices(scores, line.score)),
                    "value": one(f"expect-{line.id}-value", _("Expected"), "" if line.is_none else line.value, "number"),
                    "none": Field(f"expect-{line.id}-none", _("No score"), kind="check", is_checked=line.is_none),
                }
                for line in self.lines
            ],
            "todo": self.missing.get("lines", ""),
            "error": self.errors.get("lines", ""),
        }  # fmt: skip

    def conflict_words(self) -> dict[str, Any] | None:
        """This will say what somebody else made of the sample meanwhile."""
        if self.conflict is None:
            return None
        names = dict(offered_scores(bench_state.document_of(self.draft)))
        expected = self.conflict.theirs.get("expected", {})
        lines = [f"{names.get(key, key)}: {_('no score') if value is None else plain(value)}" for key, value in expected.items()]  # fmt: skip
        return self.conflict.notice("; ".join([self.conflict.theirs.get("name", ""), *lines]))


def _lines_of(fields: QueryDict) -> tuple[TypedLine, ...]:
    return tuple(
        TypedLine(
            given,
            fields.get(f"expect-{given}-score", ""),
            fields.get(f"expect-{given}-value", ""),
            f"expect-{given}-none" in fields,
        )
        for given in row_ids(fields, "expect")
    )


def _after(lines: tuple[TypedLine, ...], doing: str) -> tuple[TypedLine, ...]:
    verb, _colon, given = doing.partition(":")
    if verb == "add":
        return (*lines, TypedLine(next_id(line.id for line in lines)))
    if verb == "remove":
        return tuple(line for line in lines if line.id != given)
    return lines


def _tolerance(text: str) -> float | None:
    value = number(text)
    if value is not None and not 0 <= value <= 1e6:
        raise Wrong(_("Enter a number from 0 to 1,000,000."))
    return value
