"""What the provider's people did, as a Company Admin reads it, and what is never told."""

import pytest
from django.urls import reverse

from accounts import audit
from tests import cast

pytestmark = pytest.mark.django_db


def page(who: str = "priya", **query: str) -> str:
    return (
        cast.visitor(who).get(reverse("client:activity", args=[cast.account("Northwind").id]), query).content.decode()
    )


def noted(who: str, verb: str, label: str = "", **details) -> None:
    with cast.inside():
        by = cast.viewer(who, "Northwind")
        entry = audit.record(by, verb, cast.account("Northwind"), **details)
        assert entry.pk


def test_who_looked_as_whom_and_why():
    with cast.inside():
        question = reverse("staff:preview", args=[cast.account("Northwind").id])
    cast.visitor("sam").post(question, {"viewpoint": "approver", "reason": "She could not find it"})
    told = page(what="looked")
    assert "Sam Okafor</strong> looked at your portal as Approver" in told
    assert "She could not find it" in told


@pytest.mark.parametrize(
    "verb",
    ["note.written", "finding.added", "findings.computed", "answer.reviewed", "report.made", "account.changed",
     "contact.added", "clarification.asked", "custom_field.added", "definition.created"],
)  # fmt: skip
def test_what_is_the_providers_own_is_never_told(verb):
    address = reverse("client:activity", args=[cast.account("Northwind").id])
    before = len(cast.visitor("priya").get(address).context["events"])
    noted("sam", verb, changes={"note": ["", "They pay late"]})
    after = cast.visitor("priya").get(address)
    assert len(after.context["events"]) == before
    assert "They pay late" not in after.content.decode()


def test_what_colleagues_do_is_not_told_here():
    noted("dora", "assessment.created")
    assert "<strong>Dora Osei</strong>" not in page()


@pytest.mark.parametrize(("who", "status"), [("priya", 200), ("marcus", 403), ("dora", 403), ("carla", 404)])
def test_company_admins_alone(who, status):
    address = reverse("client:activity", args=[cast.account("Northwind").id])
    assert cast.visitor(who, at="harbor").get(address).status_code == status


def test_another_account_is_not_in_it():
    with cast.inside():
        audit.record(cast.viewer("sam", "Juniper"), "assessment.released", cast.account("Juniper"))
    assert "Juniper" not in page()
