"""The few words a step of the life cycle asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class NoteForm(forms.Form):
    """A note to the person who goes on with the draft."""

    note = forms.CharField(label=_("Note"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = required
        self.fields["note"].error_messages["required"] = _("Say what has to be changed.")


class CopyForm(forms.Form):
    """The name of the copy."""

    name = forms.CharField(
        label=_("Name of the copy"), max_length=160, error_messages={"required": _("Enter a name for the copy.")}
    )
