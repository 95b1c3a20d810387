import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment


class SetupForm(forms.Form):
    """What a client may change of an assessment she launched."""

    name = forms.CharField(
        label=_("Name"),
        max_length=160,
        help_text=_("Your colleagues see it under this name."),
        error_messages={"required": _("Enter a name.")},
    )
    due_on = forms.DateField(
        label=_("Due"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day you want it finished."),
        error_messages={"invalid": _("Enter a day, for example 2026-12-31.")},
    )

    def __init__(self, *args: Any, run: Assessment, is_read_only: bool, **kwargs: Any):
        super().__init__(*args, initial={"name": run.name, "due_on": run.due_on}, **kwargs)
        self.run = run
        for field in self.fields.values():
            field.disabled = is_read_only

    def clean_due_on(self) -> datetime.date | None:
        """This will take any day from today on, and the day that stands there already."""
        day = self.cleaned_data["due_on"]
        if day and day < timezone.localdate() and day != self.run.due_on:
            raise forms.ValidationError(_("Choose today or a later day."))
        return day
