"""A deleted account is gone everywhere, for everybody; for 30 days it can come back; then nothing of it is left."""

import datetime
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import grants, tasks, tenancy
from accounts.actions import accounts, mails
from accounts.models import Account, AuditEntry, Mail, MailState, Membership, Organization
from accounts.register import deletion
from accounts.roles import Can
from assessments import account_files, reminders
from assessments.actions import campaigns, report_links, respondents
from assessments.actions import links as guest_links
from assessments.actions.respondents import Person
from assessments.models import Report, ReportTemplate
from assessments.models.upload import private_files
from tests import cast
from tests.accounts import every_row
from tests.assessments import stage

on_the_usual = pytest.mark.django_db


def address(page: str, *more) -> str:
    return reverse(f"staff:{page}", args=[cast.account("Northwind").pk, *more])


def deleted() -> Account:
    """This will delete Northwind. Call it inside a scope."""
    north = cast.account("Northwind")
    assert accounts.delete(by=cast.viewer("ada"), account=north, typed_name="Northwind Dental")
    return north


def shared_report_of_northwind() -> str:
    """This will share a released report and return the token. Call it inside a scope."""
    run = stage.released()
    template = ReportTemplate.objects.filter(is_default=True).first()
    report = Report.objects.create(
        organization=run.organization, account=run.account, assessment=run, template=template, template_name="Whole",
        edition=9, content={"sections": []}, content_hash="0", is_released=True,
    )  # fmt: skip
    _link, token = report_links.create(by=cast.viewer("sam", "Northwind"), report=report, days=3)
    return token


# --- Asking ----------------------------------------------------------------------------------------------------------


@on_the_usual
def test_the_page_says_what_goes_and_asks_for_the_name():
    page = cast.visitor("ada").get(address("account_deletion")).content.decode()
    assert re.search(r"<b>5</b> people lose access", page)
    assert re.search(r"<b>3</b> sites", page)
    assert "For 30 days an Admin can bring it back" in page


@on_the_usual
@pytest.mark.parametrize("typed", ["", "Northwind", "northwind dental", "Cobalt Logistics"])
def test_another_name_deletes_nothing(typed):
    answer = cast.visitor("ada").post(address("account_deletion"), {"typed_name": typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors["typed_name"]
    with cast.inside():
        assert Account.objects.get(name="Northwind Dental").deleted_at is None


@on_the_usual
def test_the_right_name_deletes_it_with_an_undo():
    ada, restoration = cast.visitor("ada"), reverse("staff:account_restoration", args=[cast.account("Northwind").pk])
    page = ada.post(address("account_deletion"), {"typed_name": " Northwind  Dental "}, follow=True).content.decode()
    assert "Northwind Dental is deleted. It can be brought back for 30 days." in page
    assert f'action="{restoration}"' in page
    assert "Northwind Dental" in ada.get("/staff/settings/deleted-accounts/").content.decode()
    back = ada.post(restoration, follow=True)
    assert "Northwind Dental is back" in back.content.decode()
    assert back.request["PATH_INFO"] == address("account_overview")


@on_the_usual
@pytest.mark.parametrize("name", ["sam", "dana", "priya"])
def test_only_an_admin_deletes_archives_and_restores(name):
    with cast.inside():
        by, north = cast.viewer(name, "Northwind"), cast.account("Northwind")
        for step in (
            lambda: accounts.archive(by=by, account=north),
            lambda: accounts.unarchive(by=by, account=north),
            lambda: accounts.delete(by=by, account=north, typed_name=north.name),
            lambda: accounts.restore(by=by, account=north),
        ):
            with pytest.raises(PermissionDenied):
                step()


# --- Gone, and back --------------------------------------------------------------------------------------------------


@on_the_usual
def test_it_is_gone_for_everybody_and_comes_back_whole():
    with cast.inside():
        run = stage.launched()
        link, token = guest_links.share(by=cast.viewer("sam", "Northwind"), run=run)
        report_token = shared_report_of_northwind()
        mail = mails.queue(
            by=cast.system(), kind="accounts.invitation", key="waits", about=cast.person("priya"), to_name="Priya",
            to_email="priya@northwind.example", account=cast.account("Northwind"),
        )  # fmt: skip
    before = snapshot_of_grants()
    assert cast.visitor().get(f"/r/{token}/").status_code == 200
    assert cast.visitor().get(f"/shared-report/{report_token}/").status_code == 200
    with cast.inside():
        north = deleted()
        assert not accounts.delete(by=cast.viewer("ada"), account=north, typed_name=north.name), "once"

    for who in ("ada", "sam", "dana", "priya"):
        visitor = cast.visitor(who)
        for page in ("account_overview", "account_assessments", "account_edit", "account_deletion"):
            assert visitor.get(address(page)).status_code == 404, (who, page)
        assert visitor.get(f"/portal/{north.pk}/").status_code == 404
    for who in ("ada", "sam"):
        visitor = cast.visitor(who)
        for page in (
            "/staff/",
            "/staff/accounts/",
            "/staff/accounts.csv",
            "/staff/overview.csv",
            "/staff/assessments/",
        ):
            assert "Northwind" not in visitor.get(page).content.decode(), (who, page)
    home = cast.visitor("priya").get("/")
    assert home.status_code == 200
    assert home.context["doors"] == []
    assert "Northwind" not in home.content.decode()
    assert cast.visitor().get(f"/r/{token}/").status_code == 410
    assert cast.visitor().get(f"/shared-report/{report_token}/").status_code == 410
    with cast.inside() as organization:
        assert organization.deleted_account_ids == [north.pk]
        assert grants.stored_grants(cast.person("priya"), organization) == set()
        assert grants.drift(organization) == []
        assert mails.claim(mail_id=mail.pk) is None
        assert mail.pk not in mails.due_now(organization.pk, 100)
        assert Mail.objects.get(pk=mail.pk).state == MailState.QUEUED, "it waits"

    with cast.inside() as organization:
        assert accounts.restore(by=cast.viewer("ada"), account=north)
        assert not accounts.restore(by=cast.viewer("ada"), account=north), "once"
        organization.refresh_from_db()
        assert organization.deleted_account_ids == []
        assert mail.pk in mails.due_now(organization.pk, 100)
    assert snapshot_of_grants() == before
    assert cast.visitor().get(f"/r/{token}/").status_code == 200
    assert cast.visitor().get(f"/shared-report/{report_token}/").status_code == 200
    assert cast.visitor("priya").get(f"/portal/{north.pk}/").status_code == 200
    assert cast.visitor("sam").get(address("account_overview")).status_code == 200


def snapshot_of_grants() -> dict[str, set]:
    with cast.inside() as organization:
        return {name: grants.stored_grants(cast.person(name), organization) for name in cast.EMAILS}


@on_the_usual
def test_a_name_that_was_taken_meanwhile_asks_for_another_one():
    with cast.inside():
        north = deleted()
        accounts.create(by=cast.system(), name="Northwind Dental")
    ada, restoration = cast.visitor("ada"), reverse("staff:account_restoration", args=[north.pk])
    refused = ada.post(restoration)
    assert refused.status_code == 422
    assert "Another account already has this name" in refused.content.decode()
    assert ada.post(restoration, {"name": "Northwind Dental (old)"}).status_code == 303
    with cast.inside():
        assert Account.objects.get(pk=north.pk).name == "Northwind Dental (old)"


@on_the_usual
def test_the_trail_keeps_who_deleted_it_and_who_brought_it_back():
    with cast.inside() as organization:
        north = deleted()
        accounts.restore(by=cast.viewer("ada"), account=north)
        entries = AuditEntry.objects.filter(organization=organization, object_id=north.pk, actor=cast.person("ada"))
        assert {"account.deleted", "account.restored"} <= set(entries.values_list("verb", flat=True))
        assert entries.get(verb="account.deleted").account_id is None, "it stays when the account is gone"


@on_the_usual
def test_when_it_was_deleted_cannot_be_said_to_be_longer_ago():
    with cast.inside():
        long_ago = timezone.now() - datetime.timedelta(days=99)
        Account.objects.filter(name="Northwind Dental").update(deleted_at=long_ago)
        assert Account.objects.get(name="Northwind Dental").deleted_at > timezone.now() - datetime.timedelta(minutes=10)
        with pytest.raises(DatabaseError), transaction.atomic():
            Account.objects.filter(name="Northwind Dental").update(deleted_at=long_ago)


# --- Archived --------------------------------------------------------------------------------------------------------


@on_the_usual
def test_an_archived_account_stays_with_staff_and_lets_its_people_out():
    with cast.inside():
        run = stage.launched()
        _link, token = guest_links.share(by=cast.viewer("sam", "Northwind"), run=run)
        report_token = shared_report_of_northwind()
    ada = cast.visitor("ada")
    page = ada.post(address("account_archive"), follow=True).content.decode()
    assert "Its people have no access any more." in page
    assert f'action="{address("account_reactivation")}"' in page
    assert cast.visitor("sam").get(address("account_overview")).status_code == 200
    assert cast.visitor("priya").get(f"/portal/{cast.account('Northwind').pk}/").status_code == 404
    assert cast.visitor("priya").get("/").context["doors"] == []
    assert cast.visitor().get(f"/r/{token}/").status_code == 410
    assert cast.visitor().get(f"/shared-report/{report_token}/").status_code == 410
    for place in ("/staff/", "/staff/accounts/"):
        assert "Northwind" not in rows_of(ada.get(place))
    assert "Northwind Dental" in rows_of(ada.get("/staff/accounts/?view=archived"))
    ada.post(address("account_reactivation"))
    assert cast.visitor("priya").get(f"/portal/{cast.account('Northwind').pk}/").status_code == 200
    assert cast.visitor().get(f"/r/{token}/").status_code == 200


def rows_of(response) -> str:
    return " ".join(row.account.name for row in response.context["rows"])


@on_the_usual
def test_nothing_is_sent_to_the_people_of_an_archived_account_and_nothing_started():
    with cast.inside() as organization:
        sam, north = cast.viewer("sam", "Northwind"), cast.account("Northwind")
        run = stage.launched()
        [person] = respondents.add(by=sam, run=run, people=[Person("Ann", "ann@example.com")])
        respondents.invite(by=sam, respondents=[person])
        mail = Mail.objects.get(to_email="ann@example.com")
        run.due_on = timezone.localdate() + datetime.timedelta(days=7)
        run.save(update_fields=["due_on"])
        campaign = campaigns.begin(by=sam, run=run, every_months=3)
        type(campaign).objects.filter(pk=campaign.pk).update(next_on=timezone.localdate() - datetime.timedelta(days=1))
        tomorrow_morning = timezone.now().replace(hour=14) + datetime.timedelta(days=0)
        assert campaigns.due(tomorrow_morning) == [campaign]
        accounts.archive(by=cast.viewer("ada"), account=north)
        assert campaigns.due(tomorrow_morning) == []
        assert [one for one in reminders.due(organization, tomorrow_morning) if one.person.account_id == north.pk] == []
        assert mails.claim(mail_id=mail.pk) is None
        assert Mail.objects.get(pk=mail.pk).state == MailState.CANCELLED


# --- Gone for good ---------------------------------------------------------------------------------------------------


def delete_days_ago(account: Account, days: int) -> None:
    """This will let the owner of the tables say that the account was deleted so many days ago."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization_id', %s, true)", [str(account.organization_id)])
        cursor.execute(
            "UPDATE accounts_account SET deleted_at = now() - make_interval(days => %s) WHERE id = %s",
            [days, account.pk],
        )
        assert cursor.rowcount == 1


def purge_by_hand(account: Account) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_purge(%s)", [account.pk])


def test_after_thirty_days_nothing_is_left_and_nothing_else_is_touched(fresh_database):
    with cast.inside():
        north, cobalt = cast.account("Northwind"), cast.account("Cobalt")
        file = stage.attach(
            cast.viewer("priya", "Northwind"), stage.launched(definition=stage.publish(stage.RICH))
        ).file
        elsewhere = private_files().save(f"reports/{cobalt.organization_id}/{cobalt.pk}/kept.pdf", stage.file())
        for account in (north,):
            every_row.fill(account)
        tables = every_row.tables()
        assert [table for table in tables if not every_row.count_in(table, north)] == [], "every kind of row is there"
    with cast.inside():
        deleted()
        before = every_row.everything_else(north)
    delete_days_ago(north, 29)
    tasks.purge_accounts()
    with cast.inside():
        assert Account.objects.filter(pk=north.pk).exists(), "a day is left"
        with pytest.raises(accounts.NotDeletedLongEnough):
            accounts.purge(by=cast.system(), account=north)
        with pytest.raises(DatabaseError, match="30 days"), transaction.atomic():
            purge_by_hand(north)
        with pytest.raises(DatabaseError, match="30 days"), transaction.atomic():
            purge_by_hand(cobalt)
        assert private_files().exists(file.name)
    delete_days_ago(north, 31)
    with cast.inside():
        assert not accounts.restore(by=cast.viewer("ada"), account=north), "too late"
        with pytest.raises(PermissionDenied):
            accounts.purge(by=cast.viewer("ada"), account=north)
    with cast.inside("sunny"), pytest.raises(DatabaseError, match="no such account"), transaction.atomic():
        purge_by_hand(north)

    tasks.purge_accounts()
    tasks.purge_accounts()
    with cast.inside() as organization:
        assert [table for table in tables if every_row.count_in(table, north)] == []
        assert not Account.objects.filter(pk=north.pk).exists()
        assert organization.deleted_account_ids == []
        after = every_row.everything_else(north)
        changed = {table for table in before if before[table] != after[table]}
        assert changed <= {"accounts_auditentry", "accounts_organization"}
        entry = AuditEntry.objects.get(verb="account.purged")
        assert (entry.object_label, entry.account_id, entry.actor) == ("Northwind Dental", None, None)
        assert entry.details["rows"] > len(tables)
        assert grants.drift(organization) == []
        assert Membership.objects.filter(user=cast.person("priya")).count() == 0
    assert not private_files().exists(file.name)
    assert account_files.files_of(north) == []
    assert private_files().exists(elsewhere)
    private_files().delete(elsewhere)
    # Who belongs nowhere keeps the login, which opens nothing.
    home = cast.visitor("priya").get("/")
    assert (home.status_code, home.context["doors"]) == (200, [])
    assert cast.visitor("ada").get(f"/staff/accounts/{north.pk}/").status_code == 404


def test_one_that_cannot_be_purged_holds_up_no_other(fresh_database, monkeypatch):
    with cast.inside():
        north, cobalt = cast.account("Northwind"), cast.account("Cobalt")
        for account in (north, cobalt):
            accounts.delete(by=cast.viewer("ada"), account=account, typed_name=account.name)
    for account, days in ((north, 40), (cobalt, 31)):
        delete_days_ago(account, days)
    whole = accounts.purge

    def failing(*, by, account):
        if account.pk == north.pk:
            raise RuntimeError("a disk is full")
        return whole(by=by, account=account)

    monkeypatch.setattr(tasks.accounts, "purge", failing)
    tasks.purge_accounts()
    with cast.inside():
        assert Account.objects.filter(pk=north.pk).exists()
        assert not Account.objects.filter(pk=cobalt.pk).exists()


@on_the_usual
def test_the_readonly_login_may_not_purge():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege('portal_readonly', 'accounts_purge(uuid)', 'EXECUTE'), "
            "has_function_privilege('portal_web', 'accounts_purge(uuid)', 'EXECUTE')"
        )
        assert cursor.fetchone() == (False, True)


@on_the_usual
def test_who_may_not_delete_sees_no_deleted_accounts():
    with cast.inside():
        deleted()
        assert list(deletion.waiting(cast.viewer("sam"))) == []
        assert not cast.viewer("sam").can(Can.DELETE_ACCOUNTS)
    assert cast.visitor("sam").get("/staff/settings/deleted-accounts/").status_code == 404
    with cast.inside("sunny"):
        assert list(deletion.waiting(cast.viewer("amara"))) == []
        assert Organization.objects.count() == 1
        assert tenancy.running_scope().account_ids is None
