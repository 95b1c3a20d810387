"""The outbox: asked for once, claimed once, sent once; what nobody is certain about, a person decides."""

import smtplib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail as post
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tasks
from accounts.actions import mails
from accounts.mail import mail_server, mailing
from accounts.mail.mail_server import AnswerLost, Fate, Outcome
from accounts.models import AuditEntry, Mail, MailState
from accounts.roles import Can
from portal.web import jobs
from portal.web.ids import uuid7
from tests import cast

pytestmark = pytest.mark.django_db

FREE, GUARDED, CALL = "tests.free", "tests.guarded", "tests.call"
ABOUT = uuid7()


def words(mail: Mail, by) -> mailing.Content | None:
    if mail.data.get("needless"):
        return None
    if mail.data.get("broken"):
        raise RuntimeError("no words")
    return mailing.Content("A subject", (mailing.Paragraph(f"Hello {mail.to_name}"),))


def everybody(mail: Mail, by) -> list[mailing.Addressee]:
    return [mailing.Addressee(f"{name}@x.example", name, name) for name in mail.data["people"]]


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    monkeypatch.setattr(mailing, "_KINDS", dict(mailing._KINDS))
    mailing.kind(FREE)(words)
    mailing.kind(GUARDED, asked_with=Can.CREATE_ASSESSMENTS)(words)
    mailing.kind(CALL, to=everybody)(words)


@pytest.fixture
def northwind():
    with cast.inside():
        yield cast.account("Northwind")


def queued(northwind, key: str = "one", kind: str = FREE, by=None, **more) -> Mail:
    more.setdefault("to_email", f"{key}@x.example")
    return mails.queue(by=by or cast.system(), kind=kind, about=ABOUT, account=northwind, key=key, **more)


def now_of(mail: Mail) -> Mail:
    mail.refresh_from_db()
    return mail


def deliver(mail: Mail) -> Mail:
    tasks.deliver(str(mail.organization_id), str(mail.pk))
    return now_of(mail)


def server_does(monkeypatch, what: Callable) -> None:
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", lambda self, messages: what())


def raising(error: BaseException) -> Callable:
    def fail():
        raise error

    return fail


# Asking ---------------------------------------------------------------------------------------------------------------


def test_asking_twice_is_one_mail(northwind):
    first, second = queued(northwind), queued(northwind, to_email="other@x.example")
    assert first.pk == second.pk
    assert second.to_email == "one@x.example"


def test_it_is_handed_over_when_it_is_certain_and_not_before(northwind, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mail = queued(northwind)
        assert post.outbox == []
    assert [letter.to for letter in post.outbox] == [["one@x.example"]]
    assert now_of(mail).state == MailState.SENT
    assert mail.sent_at


def test_nobody_asks_for_what_they_may_not(northwind):
    with pytest.raises(PermissionDenied):
        queued(northwind, kind=GUARDED, by=cast.viewer("priya", "Northwind"))
    with pytest.raises(PermissionDenied):
        queued(northwind, kind=GUARDED, by=cast.viewer("iris"))
    with pytest.raises(mailing.UnknownKind):
        queued(northwind, kind="tests.nobody_wrote_this")
    assert not Mail.objects.exists()


def test_two_hundred_mails_are_asked_for_in_two_queries(northwind, django_capture_on_commit_callbacks):
    system = cast.system()
    wanted = [mails.Wanted(FREE, ABOUT, f"key {n}", f"p{n}@x.example", account=northwind) for n in range(200)]
    with django_capture_on_commit_callbacks() as handed_over, CaptureQueriesContext(connection) as queries:
        rows = mails.queue_all(by=system, wanted=wanted)
    assert [row.key for row in rows] == [one.key for one in wanted]
    assert len([query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]) <= 4
    assert len(handed_over) == 1
    for job in handed_over:
        job()
    assert len(post.outbox) == 200


def test_a_broker_that_is_down_costs_the_page_one_wait_and_no_mail(
    northwind, monkeypatch, django_capture_on_commit_callbacks
):
    asked: list[str] = []

    def refuse(self, *args, **kwargs):
        asked.append(self["task"])
        raise ConnectionRefusedError

    monkeypatch.setattr(jobs, "_quiet_until", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr("celery.canvas.Signature.apply_async", refuse)
        with django_capture_on_commit_callbacks(execute=True):
            for number in range(5):
                queued(northwind, f"key {number}")
    assert len(asked) == 1
    assert Mail.objects.filter(state=MailState.QUEUED).count() == 5
    monkeypatch.setattr(jobs, "_quiet_until", 0.0)
    Mail.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_mails()
    assert len(post.outbox) == 5


# Claiming ---------------------------------------------------------------------------------------------------------------


def test_a_mail_is_claimed_once(northwind):
    mail = queued(northwind)
    claimed = mails.claim(mail_id=mail.pk)
    assert claimed is not None
    assert now_of(mail).state == MailState.SENDING
    assert mail.attempts == 1
    assert mail.message_id == claimed.message.extra_headers["Message-ID"]
    assert mails.claim(mail_id=mail.pk) is None


def test_one_not_due_yet_is_left(northwind, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mail = queued(northwind, not_before=timezone.now() + timedelta(hours=1))
    assert mails.claim(mail_id=mail.pk) is None
    Mail.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_mails()
    assert now_of(mail).state == MailState.SENT


def test_one_that_is_not_needed_any_more_is_cancelled(northwind):
    assert deliver(queued(northwind, data={"needless": True})).state == MailState.CANCELLED
    assert post.outbox == []


def test_the_right_of_who_asked_is_asked_again(northwind):
    mail = queued(northwind, kind=GUARDED, by=cast.viewer("sam", "Northwind"))
    with cast.inside():
        sam = cast.person("sam")
        sam.is_active = False
        sam.save()
    assert deliver(mail).state == MailState.CANCELLED


def test_somebody_deleted_is_not_taken_for_the_system(northwind):
    mail = queued(northwind, kind=GUARDED, by=cast.viewer("sam", "Northwind"))
    Mail.objects.update(asked_by=None)
    assert deliver(mail).state == MailState.CANCELLED
    assert deliver(queued(northwind, "two", kind=GUARDED)).state == MailState.SENT


def test_what_cannot_be_written_is_put_off_and_given_up_at_last(northwind):
    mail = queued(northwind, data={"broken": True})
    for attempt in range(1, mails.MOST_ATTEMPTS + 1):
        with pytest.raises(RuntimeError):
            deliver(mail)
        assert now_of(mail).attempts == attempt
        Mail.objects.update(not_before=None)
    assert mail.state == MailState.FAILED
    assert "RuntimeError" in mail.error


def test_one_that_cannot_be_written_does_not_hold_up_the_others(northwind):
    broken, fine = queued(northwind, data={"broken": True}), queued(northwind, "two")
    tasks.deliver_due(str(northwind.organization_id))
    assert (now_of(broken).state, now_of(fine).state) == (MailState.QUEUED, MailState.SENT)
    assert broken.not_before > timezone.now()


def test_a_call_goes_out_to_everybody_its_kind_names(northwind, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        call = queued(northwind, kind=CALL, to_email="", data={"people": ["ann", "bob"]})
    assert sorted(letter.to[0] for letter in post.outbox) == ["ann@x.example", "bob@x.example"]
    assert now_of(call).state == MailState.SENT
    assert Mail.objects.filter(kind=CALL).count() == 3


# Settling ---------------------------------------------------------------------------------------------------------------


def test_trouble_on_the_way_is_tried_again_later_and_later(northwind, monkeypatch):
    mail = queued(northwind)
    pauses = []
    with monkeypatch.context() as patch:
        server_does(patch, raising(ConnectionRefusedError("nobody home")))
        for _attempt in range(mails.MOST_ATTEMPTS):
            deliver(mail)
            pauses.append(round((mail.not_before - timezone.now()) / timedelta(minutes=1)) if mail.not_before else None)
            assert "nobody home" in mail.error
            Mail.objects.update(not_before=None)
    assert pauses == [1, 2, 4, 8, 16, None]
    assert mail.state == MailState.FAILED
    assert post.outbox == []


def test_a_mail_that_got_through_at_last_is_sent(northwind, monkeypatch):
    mail = queued(northwind)
    with monkeypatch.context() as patch:
        server_does(patch, raising(smtplib.SMTPServerDisconnected()))
        assert deliver(mail).state == MailState.QUEUED
    assert deliver(mail).state == MailState.QUEUED, "not before its time"
    Mail.objects.update(not_before=None)
    assert deliver(mail).state == MailState.SENT
    assert mail.error == ""


@pytest.mark.parametrize(
    ("answer", "state"),
    [((550, b"5.1.1 no such user"), MailState.BOUNCED), ((450, b"4.7.1 greylisted"), MailState.QUEUED)],
)
def test_an_address_refused_for_good_is_bounced_and_one_refused_for_now_is_not(northwind, monkeypatch, answer, state):
    server_does(monkeypatch, raising(smtplib.SMTPRecipientsRefused({"one@x.example": answer})))
    mail = deliver(queued(northwind))
    assert mail.state == state
    assert answer[1].decode() in mail.error


def test_a_lost_answer_is_not_tried_again_by_a_machine(northwind, monkeypatch, django_capture_on_commit_callbacks):
    with monkeypatch.context() as patch:
        server_does(patch, raising(AnswerLost("timed out")))
        mail = deliver(queued(northwind))
    assert mail.state == MailState.UNKNOWN
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_mails()
    assert post.outbox == []


def test_what_a_dead_worker_left_is_unknown_after_some_minutes_and_never_sent_by_itself(
    northwind, django_capture_on_commit_callbacks
):
    mail = queued(northwind)
    claimed = mails.claim(mail_id=mail.pk)
    tasks.sweep_mails()
    assert now_of(mail).state == MailState.SENDING
    Mail.objects.update(claimed_at=timezone.now() - mails.UNCERTAIN_AFTER - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sweep_mails()
        tasks.sweep_mails()
    assert now_of(mail).state == MailState.UNKNOWN
    assert post.outbox == []
    assert claimed is not None


def test_a_slow_worker_that_comes_back_settles_what_was_taken_for_unknown(northwind):
    mail = queued(northwind)
    claimed = mails.claim(mail_id=mail.pk)
    assert claimed is not None
    Mail.objects.update(state=MailState.UNKNOWN)
    mails.settle(mail=claimed.mail, outcome=Outcome(Fate.TAKEN))
    assert now_of(mail).state == MailState.SENT


def test_a_late_outcome_settles_its_own_claim_only(northwind):
    mail = queued(northwind)
    claimed = mails.claim(mail_id=mail.pk)
    assert claimed is not None
    Mail.objects.update(state=MailState.UNKNOWN)
    mails.send_again(by=cast.viewer("sam", "Northwind"), mail=mail)
    mails.claim(mail_id=mail.pk)
    mails.settle(mail=claimed.mail, outcome=Outcome(Fate.LATER))
    assert now_of(mail).state == MailState.SENDING


# Deciding ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [MailState.UNKNOWN, MailState.FAILED, MailState.BOUNCED])
def test_a_person_may_send_it_again(northwind, state, django_capture_on_commit_callbacks):
    mail = queued(northwind)
    Mail.objects.update(state=state, attempts=6)
    with django_capture_on_commit_callbacks(execute=True):
        mails.send_again(by=cast.viewer("sam", "Northwind"), mail=mail)
    assert now_of(mail).state == MailState.SENT
    assert mail.asked_by == cast.person("sam")
    assert AuditEntry.objects.filter(verb="mail.sent_again", object_id=mail.pk).count() == 1


@pytest.mark.parametrize("state", [MailState.QUEUED, MailState.SENDING, MailState.SENT, MailState.DELIVERED])
def test_nothing_else_is_sent_again(northwind, state):
    mail = queued(northwind)
    Mail.objects.update(state=state)
    with pytest.raises(mails.NotToBeSentAgain):
        mails.send_again(by=cast.viewer("sam", "Northwind"), mail=mail)
    assert now_of(mail).state == state


@pytest.mark.parametrize(("who", "where"), [("priya", "Northwind"), ("dana", "Northwind"), ("iris", "")])
def test_who_may_not_ask_may_not_ask_again(northwind, who, where):
    mail = queued(northwind)
    Mail.objects.update(state=MailState.UNKNOWN)
    with pytest.raises(PermissionDenied):
        mails.send_again(by=cast.viewer(who, where), mail=mail)


def test_what_became_of_it_only_the_system_says(northwind):
    mail = deliver(queued(northwind))
    with pytest.raises(PermissionDenied):
        mails.bounced(by=cast.viewer("ada", "Northwind"), mail=mail, reason="")
    mails.delivered(by=cast.system(), mail=mail)
    assert now_of(mail).state == MailState.DELIVERED
    mails.bounced(by=cast.system(), mail=mail, reason="the mailbox\r\nis gone")
    assert (now_of(mail).state, mail.error) == (MailState.BOUNCED, "the mailbox is gone")
    mails.delivered(by=cast.system(), mail=mail)
    assert now_of(mail).state == MailState.BOUNCED
    assert AuditEntry.objects.filter(verb="mail.bounced").count() == 1


def test_another_account_s_staff_and_clients_see_none_of_it(northwind):
    queued(northwind)
    assert Mail.objects.visible_to(cast.viewer("sam", "Northwind")).count() == 1
    assert Mail.objects.visible_to(cast.viewer("carla", "Cobalt")).count() == 0
    with cast.inside("sunny"):
        assert Mail.objects.count() == 0


def test_nothing_secret_is_stored(northwind, monkeypatch):
    monkeypatch.setattr(mail_server, "hand_over", lambda message: Outcome(Fate.LATER, error="x" * 900))
    mail = deliver(queued(northwind))
    assert len(mail.error) == 300
