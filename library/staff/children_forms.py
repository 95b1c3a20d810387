"""Linking a child, and saying how much it counts."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

_WEIGHT_MESSAGES = {
    "required": _("Enter a weight."),
    "invalid": _("Enter a number."),
    "min_value": _("A weight cannot be below 0."),
    "max_value": _("A weight is 1,000,000 at most."),
}


class WeightForm(forms.Form):
    """How much a child's score counts among its siblings."""

    weight = forms.FloatField(
        label=_("Weight"), min_value=0, max_value=1_000_000, initial=1, error_messages=_WEIGHT_MESSAGES
    )


class ChildForm(WeightForm):
    """Which definition becomes a child."""

    field_order = ["child", "weight"]
    child = forms.ModelChoiceField(
        queryset=None,
        label=_("Definition"),
        empty_label=_("Choose a definition"),
        error_messages={
            "required": _("Choose a definition."),
            "invalid_choice": _("This definition cannot be linked any more."),
        },
    )

    def __init__(self, *args: Any, candidates: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["child"].queryset = candidates  # type: ignore[attr-defined]
