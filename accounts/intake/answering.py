"""An intake form as it is filled in: its fields, and the values that come of them.

A value is JSON under the key of the catalog, `account.name`, `custom:account:tier`; nothing is stored for no value.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.fields import custom_data
from accounts.industry import industry_choices
from accounts.mail import mailing
from accounts.models import Organization
from accounts.register import countries

from .catalog import CONTACT_EMAIL, MESSAGE, SITES, Asked, Entry, Page

MOST_SITES = 50
CONSENT = "consent"
_PHONE = re.compile(r"^[0-9+()./\-\s]*[0-9][0-9+()./\-\s]*(?:(?:ext|x|#)\.?\s*[0-9]{1,8})?$", re.IGNORECASE)


class AnswerForm(forms.Form):
    """All fields of a form's pages, and the consent on the last one."""

    def __init__(
        self,
        *args: Any,
        organization: Organization,
        pages: Iterable[Page],
        consent: str = "",
        present: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """This will draw the fields of the pages; `present` are stored values to begin with."""
        super().__init__(*args, **{**kwargs, "use_required_attribute": False})
        self.pages = list(pages)
        self.consent = consent
        for page in self.pages:
            for asked in page.fields:
                self.fields.update(fields_for(asked, organization, present or {}))
        if consent:
            self.fields[CONSENT] = forms.BooleanField(
                label=consent, error_messages={"required": _("Without your agreement nothing can be sent.")}
            )

    def names_of(self, number: int) -> list[str]:
        """This will name the fields of one step."""
        return [name_of(value) for asked in self.pages[number].fields for value in asked.entry.values] + (
            [CONSENT] if self.consent and number == len(self.pages) - 1 else []
        )

    def is_right_on(self, number: int) -> bool:
        """This will say whether what one step asks is answered as it should be."""
        return not any(name in self.errors for name in self.names_of(number))

    def first_wrong(self) -> int | None:
        """This will return the first step with a mistake; None when all is well."""
        return next((number for number in range(len(self.pages)) if not self.is_right_on(number)), None)

    def narrowed(self, number: int) -> None:
        """This will keep the mistakes of one step only: nobody is told about what they have not seen yet."""
        names = self.names_of(number)
        for name in [name for name in self.errors if name not in names]:
            del self.errors[name]

    def values(self) -> dict[str, Any]:
        """This will return what is stored of a form without mistakes."""
        found = {}
        for page in self.pages:
            for asked in page.fields:
                for key in asked.entry.values:
                    value = _stored(asked.entry, key, self.cleaned_data.get(name_of(key)))
                    if value is not None:
                        found[key] = value
        return found


def name_of(key: str) -> str:
    """This will name the form field of a value."""
    return re.sub(r"[^a-z0-9_]", "_", key.lower()) if not key.startswith("custom:") else key.replace(":", "_")


def fields_for(
    asked: Asked, organization: Organization, present: Mapping[str, Any] | None = None
) -> dict[str, forms.Field]:
    """This will make the form fields of one thing that is asked, beginning with the present values."""
    entry, known = asked.entry, present or {}
    if entry.custom is not None:
        field = custom_data.form_field(entry.custom, known.get(entry.key))
        field.label, field.help_text, field.required = asked.shown_label, asked.shown_help, asked.is_required
        return {name_of(entry.key): field}
    return {name_of(key): _one(asked, key, organization, known.get(key)) for key in entry.values}


def shown(entry: Entry, key: str, value: Any, organization: Organization) -> str:
    """This will write one stored value for people."""
    if entry.custom is not None:
        return custom_data.shown(entry.custom, value)
    if key == "account.industry":
        return industry_choices.label(organization.id, str(value)) if value else ""
    if key.endswith(".country"):
        return countries.label(str(value))
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return str(value)


def label_of(asked: Asked, key: str) -> str:
    """This will name one value: the parts of an address by their own names."""
    if len(asked.entry.values) == 1:
        return asked.shown_label
    parts = {"street": _("Street"), "postal_code": _("Postal code"), "city": _("City"), "country": _("Country")}
    return str(parts[key.rpartition(".")[2]])


def _one(asked: Asked, key: str, organization: Organization, present: Any) -> forms.Field:
    make: Callable[[dict[str, Any], Organization], forms.Field] = _MAKERS.get(key.rpartition(".")[2], _line)
    label = label_of(asked, key)
    is_part = len(asked.entry.values) > 1
    # Of a required address, what every address has.
    is_needed = asked.is_required and (not is_part or key.endswith((".street", ".city")))
    options = {
        "label": label,
        "help_text": "" if is_part else asked.shown_help,
        "required": is_needed,
        "error_messages": {"required": _("Enter your answer.")},
    }
    field = make(options, organization)
    if present is not None:
        field.initial = "\n".join(map(str, present)) if isinstance(present, list) else present
        if key == "account.industry":
            field.choices = industry_choices.choices_of(organization, str(present))  # type: ignore[attr-defined]
    if complete := _AUTOCOMPLETE.get(key):
        field.widget.attrs["autocomplete"] = complete
    return field


class _Line(forms.CharField):
    """A line of text: one line, no control characters, nothing that turns the reading direction around."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        # A NUL is left to Django, which says so.
        return mailing.one_line(text) if isinstance(text, str) and "\x00" not in text else text


def _line(options: dict[str, Any], organization: Organization) -> forms.Field:
    return _Line(max_length=120, **options)


def _street(options: dict[str, Any], organization: Organization) -> forms.Field:
    return _Line(max_length=200, **options)


def _postal_code(options: dict[str, Any], organization: Organization) -> forms.Field:
    return _Line(max_length=20, **options)


def _country(options: dict[str, Any], organization: Organization) -> forms.Field:
    listed = countries.choices()
    return forms.ChoiceField(choices=[("", _("Choose one")), *listed[1:]], **options)


def _industry(options: dict[str, Any], organization: Organization) -> forms.Field:
    options["error_messages"]["required"] = _("Choose an industry.")
    return forms.ChoiceField(choices=industry_choices.choices_of(organization, unknown=_("Choose one")), **options)


def _employees(options: dict[str, Any], organization: Organization) -> forms.Field:
    said = _("Enter how many people work there, as a number from 1.")
    options["error_messages"] = {"required": said} | dict.fromkeys(("invalid", "min_value", "max_value"), said)
    field = forms.IntegerField(min_value=1, max_value=10_000_000, **options)
    field.widget.attrs["inputmode"] = "numeric"
    return field


def _website(options: dict[str, Any], organization: Organization) -> forms.Field:
    options["error_messages"]["invalid"] = _("Enter a web address such as www.example.com.")
    field = forms.URLField(assume_scheme="https", max_length=200, **options)
    # The browser's own check would refuse an address without https://.
    field.widget = forms.TextInput(attrs={"inputmode": "url", "placeholder": "www.example.com", "maxlength": 200})
    return field


def _email(options: dict[str, Any], organization: Organization) -> forms.Field:
    said = _("Enter an email address such as name@example.com.")
    return forms.EmailField(
        max_length=254, **{**options, "error_messages": dict.fromkeys(("required", "invalid"), said)}
    )


def _phone(options: dict[str, Any], organization: Organization) -> forms.Field:
    field = _Line(max_length=40, validators=[_check_phone], **options)
    field.widget.input_type = "tel"
    return field


def _check_phone(text: str) -> None:
    if not _PHONE.match(text) or not 3 <= sum(character.isdigit() for character in text) <= 25:
        raise ValidationError(_("Enter a phone number such as +1 555 010 0199."))


class _Sites(forms.CharField):
    """Locations, one in each line; the same one twice is one."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        names = list(dict.fromkeys(name for line in text.splitlines() if (name := mailing.one_line(line))))
        if len(names) > MOST_SITES:
            raise ValidationError(_("Name at most %(most)s sites here.") % {"most": MOST_SITES})
        if any(len(name) > 120 for name in names):
            raise ValidationError(_("The name of a site has at most 120 characters."))
        return names


def _sites(options: dict[str, Any], organization: Organization) -> forms.Field:
    return _Sites(max_length=MOST_SITES * 130, **options)


def _message(options: dict[str, Any], organization: Organization) -> forms.Field:
    return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 5}), **options)


_MAKERS: dict[str, Callable[[dict[str, Any], Organization], forms.Field]] = {
    "industry": _industry,
    "employees": _employees,
    "website": _website,
    "email": _email,
    "phone": _phone,
    "street": _street,
    "postal_code": _postal_code,
    "country": _country,
    SITES: _sites,
    MESSAGE: _message,
}
_AUTOCOMPLETE = {
    "account.name": "organization", "account.website": "url", "account.phone": "work tel",
    "account.street": "work street-address", "account.postal_code": "work postal-code",
    "account.city": "work address-level2", "account.country": "work country",
    "contact.name": "name", "contact.email": "email", "contact.phone": "tel", "contact.job_title": "organization-title",
}  # fmt: skip


def _stored(entry: Entry, key: str, value: Any) -> Any:
    if entry.custom is not None:
        return custom_data.stored(entry.custom, value)
    if value in (None, "", []):
        return None
    if key == CONTACT_EMAIL:
        return str(value).strip()
    return value if isinstance(value, int | list) else str(value)


def values_about(values: Mapping[str, Any], about: str) -> dict[str, Any]:
    """This will pick what is said about the account, the contact or the site: {field: value}, custom ones in `custom`."""
    prefix, custom = f"{about}.", f"custom:{about}:"
    said: dict[str, Any] = {
        key.removeprefix(prefix): value for key, value in values.items() if key.startswith(prefix)
    }  # fmt: skip
    extra = {key.removeprefix(custom): value for key, value in values.items() if key.startswith(custom)}
    return said | ({"custom": extra} if extra else {})


def rows(
    pages: Iterable[Page], values: Mapping[str, Any], organization: Organization
) -> Iterator[tuple[str, str, str]]:
    """This will yield what was answered, in the form's order: (key, label, text)."""
    for page in pages:
        for asked in page.fields:
            for key in asked.entry.values:
                if key in values:
                    yield key, label_of(asked, key), shown(asked.entry, key, values[key], organization)


def main_site(values: Mapping[str, Any]) -> dict[str, Any]:
    """This will return what is said about the main site, under the city's name when it got none; {} for nothing."""
    facts = values_about(values, "site")
    if facts and not facts.get("name"):
        facts["name"] = str(facts.get("city") or _("Main site"))
    return facts
