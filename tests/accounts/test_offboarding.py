"""A leaver: what is still theirs is shown, changes hands in one action, and nothing of theirs works afterwards."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import memberships, people, saved_views
from accounts.membership import belongings
from accounts.models import Membership, SavedView
from accounts.roles import PortalRole, Role
from assessments.actions import assessments, campaigns, clarifications, finding_actions, findings, links, respondents
from assessments.actions.respondents import Person
from assessments.models import Clarification, FindingAction, Respondent
from library.models import AccessRequest, Definition
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def sams():
    """This will let Sam own one thing of each kind at Northwind."""
    with cast.inside():
        sam, priya, northwind = (
            cast.viewer("sam", "Northwind"),
            cast.viewer("priya", "Northwind"),
            cast.account("Northwind"),
        )
        definition = Definition.objects.get(key="vendor-risk")
        run = assessments.create(by=sam, account=northwind, definition=definition, another=True)
        submitted = assessments.launch(by=priya, definition=definition, another=True)
        cast.answer_everything(by=priya, assessment=submitted)
        submitted = assessments.submit(by=priya, assessment=submitted)
        question = cast.document("vendor-risk").questions()[0].key
        asked = clarifications.ask(by=sam, assessment=submitted, question_key=question, text="Since when?")
        found = findings.create(by=sam, assessment=submitted, title="Weak", severity="low")
        action = finding_actions.add(by=sam, finding=found, title="Mend it", owner=sam.user)
        campaign = campaigns.begin(by=sam, run=run, every_months=3)
        link, _token = links.share(by=sam, run=run)
        saved_views.save(by=cast.viewer("sam"), place="assessments", name="Mine", query="view=closed")
        return {"run": run, "asked": asked, "action": action, "campaign": campaign, "link": link}


def test_everything_a_leaver_owns_is_listed_the_accounts_first(sams):
    with cast.inside():
        found = belongings.of(cast.viewer("ada"), cast.person("sam"))
        assert [one.kind for one in found][:2] == ["accounts.executive"] * 2
        at_northwind = {one.kind for one in found if one.account == cast.account("Northwind")}
        assert at_northwind == {
            "accounts.executive", "assessments.started", "assessments.asked_back", "assessments.to_do",
            "assessments.coming_back", "assessments.shared",
        }  # fmt: skip
        assert "accounts.saved_views" in {one.kind for one in found}


def test_all_of_it_changes_hands_in_one_action(sams):
    with cast.inside():
        ada, lena, sam = cast.viewer("ada"), cast.person("lena"), cast.person("sam")
        memberships.add(
            by=ada, email=lena.email, name=lena.name, account=cast.account("Northwind"), role=Role.TECHNICIAN
        )
        memberships.change_role(
            by=ada, membership=Membership.objects.get(user=lena, account=cast.account("Northwind")),
            role=Role.ACCOUNT_EXECUTIVE,
        )  # fmt: skip
        choices = {
            one.key: "revoke" if one.kind == "assessments.shared" else str(lena.pk)
            for one in belongings.of(ada, sam)
            if one.kind == "assessments.shared" or str(lena.pk) in dict(one.choices)
        }
        people.offboard(by=ada, user=sam, choices=choices)
        for row in (sams["run"], sams["asked"], sams["action"], sams["campaign"], sams["link"]):
            row.refresh_from_db()
        assert sams["run"].created_by == lena
        assert Clarification.objects.get(pk=sams["asked"].pk).opened_by == lena
        assert FindingAction.objects.get(pk=sams["action"].pk).owner == lena
        assert sams["campaign"].created_by == lena
        assert sams["link"].revoked_at is not None
        assert SavedView.objects.get().user == lena
        juniper = Membership.objects.filter(account=cast.account("Juniper"), role=Role.ACCOUNT_EXECUTIVE).active()
        assert [row.user for row in juniper] == [lena]
        assert not cast.person("sam").is_active


def test_an_account_is_not_left_without_an_executive(sams):
    with cast.inside():
        with pytest.raises(ValidationError, match="Account Executive of"):
            people.offboard(by=cast.viewer("ada"), user=cast.person("sam"), choices={})
        assert cast.person("sam").is_active
        sams["link"].refresh_from_db()
        assert sams["link"].revoked_at is None, "all of it, or nothing"


def test_nothing_goes_to_somebody_it_cannot_go_to(sams):
    with cast.inside():
        ada, sam = cast.viewer("ada"), cast.person("sam")
        keys = [one.key for one in belongings.of(ada, sam) if one.kind == "accounts.executive"]
        for wrong in ("priya", "mia", "noor", "sam"):
            with pytest.raises(ValidationError):
                people.offboard(by=ada, user=sam, choices=dict.fromkeys(keys, str(cast.person(wrong).pk)))


def test_the_admin_can_take_the_account_over():
    with cast.inside():
        ada, sam = cast.viewer("ada"), cast.person("sam")
        choices = {one.key: str(ada.user.pk) for one in belongings.of(ada, sam) if one.kind == "accounts.executive"}
        people.offboard(by=ada, user=sam, choices=choices)
        held = Membership.objects.get(user=ada.user, account=cast.account("Northwind"))
        assert held.role == Role.ACCOUNT_EXECUTIVE


def test_a_clients_places_and_requests(sams):
    with cast.inside():
        ada, dora, felix = cast.viewer("ada"), cast.person("dora"), cast.person("felix")
        [place] = respondents.add(
            by=cast.viewer("sam", "Northwind"), run=sams["run"], people=[Person(user=dora, sections=())]
        )
        AccessRequest.objects.create(
            organization=ada.organization, account=cast.account("Northwind"), user=dora,
            definition=Definition.objects.get(key="vendor-risk"),
        )  # fmt: skip
        found = {one.kind: one for one in belongings.of(ada, dora)}
        assert set(found) == {"assessments.to_answer", "library.access_requests"}
        offered = dict(found["assessments.to_answer"].choices)
        assert str(felix.pk) in offered
        assert str(cast.person("sam").pk) not in offered, "a client’s things go to a client"
        people.offboard(
            by=ada, user=dora,
            choices={found["assessments.to_answer"].key: str(felix.pk), found["library.access_requests"].key: "withdraw"},
        )  # fmt: skip
        place.refresh_from_db()
        assert place.stopped_at is not None
        assert Respondent.objects.filter(assessment=sams["run"], user=felix).exists()
        assert AccessRequest.objects.get().state == AccessRequest.State.DECLINED


def test_the_only_company_admin_can_be_stopped_and_a_successor_named():
    with cast.inside():
        ada, priya = cast.viewer("ada"), cast.person("priya")
        [one] = [found for found in belongings.of(ada, priya) if found.kind == "accounts.company_admin"]
        people.offboard(by=ada, user=priya, choices={one.key: str(cast.person("dora").pk)})
        dora = Membership.objects.get(user=cast.person("dora"))
        assert set(dora.portal_roles) == {PortalRole.COMPANY_ADMIN, PortalRole.END_USER}


def test_the_page_hands_over_and_signs_out(sams):
    visitor, sam = cast.visitor("ada"), cast.visitor("sam")
    here = reverse("staff:settings_person_offboarding", args=[cast.person("sam").pk])
    assert sam.get(reverse("staff:overview")).status_code == 200
    page = visitor.get(here)
    form = page.context["form"]
    refused = visitor.post(here, {})
    assert refused.status_code == 422
    assert "Choose who takes this over" in refused.content.decode()
    data = {}
    for number, one in enumerate(form.belongings):
        data[f"key-{number}"] = one.key
        data[f"choice-{number}"] = str(cast.person("lena").pk) if one.kind == "accounts.executive" else one.initial
    swapped = data | {"key-0": data["key-1"]}
    assert "has changed meanwhile" in visitor.post(here, swapped).content.decode()
    assert visitor.post(here, data).status_code == 303
    assert sam.get(reverse("staff:overview")).status_code == 302
    assert "Deactivated" in visitor.get(reverse("staff:settings_person", args=[cast.person("sam").pk])).content.decode()


def test_the_list_costs_the_same_for_one_account_and_for_many():
    counts = set()
    for many in (1, 3):
        with cast.inside():
            ada, lena = cast.viewer("ada"), cast.person("lena")
            for name in ("Northwind", "Alder")[: many - 1]:
                memberships.add(
                    by=ada, email=lena.email, name=lena.name, account=cast.account(name), role=Role.ACCOUNT_EXECUTIVE
                )
            with CaptureQueriesContext(connection) as queries:
                list(belongings.of(ada, lena))
            counts.add(len(queries))
    assert len(counts) == 1, counts


def test_a_forwarded_share_link_of_a_leaver_opens_nothing(sams):
    with cast.inside():
        link, token = links.share(by=cast.viewer("sam", "Northwind"), run=sams["run"])
    address = reverse("guest_link", args=[token])
    assert cast.visitor(at="harbor").get(address).status_code == 200
    with cast.inside():
        ada, sam = cast.viewer("ada"), cast.person("sam")
        choices = {
            one.key: one.initial or next((v for v, _l in one.choices if v), "") for one in belongings.of(ada, sam)
        }
        people.offboard(by=ada, user=sam, choices=choices)
        link.refresh_from_db()
        assert link.revoked_at is not None
    assert cast.visitor(at="harbor").get(address).status_code == 410
