"""Custom data: values of every type, read, kept, shown, found."""

from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.fields import custom_data
from accounts.fields.custom_data import Choice, Field, Type
from accounts.models import Account, CustomField
from tests import cast

SIZES = (Choice("small", "Small"), Choice("large", "Large"), Choice("huge", "Huge", is_archived=True))


def field(type: str = Type.TEXT, key: str = "one", **options: Any) -> Field:
    if type in (Type.CHOICE, Type.MULTI_CHOICE):
        options.setdefault("choices", SIZES)
    return Field(key, options.pop("label", "One"), type, **options)


def sent(fields: list[Field], data: dict[str, Any], values: dict[str, Any] | None = None) -> forms.Form:
    form = forms.Form(data)
    form.fields.update(custom_data.form_fields(fields, values or {}))
    return form


def kept(one: Field, given: Any, values: dict[str, Any] | None = None) -> Any:
    form = sent([one], {one.name: given}, values)
    assert form.is_valid(), form.errors
    return custom_data.cleaned([one], form.cleaned_data, values or {}).get(one.key)


@pytest.mark.parametrize(
    ("type", "given", "value"),
    [
        (Type.TEXT, "  Harbor\x00 side\n2 ", "Harbor side 2"),
        (Type.TEXT, "", None),
        (Type.NUMBER, "12.50", "12.5"),
        (Type.NUMBER, "1e3", "1000"),
        (Type.NUMBER, "-0", "0"),
        (Type.NUMBER, "12345678901234.123456", "12345678901234.123456"),
        (Type.DATE, "2026-02-28", "2026-02-28"),
        (Type.YES_NO, "yes", True),
        (Type.YES_NO, "no", False),
        (Type.YES_NO, "", None),
        (Type.CHOICE, "large", "large"),
        (Type.MULTI_CHOICE, ["large", "small", "large"], ["small", "large"]),
        (Type.MULTI_CHOICE, [], None),
        (Type.EMAIL, "nora@example.com", "nora@example.com"),
        (Type.URL, "https://example.com/a?b=c", "https://example.com/a?b=c"),
    ],
)
def test_a_value_is_stored_as_its_type_says(type, given, value):
    assert kept(field(type), given) == value


@pytest.mark.parametrize(
    ("type", "given"),
    [
        (Type.TEXT, "x" * 501),
        (Type.NUMBER, "twelve"),
        (Type.NUMBER, "NaN"),
        (Type.NUMBER, "Infinity"),
        (Type.NUMBER, "1e400"),
        (Type.NUMBER, "1" * 30),
        (Type.NUMBER, "1,5"),
        (Type.DATE, "28.02.2026"),
        (Type.DATE, "2026-02-30"),
        (Type.DATE, "٢٠٢٦-٠٢-٢٨"),
        (Type.YES_NO, "maybe"),
        (Type.CHOICE, "huge"),
        (Type.CHOICE, "gigantic"),
        (Type.MULTI_CHOICE, ["small", "gigantic"]),
        (Type.EMAIL, "nora"),
        (Type.URL, "javascript:alert(1)"),
        (Type.URL, "ftp://example.com"),
        (Type.URL, "data:text/html,x"),
        (Type.URL, "example.com"),
        (Type.URL, "https://example.com/" + "x" * 500),
    ],
)
def test_what_is_not_of_the_type_is_refused_with_a_word(type, given):
    form = sent([field(type)], {"custom_one": given})
    assert not form.is_valid()
    assert form.errors["custom_one"]


def test_a_required_value_is_asked_for_by_name():
    form = sent([field(is_required=True, label="Fax <b>")], {})
    assert form.errors["custom_one"] == ["“Fax <b>” needs a value."]
    assert "<b>" not in str(form.errors)


def test_an_archived_choice_stays_with_who_has_it_and_is_offered_to_nobody_else():
    assert kept(field(Type.CHOICE), "huge", {"one": "huge"}) == "huge"
    assert kept(field(Type.MULTI_CHOICE), ["huge", "small"], {"one": ["huge"]}) == ["small", "huge"]
    offered = [key for key, _label in custom_data.form_field(field(Type.CHOICE), "large").choices]
    assert offered == ["", "small", "large"]


def test_a_value_that_no_choice_stands_for_survives_a_save():
    assert kept(field(Type.CHOICE), "gone", {"one": "gone"}) == "gone"


def test_saving_leaves_archived_and_unknown_keys_alone():
    before = {"old": "kept", "one": "before"}
    form = sent([field()], {"custom_one": ""}, before)
    assert form.is_valid()
    assert custom_data.cleaned([field()], form.cleaned_data, before) == {"old": "kept"}
    assert before == {"old": "kept", "one": "before"}


def test_a_field_the_form_did_not_show_keeps_its_value():
    assert custom_data.cleaned([field()], {}, {"one": "kept"}) == {"one": "kept"}


def test_actions_check_what_they_are_handed():
    fields = [field(), field(Type.NUMBER, "two"), field(Type.YES_NO, "three"), field(Type.MULTI_CHOICE, "four")]
    values = {"one": "a", "two": "7", "three": False, "four": ["large"]}
    assert custom_data.accepted(fields, values) == values
    before = {"old": [1], "two": "not a number"}
    assert custom_data.accepted(fields, before | {"one": "a"}, before) == before | {"one": "a"}
    assert custom_data.accepted(fields, {}, {"one": "a", "old": 1}) == {"old": 1}
    with pytest.raises(ValidationError) as refused:
        custom_data.accepted(fields, {"two": "x", "strange": "y", "four": ["gigantic"], "three": "perhaps"})
    assert set(refused.value.message_dict) == {"custom_two", "custom_strange", "custom_four", "custom_three"}


@pytest.mark.parametrize(
    ("type", "text", "value"),
    [
        (Type.CHOICE, "LARGE", "large"),
        (Type.CHOICE, "small", "small"),
        (Type.MULTI_CHOICE, "Large; small;", ["small", "large"]),
        (Type.MULTI_CHOICE, ["Large"], ["large"]),
        (Type.YES_NO, "TRUE", True),
        (Type.YES_NO, "No", False),
        (Type.NUMBER, " 3.140 ", "3.14"),
        (Type.DATE, "", None),
        (Type.TEXT, "a\ud800b", "ab"),
    ],
)
def test_a_cell_of_a_table_is_read(type, text, value):
    assert custom_data.parse(field(type), text) == value


def test_a_cell_of_a_table_is_refused():
    for type, text in ((Type.NUMBER, "x"), (Type.CHOICE, "Huge"), (Type.YES_NO, "perhaps"), (Type.DATE, "1 May")):
        with pytest.raises(ValidationError):
            custom_data.parse(field(type), text)
    with pytest.raises(ValidationError):
        custom_data.parse(field(is_required=True), "  ")


def test_values_are_written_for_people_in_their_language():
    assert custom_data.shown(field(Type.CHOICE), "huge") == "Huge"
    assert custom_data.shown(field(Type.MULTI_CHOICE), ["small", "gone"]) == "Small, gone"
    assert custom_data.shown(field(Type.YES_NO), False) == "No"
    assert custom_data.shown(field(Type.DATE), "2026-02-28") == "Feb 28, 2026"
    assert custom_data.shown(field(Type.NUMBER), "1234567.5") == "1,234,567.5"
    assert custom_data.shown(field(Type.NUMBER), "0") == "0"
    assert custom_data.shown(field(), None) == ""
    with translation.override("de"):
        assert custom_data.shown(field(Type.NUMBER), "12.5") == "12,5"


@pytest.mark.parametrize("value", [{"a": 1}, [1], 7, True, "x", "9" * 40, None, ""])
@pytest.mark.parametrize("type", list(Type))
def test_whatever_stands_in_the_database_is_shown_and_exported_and_offered(type, value):
    one = field(type)
    assert isinstance(custom_data.shown(one, value), str)
    [(heading, cell)] = custom_data.csv_columns([one])
    assert heading == "One"
    cell({"one": value})
    custom_data.form_field(one, value)


def test_an_export_can_be_read_again():
    fields = [field(type, type) for type in Type]
    values = {
        "text": "a", "number": "12.5", "date": "2026-01-02", "yes_no": True, "choice": "large",
        "multi_choice": ["small", "large"], "email": "a@example.com", "url": "https://example.com",
    }  # fmt: skip
    cells = [cell(values) for _heading, cell in custom_data.csv_columns(fields)]
    assert {one.key: custom_data.parse(one, str(cell)) for one, cell in zip(fields, cells, strict=True)} == values


def test_a_label_that_is_a_formula_is_none_in_an_export():
    [(heading, _cell)] = custom_data.csv_columns([field(label="=cmd()")])
    assert heading == "'=cmd()"


def test_a_number_too_exact_for_a_spreadsheet_stays_text():
    [(_heading, cell)] = custom_data.csv_columns([field(Type.NUMBER)])
    assert cell({"one": "12.5"}) == 12.5
    assert cell({"one": "12345678901234.123456"}) == "12345678901234.123456"


def test_only_web_addresses_and_mail_lead_anywhere():
    found = custom_data.facts(
        [field(Type.URL), field(Type.EMAIL, "two")], {"one": "javascript:x", "two": "a@b.example"}
    )
    assert [(fact.text, fact.url) for fact in found] == [("javascript:x", ""), ("a@b.example", "mailto:a@b.example")]


def test_numbers_and_days_that_are_none():
    assert custom_data.number("1e999999999") is None
    assert custom_data.number("12.5") == Decimal("12.5")
    assert custom_data.day("2026-1-1") is None


@pytest.mark.django_db
class TestInTheDatabase:
    @pytest.fixture(autouse=True)
    def values(self):
        with cast.inside() as here:
            self.organization = here
            accounts = list(Account.objects.filter(organization=here).order_by("name"))[:3]
            self.first, self.second, self.third = accounts
            self.first.custom = {
                "contains": "Harbor 50%", "size": "large", "tags": ["small", "large"], "seats": "9", "since": "2024-05-01",
                "vat": True,
            }  # fmt: skip
            self.second.custom = {"contains": "Mill", "size": "small", "tags": ["small"], "seats": "10", "vat": False}
            self.third.custom = {"seats": "no number"}
            Account.objects.bulk_update(accounts, ["custom"])
            yield

    def found(self, one: Field, value: str) -> list[str]:
        rows = Account.objects.filter(id__in=[self.first.id, self.second.id, self.third.id])
        chosen = custom_data.filter_by(rows, one, value)
        names = {self.first.id: "first", self.second.id: "second", self.third.id: "third"}
        return sorted(names[pk] for pk in chosen.values_list("id", flat=True))

    @pytest.mark.parametrize(
        ("type", "key", "value", "names"),
        [
            (Type.TEXT, "contains", "harbor", ["first"]),
            (Type.TEXT, "contains", "50%", ["first"]),
            (Type.TEXT, "contains", "%", ["first"]),
            (Type.TEXT, "contains", "-", ["third"]),
            (Type.CHOICE, "size", "large", ["first"]),
            (Type.CHOICE, "size", "nonsense", []),
            (Type.MULTI_CHOICE, "tags", "small", ["first", "second"]),
            (Type.MULTI_CHOICE, "tags", "large", ["first"]),
            (Type.NUMBER, "seats", "9", ["first"]),
            (Type.NUMBER, "seats", "9.0", ["first"]),
            (Type.NUMBER, "seats", "9..10", ["first", "second"]),
            (Type.NUMBER, "seats", "9.5..", ["second"]),
            (Type.NUMBER, "seats", "..9.5", ["first"]),
            (Type.NUMBER, "seats", "nonsense", ["first", "second", "third"]),
            (Type.DATE, "since", "2024-01-01..2024-12-31", ["first"]),
            (Type.DATE, "since", "2025-01-01..", []),
            (Type.DATE, "since", "2024-05-01", ["first"]),
            (Type.YES_NO, "vat", "no", ["second"]),
            (Type.YES_NO, "vat", "\x00nonsense", ["first", "second", "third"]),
            (Type.YES_NO, "vat", "-", ["third"]),
        ],
    )
    def test_a_list_is_filtered(self, type, key, value, names):
        assert self.found(field(type, key), value) == names

    def test_two_filters_of_one_type_hold_together(self):
        fields = [field(Type.NUMBER, "seats", is_filterable=True), field(Type.NUMBER, "floors", is_filterable=True)]
        chosen = custom_data.chosen(fields, {"custom_seats": "9", "custom_floors": "1", "custom_other": "x"})
        assert chosen == {"custom_seats": "9", "custom_floors": "1"}
        assert not custom_data.filtered(Account.objects.filter(organization=self.organization), fields, chosen).exists()

    def test_only_filterable_fields_filter(self):
        assert custom_data.chosen([field()], {"custom_one": "x"}) == {}

    def test_search_finds_texts_and_the_labels_of_choices(self):
        fields = [
            field(key="contains", is_searchable=True),
            field(Type.CHOICE, "size", is_searchable=True),
            field(Type.NUMBER, "seats", is_searchable=True),
        ]
        rows = Account.objects.filter(organization=self.organization)
        assert list(rows.filter(custom_data.search_q(fields, "HARBOR"))) == [self.first]
        assert list(rows.filter(custom_data.search_q(fields, "Larg"))) == [self.first]
        assert list(rows.filter(custom_data.search_q(fields, "10"))) == [self.second]
        assert not rows.filter(custom_data.search_q(fields, "\x00")).exists()
        assert not rows.filter(custom_data.search_q([field(key="contains")], "Harbor")).exists()

    def test_fields_are_read_in_their_order_without_archived_ones(self):
        for position, key, archived in ((2, "b", None), (1, "a", None), (0, "c", "2026-01-01T00:00Z")):
            CustomField.objects.create(
                organization=self.organization, on="site", key=key, label=key, type="text", position=position,
                archived_at=archived,
            )  # fmt: skip
        assert [one.key for one in custom_data.fields_of(self.organization, "site")] == ["a", "b"]
        assert custom_data.fields_of(cast.organization("sunny"), "site") == []
