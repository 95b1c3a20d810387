"""The form of a new definition."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from library.problems import InvalidDefinition


class NewDefinitionForm(forms.Form):
    """What a definition begins with."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=160,
        error_messages={"required": gettext_lazy("Enter a name.")},
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    group = forms.CharField(
        label=gettext_lazy("Group"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Where it stands in the library. A new name makes a new group."),
        widget=forms.TextInput(attrs={"list": "groups", "autocomplete": "off"}),
    )

    def refused(self, error: InvalidDefinition) -> None:
        """This will say at each field what cannot be."""
        for problem in error.problems:
            self.add_error(problem.place if problem.place in self.fields else None, capfirst(problem.message))
