"""From a draft to a batch: who gets what, once, and each Account Executive only of their own accounts."""

import datetime

import pytest
from django.core import mail as outbox
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import memberships
from accounts.models import AuditEntry, Mail, MailState
from assessments import tasks
from assessments.actions import assessments, batches, respondents
from assessments.batching import batch_people, batch_plan
from assessments.batching.batch_input import Row, Verdict
from assessments.batching.batch_plan import Setup
from assessments.models import Assessment, Batch, BatchDraft, Campaign, Mode, Respondent
from library.models import Definition, LibraryEntry
from tests import cast

pytestmark = pytest.mark.django_db


def definition() -> Definition:
    return Definition.objects.get(key="vendor-risk")


def people(count: int = 3, account: str = "") -> list[Row]:
    return [Row(number, f"Person {number}", f"person{number}@example.com", account) for number in range(1, count + 1)]


def drafted(rows: list[Row] | None = None, *, who: str = "sam", account: str = "Northwind", **more) -> BatchDraft:
    """This will write down a batch. Call it inside a scope."""
    setup = Setup(**{"definition": str(definition().pk), "who": "paste", "name": "Spring check"} | more)
    by = cast.viewer(who, account)
    return batches.keep(
        by=by, account=cast.account(account) if account else None, setup=setup, rows=people() if rows is None else rows
    )


def sent(draft: BatchDraft, who: str = "sam") -> Batch:
    by = cast.viewer(who)
    return batches.create(by=by, draft=draft, seen=batch_plan.plan(by, draft).token)


def everybody_invited(batch: Batch, who: str = "sam") -> int:
    total = 0
    while invited := batches.invite_some(by=cast.viewer(who), batch=batch):
        total += invited
    return total


def test_a_batch_makes_one_run_with_its_people():
    with cast.inside():
        day = timezone.localdate() + datetime.timedelta(days=20)
        draft = drafted(mode=Mode.INDEPENDENT, due_on=day, notify_at_percent=50, message="Hello")
        assert Assessment.objects.filter(name="Spring check").count() == 0
        batch = sent(draft)
        run = Assessment.objects.get(batch=batch)
        assert (run.name, run.mode, run.due_on, run.notify_at_percent) == ("Spring check", "independent", day, 50)
        assert sorted(row.email for row in run.respondents.all()) == [row.email for row in people()]
        assert (batch.message, batch.due_on, batch.created_by.email) == ("Hello", day, cast.EMAILS["sam"])
        assert everybody_invited(batch) == 3
        assert Mail.objects.filter(kind="assessments.invitation", about__in=run.respondents.values("pk")).count() == 3
        assert everybody_invited(batch) == 0


def test_a_double_click_is_one_batch():
    with cast.inside():
        draft, by = drafted(), cast.viewer("sam")
        token = batch_plan.plan(by, draft).token
        assert batches.create(by=by, draft=draft, seen=token) == batches.create(by=by, draft=draft, seen=token)
        assert Batch.objects.filter(name="Spring check").count() == 1


def test_what_changed_since_it_was_looked_at_is_not_sent():
    with cast.inside():
        draft, by = drafted(), cast.viewer("sam")
        seen = batch_plan.plan(by, draft).token
        run = assessments.create(by=by, account=cast.account("Northwind"), definition=definition(), another=True)
        respondents.add(by=by, run=run, people=[respondents.Person("", people()[0].email)])
        with pytest.raises(batches.Overtaken):
            batches.create(by=by, draft=draft, seen=seen)
        assert batch_plan.plan(by, draft).counts[Verdict.PRESENT] == 1
        assert Batch.objects.filter(name="Spring check").count() == 0


def test_who_answers_it_already_is_asked_only_when_wished():
    with cast.inside():
        sent(drafted())
        again = drafted()
        plan = batch_plan.plan(cast.viewer("sam"), again)
        assert plan.counts == {Verdict.PRESENT: 3}
        assert not plan.can_be_sent
        with pytest.raises(batches.NothingToSend):
            batches.create(by=cast.viewer("sam"), draft=again, seen=plan.token)
        wished = Setup(**vars(Setup.of(again)) | {"includes_present": True})
        batches.keep(by=cast.viewer("sam", "Northwind"), account=again.account, setup=wished, draft=again)
        again.refresh_from_db()
        assert batch_plan.plan(cast.viewer("sam"), again).invited == 3


def test_a_client_of_the_account_is_asked_as_the_user_they_are():
    with cast.inside():
        priya = cast.person("priya")
        batch = sent(drafted([Row(1, "Somebody", priya.email.upper())]))
        [one] = Respondent.objects.filter(assessment__batch=batch)
        assert one.user == priya


def test_picked_people_are_those_of_the_account_and_no_others():
    with cast.inside():
        ids = (str(cast.person("priya").pk), str(cast.person("carla").pk), "nonsense")
        setup = Setup(definition=str(definition().pk), who="pick", people=ids)
        by = cast.viewer("sam", "Northwind")
        plan = batch_plan.plan(cast.viewer("sam"), batches.keep(by=by, account=cast.account("Northwind"), setup=setup))
        assert [one.email for one in plan.judged] == [cast.EMAILS["priya"]]


def across(rows: list[Row], by: str = "ada", **more) -> BatchDraft:
    """This will write down a batch whose rows name their accounts. Call it inside a scope."""
    setup = Setup(**{"definition": str(definition().pk), "who": "paste", "name": "All over"} | more)
    return batches.keep(by=cast.viewer(by), setup=setup, rows=rows)


def test_rows_that_name_their_account_make_a_run_in_each():
    with cast.inside():
        names = set(batch_plan.usable_accounts(cast.viewer("ada")).values_list("name", flat=True))
        other = sorted(names - {"Northwind Dental"})[0]
        more = [Row(9, "Bo", "bo@example.com", other), Row(10, "", "x@example.com", "Nowhere")]
        batch = sent(across([*people(2, "Northwind Dental"), *more]), "ada")
        runs = Assessment.objects.filter(batch=batch).order_by("account__name")
        assert {run.account.name: run.respondents.count() for run in runs} == {"Northwind Dental": 2, other: 1}


def test_an_account_executive_uses_only_their_own_accounts():
    with cast.inside():
        lenas = batch_plan.usable_accounts(cast.viewer("lena")).values_list("name", flat=True)
        rows = [Row(1, "", "a@example.com", "Northwind Dental"), Row(2, "", "b@example.com", lenas[0])]
        plan = batch_plan.plan(cast.viewer("lena"), across(rows, "lena"))
        assert [one.verdict for one in plan.judged] == [Verdict.UNKNOWN_ACCOUNT, Verdict.INVITED]
        # Priya is a client of Northwind: that Lena's row would name her tells nothing.
        known = batch_plan.plan(cast.viewer("lena"), across([Row(1, "", cast.EMAILS["priya"])], "lena"))
        assert known.judged[0].verdict is Verdict.NO_ACCOUNT
        assert known.judged[0].why == ""


def test_a_draft_for_an_account_that_is_lost_does_nothing():
    with cast.inside():
        draft, sam = drafted(), cast.person("sam")
        plan = batch_plan.plan(cast.viewer("sam"), draft)
        own = sam.memberships.get(account=cast.account("Northwind"))
        memberships.remove(by=cast.viewer("ada", "Northwind"), membership=own)
        with pytest.raises((batches.Overtaken, PermissionDenied)):
            batches.create(by=cast.viewer("sam"), draft=draft, seen=plan.token)
        assert Assessment.objects.filter(name="Spring check").count() == 0


def test_who_loses_an_account_while_the_batch_is_being_sent_invites_nobody_further():
    with cast.inside():
        batch = sent(drafted())
        own = cast.person("sam").memberships.get(account=cast.account("Northwind"))
        memberships.remove(by=cast.viewer("ada", "Northwind"), membership=own)
        assert everybody_invited(batch) == 0
        assert not Respondent.objects.filter(assessment__batch=batch, invited_at__isnull=False).exists()


def test_a_client_and_a_technician_may_not_even_begin():
    with cast.inside():
        setup = Setup(definition=str(definition().pk))
        for who in ("priya", "dana"):
            with pytest.raises(PermissionDenied):
                batches.keep(by=cast.viewer(who, "Northwind"), account=cast.account("Northwind"), setup=setup, rows=[])


def test_nobody_takes_up_the_draft_of_somebody_else():
    with cast.inside():
        draft = drafted()
        seen = batch_plan.plan(cast.viewer("ada"), draft).token
        with pytest.raises(BatchDraft.DoesNotExist):
            batches.create(by=cast.viewer("ada"), draft=draft, seen=seen)
        other = batches.keep(
            by=cast.viewer("ada", "Northwind"), account=draft.account, setup=Setup.of(draft), draft=draft
        )
        assert other.pk != draft.pk


def test_accounts_get_the_assessment_without_anybody_being_written_to():
    with cast.inside():
        northwind = cast.account("Northwind")
        LibraryEntry.objects.filter(account=northwind, definition=definition()).delete()
        draft = across([], who="ada", accounts=(str(northwind.pk),), invites="nobody")
        draft.values["who"] = "accounts"
        draft.save()
        batch = sent(draft, "ada")
        assert Assessment.objects.get(batch=batch).account == northwind
        assert LibraryEntry.objects.filter(account=northwind, definition=definition()).exists()
        assert batches.invite_some(by=cast.viewer("ada"), batch=batch) == 0


def test_picked_accounts_invite_their_company_admins():
    with cast.inside():
        northwind = cast.account("Northwind")
        plan = batch_plan.plan(cast.viewer("ada"), across([], who="accounts", accounts=(str(northwind.pk),)))
        assert [one.email for one in plan.judged if one.is_used] == [cast.EMAILS["priya"]]


def test_a_batch_may_begin_a_campaign():
    with cast.inside():
        batch = sent(drafted(every_months=3, message="Again"))
        run = Assessment.objects.get(batch=batch)
        campaign = Campaign.objects.get()
        assert run.campaign == campaign
        assert (campaign.every_months, campaign.carries_over, campaign.message) == (3, True, "Again")


def test_the_queries_of_a_plan_do_not_grow_with_its_rows():
    with cast.inside():
        counts = []
        for count in (1, 3, 400):
            draft = drafted(people(count))
            batch_plan.plan(cast.viewer("sam"), draft)
            by = cast.viewer("sam")
            with CaptureQueriesContext(connections["default"]) as taken:
                batch_plan.plan(by, draft)
            counts.append(len(taken))
    assert len(set(counts)) == 1


def test_more_than_one_run_takes_are_not_sent():
    with cast.inside():
        plan = batch_plan.plan(cast.viewer("sam"), drafted(people(2_001)))
        assert plan.too_many_in == "Northwind Dental"
        assert not plan.can_be_sent


def test_a_lost_job_is_found_by_the_clock():
    with cast.inside():
        batch = sent(drafted())
        assert batches.unfinished(datetime.timedelta(minutes=2)) == []
        BatchDraft.objects.filter(batch=batch).update(updated_at=timezone.now() - datetime.timedelta(minutes=5))
        assert batches.unfinished(datetime.timedelta(minutes=2)) == [batch]
        everybody_invited(batch)
        assert batches.unfinished(datetime.timedelta(minutes=2)) == []


def test_old_drafts_are_forgotten_and_unsent_invitations_are_not():
    with cast.inside():
        kept, batch = drafted(), sent(drafted())
        BatchDraft.objects.update(updated_at=timezone.now() - datetime.timedelta(days=20))
        assert batches.forget_drafts() == 1
        assert not BatchDraft.objects.filter(pk=kept.pk).exists()
        assert BatchDraft.objects.filter(batch=batch).exists()
        everybody_invited(batch)
        BatchDraft.objects.update(updated_at=timezone.now() - datetime.timedelta(days=20))
        assert batches.forget_drafts() == 1
        assert Batch.objects.filter(pk=batch.pk).exists()


def test_the_job_invites_everybody_once_even_when_it_runs_twice(django_capture_on_commit_callbacks):
    with cast.inside() as harbor:
        with django_capture_on_commit_callbacks(execute=True):
            batch = sent(drafted(people(60)))
        for _again in range(2):
            tasks.invite_batch(str(harbor.pk), str(batch.pk))
        about = Respondent.objects.filter(assessment__batch=batch)
        assert Mail.objects.filter(about__in=about.values("pk")).count() == 60
        assert about.filter(invited_at__isnull=False).count() == 60


def test_a_reminder_goes_only_to_those_missing():
    with cast.inside():
        batch = sent(drafted(people(4)))
        everybody_invited(batch)
        one, two, three, four = Respondent.objects.filter(assessment__batch=batch).order_by("email")
        Respondent.objects.filter(pk=one.pk).update(submitted_at=timezone.now())
        Respondent.objects.filter(pk=two.pk).update(stopped_at=timezone.now())
        Respondent.objects.filter(pk=three.pk).update(invited_at=None)
        assert batches.remind(by=cast.viewer("sam"), batch=batch) == [four]
        assert Mail.objects.get(kind="assessments.reminder").to_email == four.email


def test_the_due_date_is_set_for_every_run_the_viewer_looks_after():
    with cast.inside():
        names = sorted(batch_plan.usable_accounts(cast.viewer("ada")).values_list("name", flat=True))
        rows = [Row(number, "", f"p{number}@example.com", name) for number, name in enumerate(names, 1)]
        batch = sent(across(rows), "ada")
        day = timezone.localdate() + datetime.timedelta(days=9)
        sams = batch_plan.usable_accounts(cast.viewer("sam"))
        assert batches.set_due(by=cast.viewer("sam"), batch=batch, due_on=day) == sams.count()
        batch.refresh_from_db()
        assert batch.due_on is None
        changed = set(Assessment.objects.filter(batch=batch, due_on=day).values_list("account_id", flat=True))
        assert changed == set(sams.values_list("pk", flat=True))
        batches.set_due(by=cast.viewer("ada"), batch=batch, due_on=day)
        batch.refresh_from_db()
        assert batch.due_on == day


def test_of_a_batch_over_two_executives_accounts_each_sees_their_own():
    with cast.inside():
        lenas = batch_plan.usable_accounts(cast.viewer("lena")).values_list("name", flat=True)[0]
        batch = sent(across([*people(3, "Northwind Dental"), Row(9, "Lea", "lea@example.com", lenas)]), "ada")
        everybody_invited(batch, "ada")
        chosen = batch_people.Filter()
        for who, expected in (("sam", 3), ("lena", 1), ("ada", 4)):
            by = cast.viewer(who)
            assert batch_people.counts(by, batch)["all"] == expected
            assert batch_people.sending(by, batch).total == expected
            assert batch_people.people_of(by, batch, chosen).count() == expected
            assert len(list(batch_people.table(by, batch, chosen))) == expected
        assert not batch_people.batches_of(cast.viewer("dana")).exists()


def test_the_sending_is_told_as_it_stands():
    with cast.inside():
        batch, by = sent(drafted(people(5))), cast.viewer("sam")
        first = batch_people.sending(by, batch)
        assert (first.total, first.to_queue, first.is_under_way) == (5, 5, True)
        everybody_invited(batch)
        queued = batch_people.sending(by, batch)
        assert (queued.waiting, queued.settled, queued.is_under_way) == (5, 0, True)
        mails = list(Mail.objects.filter(kind="assessments.invitation").order_by("pk"))
        for mail, state in zip(mails, ("sent", "delivered", "bounced", "failed", "unknown"), strict=True):
            Mail.objects.filter(pk=mail.pk).update(state=state)
        done = batch_people.sending(by, batch)
        assert (done.sent, done.undeliverable, done.unknown, done.is_under_way) == (2, 2, 1, False)
        assert batch_people.uncertain(by, batch, 9) == [mails[4]]


def test_an_uncertain_mail_is_sent_again_by_a_person_of_the_account():
    with cast.inside():
        batch = sent(drafted(people(1)))
        everybody_invited(batch)
        mail = Mail.objects.get(kind="assessments.invitation")
        Mail.objects.update(state=MailState.UNKNOWN)
        mail = Mail.objects.select_related("account").get(pk=mail.pk)
        with pytest.raises(PermissionDenied):
            batches.send_again(by=cast.viewer("lena"), mail=mail)
        assert batches.send_again(by=cast.viewer("sam"), mail=mail).state == MailState.QUEUED


def test_the_activity_of_the_account_says_who_gave_it_to_how_many():
    with cast.inside():
        sent(drafted())
        entry = AuditEntry.objects.get(verb="batch.created")
        assert (entry.actor, entry.account, entry.details["people"]) == (
            cast.person("sam"), cast.account("Northwind"), 3,
        )  # fmt: skip


def test_a_batch_is_sent_by_the_machinery_of_jobs(django_capture_on_commit_callbacks):
    with cast.inside():
        draft, by = drafted(people(3)), cast.viewer("sam")
        seen = batch_plan.plan(by, draft).token
    with django_capture_on_commit_callbacks(execute=True), cast.inside():
        batch = batches.create(by=cast.viewer("sam"), draft=draft, seen=seen)
    with cast.inside():
        assert Respondent.objects.filter(assessment__batch=batch, invited_at__isnull=False).count() == 3
    assert sorted(letter.to[0] for letter in outbox.outbox) == [row.email for row in people()]
