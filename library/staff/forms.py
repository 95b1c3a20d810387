"""Bringing a definition in: the file, and the decision about what was found in it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST_NAME = 200
ENDINGS = ".json,.yaml,.yml,.csv,.tsv,.txt,.xlsx,.zip"


class ImportForm(forms.Form):
    """One file with one definition."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        error_messages={
            "required": gettext_lazy("Choose a file to import."),
            "empty": gettext_lazy("The file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
    )


class CommitForm(forms.Form):
    """What becomes of an import: a draft of the definition with its key, or a new definition.

    `seen` is the token of the plan the page showed.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    becomes = forms.ChoiceField(required=False, choices=[("draft", "draft"), ("new", "new")])
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        error_messages={"required": gettext_lazy("Enter a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        """This will return the name on one line, without what cannot be seen."""
        given = self.cleaned_data["name"]
        name = " ".join("".join(letter if letter.isprintable() else " " for letter in given).split())
        if not name:
            raise forms.ValidationError(_("Enter a name."))
        return name
