"""The forms of the editor: a question, a section, an answer set, the settings. Each saves what it holds as it is typed.

A form is made of what is stored (`stored`) or of what was sent (`sent`); `state` says what became of it: "" as stored,
saved, refused or stale. Nothing typed is ever lost: a refused form shows it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self
from uuid import UUID

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.viewer import Viewer
from library.authoring import draft_outline, presets
from library.document import SECONDS_TO_ANSWER, DefinitionDocument, Question
from library.drafting import fresh, parts, pasting
from library.drafting.drafts import Draft
from library.drafting.parts import NoSuchPart
from library.models import DraftChange
from library.scoring.registry import figure
from library.scoring.values import can_be_scored
from portal.web import icons, markdown

from . import part_saving
from .frame import address_of
from .part_saving import Conflict
from .rows import Rows, Table, drawn_rows
from .typed_fields import Field, Reading, Wrong, choices, number, plain, whole

COMBINE: Mapping[str, Any] = {
    "sum": gettext_lazy("Add them up"),
    "mean": gettext_lazy("Take the average"),
    "highest": gettext_lazy("Take the highest"),
    "lowest": gettext_lazy("Take the lowest"),
}
LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ar": "العربية",
    "he": "עברית",
    "ja": "日本語",
    "zh": "中文",
}
# Switches of a question, with what holds when nothing is said.
QUESTION_FLAGS: Mapping[str, bool] = {
    "required": False,
    "allow_not_applicable": False,
    "allow_dont_know": False,
    "allow_comment": True,
    "allow_evidence": False,
}
FLAGS = (*QUESTION_FLAGS, "instant_results")
CHOICES = ("single_choice", "multiple_choice", "yes_no", "matrix")
YES_NO = (("yes", "Yes", 1), ("no", "No", 0))

OPTIONS = Table("option", ("text", "value", "help", "exclusive"))
ROWS = Table("row", ("text",))
BANDS = Table("band", ("from", "value", "label"), is_keyed=False)


@dataclass(frozen=True)
class PartForm:
    """What all forms share: one part of a draft, some of its fields as text, rows that come and go."""

    names: ClassVar[tuple[str, ...]] = ()
    tables: ClassVar[tuple[Table, ...]] = ()

    definition_id: UUID
    draft: Draft
    part: str
    texts: Mapping[str, str]
    rows: Mapping[str, Rows] = field(default_factory=dict)
    seen: str = ""
    state: str = ""
    focus: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    conflict: Conflict | None = None
    change: DraftChange | None = None

    @classmethod
    def stored(cls, definition_id: UUID, draft: Draft, part: str) -> Self:
        """This will show a part as it is stored. Raises Http404 when there is none."""
        try:
            content = draft.content(part)
        except NoSuchPart:
            raise Http404 from None
        texts, rows = cls.typed(draft, content)
        return cls(definition_id, draft, part, texts, rows, part_saving.seen_of(content, cls.names))

    def sent(self, by: Viewer, fields: QueryDict) -> Self:
        """This will take what a form sent, do what its button asks, and save it when it makes sense."""
        doing = fields.get("do", "")
        if doing == "theirs":
            return self
        texts = {name: fields.get(name, "") for name in self.texts}
        rows = {table.name: table.read(fields) for table in self.tables}
        form = replace(self, texts=texts, rows=rows, seen=part_saving.seen_in(fields))
        form = form._done(doing, fields)
        content, reading = form.built()
        form = replace(form, missing=reading.missing)
        if reading.errors:
            return replace(form, state="refused", errors=reading.errors)
        return form._saved(by, content)

    @property
    def status(self) -> int:
        """This will be the status to answer with."""
        return {"refused": 422, "stale": 409}.get(self.state, 200)

    @property
    def key(self) -> str:
        return parts.split(self.part)[1]

    @classmethod
    def typed(cls, draft: Draft, content: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Rows]]:
        """This will write stored content the way it is typed."""
        raise NotImplementedError

    def built(self) -> tuple[dict[str, Any], Reading]:
        """This will read what was typed as content, with what is wrong in it."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """This will return what the form's template shows."""
        unfinished = [capfirst(problem.message) for problem in self.draft.placed if problem.part == self.part]
        return {
            "form": self,
            "post_url": self.url,
            "seen": self.seen,
            "state": self.state,
            "problems": self.problems,
            "unfinished": unfinished if self.state != "refused" else [],
            "conflict": self._conflict_in_words(),
        }

    @property
    def url(self) -> str:
        """This will be the address the form is sent to, and at which it is shown."""
        return address_of(self.definition_id, self.part)

    def field(self, name: str, label: Any, kind: str = "text", **more: Any) -> Field:
        """This will draw one of the form's own fields."""
        at = f"f-{name}"
        return Field(name, str(label), self.texts.get(name, ""), kind, error=self.errors.get(name, ""), id=at, **more)

    def check(self, name: str, label: Any, hint: Any = "") -> Field:
        """This will draw a switch."""
        return Field(
            name,
            str(label),
            kind="check",
            hint=str(hint),
            is_checked=bool(self.texts.get(name)),
            error=self.errors.get(name, ""),
            id=f"f-{name}",
        )

    def drawn(self, table: Table) -> list[dict[str, Any]]:
        """This will draw the rows of one table."""
        return drawn_rows(table, self.rows.get(table.name, ()), self.errors, self.focus, self.missing)

    def _done(self, doing: str, fields: QueryDict) -> Self:
        """This will do what a button asks: of the rows of a table, unless a form has more of its own."""
        verb, _colon, key = doing.partition(":")
        name, _dash, what = verb.partition("-")
        table = next((one for one in self.tables if one.name == name), None)
        if table is None or not what:
            return self
        if what == "paste":
            return self._pasted(table, fields)
        rows, focus = table.done(self.rows[table.name], what, key)
        return replace(self, rows={**self.rows, table.name: rows}, focus=focus)

    def _pasted(self, table: Table, fields: QueryDict) -> Self:
        found = pasting.parse(fields.get(f"{table.name}-pasted", ""))
        if not found:
            return self
        kept = () if fields.get(f"{table.name}-paste-how") == "replace" else self.rows[table.name]
        entries = [{"text": one.text, "value": plain(one.value)} for one in found]
        return replace(self, rows={**self.rows, table.name: table.with_entries(kept, entries)})

    def _saved(self, by: Viewer, content: Mapping[str, Any]) -> Self:
        fields = {name: content.get(name) for name in self.names}
        saved = part_saving.save(by=by, draft=self.draft, part=self.part, fields=fields, seen=self.seen)
        form = replace(self, draft=saved.draft)
        if saved.conflict is not None:
            return replace(form, state="stale", conflict=saved.conflict)
        if saved.refused is not None:
            errors, problems = form._refused(saved)
            return replace(form, state="refused", errors=errors, problems=problems)
        now = saved.draft.content(self.part)
        return replace(form, state="saved", seen=part_saving.seen_of(now, self.names), change=saved.change)

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
        """Which field a mistake of the document belongs to: `options[2].text` is the text of the third option."""
        for table in self.tables:
            found = table.field_at(place, self.rows.get(table.name, ()))
            if found:
                return found
        name = place.partition(".")[0].partition("[")[0]
        return name if name in self.texts else ""

    def _conflict_in_words(self) -> dict[str, Any] | None:
        if self.conflict is None:
            return None
        theirs_texts, theirs_rows = self.typed(self.draft, {"key": self.key, **self.conflict.theirs})
        mine = self._in_words(self.texts, self.rows)
        theirs = self._in_words(theirs_texts, theirs_rows)
        return {
            "who": self.conflict.changed_by,
            "when": self.conflict.changed_at,
            "is_gone": self.conflict.is_gone,
            "standing": self.conflict.seen,
            "lines": [
                {"label": self.label_of(name), "mine": mine.get(name, ""), "theirs": theirs.get(name, "")}
                for name in {**mine, **theirs}
                if mine.get(name, "") != theirs.get(name, "")
            ],
        }

    def _in_words(self, texts: Mapping[str, str], rows: Mapping[str, Rows]) -> dict[str, str]:
        said = {name: self.value_in_words(name, text.replace("\r\n", "\n").strip()) for name, text in texts.items()}
        for table in self.tables:
            said[table.name] = "\n".join(table.in_words(row) for row in rows.get(table.name, ()))
        return said

    def value_in_words(self, name: str, text: str) -> str:
        """This will write a field's value for people, where two versions of it are compared."""
        if name in FLAGS:
            return _("Yes") if text else _("No")
        if name == "type" and text in draft_outline.TYPES:
            return str(draft_outline.TYPES[text]["name"])
        return str(COMBINE[text or "sum"]) if name == "combine" and (text or "sum") in COMBINE else text

    def label_of(self, name: str) -> str:
        """This will name a field for people, where two versions of it are compared."""
        return str(LABELS.get(name, name))


class QuestionForm(PartForm):
    """A question, but for its conditions and recommendations, which have forms of their own."""

    names = (
        "type",
        "text",
        "help",
        "why",
        "required",
        "options",
        "answer_set",
        "rows",
        "combine",
        "minimum",
        "maximum",
        "decimals",
        "unit",
        "bands",
        "low_label",
        "high_label",
        "max_length",
        "max_files",
        "weight",
        "tags",
        "allow_not_applicable",
        "allow_dont_know",
        "allow_comment",
        "allow_evidence",
    )
    tables = (OPTIONS, ROWS, BANDS)
    _words: ClassVar[tuple[str, ...]] = ("text", "help", "why", "unit", "low_label", "high_label")
    _figures: ClassVar[tuple[str, ...]] = ("minimum", "maximum", "decimals", "max_length", "max_files")

    @classmethod
    def typed(cls, draft: Draft, content: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Rows]]:
        texts = {name: str(content.get(name, "")) for name in cls._words}
        texts |= {name: plain(content.get(name)) for name in cls._figures}
        texts |= {name: "on" if content.get(name, default) else "" for name, default in QUESTION_FLAGS.items()}
        texts |= {
            "type": str(content.get("type", "text")),
            "combine": str(content.get("combine", "sum")),
            "weight": plain(content.get("weight", 1)),
            "answer_set": str(content.get("answer_set") or ""),
            "tags": "\n".join(f"{name}: {value}" for name, value in content.get("tags", {}).items()),
        }
        options = content.get("options", ())
        if texts["type"] == "yes_no" and not options and not texts["answer_set"]:
            options = [{"key": key, "text": text, "value": value} for key, text, value in YES_NO]
        tables = {OPTIONS.name: options, ROWS.name: content.get("rows", ()), BANDS.name: content.get("bands", ())}
        return texts, {table.name: table.typed(tables[table.name]) for table in cls.tables}

    def built(self) -> tuple[dict[str, Any], Reading]:
        reading, texts = Reading(), self.texts
        content: dict[str, Any] = {"key": self.key, "type": texts["type"]}
        if texts["type"] not in draft_outline.TYPES:
            reading.errors["type"] = _("Choose a type.")
            return {}, reading
        content |= {name: _plain_lines(texts[name]) for name in self._words}
        if not content["text"].strip():
            reading.errors["text"] = _("Enter the question.")
        content |= {name: bool(texts[name]) for name in QUESTION_FLAGS}
        for name, most in (("minimum", 0), ("maximum", 0), ("decimals", 6), ("max_length", 20_000), ("max_files", 20)):
            least = 0 if name == "decimals" else 1
            read = (
                (lambda n=name, a=least, b=most: whole(texts[n], a, b)) if most else (lambda n=name: number(texts[n]))
            )
            content[name] = reading.value(name, read)
        content["weight"] = reading.value("weight", lambda: _weight(texts["weight"]))
        content["tags"] = _tags(texts["tags"], reading)
        content["combine"] = texts["combine"] if texts["combine"] in COMBINE else "sum"
        content["answer_set"] = texts["answer_set"] or None
        content["options"] = [] if content["answer_set"] else OPTIONS.built(self.rows[OPTIONS.name], reading)
        content["rows"] = ROWS.built(self.rows[ROWS.name], reading)
        content["bands"] = _in_order(BANDS.built(self.rows[BANDS.name], reading))
        return self._of_type(content), reading

    def _of_type(self, content: dict[str, Any]) -> dict[str, Any]:
        """Only what means something for the type is kept; a form may still hold what another type needed."""
        kept = {name: value for name, value in content.items() if value not in (None, "", [], {})}
        if kept.get("weight") == 1:
            kept.pop("weight")
        if kept.get("combine") == "sum":
            kept.pop("combine")
        stored = self.draft.content(self.part)
        if stored.get("type") != kept["type"]:
            kept = _as_type(kept, stored, str(kept["type"]))
        if kept["type"] == "yes_no" and [_triple(option) for option in kept.get("options", ())] == list(YES_NO):
            kept.pop("options")
        return kept

    def sent(self, by: Viewer, fields: QueryDict) -> Self:
        form = super().sent(by, fields)
        if form.state != "saved":
            return form
        # A new type brings fields of its own, and options that were added their keys.
        texts, rows = self.typed(form.draft, form.draft.content(self.part))
        if any(not row["value"].strip() for row in form.rows[BANDS.name]):
            rows[BANDS.name] = form.rows[BANDS.name]
        return replace(form, texts={**texts, **_as_typed(form.texts, texts)}, rows=rows)

    def _done(self, doing: str, fields: QueryDict) -> Self:
        verb, _colon, key = doing.partition(":")
        if verb == "preset" and key in presets.PRESETS:
            options = OPTIONS.typed(presets.options_of(presets.PRESETS[key]))
            texts = {**self.texts, "answer_set": ""}
            return replace(self, texts=texts, rows={**self.rows, OPTIONS.name: options})
        if doing == "own-options":
            shared = next((one for one in self.draft.document.answer_sets if one.key == self.texts["answer_set"]), None)
            found = (
                [option.model_dump(mode="json", exclude_defaults=True) for option in shared.options] if shared else []
            )
            texts = {**self.texts, "answer_set": ""}
            return replace(self, texts=texts, rows={**self.rows, OPTIONS.name: OPTIONS.typed(found)})
        return super()._done(doing, fields)

    @property
    def question(self) -> Question:
        """This will be the question as it is stored now."""
        found = self.draft.document.question(self.key)
        assert found is not None
        return found

    def context(self) -> dict[str, Any]:
        kind = self.texts["type"] if self.texts["type"] in draft_outline.TYPES else "text"
        stored = self.question
        document = self.draft.document
        return super().context() | {
            "kind": kind,
            "types": [
                {"value": value, "label": shown["name"], "icon": shown["icon"], "is_chosen": value == kind}
                for value, shown in draft_outline.TYPES.items()
            ],
            "help_shown": markdown.render(self.texts["help"]) if self.texts["help"].strip() else "",
            "why_shown": markdown.render(self.texts["why"]) if self.texts["why"].strip() else "",
            "options": self.drawn(OPTIONS) if kind in CHOICES else [],
            "has_options": kind in CHOICES,
            "may_add_options": kind in CHOICES and kind != "yes_no" and len(self.rows[OPTIONS.name]) < pasting.MOST,
            "is_fixed": kind == "yes_no",
            "shared": _shared(document, self.texts["answer_set"], self.definition_id),
            "answer_sets": [
                {"value": one.key, "label": one.name or one.key, "is_chosen": one.key == self.texts["answer_set"]}
                for one in document.answer_sets
            ],
            "matrix_rows": self.drawn(ROWS),
            "bands": self.drawn(BANDS),
            "presets": presets.PRESETS.values(),
            "combine": self.field(
                "combine",
                _("The scores of the rows") if kind == "matrix" else _("The scores of several answers"),
                "select",
                choices=choices(COMBINE, self.texts["combine"]),
            ),
            "share": share_of(document, stored),
            "is_scored": document.scoring is not None,
            "carries_score": can_be_scored(stored),
        }  # fmt: skip


class SectionForm(PartForm):
    """A section's own words."""

    names = ("name", "description")

    @classmethod
    def typed(cls, draft: Draft, content: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Rows]]:
        return {name: str(content.get(name, "")) for name in cls.names}, {}

    def built(self) -> tuple[dict[str, Any], Reading]:
        reading = Reading()
        if not self.texts["name"].strip():
            reading.errors["name"] = _("Enter a name.")
        content = {"name": self.texts["name"].strip(), "description": _plain_lines(self.texts["description"]) or None}
        return content, reading

    def context(self) -> dict[str, Any]:
        section = self.draft.document.section(self.key)
        assert section is not None
        description = self.texts["description"]
        return super().context() | {
            "section": section,
            "description_shown": markdown.render(description) if description.strip() else "",
            "weights": weights_in(self.draft.document, self.key, self.definition_id),
        }


class AnswerSetForm(PartForm):
    """Answers that several questions share."""

    names = ("name", "options")
    tables = (OPTIONS,)

    @classmethod
    def typed(cls, draft: Draft, content: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Rows]]:
        options = OPTIONS.typed(content.get("options", ()))
        return {"name": str(content.get("name", ""))}, {OPTIONS.name: options}

    def built(self) -> tuple[dict[str, Any], Reading]:
        reading = Reading()
        options = OPTIONS.built(self.rows[OPTIONS.name], reading)
        if not options:
            reading.errors["name"] = _("Shared answers need at least one.")
        return {"name": self.texts["name"].strip() or None, "options": options}, reading

    def _done(self, doing: str, fields: QueryDict) -> Self:
        verb, _colon, key = doing.partition(":")
        if verb == "preset" and key in presets.PRESETS:
            return replace(self, rows={OPTIONS.name: OPTIONS.typed(presets.options_of(presets.PRESETS[key]))})
        return super()._done(doing, fields)

    def context(self) -> dict[str, Any]:
        document = self.draft.document
        used = [question for question in document.questions() if question.answer_set == self.key]
        return super().context() | {
            "options": self.drawn(OPTIONS),
            "has_options": True,
            "may_add_options": len(self.rows[OPTIONS.name]) < pasting.MOST,
            "presets": presets.PRESETS.values(),
            "used_by": used,
        }


class SettingsForm(PartForm):
    """What stands on the card of a definition, and what holds for all of it."""

    names = parts.SETTINGS

    @classmethod
    def typed(cls, draft: Draft, content: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Rows]]:
        attribution = content.get("attribution") or {}
        return {
            "name": str(content.get("name", "")),
            "summary": str(content.get("summary", "")),
            "description": str(content.get("description", "")),
            "icon": str(content.get("icon", "clipboard-check")),
            "group": str(content.get("group", "")),
            "tags": ", ".join(content.get("tags", ())),
            "language": str(content.get("language", "en")),
            "estimated_minutes": plain(content.get("estimated_minutes")),
            "sample_report": str(content.get("sample_report", "")),
            "attribution": str(attribution.get("text", "")),
            "licence": str(attribution.get("licence", "")),
            "instant_results": "on" if content.get("instant_results") else "",
        }, {}

    def built(self) -> tuple[dict[str, Any], Reading]:
        reading, texts = Reading(), self.texts
        if not texts["name"].strip():
            reading.errors["name"] = _("Enter a name.")
        tags = list(dict.fromkeys(tag.strip() for tag in texts["tags"].split(",") if tag.strip()))
        attribution = {"text": texts["attribution"].strip(), "licence": texts["licence"].strip()}
        if attribution["licence"] and not attribution["text"]:
            reading.errors["attribution"] = _("Say whose work it is, too.")
        minutes = reading.value("estimated_minutes", lambda: whole(texts["estimated_minutes"], 1, 1_000))
        content = {
            "name": texts["name"].strip(),
            "summary": " ".join(texts["summary"].split()),
            "description": _plain_lines(texts["description"]),
            "icon": texts["icon"].strip(),
            "group": texts["group"].strip(),
            "tags": tags,
            "language": texts["language"].strip(),
            "estimated_minutes": minutes,
            "sample_report": texts["sample_report"].strip(),
            "attribution": {name: value for name, value in attribution.items() if value} or None,
            "instant_results": bool(texts["instant_results"]),
        }
        return {name: value for name, value in content.items() if value not in (None, "", [])}, reading

    def _field_of(self, place: str) -> str:
        if place.startswith("attribution.licence"):
            return "licence"
        return super()._field_of(place)

    def context(self) -> dict[str, Any]:
        document = self.draft.document
        known = dict(LANGUAGES)
        known.setdefault(self.texts["language"], self.texts["language"])
        seconds = sum(SECONDS_TO_ANSWER[question.type] for question in document.questions())
        estimate = max(1, round(seconds / 60)) if seconds < 600 else int(seconds / 300 + 0.5) * 5
        return super().context() | {
            "icons": [name for name in sorted({*icons.PICKABLE, "clipboard-check"}) if name in icons.available()],
            "icon_now": self.texts["icon"],
            "languages": choices(known, self.texts["language"]),
            "estimate": estimate,
            "description_shown": markdown.render(self.texts["description"])
            if self.texts["description"].strip()
            else "",
            "tag_list": list(document.tags),
        }


FORMS: Mapping[str, type[PartForm]] = {
    "question": QuestionForm,
    "section": SectionForm,
    "answer_set": AnswerSetForm,
    "settings": SettingsForm,
}
LABELS: Mapping[str, Any] = {
    "text": gettext_lazy("Question"),
    "type": gettext_lazy("Type"),
    "help": gettext_lazy("Help"),
    "why": gettext_lazy("Why we ask"),
    "name": gettext_lazy("Name"),
    "summary": gettext_lazy("Summary"),
    "description": gettext_lazy("Description"),
    "icon": gettext_lazy("Icon"),
    "group": gettext_lazy("Group"),
    "tags": gettext_lazy("Tags"),
    "language": gettext_lazy("Language"),
    "estimated_minutes": gettext_lazy("Minutes"),
    "sample_report": gettext_lazy("Sample report"),
    "attribution": gettext_lazy("Whose work it is"),
    "licence": gettext_lazy("License"),
    "instant_results": gettext_lazy("Results at once"),
    "required": gettext_lazy("Required"),
    "allow_not_applicable": gettext_lazy("“Not applicable”"),
    "allow_dont_know": gettext_lazy("“I’m not sure”"),
    "allow_comment": gettext_lazy("Comments"),
    "allow_evidence": gettext_lazy("Evidence"),
    "weight": gettext_lazy("Weight"),
    "option": gettext_lazy("Answers"),
    "row": gettext_lazy("Rows"),
    "band": gettext_lazy("Score bands"),
    "answer_set": gettext_lazy("Shared answers"),
    "combine": gettext_lazy("Several scores"),
    "minimum": gettext_lazy("Least"),
    "maximum": gettext_lazy("Most"),
    "decimals": gettext_lazy("Decimals"),
    "unit": gettext_lazy("Unit"),
    "low_label": gettext_lazy("Low end"),
    "high_label": gettext_lazy("High end"),
    "max_length": gettext_lazy("Most characters"),
    "max_files": gettext_lazy("Most files"),
}


def has_form(part: str) -> bool:
    """This will say whether a part is edited by one of these forms; scores and samples have pages of their own."""
    return part.partition(":")[0] in FORMS


def form_of(definition_id: UUID, draft: Draft, part: str) -> PartForm:
    """This will return the form of a part as it is stored. Raises Http404 for what has no form here."""
    try:
        kind = parts.split(part)[0]
    except NoSuchPart:
        raise Http404 from None
    if kind not in FORMS:
        raise Http404
    return FORMS[kind].stored(definition_id, draft, part)


def share_of(document: DefinitionDocument, question: Question) -> dict[str, Any] | None:
    """This will say how much of its section a question weighs, in percent; None where nothing is weighed."""
    placed = document.places.questions.get(question.key)
    section = document.section(placed[1]) if placed else None
    if section is None or document.scoring is None or not can_be_scored(question):
        return None
    weights = [one.weight for one in section.questions if can_be_scored(one)]
    total = sum(weights)
    percent = _percent(question.weight, total)
    return {"percent": percent, "said": figure(percent), "total": figure(total), "count": len(weights)}


def weights_in(document: DefinitionDocument, section_key: str, definition_id: UUID) -> dict[str, Any] | None:
    """This will list the weighed questions of a section with their shares; None when nothing in it is scored."""
    section = document.section(section_key)
    if section is None or document.scoring is None:
        return None
    numbers = {question.key: number for number, question in enumerate(document.questions(), 1)}
    weighed = [question for question in section.questions if can_be_scored(question)]
    total = sum(question.weight for question in weighed)
    if not weighed:
        return None
    return {
        "total": figure(total),
        "lines": [
            {
                "number": numbers[question.key],
                "text": question.text,
                "weight": figure(question.weight),
                "said": figure(_percent(question.weight, total)),
            }
            for question in weighed
        ],
        "url": reverse("staff:weights", args=[definition_id]),
    }


def _percent(weight: float, total: float) -> float:
    return round(100 * weight / total, 1) if total else 0.0


def _shared(document: DefinitionDocument, key: str, definition_id: UUID) -> dict[str, Any] | None:
    found = next((one for one in document.answer_sets if one.key == key), None)
    if found is None:
        return None
    count = sum(question.answer_set == key for question in document.questions())
    return {
        "set": found,
        "answers": [(option.text, "–" if option.value is None else figure(option.value)) for option in found.options],
        "count": count,
        "url": address_of(definition_id, f"answer_set:{key}"),
    }


def _as_type(content: Mapping[str, Any], stored: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """What was typed for one type, as a question of another."""
    before = {**content, "type": stored.get("type", kind)}
    if before["type"] == "yes_no" and [_triple(option) for option in before.get("options", ())] == list(YES_NO):
        before.pop("options")
    return fresh.retyped(before, kind)


def _as_typed(typed: Mapping[str, str], stored: Mapping[str, str]) -> dict[str, str]:
    """Texts whose meaning was stored stay as they were typed, so that nothing changes under the cursor."""
    return {name: text for name, text in typed.items() if text and stored.get(name, "").strip() == _plain_lines(text).strip()}  # fmt: skip


def _triple(option: Mapping[str, Any]) -> tuple[Any, ...]:
    if option.get("help"):
        return ()
    return option.get("key"), option.get("text"), option.get("value")


def _in_order(bands: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(bands, key=lambda band: (band.get("from") is not None, band.get("from") or 0))


def _weight(text: str) -> float:
    value = number(text)
    if value is None:
        return 1
    if not 0 <= value <= 1e6:
        raise Wrong(_("Enter a weight from 0 up. 0 is for questions that never count."))
    return value


def _tags(text: str, reading: Reading) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon or not name.strip() or not value.strip():
            reading.errors["tags"] = _("Write each tag on a line of its own, as “impact: high”.")
            return {}
        found[name.strip()] = value.strip()
    return found


def _plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n ")
