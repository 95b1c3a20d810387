"""Custom data in the settings: fields of accounts, sites and contacts; keys and values outlive every change."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import custom_fields as actions
from accounts.fields import custom_data, custom_fields
from accounts.models import Account, AuditEntry, Contact, CustomField, Site
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def harbor():
    with cast.inside() as here:
        yield here


@pytest.fixture
def ada():
    return cast.viewer("ada")


def add(by, label: str = "Tier", type: str = "text", on: str = "account", **facts) -> CustomField:
    return actions.add(by=by, on=on, label=label, type=type, **facts)


def keys(on: str = "account") -> list[str]:
    return list(CustomField.objects.filter(on=on).current().order_by("position").values_list("key", flat=True))


def choices(field: CustomField) -> list[tuple[str, str, bool]]:
    field.refresh_from_db()
    return [(choice["key"], choice["label"], choice["archived"]) for choice in field.choices]


class TestKeys:
    @pytest.mark.parametrize(
        ("label", "key"),
        [
            ("Contract number", "contract_number"),
            ("Größe (m²)", "grosse_m2"),
            ("Żółć", "zoc"),
            ("42 seats", "field_42_seats"),
            ("日本語", "field"),
            ("<script>alert(1)</script>", "script_alert_1_script"),
            ("x" * 80, "x" * 40),
            ("__proto__", "proto"),
        ],
    )
    def test_a_key_is_made_of_the_label(self, label, key):
        assert custom_fields.proposed_key(label, ()) == key

    def test_a_taken_key_gets_a_number(self):
        assert custom_fields.proposed_key("Tier", {"tier", "tier_2"}) == "tier_3"
        assert custom_fields.proposed_key("x" * 80, {"x" * 40}) == "x" * 38 + "_2"

    @pytest.mark.parametrize("key", ["1st", "Tier", "a-b", "a b", "a.b", "<b>", "x" * 41, "é", "a\n"])
    def test_a_key_of_other_signs_is_refused(self, ada, key):
        with pytest.raises(ValidationError) as refused:
            add(ada, key=key)
        assert "key" in refused.value.message_dict

    def test_a_key_is_used_once_on_its_kind_even_when_archived(self, ada):
        field = add(ada, key="tier")
        add(ada, key="tier", on="site")
        with pytest.raises(ValidationError, match="has this key"):
            add(ada, key="tier")
        actions.archive(by=ada, field=field)
        with pytest.raises(ValidationError, match="Bring it back"):
            add(ada, key="tier")


class TestActions:
    def test_only_an_admin_changes_fields(self, ada):
        field = add(ada)
        sam = cast.viewer("sam")
        for act in (
            lambda: add(sam),
            lambda: actions.change(by=sam, field=field, label="Other"),
            lambda: actions.move(by=sam, field=field, step="up"),
            lambda: actions.archive(by=sam, field=field),
            lambda: actions.bring_back(by=sam, field=field),
        ):
            with pytest.raises(PermissionDenied):
                act()

    def test_old_and_new_are_recorded(self, ada):
        field = add(ada)
        actions.change(by=ada, field=field, label="Level", is_required=True)
        entry = AuditEntry.objects.get(verb="custom_field.changed")
        assert entry.details == {
            "on": "account", "key": "tier", "changes": {"label": ["Tier", "Level"], "is_required": [False, True]},
        }  # fmt: skip
        actions.change(by=ada, field=field, label="Level")
        assert AuditEntry.objects.filter(verb="custom_field.changed").count() == 1

    def test_the_key_cannot_be_changed(self, ada):
        with pytest.raises(ValueError, match="key"):
            actions.change(by=ada, field=add(ada), key="other")

    def test_the_type_stays_once_a_value_exists(self, ada):
        field = add(ada)
        actions.change(by=ada, field=field, type="number")
        Account.objects.filter(name="Northwind Dental").update(custom={"tier": "5"})
        with pytest.raises(ValidationError) as refused:
            actions.change(by=ada, field=field, type="text")
        assert refused.value.message_dict["type"] == [
            "1 account has a value, so the type stays. Add another field instead."
        ]

    def test_a_value_of_a_removed_contact_counts_too(self, ada):
        field = add(ada, on="contact")
        Contact.objects.filter(name="Dora Osei").update(custom={"tier": "x"}, removed_at="2026-01-01T00:00Z")
        assert custom_fields.used(ada, field) == 1

    def test_two_who_change_it_meet(self, ada):
        field = add(ada)
        version = field.updated_at.isoformat()
        actions.change(by=ada, field=field, version=version, label="One")
        with pytest.raises(actions.Stale):
            actions.change(by=ada, field=field, version=version, label="Two")

    def test_choices_have_keys_that_stay(self, ada):
        field = add(ada, type="choice", choices=["Gold", "Silver <b>", "金"])
        assert choices(field) == [
            ("gold", "Gold", False), ("silver_b", "Silver <b>", False), ("choice", "金", False),
        ]  # fmt: skip
        actions.change(
            by=ada, field=field,
            choices=[{"key": "silver_b", "label": "Silver"}, {"key": "gold", "label": "Best"}, {"label": "Gold"}],
        )  # fmt: skip
        assert choices(field) == [
            ("silver_b", "Silver", False), ("gold", "Best", False), ("gold_2", "Gold", False), ("choice", "金", True),
        ]  # fmt: skip

    def test_a_key_nobody_gave_is_no_key(self, ada):
        field = add(ada, type="choice", choices=["Gold"])
        actions.change(by=ada, field=field, choices=[{"key": "gold", "label": "Gold"}, {"key": "evil", "label": "New"}])
        assert [key for key, _label, _archived in choices(field)] == ["gold", "new"]

    @pytest.mark.parametrize(
        "labels", [[], ["Gold", "gold"], [""], ["x" * 121], [f"choice {number}" for number in range(501)]]
    )
    def test_choices_that_are_none_are_refused(self, ada, labels):
        with pytest.raises(ValidationError) as refused:
            add(ada, type="choice", choices=labels)
        assert "choices" in refused.value.message_dict

    def test_the_last_choice_cannot_be_archived(self, ada):
        field = add(ada, type="choice", choices=["Gold"])
        with pytest.raises(ValidationError, match="at least one choice"):
            actions.change(by=ada, field=field, choices=[{"key": "gold", "label": "Gold", "archived": True}])

    def test_fields_are_moved(self, ada):
        a, b, c = add(ada, "A"), add(ada, "B"), add(ada, "C")
        actions.move(by=ada, field=c, step="up")
        assert keys() == ["a", "c", "b"]
        actions.move(by=ada, field=a, after=b.pk)
        assert keys() == ["c", "b", "a"]
        actions.move(by=ada, field=a, before=c.pk)
        assert keys() == ["a", "c", "b"]
        moved = AuditEntry.objects.filter(verb="custom_field.moved").count()
        for place in ({"step": "up"}, {"before": uuid.uuid4()}, {"step": "sideways"}):
            actions.move(by=ada, field=a, **place)
        assert keys() == ["a", "c", "b"]
        assert AuditEntry.objects.filter(verb="custom_field.moved").count() == moved

    def test_an_archived_field_comes_back_with_its_values(self, ada, harbor):
        field = add(ada)
        add(ada, "Other")
        Account.objects.filter(name="Northwind Dental").update(custom={"tier": "gold"})
        actions.archive(by=ada, field=field)
        assert [one.key for one in custom_data.fields_of(harbor, "account")] == ["other"]
        assert Account.objects.get(name="Northwind Dental").custom == {"tier": "gold"}
        actions.bring_back(by=ada, field=field)
        assert keys() == ["other", "tier"]
        assert custom_fields.used(ada, field) == 1

    def test_there_is_an_end_to_fields(self, ada, harbor):
        CustomField.objects.bulk_create(
            CustomField(organization=harbor, on="site", key=f"k{n}", label=f"L{n}", type="text", position=n)
            for n in range(actions.MOST_FIELDS)
        )
        with pytest.raises(ValidationError, match="200 fields"):
            add(ada, on="site")

    def test_values_are_counted_by_key_in_one_query(self, ada, harbor, django_assert_num_queries):
        northwind = cast.account("Northwind")
        Site.objects.filter(account=northwind).update(custom={"a": 1, "b": 2})
        Site.objects.filter(account=northwind, name="Riverside").update(custom={"a": 1})
        with django_assert_num_queries(1):
            assert custom_fields.usage(ada, "site") == {"a": 3, "b": 2}


LIST = "/staff/settings/custom-data/"


class TestPages:
    def test_nobody_but_an_admin_finds_them(self, ada):
        field = add(ada)
        for first_name in ("sam", "priya", "dana"):
            visitor = cast.visitor(first_name)
            assert visitor.get(LIST).status_code == 404
            assert visitor.get(f"{LIST}fields/{field.id}/").status_code == 404
            assert visitor.post(f"{LIST}fields/{field.id}/archive/").status_code == 404
        assert cast.visitor("amara").get(f"{LIST}fields/{field.id}/").status_code == 404

    def test_each_kind_has_its_page(self, ada):
        add(ada, "Tier", on="contact")
        visitor = cast.visitor("ada")
        assert "No field of your own yet" in visitor.get(LIST).content.decode()
        assert "Tier" in visitor.get(f"{LIST}contact/").content.decode()
        assert visitor.get(f"{LIST}nonsense/").status_code == 404
        assert visitor.get(f"{LIST}nonsense/new/").status_code == 404

    def test_a_field_is_added_with_its_choices(self):
        visitor = cast.visitor("ada")
        given = {
            "label": "Service tier", "key": "", "type": "choice", "choices": "Gold\r\n\r\n Silver \r\n",
            "help_text": "", "is_filterable": "on",
        }  # fmt: skip
        assert visitor.post(f"{LIST}account/new/", given).status_code == 303
        field = CustomField.objects.get(on="account")
        assert (field.key, field.is_filterable, field.is_required) == ("service_tier", True, False)
        assert [choice["label"] for choice in field.choices] == ["Gold", "Silver"]

    def test_mistakes_stand_at_their_field_and_nothing_typed_is_lost(self):
        visitor = cast.visitor("ada")
        answer = visitor.post(
            f"{LIST}account/new/", {"label": "Tier", "key": "No Key", "type": "choice", "choices": ""}
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="No Key"' in page and "A key starts with a letter" in page
        answer = visitor.post(f"{LIST}account/new/", {"label": "Tier", "type": "choice", "choices": ""})
        assert answer.status_code == 422 and "A list needs at least one choice" in answer.content.decode()

    def test_html_in_labels_is_text(self, ada):
        label = "<img src=x onerror=alert(1)>"
        field = add(ada, label, type="multi_choice", choices=[label], on="contact", is_filterable=True)
        northwind = cast.account("Northwind")
        visitor = cast.visitor("ada")
        for url in (
            f"{LIST}contact/",
            f"{LIST}fields/{field.id}/",
            reverse("staff:contacts", args=[northwind.id]),
            reverse("staff:contact_new", args=[northwind.id]),
        ):
            page = visitor.get(url).content.decode()
            assert "<img src=x" not in page
            assert "&lt;img src=x" in page

    def test_the_key_is_shown_and_not_asked_again(self, ada):
        field = add(ada, key="tier")
        url = f"{LIST}fields/{field.id}/"
        visitor = cast.visitor("ada")
        assert "readonly" in visitor.get(url).content.decode()
        visitor.post(url, {"label": "Level", "key": "other", "type": "text", "choices": ""})
        field.refresh_from_db()
        assert (field.key, field.label) == ("tier", "Level")

    def test_the_page_says_why_the_type_stays(self, ada):
        field = add(ada)
        Account.objects.filter(name="Northwind Dental").update(custom={"tier": "x"})
        visitor, url = cast.visitor("ada"), f"{LIST}fields/{field.id}/"
        assert "1 account has a value, so the type stays." in visitor.get(url).content.decode()
        visitor.post(url, {"label": "Tier", "type": "number", "choices": ""})
        field.refresh_from_db()
        assert field.type == "text"

    def test_choices_are_renamed_moved_archived_and_added_in_one_form(self, ada):
        field = add(ada, type="choice", choices=["Gold", "Silver", "Bronze"])
        visitor, url = cast.visitor("ada"), f"{LIST}fields/{field.id}/"
        base = {"label": "Tier", "type": "choice", "choices": "Iron"}
        rows = {"choice-gold": "Golden", "choice-silver": "Silver", "choice-bronze": "Bronze"}
        visitor.post(url, base | rows | {"choice_down": "gold"})
        assert choices(field) == [
            ("silver", "Silver", False), ("gold", "Golden", False), ("bronze", "Bronze", False), ("iron", "Iron", False),
        ]  # fmt: skip
        rows = {f"choice-{key}": label for key, label, _archived in choices(field)}
        answer = visitor.post(url, base | {"choices": ""} | rows | {"choice_archive": "bronze"})
        assert answer["Location"] == f"{url}#choices"
        assert ("bronze", "Bronze", True) in choices(field)
        visitor.post(url, base | {"choices": ""} | rows | {"choice_return": "bronze"})
        assert ("bronze", "Bronze", False) in choices(field)
        visitor.post(url, base | {"choices": ""} | rows | {"choice_sort": "1"})
        assert [key for key, _label, _archived in choices(field)] == ["bronze", "gold", "iron", "silver"]

    def test_typed_labels_stay_after_a_mistake(self, ada):
        field = add(ada, type="choice", choices=["Gold", "Silver"])
        url = f"{LIST}fields/{field.id}/"
        given = {"label": "", "type": "choice", "choices": "Iron", "choice-gold": "Typed", "choice-silver": "Silver"}
        answer = cast.visitor("ada").post(url, given)
        assert answer.status_code == 422
        assert 'value="Typed"' in answer.content.decode() and "Iron" in answer.content.decode()

    def test_a_conflict_is_told(self, ada):
        field = add(ada)
        url = f"{LIST}fields/{field.id}/"
        answer = cast.visitor("ada").post(url, {"label": "Mine", "type": "text", "choices": "", "version": "old"})
        assert answer.status_code == 409
        assert 'value="Mine"' in answer.content.decode()

    def test_fields_are_moved_archived_and_brought_back(self, ada):
        a, b = add(ada, "A"), add(ada, "B")
        visitor = cast.visitor("ada")
        visitor.post(f"{LIST}fields/{b.id}/position/", {"step": "up"})
        assert keys() == ["b", "a"]
        visitor.post(f"{LIST}fields/{b.id}/position/", {"after": str(a.id)})
        assert keys() == ["a", "b"]
        assert visitor.post(f"{LIST}fields/{b.id}/position/", {"after": "nonsense"}).status_code == 303
        answer = visitor.post(f"{LIST}fields/{a.id}/archive/")
        page = visitor.get(answer["Location"]).content.decode()
        assert "A is archived. Its values are kept." in page and f"{LIST}fields/{a.id}/return/" in page
        visitor.post(f"{LIST}fields/{a.id}/return/")
        assert keys() == ["b", "a"]

    def test_five_hundred_choices_fit_into_one_form(self, ada):
        field = add(ada, type="multi_choice", choices=[f"Choice {n}" for n in range(500)])
        visitor, url = cast.visitor("ada"), f"{LIST}fields/{field.id}/"
        page = visitor.get(url).content.decode()
        assert page.count('<li class="choice-row') == 500
        rows = {f"choice-{choice['key']}": choice["label"] for choice in field.choices}
        answer = visitor.post(
            url, {"label": "Tier", "type": "multi_choice", "choices": "", **rows, "choice_up": "choice_499"}
        )
        assert answer.status_code == 303
        assert choices(field)[498][0] == "choice_499"

    def test_two_hundred_fields_take_as_many_queries_as_one(self, ada, harbor):
        visitor, counts = cast.visitor("ada"), []
        visitor.get(LIST)
        for start, end in ((0, 1), (1, 200)):
            CustomField.objects.bulk_create(
                CustomField(organization=harbor, on="account", key=f"k{n}", label=f"L{n}", type="text", position=n)
                for n in range(start, end)
            )
            with CaptureQueriesContext(connections["default"]) as asked:
                assert visitor.get(LIST).status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1] <= 16, counts

    def test_two_hundred_fields_on_a_contact_work(self, harbor):
        types = list(CustomField.Type)
        CustomField.objects.bulk_create(
            CustomField(
                organization=harbor, on="contact", key=f"k{n}", label=f"Field {n}", type=types[n % len(types)],
                position=n, is_searchable=True, is_filterable=True,
                choices=[{"key": "a", "label": "A", "archived": False}],
            )
            for n in range(200)
        )  # fmt: skip
        northwind, visitor = cast.account("Northwind"), cast.visitor("sam")
        url = reverse("staff:contact_new", args=[northwind.id])
        assert visitor.get(url).status_code == 200
        given = {f"custom_k{n}": {"choice": "a", "multi_choice": "a", "number": "1", "text": "Findable"}.get(
            types[n % len(types)], "") for n in range(200)}  # fmt: skip
        assert visitor.post(url, {"name": "Rosa", **given}).status_code == 303
        page = visitor.get(f"{reverse('staff:contacts', args=[northwind.id])}?q=findable").content.decode()
        assert "Rosa" in page and "Dora" not in page
        assert visitor.get(f"{reverse('staff:contacts_csv', args=[northwind.id])}?q=findable").status_code == 200
