"""Custom data: the typed fields an organization adds to its accounts, sites and contacts.

A value stands in its row's `custom`, by the field's key, as JSON: text, email, web address and the key of a choice as
text; a number as text of a Decimal; a date in ISO 8601; yes or no as a boolean; several choices as a list of keys. No
value, no key. Values of archived fields and keys nobody knows stay where they are, whatever is saved beside them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.db.models import Case, DecimalField, Q, QuerySet, TextField, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, GreaterThanOrEqual, IContains, LessThanOrEqual, Regex
from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import CustomField, Organization
from accounts.viewer import Viewer
from portal.web.csv_export import neutral

Type = CustomField.Type

LONGEST = 500
MOST_CHOICES = 500
DIGITS, PLACES = 20, 6
PREFIX = "custom_"
# In a filter: rows without a value.
NONE = "-"
# Between the two ends of a filter's range of numbers or dates.
TO = ".."

_LISTS = (Type.CHOICE, Type.MULTI_CHOICE)
_TEXTS = (Type.TEXT, Type.EMAIL, Type.URL)
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_IS_NUMBER = r"^-?[0-9]{1,20}(\.[0-9]{1,20})?$"
_YES = {"yes", "y", "true", "1"}
_NO = {"no", "n", "false", "0"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list: its key is stored and never changes, its label may. Archived: shown, no longer offered."""

    key: str
    label: str
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One custom field as data; what CustomField says, read once."""

    key: str
    label: str
    type: str = Type.TEXT
    help_text: str = ""
    choices: tuple[Choice, ...] = ()
    is_required: bool = False
    is_visible_to_client: bool = False
    is_searchable: bool = False
    is_filterable: bool = False

    @property
    def name(self) -> str:
        """This will be the name of the field in forms and in the address of a list."""
        return PREFIX + self.key

    def label_of(self, key: Any) -> str:
        """This will return what a choice is called, archived ones too; a key nobody knows stands for itself."""
        return next((choice.label for choice in self.choices if choice.key == key), str(key))


@dataclass(frozen=True, slots=True)
class Fact:
    """One value as a page shows it; `url` where it leads somewhere."""

    key: str
    label: str
    text: str
    url: str = ""


def field_of(row: CustomField) -> Field:
    """This will read a stored field."""
    return Field(
        key=row.key,
        label=row.label,
        type=row.type,
        help_text=row.help_text,
        choices=tuple(
            Choice(str(choice["key"]), str(choice["label"]), bool(choice.get("archived"))) for choice in row.choices
        ),
        is_required=row.is_required,
        is_visible_to_client=row.is_visible_to_client,
        is_searchable=row.is_searchable,
        is_filterable=row.is_filterable,
    )


def fields_of(organization: Organization, on: str) -> list[Field]:
    """This will return the current fields of accounts, sites or contacts (CustomField.On) in their order: one query."""
    rows = CustomField.objects.filter(organization=organization, on=on).current()
    return [field_of(row) for row in rows.order_by("position", "created_at")]


def labels(viewer: Viewer) -> dict[tuple[str, str], str]:
    """This will return what the organization calls its fields, archived ones too, by what they are of and key."""
    rows = CustomField.objects.visible_to(viewer).values_list("on", "key", "label")
    return {(on, key): label for on, key, label in rows}


# ── Forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Text(forms.CharField):
    """A line of text without what no database or page can hold; whatever breaks a line becomes a space."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(tidy(value) if isinstance(value, str) else value)


class _Date(forms.DateField):
    """A date in ISO 8601, in every language: what the browser's own field sends."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)

    def to_python(self, value: Any) -> Any:
        # Digits of other scripts would be read too, and then not be found in a list of the stored text.
        if isinstance(value, str) and not value.isascii():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def tidy(text: str) -> str:
    """This will return a line of text as it is stored: no control characters, no broken lines, no space around it."""
    return _UNPRINTABLE.sub("", re.sub(r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+", " ", text)).strip()


def form_fields(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, forms.Field]:
    """This will make the form's fields, named `custom_<key>`, showing the present values."""
    return {field.name: form_field(field, values.get(field.key)) for field in fields}


def form_field(field: Field, value: Any = None) -> forms.Field:
    """This will make one field of a form. Of archived choices only those it already has are offered."""
    options: dict[str, Any] = {
        "label": field.label,
        "help_text": field.help_text,
        "required": field.is_required,
        "error_messages": _messages(field),
    }
    if field.type in _LISTS:
        return _list_field(field, value, options)
    if field.type == Type.YES_NO:
        options |= {"choices": [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]}
        return forms.ChoiceField(
            initial={True: "yes", False: "no"}.get(value, "") if _is_bool(value) else "", **options
        )
    if field.type == Type.NUMBER:
        widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
        return forms.DecimalField(
            max_digits=DIGITS, decimal_places=PLACES, widget=widget, initial=number(value), **options
        )
    if field.type == Type.DATE:
        return _Date(initial=day(value), **options)
    if field.type == Type.URL:
        web = URLValidator(schemes=["http", "https"], message=options["error_messages"]["invalid"])
        address = forms.URLInput(attrs={"placeholder": "https://"})
        return _Text(max_length=LONGEST, validators=[web], widget=address, initial=value or "", **options)
    if field.type == Type.EMAIL:
        mail = EmailValidator(message=options["error_messages"]["invalid"])
        return _Text(max_length=254, validators=[mail], widget=forms.EmailInput(), initial=value or "", **options)
    return _Text(max_length=LONGEST, initial=value if value is not None else "", **options)


def _list_field(field: Field, value: Any, options: dict[str, Any]) -> forms.Field:
    held = set(_keys(value))
    offered = [
        (choice.key, _("%(choice)s (archived)") % {"choice": choice.label} if choice.is_archived else choice.label)
        for choice in field.choices
        if not choice.is_archived or choice.key in held
    ]
    # A value no choice stands for, such as one of an import of long ago, must survive a save of something else.
    offered += [(key, key) for key in sorted(held) if key not in {choice.key for choice in field.choices}]
    if field.type == Type.MULTI_CHOICE:
        widget: Any = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=offered, widget=widget, initial=_keys(value), **options)
    return forms.ChoiceField(
        choices=[("", _("Not known") if not field.is_required else _("Choose one")), *offered],
        initial=next(iter(_keys(value)), ""),
        **options,
    )


def _messages(field: Field) -> dict[str, Any]:
    wrong = {
        Type.NUMBER: _("Enter a number such as 12 or 12.5."),
        Type.DATE: _("Enter a date such as 2026-11-21."),
        Type.EMAIL: _("Enter an email address such as name@example.com."),
        Type.URL: _("Enter a web address that starts with https:// or http://."),
    }
    said = {"required": _("“%(field)s” needs a value.") % {"field": field.label}}
    if field.type in wrong:
        said["invalid"] = wrong[Type(field.type)]
    if field.type == Type.NUMBER:
        too_long = _("Enter a number with at most %(digits)s digits, %(places)s of them behind the point.")
        told = too_long % {"digits": DIGITS, "places": PLACES}
        said |= dict.fromkeys(("max_digits", "max_decimal_places", "max_whole_digits"), told)
    return said


def cleaned(fields: Sequence[Field], cleaned_data: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """This will return what to store: the form's values by key, and untouched whatever the form did not ask about."""
    values = dict(before)
    for field in fields:
        if field.name in cleaned_data:
            _put(values, field.key, stored(field, cleaned_data[field.name]))
    return values


def stored(field: Field, given: Any) -> Any:
    """This will turn a checked value of a form field into JSON; None for no value."""
    if given in (None, "", []):
        return None
    if field.type == Type.NUMBER:
        return _plain(given)
    if field.type == Type.DATE:
        return given.isoformat()
    if field.type == Type.YES_NO:
        return given == "yes"
    if field.type == Type.MULTI_CHOICE:
        order = {choice.key: index for index, choice in enumerate(field.choices)}
        return sorted(dict.fromkeys(given), key=lambda key: (order.get(key, len(order)), key))
    return str(given)


def accepted(
    fields: Sequence[Field], values: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """This will check values that are about to be stored, for actions: what a form, an import or an intake made of them.

    A value that stands there already is left alone, and so is every key that is no current field's; what is new must
    be of its field's type. Raises ValidationError by field name. Whether a value is required is the form's question.
    """
    known = before or {}
    kept: dict[str, Any] = dict(known)
    wrong: dict[str, Any] = {}
    by_key = {field.key: field for field in fields}
    for key, value in values.items():
        if key in known and known[key] == value:
            continue
        if key not in by_key:
            wrong[PREFIX + str(key)] = _("There is no such field.")
            continue
        try:
            _put(kept, key, parse(_optional(by_key[key]), _as_text(value), known.get(key)))
        except ValidationError as error:
            wrong[by_key[key].name] = error
    for key in by_key:
        if key in known and key not in values:
            kept.pop(key)
    if wrong:
        raise ValidationError(wrong)
    return kept


def parse(field: Field, text: str | Sequence[str], present: Any = None) -> Any:
    """This will read a value as somebody writes it in a table or a public form: JSON to store, None when empty.

    A choice may be written by its key or its label; several, separated by semicolons or as a list. Yes and no also as
    true and false, in English or the page's language. Raises ValidationError.
    """
    asked = form_field(field, present)
    if field.type == Type.MULTI_CHOICE:
        words = text.split(";") if isinstance(text, str) else list(text)
        return stored(field, asked.clean([_choice(field, word) for word in map(tidy, words) if word]))
    written = tidy(text) if isinstance(text, str) else "; ".join(map(tidy, text))
    if field.type == Type.CHOICE:
        written = _choice(field, written)
    if field.type == Type.YES_NO:
        written = _yes_or_no(written)
    return stored(field, asked.clean(written))


def _choice(field: Field, word: str) -> str:
    if not word or any(choice.key == word for choice in field.choices):
        return word
    found = [choice for choice in field.choices if choice.label.casefold() == word.casefold()]
    # Of two with the same name, the one that is still offered.
    return min(found, key=lambda choice: choice.is_archived).key if found else word


def _yes_or_no(word: str) -> str:
    said = word.casefold()
    if said in _YES or said == _("Yes").casefold():
        return "yes"
    return "no" if said in _NO or said == _("No").casefold() else word


def _as_text(value: Any) -> str | list[str]:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return [str(word) for word in value]
    return "" if value is None else str(value)


def _optional(field: Field) -> Field:
    return Field(field.key, field.label, field.type, field.help_text, field.choices)


def _put(values: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value


# ── Showing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def shown(field: Field, value: Any) -> str:
    """This will write a value for people, in the page's language; "" for no value. Plain text: the page escapes it."""
    if value in (None, "", []):
        return ""
    if field.type in _LISTS:
        return ", ".join(field.label_of(key) for key in _keys(value))
    if field.type == Type.YES_NO and _is_bool(value):
        return _("Yes") if value else _("No")
    if field.type == Type.NUMBER and (figure := number(value)) is not None:
        return formats.number_format(figure, use_l10n=True, force_grouping=abs(figure) >= 10_000)
    if field.type == Type.DATE and (found := day(value)) is not None:
        return formats.date_format(found, pgettext("date format: day, month and year", "M j, Y"))
    return str(value)


def facts(fields: Iterable[Field], values: Mapping[str, Any]) -> list[Fact]:
    """This will write the values that are there, in the order of the fields."""
    return [
        Fact(field.key, field.label, text, _leads_to(field, values[field.key]))
        for field in fields
        if (text := shown(field, values.get(field.key)))
    ]


def for_client(fields: Iterable[Field]) -> list[Field]:
    """This will keep the fields whose values the client may see."""
    return [field for field in fields if field.is_visible_to_client]


def _leads_to(field: Field, value: Any) -> str:
    if field.type == Type.URL and str(value).lower().startswith(("https://", "http://")):
        return str(value)
    return f"mailto:{value}" if field.type == Type.EMAIL else ""


def csv_columns(fields: Sequence[Field]) -> list[tuple[str, Callable[[Mapping[str, Any]], Any]]]:
    """This will return the columns of an export: [(heading, what writes a row's `custom` into the cell)].

    What is written can be read again by `parse`: choices by their label, several separated by semicolons, ISO dates.
    """
    return [(neutral(field.label), partial(_cell_of, field)) for field in fields]


def _cell_of(field: Field, values: Mapping[str, Any]) -> Any:
    return _cell(field, values.get(field.key))


def _cell(field: Field, value: Any) -> Any:
    if field.type == Type.NUMBER and (figure := number(value)) is not None:
        # A number for the spreadsheet, as long as it holds it exactly.
        return float(figure) if Decimal(str(float(figure))) == figure else _plain(figure)
    if field.type in _LISTS:
        return "; ".join(field.label_of(key) for key in _keys(value))
    if field.type == Type.YES_NO and _is_bool(value):
        return "yes" if value else "no"
    return "" if value is None else str(value)


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def search_q(fields: Iterable[Field], word: str) -> Q:
    """This will match rows in which a searchable field's value holds the word; nothing, when no field can hold it."""
    found = Q(pk__in=[])
    word = tidy(word)
    if not word:
        return found
    for field in fields:
        if not field.is_searchable:
            continue
        if field.type in _LISTS:
            keys = [choice.key for choice in field.choices if word.casefold() in choice.label.casefold()]
            found |= _holds(field, keys) if keys else Q(pk__in=[])
        elif field.type != Type.YES_NO:
            found |= Q(IContains(_text_of(field), word))
    return found


def filter_by(queryset: QuerySet, field: Field, value: str) -> QuerySet:
    """This will keep the rows whose field is as a list's address says: a choice's key, "yes" or "no", a number or a
    date or a range of them ("10..20", "..2026-12-31"), else a part of the text; NONE for those without a value.
    What the field cannot be is left out of the question."""
    value = tidy(value)
    if value == NONE:
        return queryset.exclude(custom__has_key=field.key)
    if not value:
        return queryset
    if field.type in _LISTS:
        return queryset.filter(_holds(field, [value]))
    if field.type == Type.YES_NO:
        return queryset.filter(custom__contains={field.key: value == "yes"}) if value in ("yes", "no") else queryset
    if field.type == Type.NUMBER:
        return _between(queryset, _number_of(field), value, number)
    if field.type == Type.DATE:
        return _between(
            queryset, _text_of(field), value, lambda text: found.isoformat() if (found := day(text)) else None
        )
    return queryset.filter(Q(IContains(_text_of(field), value)))


def chosen(fields: Iterable[Field], query: Mapping[str, str]) -> dict[str, str]:
    """This will read the filters of filterable fields out of a list's address: {name of the field: its value}.
    What the field cannot be is no filter."""
    read = ((field, tidy(query.get(field.name, ""))[:100]) for field in fields if field.is_filterable)
    return {field.name: value for field, value in read if value and _can_be_asked(field, value)}


def filtered(queryset: QuerySet, fields: Iterable[Field], filters: Mapping[str, str]) -> QuerySet:
    """This will apply the filters that `chosen` read."""
    for field in fields:
        if field.name in filters:
            queryset = filter_by(queryset, field, filters[field.name])
    return queryset


@dataclass(frozen=True, slots=True)
class ListFilter:
    """One filter as a list's form draws it: a choice when `options` are there, else something to type."""

    name: str
    label: str
    value: str
    type: str
    options: list[tuple[str, str]]
    # The same list without this filter.
    off_url: str = ""

    @property
    def shown(self) -> str:
        """This will say what is chosen, for the chip that takes it back."""
        return dict(self.options).get(self.value, self.value)


def list_filters(
    fields: Iterable[Field], filters: Mapping[str, str], query: QueryDict | None = None
) -> list[ListFilter]:
    """This will draw the filterable fields with what is chosen in them; `query` is that of the list's address."""
    return [
        ListFilter(field.name, field.label, value, field.type, _options(field), _without(field.name, query))
        for field in fields
        if field.is_filterable
        for value in [filters.get(field.name, "")]
    ]


def _without(name: str, query: QueryDict | None) -> str:
    if query is None or name not in query:
        return ""
    left = query.copy()
    left.pop(name)
    left.pop("page", None)
    return f"?{left.urlencode()}"


def _options(field: Field) -> list[tuple[str, str]]:
    if field.type == Type.YES_NO:
        return [("yes", _("Yes")), ("no", _("No")), (NONE, _("No value"))]
    if field.type in _LISTS:
        # Archived ones too: rows still have them.
        return [*((choice.key, choice.label) for choice in field.choices), (NONE, _("No value"))]
    return []


def _can_be_asked(field: Field, value: str) -> bool:
    read = {Type.NUMBER: number, Type.DATE: day}.get(Type(field.type))
    if field.type == Type.YES_NO and value != NONE:
        return value in ("yes", "no")
    if read is None or value == NONE:
        return True
    ends = [end.strip() for end in value.split(TO, 1)]
    return any(ends) and all(read(end) is not None for end in ends if end)


def _between(queryset: QuerySet, column: Any, value: str, read: Callable[[str], Any]) -> QuerySet:
    first, is_range, last = value.partition(TO)
    low, high = read(first), read(last)
    if not is_range:
        return queryset if low is None else queryset.filter(Exact(column, low))
    if low is not None:
        queryset = queryset.filter(GreaterThanOrEqual(column, low))
    return queryset if high is None else queryset.filter(LessThanOrEqual(column, high))


def _holds(field: Field, keys: Sequence[str]) -> Q:
    """This will match rows with one of the keys. `contains` takes the field's key as data: it can be no lookup's name."""
    found = Q(pk__in=[])
    for key in keys:
        found |= Q(custom__contains={field.key: [key] if field.type == Type.MULTI_CHOICE else key})
    return found


def _text_of(field: Field) -> Any:
    return Cast(KeyTextTransform(field.key, "custom"), TextField())


def _number_of(field: Field) -> Any:
    # Only what is a number is read as one: anything else would end the whole query.
    text = _text_of(field)
    figure = Cast(text, DecimalField(max_digits=DIGITS * 2, decimal_places=DIGITS))
    return Case(When(Regex(text, _IS_NUMBER), then=figure), default=None, output_field=figure.output_field)


# ── Values as they are stored ────────────────────────────────────────────────────────────────────────────────────────


def number(value: Any) -> Decimal | None:
    """This will read a stored or written number; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        figure = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and abs(figure.adjusted()) <= DIGITS else None


def day(value: Any) -> date | None:
    """This will read a stored or written date; None for anything else."""
    try:
        return (
            date.fromisoformat(str(value).strip()) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value).strip()) else None
        )
    except ValueError:
        return None


def _plain(figure: Any) -> str:
    """This will write a number without exponent and without zeros that say nothing: 12.50 as 12.5, 1E+3 as 1000."""
    text = format(Decimal(figure), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _keys(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(key) for key in value]
    return [str(value)] if value not in (None, "") else []


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)
