"""A login that another organization knows looks like any new person's here, until the person has come in."""

import importlib
import re
from types import SimpleNamespace

import pytest
from django.apps import apps as registry
from django.core.exceptions import ValidationError
from django.db import connections
from django.urls import reverse

from accounts.actions import accounts, invitations, memberships, people, second_factors
from accounts.models import AuditEntry, Mail, Membership, User
from accounts.roles import PortalRole, Role
from assessments.actions import assessments, presence, respondents
from assessments.answering.answer_sets import seat_of
from assessments.models import Respondent
from library.models import Definition
from portal.demo.cast import PASSWORD
from tests import cast

pytestmark = pytest.mark.django_db

KNOWN, NEW = "mia@marigold.example", "new@marigold.example"
TYPED = "Quentin Typed"


@pytest.fixture
def invited() -> dict[str, Membership]:
    """This will invite two to Northwind, and into the team: one whom Sunny Ridge knows by name, and one nobody knows."""
    cast.visitor(at="sunny").post(reverse("account_login"), {"login": KNOWN, "password": PASSWORD})
    with cast.inside():
        ada, north = cast.viewer("ada"), cast.account("Northwind")
        found = {}
        for email in (KNOWN, NEW):
            found[email] = memberships.add(
                by=ada, email=email, name=TYPED, account=north, portal_roles=[PortalRole.COMPANY_ADMIN]
            )
            invitations.invite(by=ada, membership=found[email])
        return found


def leveled(text: str, member: Membership) -> str:
    """This will take out of a page what may tell the two apart: address and ids; and what no two answers share."""
    for mine, anybody in ((member.user.email, "E"), (str(member.pk), "M"), (str(member.user_id), "U")):
        text = text.replace(mine, anybody).replace(mine.replace("@", "%40"), anybody)
    text = re.sub(r'(csrfmiddlewaretoken" value="|"X-CSRFToken": ?")[^"]+', r"\1", text)
    return re.sub(r'datetime="[^"]+"[^<]*|id="request-[^"]+', "", text)


def pages_about(member: Membership) -> dict[str, str]:
    """This will gather what is said of one of the two wherever people are listed: each list searched for them alone."""
    ada, priya, north = cast.visitor("ada"), cast.visitor("priya"), member.account_id
    found = {
        "person in the account": ada.get(reverse("staff:person", args=[north, member.pk])),
        "person": ada.get(reverse("staff:settings_person", args=[member.user_id])),
        "leaving": ada.get(reverse("staff:settings_person_offboarding", args=[member.user_id])),
        "further accounts": ada.get(reverse("staff:settings_person_accounts", args=[member.user_id])),
        "people of the account": ada.get(reverse("staff:people", args=[north]), {"q": member.user.email}),
        "everybody": ada.get(reverse("staff:settings_people"), {"q": member.user.email}),
        "file of everybody": ada.get(reverse("staff:settings_people_csv"), {"q": member.user.email}),
        "search": ada.get(reverse("staff:search"), {"q": member.user.email}),
        "colleagues": priya.get(reverse("client:colleagues", args=[north]), {"q": member.user.email}),
        "search of clients": priya.get(reverse("client:search", args=[north]), {"q": member.user.email}),
    }  # fmt: skip
    return {
        name: leveled(b"".join(answer).decode() if answer.streaming else answer.content.decode(), member)
        for name, answer in found.items()
    }


def test_wherever_people_are_listed_the_two_are_equal_but_for_the_address(invited):
    known, new = pages_about(invited[KNOWN]), pages_about(invited[NEW])
    for name in known:
        assert TYPED in new[name], f"{name} shows nobody"
        assert known[name] == new[name], name
        assert "Mia" not in known[name], name


def test_the_lists_with_both_call_both_as_typed(invited):
    ada, priya, north = cast.visitor("ada"), cast.visitor("priya"), cast.account("Northwind").pk
    for visitor, address in (
        (ada, reverse("staff:access_review", args=[north])),
        (ada, reverse("staff:access_question", args=[north])),
        (ada, reverse("staff:people", args=[north])),
        (ada, reverse("staff:settings_people")),
        (ada, reverse("staff:preview", args=[north])),
        (priya, reverse("client:access_review", args=[north])),
        (priya, reverse("client:colleagues", args=[north])),
    ):
        text = visitor.get(address).content.decode()
        assert text.count(TYPED) >= 2, address
        assert "Mia" not in text, address


@pytest.mark.parametrize("words", ["Torres", "Mia Torres"])
def test_nobody_is_found_by_the_name_they_have_elsewhere(invited, words: str):
    ada, priya, north = cast.visitor("ada"), cast.visitor("priya"), cast.account("Northwind").pk
    for visitor, address in (
        (ada, reverse("staff:settings_people")),
        (ada, reverse("staff:people", args=[north])),
        (ada, reverse("staff:search")),
        (priya, reverse("client:colleagues", args=[north])),
        (priya, reverse("client:search", args=[north])),
    ):
        assert KNOWN not in visitor.get(address, {"q": words}).content.decode(), address
        assert KNOWN in visitor.get(address, {"q": KNOWN}).content.decode() or "search" in address


def test_by_state_both_are_invited_and_neither_is_active(invited):
    ada, north = cast.visitor("ada"), cast.account("Northwind").pk
    for address in (reverse("staff:people", args=[north]), reverse("staff:settings_people")):
        assert all(email in ada.get(address, {"state": "invited"}).content.decode() for email in invited)
        assert not any(email in ada.get(address, {"state": "active"}).content.decode() for email in invited)


def test_what_is_written_down_knows_no_other_name(invited):
    with cast.inside():
        for email, member in invited.items():
            assert {mail.to_name for mail in Mail.objects.filter(to_email=email, about=member.pk)} == {TYPED}
            assert (
                AuditEntry.objects.get(verb="membership.added", object_id=member.pk).object_label == f"{TYPED}: Client"
            )
            again = memberships.add(
                by=cast.viewer("ada"), email=email, name="Otherwise", account=cast.account("Cobalt")
            )
            assert str(again.user) == TYPED, "one name for all accounts"


@pytest.mark.parametrize("act", [people.end_sessions, people.send_password_reset, second_factors.reset])
def test_what_reaches_a_login_is_refused_to_both_in_the_same_words(invited, act):
    with cast.inside():
        said = set()
        for member in invited.values():
            with pytest.raises(ValidationError) as refused:
                act(by=cast.viewer("ada"), user=User.objects.get(pk=member.user_id))
            said.add(refused.value.messages[0])
        assert len(said) == 1


def test_what_they_are_called_can_be_put_right_for_both_and_changes_nothing_elsewhere(invited):
    ada = cast.visitor("ada")
    for email, member in invited.items():
        person = reverse("staff:settings_person", args=[member.user_id])
        assert ada.post(person, {"name": "Quentin Right", "email": email}).status_code == 303
        assert "Quentin Right" in ada.get(person).content.decode()
    assert User.objects.get(email=KNOWN).name == "Mia Torres"


def test_a_name_somebody_gave_themselves_stays_when_nobody_else_relies_on_the_login(invited):
    with cast.inside("sunny"):
        Membership.objects.filter(user__email=KNOWN).delete()
    with cast.inside():
        person = User.objects.get(email=KNOWN)
        assert (
            str(people.edit(by=cast.viewer("ada"), user=person, name="Quentin Right", email=KNOWN)) == "Quentin Right"
        )
    assert User.objects.get(email=KNOWN).name == "Mia Torres"


def test_who_comes_in_goes_by_their_own_name_from_then_on(invited):
    mia = cast.visitor("mia", at="harbor")
    assert mia.get(reverse("client:home", args=[cast.account("Northwind").pk])).status_code == 200
    people_page = cast.visitor("ada").get(reverse("staff:settings_people"), {"q": KNOWN}).content.decode()
    assert "Mia Torres" in people_page and "Active" in people_page and TYPED not in people_page


def test_signing_in_elsewhere_is_not_coming_in(invited):
    with cast.inside("sunny"):
        memberships.add(by=cast.viewer("amara"), email=NEW, name="Nora", account=cast.account("Granite"))
    User.objects.filter(email=NEW).update(name="Nora Own")
    nora = cast.visitor(at="sunny")
    nora.force_login(User.objects.get(email=NEW))
    assert nora.get(reverse("client:home", args=[cast.account("Granite").pk])).status_code == 200
    listed = cast.visitor("ada").get(reverse("staff:settings_people"), {"q": NEW}).content.decode()
    assert TYPED in listed and "Invited" in listed and "Nora" not in listed


def test_a_colleague_of_the_provider_is_introduced_in_the_list_of_accounts_too():
    with cast.inside():
        alder = cast.account("Alder")
        memberships.add(by=cast.viewer("ada"), email=KNOWN, name=TYPED, account=alder, role=Role.ACCOUNT_EXECUTIVE)
    text = cast.visitor("ada").get(reverse("staff:accounts")).content.decode()
    assert TYPED in text and "Mia" not in text


def test_whoever_assigns_executives_chooses_among_the_introduced_names():
    with cast.inside():
        alder = cast.account("Alder")
        memberships.add(by=cast.viewer("ada"), email=KNOWN, name=TYPED, account=alder, role=Role.ACCOUNT_EXECUTIVE)
        accounts.assign_executive(
            by=cast.viewer("ada"), accounts=[cast.account("Juniper")], user=User.objects.get(email=KNOWN)
        )
        assert {str(one.user) for one in Membership.objects.filter(user__email=KNOWN)} == {TYPED}
    ada = cast.visitor("ada")
    for text in (
        ada.get(reverse("staff:account_new")).content.decode(),
        ada.post(reverse("staff:accounts_executive"), {"ids": [alder.pk]}).content.decode(),
    ):
        assert TYPED in text and "Mia" not in text


def test_who_is_asked_to_answer_before_they_came_in_is_called_as_typed(invited):
    with cast.inside():
        sam, north = cast.viewer("sam", "Northwind"), cast.account("Northwind")
        definition = Definition.objects.launchable().top_level().first()
        run = assessments.create(by=sam, account=north, definition=definition, another=True)
    asking = cast.visitor("sam").get(reverse("staff:run_additions", args=[north.pk, run.pk])).content.decode()
    assert TYPED in asking and "Mia" not in asking
    with cast.inside():
        [one] = respondents.add(by=sam, run=run, people=[respondents.Person(email=KNOWN)])
        respondents.invite(by=sam, respondents=[one])
        assert Mail.objects.get(about=one.pk).to_name == TYPED
        assert not Respondent.objects.search("Torres").exists() and Respondent.objects.search("Typed").exists()
    listed = reverse("staff:run_people", args=[north.pk, run.pk])
    text = cast.visitor("sam").get(listed).content.decode()
    assert TYPED in text and "Mia" not in text
    with cast.inside():
        mia = cast.viewer_on(User.objects.get(email=KNOWN), north)
        presence.note(mia, seat_of(mia, run), "any")
    assert "Mia Torres" in cast.visitor("sam").get(listed).content.decode()


def test_whose_invitation_was_open_before_is_introduced_by_the_migration(invited):
    with cast.inside():
        nameless = memberships.add(
            by=cast.viewer("ada"), email="nameless@marigold.example", name="Nobody", account=cast.account("Cobalt")
        )
        User.objects.filter(pk=nameless.user_id).update(name="")
        Membership.objects.update(introduced_as="")
    migration = importlib.import_module("accounts.migrations.0017_introductions")
    migration.introduce(registry, SimpleNamespace(connection=connections["default"]))
    with cast.inside():
        found = dict(Membership.objects.exclude(introduced_as="").values_list("user__email", "introduced_as"))
        assert found[NEW] == TYPED
        assert found[nameless.user.email] == nameless.user.email
        assert KNOWN not in found, "signed in elsewhere"
        assert not {cast.EMAILS["ada"], cast.EMAILS["dora"]} & found.keys()
