"""What a batch shall be: which definition, for whom, until when; and what can be changed of it later."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Account
from accounts.viewer import Viewer
from assessments.actions.campaigns import LONGEST_DUE
from assessments.batching import batch_input, batch_plan
from assessments.batching.batch_input import Row
from assessments.batching.batch_plan import ACCOUNTS, ADMINS, FILE, NOBODY, PASTE, PICK, Setup
from assessments.models import BatchDraft, Campaign, Mode
from library.problems import UnreadableFile
from portal.web.ids import uuid_in

LARGEST_FILE = 5 * 1024 * 1024
NOTIFY_AT = ((0, gettext_lazy("No mail")), (50, "50%"), (80, "80%"), (100, gettext_lazy("All of them")))
EVERY = (
    (0, gettext_lazy("Only this once")),
    (1, gettext_lazy("Every month")),
    (3, gettext_lazy("Every 3 months")),
    (6, gettext_lazy("Every 6 months")),
    (12, gettext_lazy("Every year")),
    (24, gettext_lazy("Every 2 years")),
)


def date_field(label: Any, **more: Any) -> forms.DateField:
    """This will make a field for a day, drawn by the browser's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def not_passed(day: datetime.date | None) -> datetime.date | None:
    """This will refuse a day before today."""
    if day and day < timezone.localdate():
        raise forms.ValidationError(_("This day has passed. Choose today or a later one."))
    return day


class BatchForm(forms.Form):
    """A batch of one account, whose people are picked, pasted or uploaded; or of many, whose rows name the account."""

    definition = forms.ModelChoiceField(
        queryset=None,
        label=gettext_lazy("Assessment"),
        empty_label=gettext_lazy("Choose one"),
        error_messages={
            "required": gettext_lazy("Choose an assessment."),
            "invalid_choice": gettext_lazy("This assessment can be launched no longer. Choose another one."),
        },
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("Respondents read it. Without one: the assessment’s own."),
    )
    who = forms.ChoiceField(label=gettext_lazy("Who answers"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("One person a line"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "off"}),
    )
    file = forms.FileField(
        label=gettext_lazy("CSV or Excel file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    invites = forms.ChoiceField(
        label=gettext_lazy("Who is invited in each"),
        required=False,
        widget=forms.RadioSelect,
        choices=(
            (ADMINS, gettext_lazy("Every Company Admin")),
            (NOBODY, gettext_lazy("Nobody yet: the assessment stands in the account, ready to be started")),
        ),
    )
    mode = forms.ChoiceField(label=gettext_lazy("How they answer"), choices=Mode.choices, widget=forms.RadioSelect)
    due_on = date_field(gettext_lazy("Due date"), required=False)
    notify_at_percent = forms.TypedChoiceField(
        label=gettext_lazy("Tell me when so many are done"), choices=NOTIFY_AT, coerce=int
    )
    message = forms.CharField(
        label=gettext_lazy("Message"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Stands in the invitation, in your words."),
    )
    every_months = forms.TypedChoiceField(label=gettext_lazy("Repeat"), choices=EVERY, coerce=int)
    carries_over = forms.BooleanField(
        label=gettext_lazy("Bring the last answers along"),
        required=False,
        help_text=gettext_lazy("Next time each is shown again, to be confirmed as still true."),
    )

    def __init__(
        self, *args: Any, viewer: Viewer, account: Account | None, draft: BatchDraft | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.account, self.draft = viewer, account, draft
        self.rows: list[Row] | None = None
        self.file_name = ""
        self.fields["definition"].queryset = batch_plan.offered(viewer)
        self.fields["who"].choices = ways(account)

    @property
    def kept_file(self) -> str:
        """This will name the file an earlier draft holds, "" for none."""
        return self.draft.file_name if self.draft and not self.draft.batch_id else ""

    @property
    def picked(self) -> Sequence[str]:
        """This will return the ids ticked among people or accounts, as sent or as kept."""
        name = "people" if self.account else "accounts"
        if self.is_bound:
            return [text for text in self.data.getlist(name) if uuid_in(text)]
        return self.initial.get(name, ())

    def clean_due_on(self) -> datetime.date | None:
        return not_passed(self.cleaned_data["due_on"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        who = given.get("who")
        if given.get("file"):
            self._read_file(given["file"], is_wanted=who == FILE)
        elif who == FILE and not self.kept_file:
            self.add_error("file", _("Choose a file."))
        if who == PASTE:
            self._read_text(given.get("text", ""))
        if who in (PICK, ACCOUNTS):
            self._check_picked()
        return given

    def _read_text(self, text: str) -> None:
        if not text.strip():
            self.add_error("text", _("Type or paste at least one email address."))
            return
        try:
            self.rows, self.file_name = batch_input.from_lines(text), ""
        except UnreadableFile as error:
            self.add_error("text", "\n".join(str(problem) for problem in error.problems))

    def _read_file(self, file: Any, *, is_wanted: bool) -> None:
        if not is_wanted:
            return
        try:
            if file.size > LARGEST_FILE:
                raise UnreadableFile(
                    _("The file is larger than %(limit)s MB.") % {"limit": LARGEST_FILE // (1024 * 1024)}
                )
            self.rows, self.file_name = batch_input.from_file(file.read()), file.name
        except UnreadableFile as error:
            for problem in error.problems:
                words = _("%(place)s: %(message)s") if problem.place else "%(message)s"
                self.add_error("file", words % {"place": problem.place, "message": problem.message})

    def _check_picked(self) -> None:
        if not self.picked:
            self.add_error("who", _("Pick at least one person.") if self.account else _("Pick at least one account."))
        elif not self.account and len(self.picked) > batch_plan.MOST_ACCOUNTS:
            words = ngettext("Pick at most %(n)d account.", "Pick at most %(n)d accounts.", batch_plan.MOST_ACCOUNTS)
            self.add_error("who", words % {"n": batch_plan.MOST_ACCOUNTS})

    def setup(self) -> Setup:
        """This will return what was filled in, as far as it is valid: what is wrong is not kept but in the form."""
        given = self.cleaned_data
        definition = given.get("definition")
        people, accounts = (tuple(self.picked), ()) if self.account else ((), tuple(self.picked))
        return Setup(
            definition=str(definition.pk) if definition else "",
            name=given.get("name", ""),
            mode=given.get("mode") or Mode.SHARED,
            due_on=given.get("due_on"),
            message=given.get("message", ""),
            notify_at_percent=given.get("notify_at_percent") or 0,
            who=given.get("who") or PASTE,
            text=given.get("text", "") if given.get("who") == PASTE else "",
            people=people,
            accounts=accounts,
            invites=given.get("invites") or ADMINS,
            every_months=given.get("every_months") or 0,
            carries_over=given.get("carries_over", False),
        )


def ways(account: Account | None) -> list[tuple[str, str]]:
    """This will name the ways to say who answers."""
    first = (PICK, _("Pick people of the account")) if account else (ACCOUNTS, _("Pick accounts"))
    return [first, (PASTE, _("Type or paste")), (FILE, _("Upload a list"))]


def initial_of(draft: BatchDraft | None, account: Account | None, definition: str) -> dict[str, Any]:
    """This will return what the form begins with: a draft's values, else the usual ones."""
    setup = Setup.of(draft) if draft else Setup(definition=definition, who=PICK if account else ACCOUNTS)
    return vars(setup)


class DueForm(forms.Form):
    """The day the runs of a batch are due; none takes it away."""

    due_on = date_field(gettext_lazy("Due date"), required=False)

    def clean_due_on(self) -> datetime.date | None:
        return not_passed(self.cleaned_data["due_on"])


class CampaignForm(forms.Form):
    """What comes back, how often, and what comes with it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    every_months = forms.TypedChoiceField(label=gettext_lazy("Repeat"), choices=EVERY[1:], coerce=int)
    next_on = date_field(gettext_lazy("Next on"))
    due_in_days = forms.IntegerField(
        label=gettext_lazy("Days to answer"),
        min_value=1,
        max_value=LONGEST_DUE,
        help_text=gettext_lazy("Counted from the day it starts."),
    )
    carries_over = forms.BooleanField(
        label=gettext_lazy("Bring the last answers along"),
        required=False,
        help_text=gettext_lazy("Each is shown again, to be confirmed as still true."),
    )
    message = forms.CharField(
        label=gettext_lazy("Message"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Stands in the invitation, in your words."),
    )

    def __init__(self, *args: Any, campaign: Campaign | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if campaign and campaign.every_months not in dict(EVERY):
            words = ngettext("Every %(n)d month", "Every %(n)d months", campaign.every_months)
            own = (campaign.every_months, words % {"n": campaign.every_months})
            self.fields["every_months"].choices = [*EVERY[1:], own]

    def clean_next_on(self) -> datetime.date:
        day = self.cleaned_data["next_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day after today."))
        if day > timezone.localdate() + datetime.timedelta(days=3660):
            raise forms.ValidationError(_("Choose a day within ten years."))
        return day
