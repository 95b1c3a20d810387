from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Power, RespondentLink


class StartForm(forms.Form):
    """What a link asks before it lets somebody in: its password, and by a share link who comes."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("Shown beside your answers."),
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your email"),
        required=False,
        help_text=_("For questions about your answers."),
        error_messages={"invalid": _("Enter an email address such as ann@example.com, or leave it empty.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        help_text=_("Whoever sent you the link gave you a password for it."),
        error_messages={"required": _("Enter the password of the link.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, link: RespondentLink, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if link.respondent_id or link.power == Power.VIEW:
            del self.fields["name"], self.fields["email"]
        if not link.password:
            del self.fields["password"]
