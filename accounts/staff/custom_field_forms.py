"""Forms about the fields an organization adds to accounts, sites and contacts."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fields import custom_data, custom_fields
from accounts.models import CustomField

from .forms import ActionForm

# The name of a known choice's input is this and its key.
CHOICE = "choice-"


class CustomFieldForm(ActionForm):
    """One field of custom data. The key is asked once; known choices are rows beside the form's own fields."""

    main_field = "label"

    label = forms.CharField(
        label=gettext_lazy("Label"),
        max_length=80,
        help_text=gettext_lazy("What people read beside the value. It can change at any time."),
        error_messages={"required": gettext_lazy("Enter a label.")},
    )
    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=custom_fields.LONGEST_KEY,
        required=False,
        help_text=gettext_lazy(
            "For reports, imports and exports. It never changes. Left empty, it is made of the label."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=CustomField.Type.choices)
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One in each line."),
    )
    help_text = forms.CharField(
        label=gettext_lazy("Help"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Stands below the label, as this sentence does."),
    )
    is_required = forms.BooleanField(
        label=gettext_lazy("Required"),
        required=False,
        help_text=gettext_lazy("Forms and imports ask for a value. What is stored without one stays."),
    )
    is_visible_to_client = forms.BooleanField(
        label=gettext_lazy("Visible to the client"),
        required=False,
        help_text=gettext_lazy("Shown in the portal to the Company Admin, and there for reports."),
    )
    is_searchable = forms.BooleanField(
        label=gettext_lazy("Found by search"), required=False, help_text=gettext_lazy("Lists find rows by its value.")
    )
    is_filterable = forms.BooleanField(
        label=gettext_lazy("A filter in lists"), required=False, help_text=gettext_lazy("Lists can be narrowed by it.")
    )

    def __init__(self, *args: Any, field: CustomField | None = None, used: int = 0, **kwargs: Any) -> None:
        """This will ask for a new field or, with `field`, for its changes; `used` rows have a value of it."""
        if field is not None:
            names = ("label", "type", "help_text", *FLAGS)
            kwargs["initial"] = {name: getattr(field, name) for name in names}
        super().__init__(*args, **kwargs)
        self.field = field
        if field is None:
            return
        del self.fields["key"]
        self.fields["choices"].label = _("Add choices")
        if used:
            self.fields["type"].disabled = True
            words = _("%(usage)s, so the type stays. For another type add another field.")
            self.fields["type"].help_text = words % {"usage": custom_fields.usage_words(field.on, used)}

    def clean_key(self) -> str:
        key = self.cleaned_data["key"].strip()
        if key and not custom_fields.KEY.fullmatch(key):
            raise ValidationError(
                _("A key starts with a letter and holds only small letters a to z, figures and underscores.")
            )
        return key

    def clean_choices(self) -> list[str]:
        lines = self.cleaned_data["choices"].splitlines()
        return [label for line in lines if (label := custom_data.tidy(line))]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """This will be the known choices in the order and with the labels sent, else as they are stored."""
        known = {choice["key"]: choice for choice in self.field.choices} if self.field else {}
        if not self.is_bound:
            return list(known.values())
        sent = {name.removeprefix(CHOICE): self.data[name] for name in self.data if name.startswith(CHOICE)}
        rows = [known[key] | {"label": label} for key, label in sent.items() if key in known]
        return [*rows, *(choice for key, choice in known.items() if key not in sent)]

    @property
    def facts(self) -> dict[str, Any]:
        """This will be the checked answers as `add` takes them and, of a known field, as `change` does."""
        if self.field is None:
            return dict(self.cleaned_data)
        added = [{"label": label} for label in self.cleaned_data["choices"]]
        return self.cleaned_data | {"choices": rearranged([*self.rows, *added], self.data)}


FLAGS = ("is_required", "is_visible_to_client", "is_searchable", "is_filterable")


def rearranged(choices: list[dict[str, Any]], pressed: Any) -> list[dict[str, Any]]:
    """This will do to the choices what the pressed button says: `up`, `down`, `archive` or `return` one, or `sort` all."""
    choices = [dict(choice) for choice in choices]
    places = {choice["key"]: place for place, choice in enumerate(choices) if "key" in choice}
    for name, step in (("choice_up", -1), ("choice_down", 1)):
        at = places.get(pressed.get(name, ""))
        if at is not None and 0 <= at + step < len(choices):
            choices[at], choices[at + step] = choices[at + step], choices[at]
    for name, archived in (("choice_archive", True), ("choice_return", False)):
        at = places.get(pressed.get(name, ""))
        if at is not None:
            choices[at]["archived"] = archived
    return sorted(choices, key=lambda choice: choice["label"].casefold()) if "choice_sort" in pressed else choices


class PlaceForm(forms.Form):
    """Where to: one step `up` or `down`, or right `before` or `after` another one, named by its id."""

    step = forms.ChoiceField(choices=[("up", "up"), ("down", "down")], required=False)
    before = forms.UUIDField(required=False)
    after = forms.UUIDField(required=False)

    def clean(self) -> dict[str, str | uuid.UUID]:
        """This will keep the place that is named; a move needs exactly one."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        # Dragged with the mouse, the row's own form is sent: a neighbor wins over the step of its buttons.
        if "before" in given or "after" in given:
            given.pop("step", None)
        if len(given) != 1:
            raise ValidationError(_("Say where to move it."))
        return given
