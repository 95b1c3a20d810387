"""The form of recommendations: what to do when the result of a question or score lies in a band."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.viewer import Viewer
from library.authoring.scoring_words import SEVERITIES
from library.document import Recommendation
from library.drafting.drafts import Draft
from library.drafting.parts import NoSuchPart
from library.scoring.values import can_be_scored

from . import part_saving
from .part_saving import Conflict
from .typed_fields import Field, Reading, Wrong, choices, next_id, number, plain, row_ids

NAMES = ("from", "to", "severity", "title", "text")
FIELD = "recommendations"
MOST = 20
PERCENT = gettext_lazy("Enter a percentage from 0 to 100.")


@dataclass(frozen=True)
class TypedBand:
    """One band, as typed."""

    id: str
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RecommendationForm:
    """All bands of one question or score. `state` as of a condition."""

    definition_id: UUID
    draft: Draft
    kind: str
    key: str
    rows: tuple[TypedBand, ...]
    seen: str
    state: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    conflict: Conflict | None = None
    focus: str = ""

    @classmethod
    def stored(cls, definition_id: UUID, draft: Draft, kind: str, key: str) -> Self:
        """This will show the bands as they are stored. Raises Http404 for what has none or does not exist."""
        if kind not in ("question", "score"):
            raise Http404
        try:
            content = draft.content(f"{kind}:{key}")
        except NoSuchPart:
            raise Http404 from None
        rows = tuple(_typed(str(at), Recommendation.model_validate(one)) for at, one in enumerate(content.get(FIELD, ())))  # fmt: skip
        return cls(definition_id, draft, kind, key, rows, part_saving.seen_of(content, [FIELD]))

    @property
    def part(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def status(self) -> int:
        """This will be the status to answer with."""
        return {"refused": 422, "stale": 409}.get(self.state, 200)

    def sent(self, by: Viewer, fields: QueryDict) -> Self:
        """This will take what the form sent: do what its button asks, and save what is complete."""
        doing = fields.get("do", "")
        if doing == "theirs":
            return self
        rows, focus = _after(_rows_of(fields), doing)
        data, reading = _built(rows)
        form = replace(self, rows=rows, seen=part_saving.seen_in(fields), focus=focus)
        if reading.errors or reading.missing:
            is_wrong = bool(reading.errors) or doing in part_saving.SAVES
            errors = {**(reading.missing if doing in part_saving.SAVES else {}), **reading.errors}
            return replace(form, state="refused" if is_wrong else "open", errors=errors, missing=reading.missing)
        return form._saved(by, data)

    def _saved(self, by: Viewer, data: list[dict[str, Any]]) -> Self:
        saved = part_saving.save(by=by, draft=self.draft, part=self.part, fields={FIELD: data or None}, seen=self.seen)
        form = replace(self, draft=saved.draft)
        if saved.conflict is not None:
            return replace(form, state="stale", conflict=saved.conflict)
        if saved.refused is not None:
            words = [message for messages in saved.refused.here.values() for message in messages]
            problems = [part_saving.in_words(saved.draft.document, message) for message in words]
            return replace(form, state="refused", problems=(*problems, *part_saving.elsewhere(saved.draft, saved.refused)))  # fmt: skip
        return replace(form, state="saved", seen=part_saving.seen_of(saved.draft.content(self.part), [FIELD]))

    def drawn(self) -> dict[str, Any]:
        """This will lay the form out for templates/library/staff/editor/_recommendations.html."""
        return {
            "url": reverse("staff:recommendations", args=[self.definition_id, self.kind, self.key]),
            "seen": self.seen,
            "rows": [self._row(row) for row in self.rows],
            "has_place": self._has_place(),
            "is_question": self.kind == "question",
            "may_add": len(self.rows) < MOST,
            "state": self.state,
            "said": _("Not saved yet: a recommendation is not complete") if self.state == "open" else "",
            "problems": self.problems,
            "focus": self.focus,
            "conflict": self.conflict and self.conflict.notice(
                "; ".join(_in_short(one) for one in self.conflict.theirs.get(FIELD, ())) or _("No recommendations")
            ),
        }  # fmt: skip

    def _has_place(self) -> bool:
        """Only what has a score lies in a band."""
        if self.kind == "score":
            return True
        question = self.draft.document.question(self.key)
        return question is not None and can_be_scored(question)

    def _row(self, row: TypedBand) -> dict[str, Any]:
        def one(name: str, label: Any, kind: str = "text", **more: Any) -> Field:
            at = f"band-{row.id}-{name}"
            return Field(at, str(label), row.texts.get(name, ""), kind, error=self.errors.get(at, ""), todo=self.missing.get(at, ""), **more)  # fmt: skip

        return {
            "id": row.id,
            "from": one("from", _("From"), "percent", unit="%"),
            "to": one("to", _("To"), "percent", unit="%"),
            "severity": one("severity", _("Severity"), "select", choices=choices(SEVERITIES, row.texts.get("severity", ""))),
            "title": one("title", _("Title"), longest=300),
            "text": one("text", _("What to do"), "area", longest=20_000, hint=_("Markdown")),
        }  # fmt: skip


def recommendations_of(definition_id: UUID, draft: Draft, part: str) -> dict[str, Any]:
    """This will make what templates/library/staff/editor/_recommendations.html shows on the page of a part."""
    kind, _colon, key = part.partition(":")
    return {"recommendations": RecommendationForm.stored(definition_id, draft, kind, key).drawn()}


def _typed(given: str, band: Recommendation) -> TypedBand:
    texts = {"from": plain(band.start), "to": plain(band.end), "severity": band.severity or "", "title": band.title}
    return TypedBand(given, texts | {"text": band.text})


def _rows_of(fields: QueryDict) -> tuple[TypedBand, ...]:
    return tuple(
        TypedBand(given, {name: str(fields.get(f"band-{given}-{name}", "")) for name in NAMES})
        for given in row_ids(fields, "band", MOST)
    )


def _after(rows: tuple[TypedBand, ...], doing: str) -> tuple[tuple[TypedBand, ...], str]:
    verb, _colon, given = doing.partition(":")
    if verb == "remove":
        return tuple(row for row in rows if row.id != given), ""
    if verb != "add" or len(rows) >= MOST:
        return rows, ""
    # Bands that follow one another are the usual case: 0 to 50, then 50 to 100.
    start = rows[-1].texts.get("to", "") if rows else "0"
    new = next_id(row.id for row in rows)
    return (*rows, TypedBand(new, {"from": start, "to": "100" if rows else "50"})), f"band-{new}-title"


def _built(rows: tuple[TypedBand, ...]) -> tuple[list[dict[str, Any]], Reading]:
    reading, made = Reading(), []
    for row in rows:
        at, texts = f"band-{row.id}", row.texts
        low = reading.value(f"{at}-from", lambda texts=texts: _percent(texts.get("from", "")), _("Enter a percentage."))
        high = reading.value(f"{at}-to", lambda texts=texts: _percent(texts.get("to", "")), _("Enter a percentage."))
        words = reading.value(f"{at}-text", lambda texts=texts: texts.get("text", "").strip(), _("Say what to do."))
        if low is not None and high is not None and low >= high:
            reading.errors[f"{at}-to"] = _("Enter a percentage above %(low)s.") % {"low": plain(low)}
        band = {"from": low, "to": high, "title": texts.get("title", "").strip(), "text": words}
        severity = texts.get("severity", "")
        band |= {"severity": severity} if severity in SEVERITIES and severity else {}
        made.append((at, {name: value for name, value in band.items() if value != ""}))
    if not reading.errors and not reading.missing:
        made.sort(key=lambda entry: entry[1]["from"])
        for (_one, before), (at, band) in zip(made, made[1:], strict=False):
            if band["from"] < before["to"]:
                reading.errors[f"{at}-from"] = _("Another band holds up to %(end)s %%.") % {"end": plain(before["to"])}
    return [band for _at, band in made], reading


def _percent(text: str) -> float | None:
    value = number(text)
    if value is not None and not 0 <= value <= 100:
        raise Wrong(str(PERCENT))
    return value


def _in_short(band: Mapping[str, Any]) -> str:
    return _("%(from)s to %(to)s %%: %(title)s") % {
        "from": plain(band.get("from")),
        "to": plain(band.get("to")),
        "title": band.get("title") or band.get("text", "")[:80],
    }
