"""What is removed, ended or closed is done at once, offers to be taken back, and comes back as it was, or not at all."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.urls import reverse

from accounts import grants, tenancy
from accounts.actions import (
    accounts,
    announcements,
    email_templates,
    hosts,
    intake,
    memberships,
    people,
    saved_views,
    sites,
    undoing,
)
from accounts.models import (
    Announcement,
    AuditEntry,
    Contact,
    EmailTemplate,
    HostClaim,
    IntakeForm,
    Membership,
    MembershipSite,
    OrganizationHost,
    Override,
    SavedView,
    Site,
)
from accounts.roles import Can, PortalRole, Role
from library.actions import library_entries
from library.models import Definition, LibraryEntry, LibraryEntryPerson
from tests import cast

pytestmark = pytest.mark.django_db


def offered(response: HttpResponse) -> str:
    """This will be the address of the Undo in the toast of the page somebody came to."""
    toasts = response.content.decode().partition('id="toasts"')[2].partition("<template")[0]
    found = re.search(r'class="toast .*?action="([^"]+)"', toasts, re.DOTALL)
    assert found, "no Undo was offered"
    return found[1]


def taken_back(who: str, removal: str, data: dict | None = None) -> Callable[[], HttpResponse]:
    """This will remove something and return what presses its Undo."""
    visitor = cast.visitor(who)
    done = visitor.post(removal, data or {}, follow=True)
    assert done.status_code == 200
    address = offered(done)
    return lambda: visitor.post(address)


def member(name: str, account: str = "Northwind") -> Membership:
    return Membership.objects.select_related("user", "account").get(
        user=cast.person(name), account=cast.account(account)
    )


def too_late(response: HttpResponse) -> bool:
    return response.status_code == 409 and "cannot be taken back any more" in response.content.decode()


class TestSite:
    def removed(self, **facts) -> tuple[Site, Callable[[], HttpResponse]]:
        north = cast.account("Northwind")
        with cast.inside():
            site = sites.add(by=cast.viewer("sam"), account=north, name="Annex", city="Erie", phone="1234", **facts)
            Contact.objects.create(organization=north.organization, account=north, name="Ann", site=site)
            marcus = member("marcus")
            MembershipSite.objects.create(organization=north.organization, account=north, membership=marcus, site=site)
        return site, taken_back("sam", reverse("staff:site_removal", args=[north.pk, site.pk]))

    def test_it_comes_back_with_its_contacts_and_who_oversaw_it(self):
        site, undo = self.removed()
        with cast.inside():
            assert not Site.objects.filter(pk=site.pk).exists()
        assert undo().status_code == 303
        with cast.inside():
            back = Site.objects.get(pk=site.pk)
            assert (back.name, back.city, back.phone) == ("Annex", "Erie", "1234")
            assert Contact.objects.get(name="Ann").site == back
            assert MembershipSite.objects.filter(site=back, membership=member("marcus")).exists()
            assert AuditEntry.objects.filter(verb="site.restored", object_id=site.pk).count() == 1
        assert too_late(undo()), "it is back already"

    def test_enter_in_a_field_of_a_site_saves_it(self):
        with cast.inside():
            site = cast.site("Main Street")
        page = cast.visitor("sam").get(reverse("staff:site_edit", args=[site.account_id, site.pk])).content.decode()
        dialog = page.partition('id="dialog"')[2]
        assert dialog.index(">Save</button>") < dialog.index("formaction="), "the first button is pressed"

    def test_who_was_given_other_sites_meanwhile_keeps_those(self):
        site, undo = self.removed()
        with cast.inside():
            memberships.change(
                by=cast.viewer("ada"), membership=member("marcus"), portal_roles=[PortalRole.SITE_MANAGER],
                sites=[cast.site("Main Street")],
            )  # fmt: skip
        assert undo().status_code == 303
        with cast.inside():
            assert set(member("marcus").sites.values_list("name", flat=True)) == {"Main Street"}

    def test_a_name_that_is_used_by_now_is_said(self):
        _site, undo = self.removed()
        with cast.inside():
            sites.add(by=cast.viewer("sam"), account=cast.account("Northwind"), name="Annex")
        answer = undo()
        assert answer.status_code == 409 and "already has a site with that name" in answer.content.decode()

    def test_of_two_who_remove_it_one_has_removed_it(self):
        with cast.inside():
            site = sites.add(by=cast.viewer("sam"), account=cast.account("Northwind"), name="Annex")
            step = sites.remove(by=cast.viewer("sam"), site=site)
            site.pk = step.object_id
            with pytest.raises(ValidationError, match="removed already"):
                sites.remove(by=cast.viewer("ada"), site=site)

    def test_it_is_whose_it_was_and_for_some_minutes(self, monkeypatch):
        north = cast.account("Northwind")
        with cast.inside():
            site = sites.add(by=cast.viewer("sam"), account=north, name="Annex")
            step = sites.remove(by=cast.viewer("sam"), site=site)
            for by, account in ((cast.viewer("ada"), north), (cast.viewer("sam"), cast.account("Cobalt"))):
                with pytest.raises((undoing.TooLate, PermissionDenied)):
                    sites.restore(by=by, account=account, step=step.pk)
            monkeypatch.setattr(undoing, "FOR", datetime.timedelta(0))
            with pytest.raises(undoing.TooLate):
                sites.restore(by=cast.viewer("sam"), account=north, step=step.pk)
            monkeypatch.undo()
            assert sites.restore(by=cast.viewer("sam"), account=north, step=step.pk) == site


class TestRole:
    def removal(self, name: str) -> str:
        with cast.inside():
            return reverse("staff:person_removal", args=[cast.account("Northwind").pk, member(name).pk])

    def test_it_comes_back_with_all_that_was_said_of_it(self):
        with cast.inside() as harbor:
            marcus = member("marcus")
            memberships.change(
                by=cast.viewer("ada"), membership=marcus, portal_roles=marcus.portal_roles, tags=["vip"],
                sites=list(marcus.sites.all()),
            )  # fmt: skip
            memberships.override(
                by=cast.viewer("ada"), membership=marcus, ability=Can.ANSWER_ASSESSMENTS, effect=Override.Effect.DENY
            )
            definition = Definition.objects.launchable().top_level().first()
            [entry] = library_entries.assign(
                by=cast.viewer("ada"), account=cast.account("Northwind"), definitions=[definition]
            ) or LibraryEntry.objects.filter(definition=definition, account=cast.account("Northwind"))
            library_entries.choose_audience(by=cast.viewer("ada"), entry=entry, audience="people", people=[marcus.pk])
            before = grants.stored_grants(marcus.user, harbor)
        undo = taken_back("ada", self.removal("marcus"))
        with cast.inside() as harbor:
            assert grants.stored_grants(cast.person("marcus"), harbor) == set()
        assert undo().status_code == 303
        with cast.inside() as harbor:
            back = member("marcus")
            assert (back.pk, back.portal_roles, back.tags) == (marcus.pk, marcus.portal_roles, ["vip"])
            assert (back.introduced_as, str(back.user)) == ("", "Marcus Lee"), "who had come in is not invited again"
            assert [one.name for one in back.sites.all()] == ["Riverside"]
            assert back.overrides.get().effect == Override.Effect.DENY
            assert grants.stored_grants(back.user, harbor) == before
            assert grants.drift(harbor) == []
            assert LibraryEntryPerson.objects.filter(entry=entry, membership=back).exists()
            assert AuditEntry.objects.filter(verb="membership.restored", object_id=back.pk).exists()
        assert undo().status_code == 409

    def test_an_old_undo_gives_no_more_than_there_was_last(self):
        undo = taken_back("ada", self.removal("felix"))
        with cast.inside():
            less = memberships.add(
                by=cast.viewer("ada"), email=cast.person("felix").email, name="", account=cast.account("Northwind")
            )
            memberships.remove(by=cast.viewer("ada"), membership=less)
        assert too_late(undo())
        with cast.inside():
            assert not Membership.objects.filter(user=cast.person("felix")).exists()

    def test_who_was_replaced_since_with_many_others_stays_so(self):
        north = cast.account("Northwind")
        undo = taken_back("ada", self.removal("sam"))
        with cast.inside():
            ada, sam = cast.viewer("ada"), cast.person("sam")
            memberships.add(by=ada, email=sam.email, name="", account=north, role=Role.ACCOUNT_EXECUTIVE)
            accounts.assign_executive(by=ada, accounts=[north], user=cast.person("lena"), replaces=True)
            replaced = AuditEntry.objects.filter(verb="membership.removed", account=north).latest("created_at")
        assert too_late(undo())
        with cast.inside():
            assert not Membership.objects.filter(user=cast.person("sam"), account=north).exists()
        back = reverse("staff:person_return", args=[north.pk, replaced.pk])
        assert too_late(cast.visitor("ada").post(back)), "of that no undo was offered"

    def test_who_was_deactivated_since_comes_back_to_nothing(self):
        """No role is left that would show it, and the login is open because another organization relies on it."""
        with cast.inside():
            ada, felix = cast.viewer("ada"), cast.person("felix")
            other = memberships.add(by=ada, email=felix.email, name="", account=cast.account("Cobalt"))
        undo = taken_back("ada", self.removal("felix"))
        with cast.inside():
            people.deactivate(by=ada, user=felix)
            memberships.remove(by=ada, membership=Membership.objects.get(pk=other.pk))
            type(felix).objects.filter(pk=felix.pk).update(is_active=True)
        assert too_late(undo())

    def test_on_an_account_it_is_a_role_of_that_account(self):
        with cast.inside():
            step = memberships.remove(by=cast.viewer("ada"), membership=member("felix"))
        elsewhere = reverse("staff:person_return", args=[cast.account("Cobalt").pk, step.pk])
        assert too_late(cast.visitor("ada").post(elsewhere))

    def test_who_holds_another_role_by_now_keeps_it(self):
        undo = taken_back("ada", self.removal("felix"))
        with cast.inside():
            memberships.add(
                by=cast.viewer("ada"), email=cast.person("felix").email, name="", account=cast.account("Northwind")
            )
        answer = undo()
        assert answer.status_code == 409 and "already has a role in this account" in answer.content.decode()
        with cast.inside():
            assert member("felix").portal_roles == [PortalRole.END_USER]

    def test_who_is_deactivated_by_now_stays_so(self):
        with cast.inside():
            removed = member("sam")
        undo = taken_back("ada", reverse("staff:person_removal", args=[removed.account_id, removed.pk]))
        with cast.inside():
            people.deactivate(by=cast.viewer("ada"), user=cast.person("sam"))
        answer = undo()
        assert answer.status_code == 409 and "is deactivated" in answer.content.decode()

    def test_what_was_suspended_comes_back_suspended(self):
        with cast.inside() as harbor:
            people.deactivate(by=cast.viewer("ada"), user=cast.person("felix"))
            step = memberships.remove(by=cast.viewer("ada"), membership=member("felix"))
            memberships.restore(by=cast.viewer("ada"), step=step.pk)
            assert member("felix").suspended_at is not None
            assert grants.stored_grants(cast.person("felix"), harbor) == set()

    def test_an_admin_is_one_again(self):
        with cast.inside():
            second = memberships.add(by=cast.system(), email="second@harbor.example", name="Second", role=Role.ADMIN)
        removal = reverse("staff:settings_person_admin", args=[second.user_id])
        undo = taken_back("ada", removal, {"admin": "off"})
        with cast.inside():
            assert not Membership.objects.filter(user=second.user).exists()
        assert undo().status_code == 303
        with cast.inside():
            assert Membership.objects.get(user=second.user).role == Role.ADMIN

    def test_the_settings_offer_it_too_and_deactivating_as_well(self):
        with cast.inside():
            felix = member("felix")
        end = reverse("staff:settings_person_role_end", args=[felix.user_id, felix.pk])
        assert taken_back("ada", end)().status_code == 303
        with cast.inside():
            assert member("felix").pk == felix.pk
        stop = reverse("staff:settings_person_deactivation", args=[felix.user_id])
        assert taken_back("ada", stop)().status_code == 303
        with cast.inside():
            assert member("felix").suspended_at is None

    def test_only_who_manages_people(self):
        with cast.inside():
            step = memberships.remove(by=cast.viewer("ada"), membership=member("felix"))
            for who in ("sam", "priya"):
                with pytest.raises(PermissionDenied):
                    memberships.restore(by=cast.viewer(who, "Northwind"), step=step.pk)
        with cast.inside("sunny"), pytest.raises(undoing.TooLate):
            memberships.restore(by=cast.viewer("amara"), step=step.pk)


class TestSavedView:
    def kept(self) -> SavedView:
        with cast.inside():
            return saved_views.save(by=cast.viewer("sam"), place="accounts", name="Mine", query="sort=name")

    def test_it_comes_back(self):
        view = self.kept()
        undo = taken_back("sam", reverse("staff:saved_view_removal", args=[view.pk]))
        answer = undo()
        assert answer.status_code == 303 and answer["Location"].endswith("?sort=name")
        with cast.inside():
            assert SavedView.objects.get(pk=view.pk).name == "Mine"
        assert too_late(undo())

    def test_a_name_that_is_used_again_is_said(self):
        view = self.kept()
        undo = taken_back("sam", reverse("staff:saved_view_removal", args=[view.pk]))
        self.kept()
        answer = undo()
        assert answer.status_code == 409 and "You have a view of this name" in answer.content.decode()


class TestAnnouncement:
    def running(self, **more) -> Announcement:
        with cast.inside():
            return announcements.publish(
                by=cast.viewer("ada"), title="Closed on Friday", starts_on=datetime.date(2020, 1, 1), **more
            )

    def test_one_that_was_ended_runs_on_until_its_day(self):
        until = datetime.date(2050, 1, 1)
        for found, address in (
            (self.running(ends_on=until), "staff:announcement_end"),
            (self.running(account=cast.account("Northwind")), "staff:account_announcement_end"),
        ):
            ids = [found.account_id, found.pk] if found.account_id else [found.pk]
            undo = taken_back("ada", reverse(address, args=ids))
            with cast.inside():
                assert Announcement.objects.get(pk=found.pk).ends_on < until
            assert undo().status_code == 303
            with cast.inside():
                assert Announcement.objects.get(pk=found.pk).ends_on == found.ends_on
            assert too_late(undo())

    def test_one_that_was_changed_since_stays_as_it_was_changed(self):
        found = self.running()
        undo = taken_back("ada", reverse("staff:announcement_end", args=[found.pk]))
        with cast.inside():
            now = Announcement.objects.get(pk=found.pk)
            announcements.edit(
                by=cast.viewer("ada"), announcement=now, title="Open again", starts_on=now.starts_on,
                ends_on=now.ends_on, revision=now.revision,
            )  # fmt: skip
        assert too_late(undo())


class TestIntakeForm:
    def test_it_comes_back_as_it_was(self):
        with cast.inside():
            form = intake.create(by=cast.viewer("ada"), name="Become a client")
            before = IntakeForm.objects.filter(pk=form.pk).values().get()
        undo = taken_back("ada", reverse("staff:intake_form_removal", args=[form.pk]))
        with cast.inside():
            assert not IntakeForm.objects.filter(pk=form.pk).exists()
        assert undo().status_code == 303
        with cast.inside():
            after = IntakeForm.objects.filter(pk=form.pk).values().get()
        moments = ("created_at", "updated_at")
        assert {k: v for k, v in after.items() if k not in moments} == {
            k: v for k, v in before.items() if k not in moments
        }
        assert too_late(undo())

    def test_it_is_not_a_second_default_and_takes_no_used_address(self):
        with cast.inside():
            ada = cast.viewer("ada")
            IntakeForm.objects.all().delete()
            first = intake.create(by=ada, name="First")
            assert first.is_default
            step = intake.remove(by=ada, form=first)
            second = intake.create(by=ada, name="Second")
            assert step and second.is_default
            assert not intake.restore(by=ada, step=step.pk).is_default
            again = intake.remove(by=ada, form=IntakeForm.objects.get(pk=first.pk))
            intake.create(by=ada, name="First")
            assert again
            with pytest.raises(ValidationError):
                intake.restore(by=ada, step=again.pk)


class TestHostName:
    def test_one_that_led_here_leads_here_again_and_stays_the_first(self):
        with cast.inside() as harbor:
            [own] = OrganizationHost.objects.filter(organization=harbor)
            first = OrganizationHost.objects.create(organization=harbor, host="care.localhost")
            OrganizationHost.objects.filter(pk=first.pk).update(created_at=own.created_at - datetime.timedelta(days=9))
        undo = taken_back("ada", reverse("staff:brand_host_removal", args=[first.pk]))
        assert undo().status_code == 303
        with cast.inside() as harbor:
            in_order = OrganizationHost.objects.filter(organization=harbor).order_by("created_at")
            assert [one.pk for one in in_order] == [first.pk, own.pk]
        assert too_late(undo())

    def test_one_that_leads_elsewhere_by_now_stays_there(self):
        with cast.inside() as harbor:
            host = OrganizationHost.objects.create(organization=harbor, host="care.localhost")
        undo = taken_back("ada", reverse("staff:brand_host_removal", args=[host.pk]))
        with tenancy.scope(cast.organization("sunny").pk):
            OrganizationHost.objects.create(organization=cast.organization("sunny"), host="care.localhost")
        answer = undo()
        assert answer.status_code == 409 and "cannot be used here" in answer.content.decode()

    def test_one_that_waited_waits_for_the_same_records(self):
        with cast.inside():
            claim = hosts.claim(by=cast.viewer("ada"), host="care.localhost")
        undo = taken_back("ada", reverse("staff:brand_host_removal", args=[claim.pk]))
        assert undo().status_code == 303
        with cast.inside():
            assert HostClaim.objects.get().token == claim.token
        assert too_late(undo())


class TestEmailTemplate:
    SUBJECT, BODY = "Come in", "Hello.\n\n{{ button }}\n"

    def written(self) -> EmailTemplate:
        with cast.inside():
            return email_templates.activate(
                by=cast.viewer("ada"), kind="accounts.invitation", language="en", subject=self.SUBJECT, body=self.BODY,
                seen=0,
            )  # fmt: skip

    @pytest.mark.parametrize("what", ["reset", "deactivation"])
    def test_words_that_were_reset_or_put_aside_are_sent_again(self, what):
        template = self.written()
        address = reverse(f"staff:email_template_{what}", args=["accounts.invitation", "en"])
        undo = taken_back("ada", address, {"seen": template.revision})
        with cast.inside():
            assert not EmailTemplate.objects.get().is_active
        assert undo().status_code == 303
        with cast.inside():
            back = EmailTemplate.objects.get()
            assert (back.is_active, back.subject, back.body) == (True, self.SUBJECT, self.BODY)
            assert (back.draft_subject, back.draft_body) == (self.SUBJECT, self.BODY)
        assert too_late(undo())

    def test_what_somebody_wrote_since_stays(self):
        template = self.written()
        address = reverse("staff:email_template_reset", args=["accounts.invitation", "en"])
        undo = taken_back("ada", address, {"seen": template.revision})
        with cast.inside():
            email_templates.save_draft(
                by=cast.viewer("ada"), kind="accounts.invitation", language="en", subject="New", body=self.BODY,
                seen=template.revision + 1,
            )  # fmt: skip
        assert too_late(undo())
        with cast.inside():
            assert EmailTemplate.objects.get().draft_subject == "New"
