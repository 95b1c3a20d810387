"""The door: it lists what opens, and leads nowhere else."""

import pytest
from django.urls import reverse

from accounts.actions import accounts as account_actions
from accounts.actions import memberships, people
from accounts.models import Membership
from accounts.roles import Can
from tests import cast

pytestmark = pytest.mark.django_db


def doors(who: str) -> list[str]:
    return [door["label"] for door in cast.visitor(who).get("/?choose").context["doors"]]


def test_one_door_is_taken_and_several_are_a_choice():
    assert cast.visitor("dora").get("/")["Location"] == reverse("client:home", args=[cast.account("Northwind").pk])
    assert doors("theo") == ["Harbor IT", "Cobalt Logistics"]


@pytest.mark.parametrize("how", ["suspended", "denied", "archived", "deleted"])
def test_a_door_that_does_not_open_is_none(how):
    with cast.inside():
        ada, northwind = cast.viewer("ada"), cast.account("Northwind")
        dora = Membership.objects.get(user=cast.person("dora"))
        memberships.add(by=ada, email=dora.user.email, name="Dora", account=cast.account("Cobalt"))
        if how == "suspended":
            Membership.objects.filter(pk=dora.pk).update(suspended_at=dora.created_at)
        elif how == "denied":
            memberships.override(by=ada, membership=dora, ability=Can.USE_PORTAL, effect="deny")
        elif how == "archived":
            account_actions.archive(by=ada, account=northwind)
        else:
            account_actions.delete(by=ada, account=northwind, typed_name=northwind.name)
    assert doors("dora") == ["Cobalt Logistics"]
    assert cast.visitor("dora").get("/", follow=True).status_code == 200


def test_who_is_deactivated_here_and_not_elsewhere_is_told_so():
    with cast.inside("sunny"):
        memberships.add(
            by=cast.system("sunny"), email=cast.EMAILS["dora"], name="Dora", account=cast.account("Marigold")
        )
    with cast.inside():
        people.deactivate(by=cast.viewer("ada"), user=cast.person("dora"))
    answer = cast.visitor("dora").get("/")
    assert answer.status_code == 200
    assert "You do not have access yet" in answer.content.decode()
