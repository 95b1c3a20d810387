"""How long a preview link works."""

from django import forms
from django.utils.translation import gettext_lazy as _

from library.actions.preview_links import MOST_DAYS


class PreviewLinkForm(forms.Form):
    """The days until the link ends."""

    days = forms.IntegerField(
        label=_("Works for (days)"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=14,
        error_messages={
            "required": _("Enter a number of days."),
            "invalid": _("Enter a number of days."),
            "min_value": _("Enter at least 1 day."),
            "max_value": _("A link works for 90 days at most."),
        },
    )
