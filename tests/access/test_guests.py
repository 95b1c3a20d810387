"""Somebody without a login at every door of the portal: behind a link there is one assessment and nothing else."""

import uuid

import pytest
from django.urls import reverse

from accounts.checks import is_ours, routes
from assessments.actions import links
from assessments.models import RespondentLink
from tests import cast
from tests.access.test_routes import DATA, address_of, everything
from tests.assessments import stage

pytestmark = pytest.mark.django_db

OPEN_TO_GUESTS = {
    (name, method, view.rule.guests)
    for _address, name, view in routes()
    if is_ours(view) and name.startswith("client:")
    for method in view.rule.methods
}
OURS = sorted({(name, method) for name, method, _open in OPEN_TO_GUESTS})
CLOSED = sorted((name, method) for name, method, is_open in OPEN_TO_GUESTS if not is_open)
OF_EVERYBODY_ELSE = sorted(
    (name, method)
    for _address, name, view in routes()
    if is_ours(view) and not _address.startswith("dev/") and not name.startswith("client:")
    for method in view.rule.methods
)


@pytest.fixture
def link() -> tuple[RespondentLink, str]:
    with cast.inside("harbor"):
        return links.share(by=cast.viewer("sam", "Northwind"), run=stage.launched())


def guest(token: str):
    """This will come in by the link."""
    visitor = cast.visitor()
    assert visitor.post(reverse("guest_link", args=[token]), {"name": "Ann"}).status_code == 303
    visitor.raise_request_exception = False
    return visitor


def ask(visitor, method: str, address: str, data: dict) -> int:
    return getattr(visitor, method.lower())(address, data).status_code


@pytest.mark.parametrize(("name", "method"), CLOSED, ids=lambda value: value)
def test_what_is_not_for_guests_does_not_exist_for_them(link, name: str, method: str):
    found, token = link
    visitor = guest(token)
    with cast.inside("harbor"):
        address, before = address_of(name), everything()
    assert ask(visitor, method, f"/with/{found.pk}{address}", DATA.get(name, {})) == 404
    with cast.inside("harbor"):
        assert everything() == before


@pytest.mark.parametrize(("name", "method"), OURS, ids=lambda value: value)
def test_another_run_does_not_exist_for_them_and_without_the_cookie_the_link_has_ended(link, name: str, method: str):
    found, token = link
    visitor = guest(token)
    with cast.inside("harbor"):
        address, before = address_of(name), everything()
    said = DATA.get(name, {})
    assert ask(visitor, method, f"/with/{found.pk}{address}", said) in (404, 410)
    assert ask(cast.visitor(), method, f"/with/{found.pk}{address}", said) == 410
    assert ask(cast.visitor("priya"), method, f"/with/{found.pk}{address}", said) == 410
    assert ask(visitor, method, f"/with/{uuid.uuid4()}{address}", said) == 410
    with cast.inside("harbor"):
        assert everything() == before


@pytest.mark.parametrize(("name", "method"), OF_EVERYBODY_ELSE, ids=lambda value: value)
def test_what_stands_outside_the_portal_does_not_stand_behind_a_link(link, name: str, method: str):
    found, token = link
    with cast.inside("harbor"):
        address = address_of(name)
    assert ask(guest(token), method, f"/with/{found.pk}{address}", DATA.get(name, {})) == 404


@pytest.mark.parametrize("path", ["", "/", "/portal/", "/portal/x/", "/static/css/portal.css", "/healthz", "/operator/"])
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
