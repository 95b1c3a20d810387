import pytest
from django.core import mail

from accounts import tasks
from accounts.actions import invitations, memberships
from accounts.models import AuditEntry, Mail, MailState, Membership
from accounts.roles import Role
from accounts.viewer import Viewer
from tests import cast

pytestmark = pytest.mark.django_db

ORIGIN = "https://harbor.localhost"


@pytest.fixture
def robin() -> Membership:
    with cast.inside():
        return memberships.add(
            by=cast.system(), account=cast.account("Northwind"), email="robin@northwind.example", name="Robin Vale"
        )


def invite(member: Membership, by: Viewer | None = None, origin: str = ORIGIN) -> Mail:
    with cast.inside():
        return invitations.invite(by=by or cast.system(), membership=member, origin=origin)


def send(queued: Mail) -> str:
    """Let a worker send it, and return what the outbox says then."""
    tasks.deliver(str(queued.organization_id), str(queued.pk))
    with cast.inside():
        return Mail.objects.get(pk=queued.pk).state


def test_one_invitation_is_sent_once_however_often_the_job_runs(robin):
    first = invite(robin)
    for _times in range(3):
        send(first)
    assert len(mail.outbox) == 1
    send(invite(robin))
    assert len(mail.outbox) == 2


def test_the_letter_is_plain_text_with_a_twin(robin):
    send(invite(robin))
    (letter,) = mail.outbox
    assert letter.body.startswith("Hello Robin,")
    assert "Choose a password to begin:" in letter.body
    assert "The link works for 3 days" in letter.body
    (html, kind), *rest = letter.alternatives
    assert (kind, rest) == ("text/html", [])
    assert "Harbor IT has given you access to the portal of Northwind Dental." in html
    assert ORIGIN in html


def test_who_looks_after_the_account_is_told_as_what():
    with cast.inside():
        member = memberships.add(
            by=cast.system(),
            account=cast.account("Cobalt"),
            email="robin@harbor.example",
            name="Robin Vale",
            role="technician",
        )
    send(invite(member))
    assert "You now look after Cobalt Logistics in the portal of Harbor IT, as Technician." in mail.outbox[0].body


def test_names_stay_text_in_the_twin_and_one_line_in_the_subject(robin):
    with cast.inside():
        account = cast.account("Northwind")
        account.name = "A <b>&\u2028 Co"
        account.save()
    send(invite(robin))
    (letter,) = mail.outbox
    assert "A <b>&" in letter.subject
    assert "\n" not in letter.subject
    assert "\u2028" not in letter.subject
    assert "A &lt;b&gt;&amp;" in letter.alternatives[0][0]


def test_it_is_not_sent_for_an_actor_who_may_not_invite(robin):
    with pytest.raises(Exception, match="manage_people"), cast.inside():
        invitations.invite(by=cast.viewer("sam", "Northwind"), membership=robin)
    with cast.inside():
        assert not Mail.objects.exists()


def test_it_is_not_sent_once_the_actor_may_no_longer_invite(robin):
    with cast.inside():
        queued = invitations.invite(by=cast.viewer("ada", "Northwind"), membership=robin)
        memberships.add(by=cast.system(), email="next@harbor.example", name="Next Admin", role=Role.ADMIN)
        memberships.remove(by=cast.system(), membership=Membership.objects.get(user=cast.person("ada")))
    assert send(queued) == MailState.CANCELLED
    assert mail.outbox == []


def test_it_is_not_sent_when_the_membership_has_gone(robin):
    queued = invite(robin)
    with cast.inside():
        memberships.remove(by=cast.system(), membership=Membership.objects.get(pk=robin.pk))
    assert send(queued) == MailState.CANCELLED
    assert mail.outbox == []


def test_it_is_not_sent_to_who_may_not_sign_in(robin):
    queued = invite(robin)
    robin.user.is_active = False
    robin.user.save()
    assert send(queued) == MailState.CANCELLED


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "https://sunny.localhost", "", "not an address", "http://["]
)
def test_the_link_leads_to_the_organization_and_nowhere_else(robin, origin):
    send(invite(robin, origin=origin))
    assert "http://harbor.localhost/account/" in mail.outbox[0].body
    assert "evil" not in mail.outbox[0].body
    assert "sunny" not in mail.outbox[0].body


def test_another_organizations_job_finds_nobody(robin):
    queued = invite(robin)
    tasks.deliver(str(cast.organization("sunny").id), str(queued.pk))
    assert mail.outbox == []


def test_the_invitation_stands_in_the_account_s_activity(robin):
    with cast.inside():
        queued = invitations.invite(by=cast.viewer("ada", "Northwind"), membership=robin)
    send(queued)
    with cast.inside():
        entry = AuditEntry.objects.get(verb="invitation.sent", object_id=robin.id)
        assert entry.account == cast.account("Northwind")
