import uuid
from smtplib import SMTPServerDisconnected

import pytest
from celery.exceptions import Retry
from django.core import mail

from accounts import tasks
from accounts.actions import memberships
from accounts.models import AuditEntry, Membership
from tests import cast

pytestmark = pytest.mark.django_db

ORIGIN = "https://harbor.localhost"


@pytest.fixture
def robin() -> Membership:
    with cast.inside():
        return memberships.add(
            by=cast.system(), account=cast.account("Northwind"), email="robin@northwind.example", name="Robin Vale"
        )


def send(member: Membership, *, actor: str = "", invitation: str = "one", origin: str = ORIGIN) -> None:
    tasks.send_invitation.run(str(member.organization_id), actor, str(member.id), invitation, origin)


def test_one_invitation_is_sent_once_however_often_the_job_runs(robin):
    for _times in range(3):
        send(robin)
    assert len(mail.outbox) == 1
    send(robin, invitation="two")
    assert len(mail.outbox) == 2


def test_the_letter_is_plain_text_with_a_twin(robin):
    send(robin)
    (letter,) = mail.outbox
    assert letter.body.startswith("Hello Robin,")
    assert "Choose a password to begin:" in letter.body
    assert "The link works for 3 days" in letter.body
    (html, kind), *rest = letter.alternatives
    assert (kind, rest) == ("text/html", [])
    assert "<strong>Northwind Dental</strong>" in html
    assert ORIGIN in html


def test_names_are_escaped_in_the_twin_and_stay_one_line_in_the_subject(robin):
    with cast.inside():
        account = cast.account("Northwind")
        account.name = "A <b>&\u2028 Co"
        account.save()
    send(robin)
    (letter,) = mail.outbox
    assert "A <b>&" in letter.subject
    assert "\n" not in letter.subject
    assert "A &lt;b&gt;&amp;" in letter.alternatives[0][0]


def test_a_mail_that_could_not_be_handed_over_is_tried_again(robin, monkeypatch):
    def fail(self, *args, **kwargs):
        raise SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.message.EmailMessage.send", fail)
        with pytest.raises((Retry, SMTPServerDisconnected)):
            send(robin)
    with cast.inside():
        verbs = (
            AuditEntry.objects.filter(object_id=robin.id).order_by("created_at", "id").values_list("verb", flat=True)
        )
        assert list(verbs) == ["membership.added", "invitation.sent", "invitation.failed"]
    send(robin)
    send(robin)
    assert len(mail.outbox) == 1


def test_it_is_not_sent_for_an_actor_who_may_not_invite(robin):
    with pytest.raises(Exception, match="manage_people"):
        send(robin, actor=str(cast.person("sam").id))
    assert mail.outbox == []


def test_it_is_not_sent_when_the_membership_has_gone(robin):
    with cast.inside():
        memberships.remove(by=cast.system(), membership=Membership.objects.get(pk=robin.pk))
    send(robin)
    assert mail.outbox == []


def test_it_is_not_sent_to_who_may_not_sign_in(robin):
    robin.user.is_active = False
    robin.user.save()
    send(robin)
    assert mail.outbox == []


@pytest.mark.parametrize("origin", ["https://evil.example", "https://sunny.localhost", "", "not an address"])
def test_the_link_leads_to_the_organization_and_nowhere_else(robin, origin):
    send(robin, origin=origin)
    assert mail.outbox == []


def test_another_organizations_job_finds_nobody(robin):
    tasks.send_invitation.run(str(cast.organization("sunny").id), "", str(robin.id), uuid.uuid4().hex, ORIGIN)
    assert mail.outbox == []
