"""Why somebody asks for access."""

from django import forms
from django.utils.translation import gettext_lazy


class AccessRequestForm(forms.Form):
    """An optional word to who decides."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": gettext_lazy("Use 500 characters at most.")},
    )
