import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import accounts as account_actions
from accounts.actions import memberships
from accounts.models import AuditEntry, Membership
from library.actions import definitions, library_entries
from library.models import Definition, LibraryEntry
from portal.staff import activity
from tests import cast

pytestmark = pytest.mark.django_db


def address(name: str = "account_overview", account: str = "Northwind", *more) -> str:
    return reverse(f"staff:{name}", args=[cast.account(account).id, *more])


def test_staff_see_the_account_at_a_glance():
    page = cast.visitor("sam").get(address()).content.decode()
    for words in ("Northwind Dental", "Ambulatory Health Care Services", "3 locations", "64 people", "Owned by you"):
        assert words in page
    for person in ("Priya Nair", "Marcus Lee", "Riverside", "Emergency", "VIP"):
        assert person in page
    assert 'aria-current="page">Overview' in page


def test_the_head_names_the_executive_to_others():
    page = cast.visitor("ada").get(address()).content.decode()
    assert "Owned by you" not in page
    assert "Sam Okafor" in page


def test_a_technician_sees_facts_and_sites_only():
    response = cast.visitor("dana").get(address())
    page = response.content.decode()
    assert "Riverside" in page
    for hidden in ("Priya Nair", "View as client", "Add assessment", "Library of this account", "Recent activity"):
        assert hidden not in page
    for unread in ("people", "events", "entries"):
        assert unread not in response.context


def test_what_the_account_lacks_is_said_to_executive_and_admin():
    page = cast.visitor("lena").get(address(account="Cobalt")).content.decode()
    assert "No Emergency contact" in page
    assert "An Admin names a Company Admin." in cast.visitor("theo").get(address(account="Alder")).content.decode()
    assert "Mark an Emergency contact" in page
    assert "No Company Admin" in cast.visitor("ada").get(address(account="Alder")).content.decode()
    assert "No Emergency contact" not in cast.visitor("sam").get(address()).content.decode()


def test_only_who_can_sign_in_covers_the_account():
    iris = cast.person("iris")
    iris.is_active = False
    iris.save()
    page = cast.visitor("sam").get(address(account="Juniper")).content.decode()
    assert "No Company Admin · No Emergency contact" in page


def test_the_library_of_the_account_can_be_changed_and_taken_back():
    visitor = cast.visitor("sam")
    with cast.inside():
        entries = LibraryEntry.objects.filter(account=cast.account("Northwind")).select_related("definition")
        entry = entries.order_by("definition__name").first()
    removal = address("library_removal", "Northwind", entry.definition_id)
    assert removal in visitor.get(address()).content.decode()
    answer = visitor.post(removal, headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<section class="card" id="library"')
    assert f">{entry.definition}<" not in answer.content.decode()
    assert "Undo" in answer["HX-Trigger"]
    back = json.loads(answer["HX-Trigger"])["toast"]["action"]["url"]
    assert "/library/restoration/" in back
    with cast.inside():
        assert not LibraryEntry.objects.filter(pk=entry.pk).exists()
    assert visitor.post(back).status_code == 303
    with cast.inside():
        assert LibraryEntry.objects.filter(account=entry.account_id, definition=entry.definition_id).exists()


def test_without_javascript_the_removal_leads_back_to_the_page():
    with cast.inside():
        entry = LibraryEntry.objects.filter(account=cast.account("Northwind")).first()
    response = cast.visitor("sam").post(address("library_removal", "Northwind", entry.definition_id), follow=True)
    assert "is out of the Library" in response.content.decode()


def test_what_is_not_in_the_library_cannot_be_removed():
    with cast.inside():
        absent = Definition.objects.exclude(entries__account=cast.account("Cobalt")).first()
    assert cast.visitor("lena").post(address("library_removal", "Cobalt", absent.id)).status_code == 404


def test_a_deprecated_definition_is_marked_and_cannot_be_assigned_again():
    with cast.inside():
        definition = Definition.objects.get(key="vendor-risk")
        definitions.deprecate(by=cast.system(), definition=definition)
    visitor = cast.visitor("sam")
    assert "deprecated: clients do not see it" in visitor.get(address()).content.decode()
    assert visitor.post(address("library_assignment", "Northwind", definition.id)).status_code == 404


def test_the_activity_is_of_this_account_only():
    with cast.inside():
        lena = cast.viewer("lena", "Cobalt")
        account_actions.add_site(by=lena, account=cast.account("Cobalt"), name="Hidden Harbor")
        sam = cast.viewer("sam", "Northwind")
        account_actions.add_site(by=sam, account=cast.account("Northwind"), name="Lakeside")
    page = cast.visitor("sam").get(address()).content.decode()
    assert "added the site Lakeside" in page
    assert "Hidden Harbor" not in page


def test_every_verb_has_its_sentence():
    """What the cast's actions wrote reads as a sentence, not as a code."""
    with cast.inside():
        verbs = set(AuditEntry.objects.filter(account__isnull=False).values_list("verb", flat=True))
    assert verbs
    assert verbs <= set(activity._SENTENCES)


def test_the_audit_trail_of_others_stays_theirs():
    with cast.inside():
        sam, lena, ada = cast.viewer("sam"), cast.viewer("lena"), cast.viewer("ada")
        cobalt = AuditEntry.objects.filter(account=cast.account("Cobalt"))
        assert not AuditEntry.objects.visible_to(sam).filter(pk__in=cobalt).exists()
        assert AuditEntry.objects.visible_to(lena).filter(pk__in=cobalt).count() == cobalt.count()
        assert AuditEntry.objects.visible_to(ada).count() == AuditEntry.objects.count()


def test_the_number_of_queries_does_not_grow_with_the_account():
    counts = []
    visitor, here = cast.visitor("ada"), address()
    visitor.get(here)  # what a process reads once, such as content types, is read
    for many in (1, 3, 40):
        with cast.inside():
            north, system = cast.account("Northwind"), cast.system()
            for number in range(len(counts) * 50, len(counts) * 50 + many):
                account_actions.add_site(by=system, account=north, name=f"Site {number}")
                memberships.add(by=system, account=north, email=f"p{number}@northwind.example", name=f"P {number}")
            library_entries.assign(by=system, account=north, definitions=list(Definition.objects.all()))
        with CaptureQueriesContext(connection) as queries:
            page = visitor.get(here).content.decode()
        counts.append(sum(one["sql"].startswith("SELECT") for one in queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] - 9 <= 14
    with cast.inside():
        assert page.count('class="avatar"') <= 8 + 2
        assert Membership.objects.filter(account=cast.account("Northwind")).count() > 40
