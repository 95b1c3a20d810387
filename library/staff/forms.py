"""The upload of a definition."""

from django import forms
from django.utils.translation import gettext_lazy


class ImportForm(forms.Form):
    """One file with one definition."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        error_messages={
            "required": gettext_lazy("Choose a file to import."),
            "empty": gettext_lazy("The file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".json,.yaml,.yml,.zip"}),
    )
