"""Logins as an Admin handles them, and what a leaver, a curious Account Executive and a two-hat user get out of it."""

import pytest
from django.core import mail as post
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse

from accounts import grants, tenancy
from accounts.actions import invitations, mails, memberships, people
from accounts.models import AuditEntry, Mail, MailState, Membership, User
from accounts.roles import Can, PortalRole, Role
from accounts.viewer import viewer_of_organization
from tests import cast

pytestmark = pytest.mark.django_db


def newcomer(email: str = "robin@northwind.example", organization: str = "harbor", account: str = "Northwind") -> User:
    """This will add somebody who has not signed in yet."""
    with cast.inside(organization):
        made = memberships.add(
            by=cast.system(organization), email=email, name="Robin Vale", account=cast.account(account)
        )
    return made.user


class TestDeactivating:
    def test_it_counts_on_the_next_request_of_a_live_session(self):
        felix, page = cast.visitor("felix"), reverse("client:home", args=[cast.account("Northwind").id])
        assert felix.get(page).status_code == 200
        with cast.inside():
            assert people.deactivate(by=cast.viewer("ada"), user=cast.person("felix"))
        assert felix.get(page).status_code == 302
        assert "/account/login/" in felix.get(page)["Location"]

    def test_the_roles_stay_and_grant_nothing(self):
        with cast.inside() as harbor:
            sam = cast.person("sam")
            people.deactivate(by=cast.viewer("ada"), user=sam)
            assert Membership.objects.filter(user=sam, suspended_at__isnull=False).count() == 2
            assert grants.stored_grants(sam, harbor) == set()
            assert grants.drift(harbor) == []
            assert not people.deactivate(by=cast.viewer("ada"), user=sam), "done once"

    def test_reactivating_brings_back_exactly_what_was_held(self):
        with cast.inside() as harbor:
            sam, ada = cast.person("sam"), cast.viewer("ada")
            before = grants.stored_grants(sam, harbor)
            people.deactivate(by=ada, user=sam)
            assert people.reactivate(by=ada, user=cast.person("sam"))
            assert grants.stored_grants(sam, harbor) == before
            assert cast.person("sam").is_active
            assert not people.reactivate(by=ada, user=sam), "done once"

    def test_a_login_another_organization_relies_on_stays_open_there(self):
        with cast.inside("sunny"):
            memberships.add(
                by=cast.system("sunny"), email="sam@harbor.example", name="Sam", account=cast.account("Marigold")
            )
        with cast.inside():
            people.deactivate(by=cast.viewer("ada"), user=cast.person("sam"))
        assert cast.person("sam").is_active
        there = reverse("client:home", args=[cast.account("Marigold").id])
        assert cast.visitor("sam", at="sunny").get(there).status_code == 200
        here = reverse("staff:account_overview", args=[cast.account("Northwind").id])
        assert cast.visitor("sam").get(here).status_code == 404
        assert cast.visitor("sam").get(reverse("staff:overview")).status_code == 404
        with cast.inside("sunny"):
            people.deactivate(by=cast.viewer("amara"), user=cast.person("sam"))
        assert not cast.person("sam").is_active, "nobody relies on it any more"

    def test_the_database_says_yes_or_no_and_keeps_the_scope(self):
        with cast.inside() as harbor:
            mia, sam = cast.person("mia").pk, cast.person("sam").pk
            with connection.cursor() as cursor:
                for person, expected in ((mia, True), (sam, False)):
                    cursor.execute("SELECT accounts_belongs_elsewhere(%s, %s, true)", [person, harbor.pk])
                    assert cursor.fetchone() == (expected,)
            assert not Membership.objects.filter(user=mia).exists(), "the wall still stands"
            assert Membership.objects.filter(user=sam).exists()

    def test_the_function_is_pinned_and_nobody_else_may_call_it(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT prosecdef, proconfig, prorettype::regtype::text, has_function_privilege('portal_web', oid, 'EXECUTE'),"
                " has_function_privilege('portal_readonly', oid, 'EXECUTE') FROM pg_proc WHERE proname = %s",
                ["accounts_belongs_elsewhere"],
            )
            assert cursor.fetchall() == [(True, ["search_path=pg_catalog, pg_temp"], "boolean", True, False)]

    def test_the_last_active_admin_stays(self):
        with cast.inside() as harbor:
            memberships.make_admin(by=cast.viewer("ada"), user=cast.person("lena"))
            lena = viewer_of_organization(cast.person("lena"), harbor)
            people.deactivate(by=lena, user=cast.person("ada"))
            with pytest.raises(ValidationError, match="last active Admin"):
                people.deactivate(by=cast.system(), user=cast.person("lena"))
            with pytest.raises(ValidationError, match="last active Admin"):
                memberships.remove_admin(by=cast.system(), user=cast.person("lena"))

    @pytest.mark.parametrize("deed", ["deactivate", "reactivate", "end_sessions", "send_password_reset"])
    def test_nobody_does_it_to_themselves_nor_to_a_stranger(self, deed):
        with cast.inside():
            for whom in ("ada", "mia", "noor"):
                with pytest.raises(PermissionDenied):
                    getattr(people, deed)(by=cast.viewer("ada"), user=cast.person(whom))

    @pytest.mark.parametrize("who", ["sam", "priya", "dana"])
    def test_nobody_but_an_admin_does_it(self, who):
        with cast.inside():
            by = cast.viewer(who, "Northwind")
            for deed in (
                lambda: people.deactivate(by=by, user=cast.person("dora")),
                lambda: people.end_sessions(by=by, user=cast.person("dora")),
                lambda: people.edit(by=by, user=cast.person("dora"), name="x", email="x@example.org"),
                lambda: people.send_password_reset(by=by, user=cast.person("dora")),
                lambda: people.offboard(by=by, user=cast.person("dora"), choices={}),
                lambda: memberships.make_admin(by=by, user=cast.person("sam")),
            ):
                with pytest.raises(PermissionDenied):
                    deed()
            assert cast.person("dora").is_active

    def test_mails_they_asked_for_are_not_sent(self):
        robin = newcomer()
        with cast.inside() as harbor:
            lena = memberships.make_admin(by=cast.viewer("ada"), user=cast.person("lena")).user
            asked = invitations.invite(
                by=viewer_of_organization(lena, harbor), membership=Membership.objects.get(user=robin)
            )
            people.deactivate(by=cast.viewer("ada"), user=lena)
            assert mails.claim(mail_id=asked.pk) is None
            asked.refresh_from_db()
            assert asked.state == MailState.CANCELLED
        assert post.outbox == []

    def test_a_reset_by_themselves_is_not_mailed_any_more(self, django_capture_on_commit_callbacks):
        with cast.inside():
            people.deactivate(by=cast.viewer("ada"), user=cast.person("felix"))
        with django_capture_on_commit_callbacks(execute=True):
            cast.visitor(at="harbor").post(reverse("account_reset_password"), {"email": "felix@northwind.example"})
        assert not any("password/reset/key" in letter.body for letter in post.outbox)


class TestSessions:
    def test_every_session_ends_and_the_next_one_works(self):
        laptop, phone = cast.visitor("felix"), cast.visitor("felix")
        page = reverse("client:home", args=[cast.account("Northwind").id])
        assert laptop.get(page).status_code == phone.get(page).status_code == 200
        with cast.inside():
            people.end_sessions(by=cast.viewer("ada"), user=cast.person("felix"))
        assert laptop.get(page).status_code == phone.get(page).status_code == 302
        assert cast.visitor("felix").get(page).status_code == 200

    def test_a_login_of_two_organizations_is_signed_out_by_neither(self):
        with cast.inside("sunny"):
            memberships.add(
                by=cast.system("sunny"), email="sam@harbor.example", name="Sam", account=cast.account("Marigold")
            )
        there, page = cast.visitor("sam", at="sunny"), reverse("client:home", args=[cast.account("Marigold").id])
        assert there.get(page).status_code == 200
        with cast.inside():
            with pytest.raises(ValidationError, match="another organization"):
                people.end_sessions(by=cast.viewer("ada"), user=cast.person("sam"))
            assert not AuditEntry.objects.filter(verb="person.signed_out").exists()
            people.deactivate(by=cast.viewer("ada"), user=cast.person("sam"))
        assert there.get(page).status_code == 200, "the very same session"
        assert cast.visitor("sam").get(reverse("staff:overview")).status_code == 404

    def test_who_was_never_signed_out_keeps_the_session_they_have(self):
        felix = cast.person("felix")
        assert felix.get_session_auth_hash() == super(User, felix).get_session_auth_hash()


class TestEditing:
    def test_an_invited_persons_address_is_put_right_and_the_old_one_opens_nothing(
        self, django_capture_on_commit_callbacks
    ):
        robin = newcomer("typo@elsewhere.example")
        with django_capture_on_commit_callbacks(execute=True), cast.inside():
            invitations.invite(by=cast.viewer("ada"), membership=Membership.objects.get(user=robin))
        link = next(word for word in post.outbox[0].body.split() if "password/reset/key" in word)
        with cast.inside():
            waiting = invitations.invite(by=cast.viewer("ada"), membership=Membership.objects.get(user=robin))
            people.edit(by=cast.viewer("ada"), user=robin, name="Robin Vale", email="robin@northwind.example")
            waiting.refresh_from_db()
            assert waiting.state == MailState.CANCELLED
        opened = cast.visitor(at="harbor").get(link.removeprefix("http://harbor.localhost"), follow=True)
        assert "no longer works" in opened.content.decode()

    def test_an_invitation_written_later_does_not_go_to_the_old_address(self):
        robin = newcomer("typo@elsewhere.example")
        with cast.inside():
            waiting = invitations.invite(by=cast.viewer("ada"), membership=Membership.objects.get(user=robin))
            User.objects.filter(pk=robin.pk).update(email="robin@northwind.example")  # as if it had slipped through
            assert mails.claim(mail_id=waiting.pk) is None

    def test_the_address_of_who_has_signed_in_is_theirs(self):
        with cast.inside():
            with pytest.raises(ValidationError) as refused:
                people.edit(by=cast.viewer("ada"), user=cast.person("priya"), name="P", email="ada2@harbor.example")
            assert "email" in refused.value.message_dict
            people.edit(
                by=cast.viewer("ada"), user=cast.person("priya"), name="Priya N.", email="priya@northwind.example"
            )
        assert cast.person("priya").name == "Priya N."

    def test_an_admin_cannot_take_over_a_login_of_another_organization(self):
        mia = newcomer("new@marigold.example", "sunny", "Marigold")
        with cast.inside():
            memberships.add(by=cast.system(), email=mia.email, name="x", account=cast.account("Northwind"))
            with pytest.raises(ValidationError, match="another organization"):
                people.edit(by=cast.viewer("ada"), user=mia, name="x", email="ada2@harbor.example")
        mia.refresh_from_db()
        assert mia.email == "new@marigold.example"

    def test_an_address_in_use_is_refused(self):
        robin = newcomer()
        with cast.inside(), pytest.raises(ValidationError):
            people.edit(by=cast.viewer("ada"), user=robin, name="Robin", email="priya@northwind.example")


class TestRoles:
    def test_one_becomes_an_admin_and_is_one_no_longer(self):
        with cast.inside() as harbor:
            sam, ada = cast.person("sam"), cast.viewer("ada")
            memberships.make_admin(by=ada, user=sam)
            assert viewer_of_organization(sam, harbor).can(Can.MANAGE_SETTINGS)
            memberships.remove_admin(by=ada, user=sam)
            assert not viewer_of_organization(sam, harbor).can(Can.MANAGE_SETTINGS)
            assert viewer_of_organization(sam, harbor).can(Can.ENTER_STAFF_AREA), "still an Account Executive"

    def test_a_client_becomes_no_admin(self):
        with cast.inside(), pytest.raises(ValidationError, match="client of an account"):
            memberships.make_admin(by=cast.viewer("ada"), user=cast.person("theo"))

    def test_a_client_is_not_invited_as_an_admin_either(self):
        with cast.inside(), pytest.raises(ValidationError, match="client of an account"):
            memberships.add(by=cast.viewer("ada"), email=cast.person("theo").email, name="Theo", role=Role.ADMIN)
        with cast.inside(), pytest.raises(ValidationError, match="Admin here"):
            memberships.add(
                by=cast.system(), email=cast.person("ada").email, name="Ada", account=cast.account("Cobalt")
            )

    def test_nobody_promotes_lowers_or_ends_themselves(self):
        with cast.inside():
            ada = cast.viewer("ada")
            own = Membership.objects.get(user=ada.user)
            for deed in (
                lambda: memberships.remove_admin(by=ada, user=ada.user),
                lambda: memberships.remove(by=ada, membership=own),
                lambda: memberships.add(
                    by=ada, email="ada@harbor.example", name="Ada", account=cast.account("Northwind"),
                    role=Role.ACCOUNT_EXECUTIVE,
                ),
            ):  # fmt: skip
                with pytest.raises(PermissionDenied):
                    deed()

    def test_another_role_is_a_new_membership_without_what_hung_on_the_old(self):
        with cast.inside() as harbor:
            dora, northwind = cast.person("dora"), cast.account("Northwind")
            old = Membership.objects.get(user=dora)
            memberships.override(
                by=cast.viewer("sam", "Northwind"), membership=old, ability=Can.VIEW_RESULTS, effect="deny"
            )
            new = memberships.change_role(by=cast.viewer("ada"), membership=old, role=Role.TECHNICIAN)
            assert (new.pk != old.pk, new.portal_roles, new.overrides.count()) == (True, [], 0)
            assert Can.USE_PORTAL not in grants.on_account(dora, northwind)
            back = memberships.change_role(by=cast.viewer("ada"), membership=new, role=Role.CLIENT)
            assert back.portal_roles == [PortalRole.END_USER]
            assert Can.VIEW_RESULTS in grants.on_account(dora, northwind), "the denial belonged to the old role"
            assert grants.drift(harbor) == []

    def test_the_last_company_admin_keeps_the_role(self):
        with cast.inside(), pytest.raises(ValidationError, match="last Company Admin"):
            memberships.change_role(
                by=cast.viewer("ada"),
                membership=Membership.objects.get(user=cast.person("priya")),
                role=Role.TECHNICIAN,
            )

    def test_a_deactivated_company_admin_is_none_to_rely_on(self):
        with cast.inside():
            ada = cast.viewer("ada")
            dora = Membership.objects.get(user=cast.person("dora"))
            memberships.change(by=ada, membership=dora, portal_roles=[PortalRole.COMPANY_ADMIN])
            people.deactivate(by=ada, user=cast.person("dora"))
            with pytest.raises(ValidationError, match="last Company Admin"):
                memberships.remove(by=ada, membership=Membership.objects.get(user=cast.person("priya")))

    def test_several_accounts_at_once_are_all_or_none(self):
        with cast.inside():
            ada, accounts = cast.viewer("ada"), [cast.account("Cobalt"), cast.account("Northwind")]
            with pytest.raises(ValidationError):
                memberships.add_all(by=ada, email="dora@northwind.example", name="Dora", accounts=accounts)
            assert Membership.objects.filter(user=cast.person("dora")).count() == 1
            memberships.add_all(by=ada, email="dora@northwind.example", name="Dora", accounts=accounts[:1])
            assert Membership.objects.filter(user=cast.person("dora"), role=Role.CLIENT).count() == 2

    def test_who_is_deactivated_gets_no_further_role(self):
        with cast.inside():
            people.deactivate(by=cast.viewer("ada"), user=cast.person("dora"))
            with pytest.raises(ValidationError, match="deactivated"):
                memberships.add(
                    by=cast.viewer("ada"), email="dora@northwind.example", name="Dora", account=cast.account("Cobalt")
                )

    def test_who_left_elsewhere_can_be_added_here_and_gets_nothing_back_there(self):
        with cast.inside():
            people.deactivate(by=cast.viewer("ada"), user=cast.person("dora"))
        with cast.inside("sunny"):
            memberships.add(
                by=cast.system("sunny"), email="dora@northwind.example", name="Dora", account=cast.account("Marigold")
            )
        assert cast.person("dora").is_active
        assert cast.visitor("dora").get(reverse("client:home", args=[cast.account("Northwind").id])).status_code == 404


class TestSingleAbilities:
    def test_the_last_company_admin_is_not_locked_out(self):
        with cast.inside() as harbor:
            sam = cast.viewer("sam", "Northwind")
            priya = Membership.objects.get(user=cast.person("priya"))
            dora = Membership.objects.get(user=cast.person("dora"))
            with pytest.raises(ValidationError, match="last Company Admin"):
                memberships.override(by=sam, membership=priya, ability=Can.USE_PORTAL, effect="deny")
            memberships.change(by=cast.viewer("ada"), membership=dora, portal_roles=[PortalRole.COMPANY_ADMIN])
            memberships.override(by=sam, membership=dora, ability=Can.USE_PORTAL, effect="deny")
            with pytest.raises(ValidationError, match="last Company Admin"):  # the other one is locked out
                memberships.override(by=sam, membership=priya, ability=Can.USE_PORTAL, effect="deny")
            with pytest.raises(ValidationError, match="last Company Admin"):
                memberships.remove(by=cast.viewer("ada"), membership=priya)
            memberships.override(by=sam, membership=dora, ability=Can.USE_PORTAL, effect=None)
            memberships.override(by=sam, membership=priya, ability=Can.USE_PORTAL, effect="deny")
            assert grants.drift(harbor) == []

    def test_who_set_it_and_when_stands_on_the_row(self):
        with cast.inside():
            dora = Membership.objects.get(user=cast.person("dora"))
            memberships.override(
                by=cast.viewer("sam", "Northwind"), membership=dora, ability=Can.VIEW_COLLEAGUES, effect="allow"
            )
            assert dora.overrides.get().set_by == cast.person("sam")
            assert "view_colleagues" in cast.viewer("dora", "Northwind").abilities
            entry = AuditEntry.objects.get(verb="ability.overridden")
            assert entry.details == {"ability": "view_colleagues", "effect": [None, "allow"]}

    def test_an_executive_of_another_account_cannot(self):
        with cast.inside(), pytest.raises(PermissionDenied):
            memberships.override(
                by=cast.viewer("lena", "Cobalt"), membership=Membership.objects.get(user=cast.person("dora")),
                ability=Can.VIEW_RESULTS, effect="deny",
            )  # fmt: skip

    def test_who_wears_two_hats_cannot_for_themselves_nor_as_a_client(self):
        with cast.inside():
            own = Membership.objects.get(user=cast.person("theo"), role=Role.CLIENT)
            for by in (cast.viewer("theo", "Cobalt"), cast.viewer("theo", "Alder"), cast.viewer("theo")):
                with pytest.raises(PermissionDenied):
                    memberships.override(by=by, membership=own, ability=Can.VIEW_COMPANY, effect="allow")

    @pytest.mark.parametrize("ability", [Can.EDIT_ACCOUNT, Can.MANAGE_PEOPLE, Can.MANAGE_ACCESS])
    def test_no_ability_of_staff_is_given_to_a_client(self, ability):
        with cast.inside(), pytest.raises(ValidationError):
            memberships.override(
                by=cast.viewer("sam", "Northwind"), membership=Membership.objects.get(user=cast.person("dora")),
                ability=ability, effect="allow",
            )  # fmt: skip

    def test_staff_are_given_none(self):
        with cast.inside(), pytest.raises(ValidationError):
            memberships.override(
                by=cast.viewer("ada"), membership=Membership.objects.get(user=cast.person("dana")),
                ability=Can.VIEW_RESULTS, effect="allow",
            )  # fmt: skip


def test_a_mail_about_a_person_is_not_readable_from_another_organization():
    robin = newcomer()
    with cast.inside():
        invitations.invite(by=cast.viewer("ada"), membership=Membership.objects.get(user=robin))
    with tenancy.scope(cast.organization("sunny").id):
        assert not Mail.objects.filter(to_email=robin.email).exists()
