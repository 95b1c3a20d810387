"""The forms of conditions: when a question or section is shown, and when a question must be answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.viewer import Viewer
from library.authoring import rule_builder
from library.authoring.question_picker import Picker
from library.authoring.rule_drawing import DrawnGroup, drawn
from library.condition_words import asked_when, required_when, shown_when
from library.document import Condition, DefinitionDocument
from library.drafting.drafts import Draft
from library.drafting.parts import NoSuchPart

from . import part_saving
from .part_saving import Conflict

# (kind of part, field): title, icon, words without a condition, how the condition is written, the two buttons.
WORDS: Mapping[tuple[str, str], dict[str, Any]] = {
    ("question", "show_if"): {
        "title": _("When it is asked"),
        "icon": "eye",
        "always": _("Always asked."),
        "write": asked_when,
        "add_label": _("Ask only under a condition"),
        "clear_label": _("Always ask it"),
    },
    ("question", "require_if"): {
        "title": _("When it must be answered"),
        "icon": "alert-circle",
        "always": _("No condition: “required” decides."),
        "write": required_when,
        "add_label": _("Require it under a condition"),
        "clear_label": _("Remove the condition"),
    },
    ("section", "show_if"): {
        "title": _("When it is shown"),
        "icon": "eye",
        "always": _("Always shown."),
        "write": shown_when,
        "add_label": _("Show only under a condition"),
        "clear_label": _("Always show it"),
    },
}


@dataclass(frozen=True)
class ConditionForm:
    """One condition with what was typed. `state`: "" as stored, saved, open (incomplete), refused or stale."""

    definition_id: UUID
    draft: Draft
    kind: str
    key: str
    field: str
    typed: rule_builder.Group
    seen: str
    state: str = ""
    focus: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    conflict: Conflict | None = None

    @classmethod
    def stored(cls, definition_id: UUID, draft: Draft, kind: str, key: str, field: str) -> Self:
        """This will show a condition as it is stored. Raises Http404 for a part or field there is not."""
        if (kind, field) not in WORDS:
            raise Http404
        try:
            content = draft.content(f"{kind}:{key}")
        except NoSuchPart:
            raise Http404 from None
        typed = rule_builder.of_condition(_condition(content.get(field)))
        return cls(definition_id, draft, kind, key, field, typed, part_saving.seen_of(content, [field]))

    @property
    def part(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def prefix(self) -> str:
        return f"{self.field}-"

    @property
    def status(self) -> int:
        """This will be the status to answer with."""
        return {"refused": 422, "stale": 409}.get(self.state, 200)

    def sent(self, by: Viewer, fields: QueryDict) -> Self:
        """This will take what a form sent: do what its button asks, and save when it means a condition, or none."""
        doing, picker = fields.get("do", ""), Picker(self.draft.document)
        if doing == "theirs":
            return self
        typed = rule_builder.Group() if doing == "clear" else rule_builder.read(fields, self.prefix)
        typed = rule_builder.settled(picker, rule_builder.changed(typed, doing))
        built = rule_builder.built(picker, typed)
        form = replace(self, typed=typed, seen=part_saving.seen_in(fields), focus=focus_of(self.prefix, doing, typed))
        if built.is_complete:
            return form._saved(by, built)
        is_wrong = bool(built.wrong) or doing in part_saving.SAVES
        errors = {**built.missing, **built.wrong} if doing in part_saving.SAVES else built.wrong
        return replace(form, state="refused" if is_wrong else "open", errors=errors, missing=built.missing)

    def _saved(self, by: Viewer, built: rule_builder.Built) -> Self:
        condition = built.condition
        data = condition.model_dump(mode="json", by_alias=True, exclude_defaults=True) if condition else None
        saved = part_saving.save(by=by, draft=self.draft, part=self.part, fields={self.field: data}, seen=self.seen)
        form = replace(self, draft=saved.draft)
        if saved.conflict is not None:
            return replace(form, state="stale", conflict=saved.conflict)
        if saved.refused is not None:
            errors, problems = self._refused(saved, built)
            return replace(form, state="refused", errors=errors, problems=problems)
        return replace(form, state="saved", seen=part_saving.seen_of(saved.draft.content(self.part), [self.field]))

    def _refused(self, saved: part_saving.Saved, built: rule_builder.Built) -> tuple[dict[str, str], tuple[str, ...]]:
        errors: dict[str, str] = {}
        problems: list[str] = []
        assert saved.refused is not None
        for place, messages in saved.refused.here.items():
            words = [part_saving.in_words(saved.draft.document, message) for message in messages]
            path = built.places.get(place.removeprefix(self.field).removeprefix("."))
            if path is None or path == rule_builder.ROOT:
                problems += words
            else:
                errors[path] = " ".join(words)
        return errors, (*problems, *part_saving.elsewhere(saved.draft, saved.refused))

    def drawn(self) -> dict[str, Any]:
        """This will lay the form out for templates/library/staff/editor/_condition.html."""
        words = WORDS[self.kind, self.field]
        built = rule_builder.built(Picker(self.draft.document), self.typed)
        return {
            "id": f"condition-{self.field}",
            "url": reverse("staff:condition", args=[self.definition_id, self.kind, self.key, self.field]),
            "seen": self.seen,
            "prefix": self.prefix,
            "title": words["title"],
            "icon": words["icon"],
            "words": self._words(built.condition, words),
            "has_rules": bool(self.typed.parts),
            "group": self._group(),
            "state": self.state,
            "said": self._said(),
            "problems": self.problems,
            "conflict": self._conflict(words),
            "focus": self.focus,
            "add_label": words["add_label"],
            "clear_label": words["clear_label"],
        }

    def _group(self) -> DrawnGroup:
        return drawn(Picker(self.draft.document), self.typed, self.prefix, self.errors, self.missing)

    def _words(self, condition: Condition | None, words: Mapping[str, Any]) -> str:
        if condition is not None:
            return str(words["write"](self.draft.document, condition))
        return "" if self.typed.parts else str(words["always"])

    def _said(self) -> Any:
        return _("Not saved yet: a rule is not complete") if self.state == "open" else ""

    def _conflict(self, words: Mapping[str, Any]) -> dict[str, Any] | None:
        if self.conflict is None:
            return None
        theirs = _condition(self.conflict.theirs.get(self.field))
        said = str(words["write"](self.draft.document, theirs)) if theirs else str(words["always"])
        return self.conflict.notice(said)


def conditions_of(definition_id: UUID, draft: Draft, part: str) -> dict[str, Any]:
    """This will make what templates/library/staff/editor/_conditions.html shows on the page of a question or section."""
    kind, _colon, key = part.partition(":")
    fields = [name for of, name in WORDS if of == kind]
    forms = [ConditionForm.stored(definition_id, draft, kind, key, name) for name in fields]
    return {"conditions": [form.drawn() for form in forms], "question_list": question_list(draft.document)}


def question_list(document: DefinitionDocument) -> list[tuple[str, str]]:
    """This will list (label, section) of all questions, for the one list all pickers of a page share."""
    return Picker(document).offered()


def _condition(data: Any) -> Condition | None:
    return None if data is None else Condition.model_validate(data)


def focus_of(prefix: str, doing: str, typed: rule_builder.Group) -> str:
    """This will name the rule that a button just added, where the typing goes on; "" when it added none."""
    verb, _colon, path = doing.partition(":")
    group = next((node for node in rule_builder.nodes(typed) if node.path == path), None)
    if verb not in ("add", "nest") or not isinstance(group, rule_builder.Group) or not group.parts:
        return ""
    last = group.parts[-1]
    return f"{prefix}{last.path}{'.0' if isinstance(last, rule_builder.Group) else ''}-"
