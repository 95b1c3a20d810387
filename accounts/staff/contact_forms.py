"""Forms about the contacts of an account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.fields import custom_data
from accounts.fields.custom_data import Field
from accounts.models import Contact, Site
from accounts.viewer import Viewer

from .forms import ActionForm


class ContactForm(ActionForm):
    """A person to reach: the facts we know of everybody, then the organization's own."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter the person’s name.")},
    )
    job_title = forms.CharField(label=gettext_lazy("Job title"), max_length=120, required=False)
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("A login of this account with the same email is linked by itself."),
        error_messages={"invalid": gettext_lazy("Enter an email address such as name@example.com.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    site = forms.ModelChoiceField(
        label=gettext_lazy("Site"), queryset=None, required=False, empty_label=gettext_lazy("No certain site")
    )
    is_emergency = forms.BooleanField(
        label=gettext_lazy("Emergency contact"),
        required=False,
        help_text=gettext_lazy("Whom to call in urgent cases. Every account needs one."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For your colleagues. The client never sees it."),
    )

    def __init__(
        self, *args: Any, viewer: Viewer, fields: list[Field], contact: Contact | None = None, **kwargs: Any
    ) -> None:
        """This will offer the account's sites and ask for the organization's own fields."""
        if contact is not None:
            names = ("name", "job_title", "email", "phone", "site", "is_emergency", "note")
            kwargs["initial"] = {name: getattr(contact, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = Site.objects.visible_to(viewer).order_by("name")
        self.before = contact.custom if contact else {}
        self.custom_fields = fields
        self.fields.update(custom_data.form_fields(fields, self.before))

    @property
    def custom_bound(self) -> list[forms.BoundField]:
        """This will be the organization's own fields, to be drawn."""
        return [self[field.name] for field in self.custom_fields]

    @property
    def facts(self) -> dict[str, Any]:
        """This will be the checked answers as an action takes them."""
        given = {name: value for name, value in self.cleaned_data.items() if not name.startswith(custom_data.PREFIX)}
        return given | {"custom": custom_data.cleaned(self.custom_fields, self.cleaned_data, self.before)}
