"""Whose eyes to look through, and why."""

from django import forms
from django.utils.translation import gettext_lazy


class PreviewForm(forms.Form):
    """A viewpoint of the account, and a reason. Whether the account has that viewpoint, the action knows."""

    viewpoint = forms.CharField(
        label=gettext_lazy("View as"),
        max_length=60,
        error_messages={"required": gettext_lazy("Choose who to view the portal as.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Stands in the activity of the account beside your name; its Company Admins read it."),
    )
