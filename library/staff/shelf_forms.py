"""Moving things in a list, and naming groups."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PlaceForm(forms.Form):
    """Where to: one step `up` or `down`, or right `before` or `after` another one, named by its id."""

    step = forms.ChoiceField(choices=[("up", "up"), ("down", "down")], required=False)
    before = forms.UUIDField(required=False)
    after = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        """This will refuse a move that names no place or several."""
        given = [name for name in ("step", "before", "after") if self.cleaned_data.get(name)]
        if len(given) != 1:
            raise forms.ValidationError(_("Say where to move it."))
        return {given[0]: self.cleaned_data[given[0]]}


class GroupForm(forms.Form):
    """The name of a group."""

    name = forms.CharField(
        label=_("Name"), max_length=60, error_messages={"required": _("Enter a name for the group.")}
    )
