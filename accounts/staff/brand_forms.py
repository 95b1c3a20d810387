"""What is typed into the brand's settings: the brand itself, host names, words."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.branding import FIELDS, PICTURES
from accounts.brand import terminology
from accounts.models import BrandImage, Organization

_ACCEPTED = ".png,.jpg,.jpeg,.webp,.gif,.svg,.ico,image/*"
_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")

HINTS = {
    "logo_light": gettext_lazy("Shown 28 pixels high. PNG, JPEG, WebP, GIF or SVG, at most 2 MB."),
    "logo_dark": gettext_lazy("For the dark theme and the dark sidebar. Without it, the light one stands on a plate."),
    "favicon": gettext_lazy("A square picture that can be told at 16 pixels."),
    "logo_mail": gettext_lazy("On white. Without it, the logo on light ground is used."),
}


class ColorField(forms.CharField):
    """A colour as "#rrggbb": typed with or without the "#", in three digits or six, or picked."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=7,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-color-text": ""}),
            **options,
        )

    def to_python(self, value: Any) -> str:
        typed = str(super().to_python(value) or "").strip()
        if not typed:
            return ""
        found = _HEX.fullmatch(typed)
        if not found:
            raise forms.ValidationError(_("Enter a color such as #3452d1."))
        digits = found[1].lower()
        return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


class BrandForm(forms.Form):
    """The brand whole. A picture is its id; a file is made into one by the view, which knows whose it is."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    tab_title = forms.CharField(
        label=gettext_lazy("Tab title"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Behind the page’s own title. Without it, the name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    brand_color = ColorField(label=gettext_lazy("Primary color"))
    secondary_color = ColorField(
        label=gettext_lazy("Secondary color"),
        required=False,
        help_text=gettext_lazy("Draws what is compared with in charts, and tints the sign-in page."),
    )
    sign_in_headline = forms.CharField(
        label=gettext_lazy("Sign-in headline"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sign_in_text = forms.CharField(
        label=gettext_lazy("Sign-in text"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    support_name = forms.CharField(
        label=gettext_lazy("Support contact"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Who answers, such as “Harbor help desk”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    support_email = forms.EmailField(
        label=gettext_lazy("Support email"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    support_phone = forms.CharField(
        label=gettext_lazy("Support phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def __init__(self, data: Any = None, *, values: Mapping[str, Any], pictures: Mapping[str, BrandImage]) -> None:
        super().__init__(data, initial={name: values[name] for name in FIELDS}, auto_id="brand-%s")
        self._values, self._pictures = values, pictures

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("brand_color", "secondary_color"):
            if name in cleaned:
                cleaned[name] = self._picked(name) or cleaned[name]
        for slot in PICTURES:
            cleaned[slot] = self.picture_id(slot)
        return cleaned

    def picture_id(self, slot: str) -> str | None:
        """This will return the id of the picture that stands in a slot now, as typed or as stored."""
        if not self.is_bound:
            return self._values[slot]
        chosen = self.data.get(slot, "")
        if self.data.get(f"remove_{slot}"):
            return None
        return chosen if chosen in self._pictures and self._pictures[chosen].slot == slot else None

    def colors(self) -> dict[str, dict[str, str]]:
        """This will return what the pickers show, which always show a colour."""
        shown = {}
        for name in ("brand_color", "secondary_color"):
            typed = self._shown_color(name)
            shown[name] = {"picked": typed or self._shown_color("brand_color") or "#3452d1", "was": typed}
        return shown

    def _shown_color(self, name: str) -> str:
        if self.is_bound and name in getattr(self, "cleaned_data", {}):
            return self.cleaned_data[name]
        found = _HEX.fullmatch(str(self[name].value() or ""))
        return f"#{found[1].lower()}" if found and len(found[1]) == 6 else ""

    def _picked(self, name: str) -> str:
        """Without JavaScript the picker does not fill the text in: it counts where the text was left as it was."""
        picked, was, typed_was = (
            self.data.get(f"{name}_{what}", "").lower() for what in ("picked", "picked_was", "was")
        )
        if picked and picked != was and self.data.get(name, "").strip().lower() == typed_was and _HEX.fullmatch(picked):
            return picked
        return ""


def organization_from(form: BrandForm, organization: Organization, pictures: Mapping[str, BrandImage]) -> Organization:
    """This will return the organization as the form would leave it, not saved: what previews are drawn from."""
    shown = Organization(
        **{field.attname: getattr(organization, field.attname) for field in Organization._meta.concrete_fields}
    )
    shown._state.adding, shown._state.db = False, organization._state.db
    cleaned = getattr(form, "cleaned_data", {}) if form.is_bound else {}
    for name in FIELDS:
        if name in cleaned:
            setattr(shown, name, cleaned[name])
    for slot in PICTURES:
        chosen = form.picture_id(slot)
        setattr(shown, slot, pictures.get(chosen) if chosen else None)
    return shown


def is_id(text: str) -> bool:
    """This will say whether text is an id."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


class HostForm(forms.Form):
    """A host name to be added."""

    host = forms.CharField(
        label=gettext_lazy("Host name"),
        max_length=253,
        help_text=gettext_lazy("For example portal.example.com"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


class WordsForm(forms.Form):
    """A word for one and one for many, for each term."""

    def __init__(self, data: Any = None, *, words: Mapping[str, list[str]]) -> None:
        super().__init__(data, auto_id="word-%s")
        for term in terminology.TERMS:
            one, many = words.get(term.key, ["", ""])
            for name, label, placeholder, stored in (
                (f"{term.key}_one", _("One"), term.one, one),
                (f"{term.key}_many", _("Many"), term.many, many),
            ):
                widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": placeholder})
                self.fields[name] = forms.CharField(
                    label=label, required=False, strip=True, widget=widget, initial=stored
                )

    def typed(self) -> dict[str, tuple[str, str]]:
        """This will return what was typed, by term."""
        return {
            term.key: (str(self.data.get(f"{term.key}_one", "")), str(self.data.get(f"{term.key}_many", "")))
            for term in terminology.TERMS
        }

    def rows(self, shown: Mapping[str, list[str]]) -> list[dict[str, Any]]:
        """This will return the lines of the page: the fields of each term, and its sentence in the words `shown`."""
        rows = [
            {"term": term, "ours": term.one, "fields": [self[f"{term.key}_one"], self[f"{term.key}_many"]]}
            for term in terminology.TERMS
        ]
        with terminology.using(None):
            ours = [str(term.label) for term in terminology.TERMS]
        with terminology.using(shown):
            examples = [str(term.example) for term in terminology.TERMS]
        return [
            row | {"label": label, "example": example} for row, label, example in zip(rows, ours, examples, strict=True)
        ]
