import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from assessments.actions.respondents import Person
from assessments.batching import batch_input
from assessments.batching.batch_input import Judged, Known, Verdict
from assessments.models import Assessment, Power
from library.problems import UnreadableFile
from library.versions import document_of

SHOWN_MISTAKES = 8


def _sections_field(run: Assessment, help_text: Any) -> forms.MultipleChoiceField:
    choices = [(section.key, section.name) for section in document_of(run.version).sections]
    return forms.MultipleChoiceField(
        label=gettext_lazy("Sections"),
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


class PeopleForm(forms.Form):
    """Who is to answer: people of the account, picked, and anybody else, typed or pasted."""

    users = forms.ModelMultipleChoiceField(
        label=gettext_lazy("People of the account"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Somebody is no longer in the account. Choose again.")},
    )
    lines = forms.CharField(
        label=gettext_lazy("Other people"),
        required=False,
        strip=False,
        max_length=400_000,
        help_text=gettext_lazy("One person a line: Ann Lee <ann@example.com>. They need no login."),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
    )
    invite = forms.BooleanField(
        label=gettext_lazy("Send the invitation now"), required=False, initial=True, widget=forms.CheckboxInput()
    )
    message = forms.CharField(
        label=gettext_lazy("Message in the invitation"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, run: Assessment, users: QuerySet[User], present: Iterable[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.run, self.present = run, frozenset(present)
        self.fields["users"].queryset = users
        if not users.exists():
            del self.fields["users"]
        if len(document_of(run.version).sections) > 1:
            self.fields["sections"] = _sections_field(run, gettext_lazy("None chosen: they are asked all sections."))
        self.order_fields(["users", "lines", "sections", "invite", "message"])

    def clean_lines(self) -> list[Judged]:
        """This will read the lines; one that names nobody is said with its number, and nobody is added."""
        try:
            rows = batch_input.from_lines(self.cleaned_data["lines"].replace("\x00", ""))
        except UnreadableFile as error:
            raise forms.ValidationError(str(error)) from error
        key = str(self.run.account_id)
        account = batch_input.Account(key, self.run.account.name)
        known = Known(accounts={key: account}, only=key, present=frozenset((key, mail) for mail in self.present))
        judged = batch_input.judge(rows, known)
        wrong = [one for one in judged if one.verdict not in (Verdict.INVITED, Verdict.PRESENT, Verdict.DUPLICATE)]
        if wrong:
            raise forms.ValidationError([_mistake(one) for one in wrong[:SHOWN_MISTAKES]])
        return [one for one in judged if one.verdict is Verdict.INVITED]

    def clean(self) -> dict[str, Any]:
        """This will ask for somebody at least."""
        given = super().clean() or {}
        if not self.errors and not given.get("lines") and not given.get("users"):
            words = _("Everybody named answers already.") if self.data.get("lines", "").strip() else _("Name somebody.")
            self.add_error("lines", words)
        return given

    @property
    def people(self) -> list[Person]:
        """This will return who was named."""
        sections = tuple(self.cleaned_data.get("sections", ()))
        users = [Person(user=user, sections=sections) for user in self.cleaned_data.get("users") or ()]
        return [
            *users,
            *(Person(one.row.name, one.email, one.sections or sections) for one in self.cleaned_data["lines"]),
        ]


def _mistake(one: Judged) -> str:
    written = (one.row.email or one.row.name)[:60]
    if one.verdict is Verdict.NO_ADDRESS:
        why = _("there is no email address")
    elif one.verdict is Verdict.BAD_ADDRESS:
        why = _("“%(written)s” is no email address") % {"written": written}
    else:
        why = one.why or _("“%(written)s” cannot be read") % {"written": written}
    return _("Line %(number)s: %(why)s") % {"number": one.row.number, "why": why}


class SectionsForm(forms.Form):
    """The sections a person is asked."""

    def __init__(self, *args: Any, run: Assessment, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["sections"] = _sections_field(run, gettext_lazy("None chosen, or every one: all sections."))


class ShareLinkForm(forms.Form):
    """A link that belongs to nobody: what it lets do, how long, how often."""

    power = forms.ChoiceField(
        label=gettext_lazy("Whoever has the link may"),
        choices=[
            (Power.ANSWER, gettext_lazy("Answer, after saying a name")),
            (Power.VIEW, gettext_lazy("Look at the answers, and change nothing")),
        ],
        initial=Power.ANSWER,
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=gettext_lazy("Works until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Enter the last day the link works."),
            "invalid": gettext_lazy("Enter a day, for example 2026-12-31."),
        },
    )
    most_uses = forms.IntegerField(
        label=gettext_lazy("How often it can be started"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=gettext_lazy("Left empty, any number of times until then."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        min_length=8,
        max_length=200,
        help_text=gettext_lazy("Tell it to people on another way than the link."),
        error_messages={"min_length": gettext_lazy("Use at least 8 characters.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, run: Assessment, until: datetime.datetime, **kwargs: Any):
        super().__init__(*args, initial={"until": timezone.localdate(until), "power": Power.ANSWER}, **kwargs)
        if run.is_independent:
            del self.fields["power"]  # there are no common answers to look at
        if len(document_of(run.version).sections) > 1:
            self.fields["sections"] = _sections_field(run, gettext_lazy("None chosen: all sections."))
        self.order_fields(["power", "sections", "until", "most_uses", "password"])

    def clean_until(self) -> datetime.date:
        """This will take a day from today on, for a year."""
        day: datetime.date = self.cleaned_data["until"]
        today = timezone.localdate()
        if not today <= day <= today + datetime.timedelta(days=365):
            raise forms.ValidationError(_("Choose a day from today on, at most a year ahead."))
        return day

    @property
    def terms(self) -> dict[str, Any]:
        """This will return what links.share takes."""
        given = self.cleaned_data
        end = datetime.datetime.combine(given["until"], datetime.time.max, tzinfo=timezone.get_current_timezone())
        return {
            "power": given.get("power", Power.ANSWER),
            "sections": given.get("sections", ()),
            "expires_at": end,
            "most_uses": given["most_uses"],
            "password": given["password"],
        }
