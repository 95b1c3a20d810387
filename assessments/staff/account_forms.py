"""What to give an account, and whether to start it at once."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.viewer import Viewer
from assessments.actions.assignments import Work
from library.models import Definition


class AssignmentForm(forms.Form):
    """Definitions to assign; with `start`, work with a name and a due date."""

    definitions = forms.ModelMultipleChoiceField(
        queryset=None,
        label=gettext_lazy("Assessments"),
        error_messages={"required": gettext_lazy("Choose at least one assessment.")},
    )
    start = forms.BooleanField(
        label=gettext_lazy("Start it now"),
        required=False,
        help_text=gettext_lazy("Creates the assessment as well, so that the client finds it among Your Assessments."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=160,
        help_text=gettext_lazy("Without one: the assessment’s own."),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Due date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    another = forms.BooleanField(
        label=gettext_lazy("Start another one all the same"),
        required=False,
        help_text=gettext_lazy("The one in progress stays as it is."),
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["definitions"].queryset = Definition.objects.visible_to(viewer).launchable().top_level()

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on < timezone.localdate():
            raise forms.ValidationError(_("This day has passed. Choose today or a later one."))
        return due_on

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("start") and given.get("name") and len(given.get("definitions") or ()) > 1:
            self.add_error("name", _("One name does not fit several assessments. Choose one, or leave the name empty."))
        return given

    @property
    def work(self) -> Work | None:
        """This will return what to start, or None when the definitions are only assigned."""
        given = self.cleaned_data
        return Work(given["name"], given["due_on"], given["another"]) if given["start"] else None
