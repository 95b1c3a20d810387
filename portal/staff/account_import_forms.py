"""Bringing in a list of accounts: as a file, or pasted."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ENDINGS = ".csv,.tsv,.txt,.xlsx"


class AccountImportForm(forms.Form):
    """One list: a file or the pasted rows."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        error_messages={"empty": gettext_lazy("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Or paste rows from a spreadsheet"),
        required=False,
        strip=False,
        help_text=gettext_lazy("With the headings in the first row."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors and not given.get("file") and not given.get("pasted", "").strip():
            self.add_error("file", _("Choose a file, or paste rows below."))
        return given
