"""The page of the reference values: the table as stored or as typed, and what a pasted sheet would make of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.industry import industries, industry_choices
from accounts.viewer import Viewer
from library.authoring import reference_table
from library.authoring.reference_table import COLUMNS, Built, Row, Verdict
from library.drafting.drafts import Draft
from library.scoring.registry import figure

from . import part_saving
from .part_saving import Conflict
from .typed_fields import next_id, row_ids, summary

PART = "reference_values"
LARGEST_FILE = 256 * 1024
_FATES = ("new", "replaced", "same", "wrong")


@dataclass(frozen=True)
class ReferencePage:
    """The table with what was typed. `state`: "" as stored, saved, open (incomplete), refused or stale."""

    definition_id: UUID
    draft: Draft
    viewer: Viewer
    rows: tuple[Row, ...] = ()
    seen: str = ""
    state: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    conflict: Conflict | None = None
    pasted: str = ""
    verdicts: tuple[Verdict, ...] = ()
    said: str = ""

    @classmethod
    def stored(cls, definition_id: UUID, draft: Draft, viewer: Viewer) -> Self:
        """This will show the table as it is stored."""
        rows = tuple(reference_table.rows_of(draft.document))
        return cls(definition_id, draft, viewer, rows, part_saving.seen_of(draft.content(PART), (PART,)))

    @property
    def status(self) -> int:
        """This will be the status to answer with."""
        return {"refused": 422, "stale": 409}.get(self.state, 200)

    def sent(self, fields: QueryDict, file: UploadedFile | None) -> Self:
        """This will take what was sent: do what its button asks, and save when every row is whole."""
        doing = fields.get("do", "")
        if doing == "theirs" or self.draft.document.scoring is None:
            return self
        rows = tuple(
            Row(given, *(reference_table.tidy(fields.get(f"{column}-{given}", "")) for column in COLUMNS))
            for given in row_ids(fields, "row", reference_table.MOST + 50)
        )
        text, said = _text_of(fields, file) if doing in ("check", "take") else (fields.get("pasted", ""), "")
        form = replace(self, rows=rows, seen=part_saving.seen_in(fields), pasted=text, said=said)
        if doing == "check":
            return form._checked(said)
        if doing == "take":
            form = form._taken()
        elif doing == "add":
            last = rows[-1] if rows else None
            form = replace(form, rows=(*rows, _following(rows, last, self.draft.document.scoring.overall)))
        elif doing.startswith("remove:"):
            form = replace(form, rows=tuple(row for row in rows if row.id != doing.removeprefix("remove:")))
        return form._save(doing)

    def _name_of(self, code: str) -> str:
        return industry_choices.label(self.viewer.organization.id, code)

    def _built(self) -> Built:
        return reference_table.built(self.draft.document, self.rows, self._name_of)

    def _judged(self) -> tuple[Verdict, ...]:
        return tuple(reference_table.verdicts(self.draft.document, self.rows, self.pasted, self._name_of))

    def _checked(self, said: str) -> Self:
        judged = self._judged()
        if not judged:
            return replace(
                self,
                state="refused",
                said=said or _("There is no line to read. Paste rows of a sheet, or choose a file."),
            )
        return replace(self, state="open", verdicts=judged)  # fmt: skip

    def _taken(self) -> Self:
        judged = self._judged()
        left = "\n".join(verdict.text.replace(" · ", "\t") for verdict in judged if verdict.fate == "wrong")
        return replace(self, rows=tuple(reference_table.taken_over(self.rows, judged)), pasted=left)

    def _save(self, doing: str) -> Self:
        made = self._built()
        if made.data is None:
            asks = doing in part_saving.SAVES or doing == "take"
            errors = {**made.missing, **made.errors} if asks else made.errors
            return replace(
                self, state="refused" if made.errors or asks else "open", errors=errors, missing=made.missing
            )
        saved = part_saving.save(
            by=self.viewer, draft=self.draft, part=PART, fields={PART: made.data}, seen=self.seen
        )  # fmt: skip
        form = replace(self, draft=saved.draft)
        if saved.conflict is not None:
            return replace(form, state="stale", conflict=saved.conflict)
        if saved.refused is not None:
            return form._refused(saved)
        seen = part_saving.seen_of(saved.draft.content(PART), (PART,))
        is_waiting = any(row.is_empty for row in self.rows)
        return replace(form, state="open" if is_waiting and doing == "add" else "saved", seen=seen)

    def _refused(self, saved: part_saving.Saved) -> Self:
        assert saved.refused is not None
        errors, problems = {}, []
        whole = [row for row in self.rows if not row.is_empty]
        for place, messages in saved.refused.here.items():
            words = " ".join(messages)
            at = re.match(r"reference_values\[(\d+)\](?:\.(\w+))?", place)
            if at and int(at[1]) < len(whole):
                errors[f"{whole[int(at[1])].id}-{at[2] or 'score'}"] = words
            else:
                problems.append(words)
        elsewhere = part_saving.elsewhere(saved.draft, saved.refused)
        return replace(self, state="refused", errors=errors, problems=(*problems, *elsewhere))

    def context(self) -> dict[str, Any]:
        """This will return what templates/library/staff/editor/reference_values.html shows."""
        document = self.draft.document
        ends = reference_table.ranges(document)
        counts = {fate: sum(verdict.fate == fate for verdict in self.verdicts) for fate in _FATES}
        return {
            "url": reverse("staff:reference_values", args=[self.definition_id]),
            "scoring_url": reverse("staff:scoring", args=[self.definition_id]),
            "is_scored": document.scoring is not None,
            "rows": [self._row(row) for row in self.rows],
            "scores": [
                (key, name, f"{figure(ends[key][0])}–{figure(ends[key][1])}" if key in ends else "")
                for key, name in reference_table.score_names(document).items()
            ],
            "sectors": [(code, self._name_of(code)) for code in industries.SECTORS],
            "seen": self.seen,
            "state": self.state,
            "has_errors": self.status != 200,
            "mistakes": summary(self.errors, lambda name: f"{name.partition('-')[2]}-{name.partition('-')[0]}"),
            "problems": self.problems,
            "conflict": self._conflict(),
            "pasted": self.pasted,
            "said": self.said,
            "verdicts": self.verdicts,
            "counts": counts,
            "takes": counts["new"] + counts["replaced"],
        }

    def _row(self, row: Row) -> dict[str, Any]:
        said = {column: self.errors.get(f"{row.id}-{column}", "") for column in COLUMNS}
        gaps = {column: self.missing.get(f"{row.id}-{column}", "") for column in COLUMNS}
        return {
            "row": row,
            "errors": said,
            "messages": [(column, words) for column, words in said.items() if words],
            "gaps": gaps,
            "placeholder": reference_table.label_for(row.industry, self._name_of),
        }

    def _conflict(self) -> dict[str, Any] | None:
        if self.conflict is None:
            return None
        theirs = self.conflict.theirs.get(PART) or []
        words = ngettext("%(count)s value now", "%(count)s values now", len(theirs)) % {"count": len(theirs)}
        return self.conflict.notice(words)


def _following(rows: tuple[Row, ...], last: Row | None, overall: str) -> Row:
    """A new row: of the same score, source and year as the one before, since tables are published together."""
    new = next_id(row.id for row in rows)
    return Row(new, score=last.score if last else overall)


def _text_of(fields: QueryDict, file: UploadedFile | None) -> tuple[str, str]:
    """What was pasted, or what stands in the file; with the reason when it cannot be read."""
    pasted = fields.get("pasted", "")
    if file is None or not file.size:
        return pasted, ""
    if file.size > LARGEST_FILE:
        return pasted, _("The file is larger than %(limit)s KB.") % {"limit": LARGEST_FILE // 1024}
    raw = file.read()
    for encoding in ("utf-8-sig", "utf-16") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, ""
    return pasted, _("This is no text file. Save the sheet as CSV.")
