"""What clients are offered beside their Library."""

from django import forms
from django.utils.translation import gettext_lazy

from library.offering import ENTITLED, EVERYTHING


class OfferingForm(forms.Form):
    """Everything published, or only what the account is entitled to. `seen` is what held when the page was opened."""

    offered = forms.ChoiceField(
        label=gettext_lazy("All Available Assessments shows"), choices=[(EVERYTHING, EVERYTHING), (ENTITLED, ENTITLED)]
    )
    seen = forms.ChoiceField(
        choices=[(EVERYTHING, EVERYTHING), (ENTITLED, ENTITLED)], widget=forms.HiddenInput, required=False
    )
