from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import time_zones
from accounts.models import User


class ProfileForm(forms.Form):
    """What a person says of themselves. Their e-mail is how they are found: an Admin changes it."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, error_messages={"required": gettext_lazy("Enter your name.")}
    )
    job_title = forms.CharField(label=gettext_lazy("Job title"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("Dates and times on pages and in mails are in this zone."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(user, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = [("", _("That of the account")), *time_zones.choices()]  # type: ignore[attr-defined]
        if len(settings.LANGUAGES) > 1:
            self.fields["language"].choices = [("", _("That of the organization")), *settings.LANGUAGES]  # type: ignore[attr-defined]
        else:
            del self.fields["language"]
