"""Somebody without a login at every door of the product: behind a link there is one assessment and nothing else."""

import re
import uuid

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.checks import is_ours, routes
from assessments.actions import links
from assessments.models import RespondentLink
from tests import cast
from tests.access.test_routes import everything
from tests.assessments import stage

pytestmark = pytest.mark.django_db

PART = re.compile(r"<(?:(\w+):)?(\w+)>")
ROUTES = sorted(
    (address, method, name.startswith("client:"), view.rule.guests)
    for address, name, view in routes()
    if is_ours(view) and not address.startswith("dev/")
    for method in view.rule.methods
)
OF_PORTAL = [(address, method) for address, method, is_portal, _guests in ROUTES if is_portal]
FOR_GUESTS = [(address, method) for address, method, is_portal, guests in ROUTES if is_portal and guests]
NOT_FOR_GUESTS = [one for one in OF_PORTAL if one not in FOR_GUESTS]


@pytest.fixture
def link() -> tuple[RespondentLink, str]:
    with cast.inside("harbor"):
        return links.share(by=cast.viewer("sam", "Northwind"), run=stage.launched())


def guest(token: str):
    """This will come in by the link."""
    visitor = cast.visitor()
    assert visitor.post(reverse("guest_link", args=[token]), {"name": "Ann"}).status_code == 303
    return visitor


def filled(address: str, **known: object) -> str:
    """This will write an address with what is known, and anything that fits for the rest."""

    def part(found: re.Match) -> str:
        some = {"uuid": str(uuid.uuid4()), "int": "1"}.get(found[1], "motto")
        return str(known.get(found[2], some))

    return "/" + PART.sub(part, address)


def met(visitor, doors: list, at: str, **known: object) -> dict:
    """This will knock at each door and return who was not answered with one of the statuses, and what changed."""
    with cast.inside("harbor"):
        before = everything()
    answers = {}
    for address, method in doors:
        for headers in ({}, {"HX-Request": "true"}):
            with transaction.atomic():
                response = getattr(visitor, method.lower())(f"{at}{filled(address, **known)}", headers=headers)
                answers[method, address, bool(headers)] = response.status_code
                with cast.inside("harbor"):
                    assert everything() == before, (method, address)
                transaction.set_rollback(True)
    return answers


def test_what_is_not_for_guests_does_not_exist_for_them_not_even_of_their_own_run(link):
    found, token = link
    known = {"account": found.account_id, "assessment": found.assessment_id}
    answers = met(guest(token), NOT_FOR_GUESTS, f"/with/{found.pk}", **known)
    assert answers
    assert {door: status for door, status in answers.items() if status != 404} == {}


def test_what_is_for_guests_is_theirs_for_their_own_run_alone(link):
    found, token = link
    with cast.inside("harbor"):
        other = stage.launched(definition=found.assessment.definition)
    visitor = guest(token)
    for known in (
        {"account": found.account_id, "assessment": other.pk},
        {"account": uuid.uuid4(), "assessment": found.assessment_id},
    ):
        # Another page of the same link is gone for who is done, and does not exist for who is not.
        answers = met(visitor, FOR_GUESTS, f"/with/{found.pk}", **known)
        assert {door: status for door, status in answers.items() if status not in (404, 410)} == {}


@pytest.mark.parametrize("who", ["", "priya", "sam", "ada", "carla"])
def test_without_the_cookie_every_page_of_the_portal_has_ended(link, who: str):
    found, _token = link
    known = {"account": found.account_id, "assessment": found.assessment_id}
    answers = met(cast.visitor(who, at="harbor"), OF_PORTAL, f"/with/{found.pk}", **known)
    assert {door: status for door, status in answers.items() if status != 410} == {}


def test_what_stands_outside_the_portal_does_not_stand_behind_a_link(link):
    found, token = link
    doors = [(address, method) for address, method, is_portal, _guests in ROUTES if not is_portal]
    answers = met(guest(token), doors, f"/with/{found.pk}", account=found.account_id, assessment=found.assessment_id)
    assert {door: status for door, status in answers.items() if status != 404} == {}


@pytest.mark.parametrize(
    "path", ["", "/", "/portal/", "/portal/x/", "/static/css/portal.css", "/healthz", "/operator/"]
)
def test_neither_does_anything_else(link, path: str):
    found, token = link
    assert guest(token).get(f"/with/{found.pk}{path}").status_code == 404


def test_one_link_does_not_stand_behind_another_or_behind_a_preview(link):
    found, token = link
    visitor = guest(token)
    run = reverse("client:take", args=[found.account_id, found.assessment_id])
    for address in (
        f"/with/{found.pk}/with/{found.pk}{run}",
        f"/with/{found.pk}/preview/end-user{run}",
        f"/preview/end-user/with/{found.pk}{run}",
        f"/with/{str(found.pk).upper()}{run}",
        f"//with/{found.pk}{run}",
    ):
        assert visitor.get(address).status_code == 404, address


def test_a_guest_is_no_one_at_the_doors_of_the_portal_itself(link):
    found, token = link
    visitor = guest(token)
    known = {"account": found.account_id, "assessment": found.assessment_id}
    for address, method in OF_PORTAL:
        response = getattr(visitor, method.lower())(filled(address, **known))
        assert "/account/login/" in response.headers.get("Location", ""), (method, address)
