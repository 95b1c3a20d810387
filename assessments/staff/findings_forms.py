"""What staff write about a weakness, decide about it, and give somebody to do."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from assessments.actions import finding_actions
from assessments.models import ActionState, Finding, FindingAction, FindingState, Severity
from assessments.results.findings import shortened
from library.document import DefinitionDocument, Section


class FindingForm(forms.Form):
    """What was found, how bad it is, and what it is about."""

    title = forms.CharField(
        label=gettext_lazy("What is weak"),
        max_length=200,
        help_text=gettext_lazy("One line, as the client reads it."),
        error_messages={"required": gettext_lazy("Say in one line what is weak.")},
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), choices=Severity.choices, initial=Severity.MEDIUM, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("What was found, and what would help"),
        required=False,
        max_length=10_000,
        help_text=gettext_lazy("Markdown: **bold**, lists and links."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    about = forms.ChoiceField(label=gettext_lazy("About"), required=False)
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, document: DefinitionDocument, finding: Finding | None = None, **kwargs: Any) -> None:
        if finding:
            kwargs.setdefault("initial", _initial(finding))
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = places(document)  # type: ignore[attr-defined]

    @property
    def words(self) -> dict[str, str]:
        """This will return what the actions take."""
        given = self.cleaned_data
        kind, _colon, key = given["about"].partition(":")
        return {
            "title": given["title"],
            "text": given["text"],
            "severity": given["severity"],
            "question_key": key if kind == "question" else "",
            "section_key": key if kind == "section" else "",
        }


def _initial(finding: Finding) -> dict[str, Any]:
    about = f"section:{finding.section_key}" if finding.section_key else ""
    return {
        "title": finding.title,
        "text": finding.text,
        "severity": finding.severity,
        "about": f"question:{finding.question_key}" if finding.question_key else about,
        "seen": finding.updated_at.isoformat(),
    }


def places(document: DefinitionDocument) -> list[tuple[str, Any]]:
    """This will list what a finding can be about: the whole, each section, each question in its section."""
    return [("", _("The whole assessment")), *((section.name, _in_section(section)) for section in document.sections)]


def _in_section(section: Section) -> list[tuple[str, str]]:
    sections = [(f"section:{one.key}", _("All of %(name)s") % {"name": one.name}) for one in section.all_sections()]
    questions = [
        (f"question:{question.key}", shortened(question.text)[:90])
        for one in section.all_sections()
        for question in one.questions
    ]
    return [*sections, *questions]


class StateForm(forms.Form):
    """What is decided about findings. A risk is accepted for a reason."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=FindingState.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a state.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "For an accepted risk, the client reads it. One that does not apply is not shown to them."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("state") == FindingState.ACCEPTED and not (given.get("reason") or "").strip():
            self.add_error("reason", _("Say why this risk is accepted."))
        return given


class ActionForm(forms.Form):
    """What is to be done, by whom, until when."""

    title = forms.CharField(
        label=gettext_lazy("What is to be done"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say what is to be done.")},
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner"), queryset=None, required=False, empty_label=gettext_lazy("Nobody yet")
    )
    owner_name = forms.CharField(
        label=gettext_lazy("Somebody else"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("A name, for somebody without a login."),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Due"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter a day, for example 2026-12-31.")},
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=ActionState.choices, required=False)

    def __init__(self, *args: Any, finding: Finding, action: FindingAction | None = None, **kwargs: Any) -> None:
        if action:
            names = ("title", "owner_id", "owner_name", "due_on", "state")
            initial = {name.removesuffix("_id"): getattr(action, name) for name in names}
            kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset, owner.label_from_instance = finding_actions.owners(finding, action), _named
        if action is None:
            del self.fields["state"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("owner") and given.get("owner_name"):
            self.add_error("owner_name", _("Choose a person or enter a name, not both."))
        return given


def _named(person: User) -> str:
    return person.name or person.email
