from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import time_zones
from accounts.models import User


class ProfileForm(forms.Form):
    """What a person says of themselves. Their email is how they are found: an Admin changes it."""

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


class KeyForm(AddWebAuthnForm):
    """A passkey or key to add, in the portal's own words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].help_text = _("So that you know it among others: the laptop, the key on the ring.")
        self.fields["name"].initial = self.initial["name"] = ""
        self.fields["passwordless"].label = _("Sign in with it alone, without the password")
        self.fields["passwordless"].help_text = _("It then asks for your fingerprint, your face or its PIN each time.")
        self.fields["credential"].error_messages["required"] = _("The browser did not make a key. Try again.")


class PasskeyForm(LoginWebAuthnForm):
    """A passkey somebody signs in with."""

    def clean_credential(self) -> Authenticator:
        """This will find whose it is. Raises ValidationError in words that lead on."""
        try:
            found: Authenticator = super().clean_credential()
        except forms.ValidationError as error:
            raise forms.ValidationError(
                _("This passkey opens nothing here any more. Sign in with your password.")
            ) from error
        return found
