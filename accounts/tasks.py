"""Jobs about people and their mail. Ids in, one action out; each looks again at who asked and whether they still may."""

import time
import uuid

import structlog
from celery import shared_task

from accounts import mail_server, tenancy
from accounts.actions import mails
from accounts.models import Organization, OrganizationHost
from accounts.viewer import system_viewer
from portal.web import jobs

log = structlog.get_logger(__name__)

# One organization's many mails must not keep a worker from everybody else's jobs.
_TURN_SECONDS = 20
_AT_ONCE = 20


@shared_task
def deliver(organization_id: str, mail_id: str) -> None:
    """This will send one mail, if it is still to be sent: claimed first, certain in the database, then handed over.

    What cannot be written is put off and the error raised, for somebody to see.
    """
    organization, mail = uuid.UUID(organization_id), uuid.UUID(mail_id)
    try:
        with tenancy.scope(organization):
            claimed = mails.claim(mail_id=mail)
    except Exception as error:
        with tenancy.scope(organization):
            mails.set_aside(mail_id=mail, error=f"It could not be written ({type(error).__name__}).")
        raise
    if claimed is None:
        return
    outcome = mail_server.hand_over(claimed.message)
    with tenancy.scope(organization):
        mails.settle(mail=claimed.mail, outcome=outcome)


@shared_task
def deliver_due(organization_id: str) -> None:
    """This will send what an organization has waiting, the oldest first, and pass the rest on to the end of the queue."""
    until = time.monotonic() + _TURN_SECONDS
    while True:
        with tenancy.scope(uuid.UUID(organization_id)):
            waiting = mails.due_now(uuid.UUID(organization_id), _AT_ONCE)
        if not waiting:
            return
        for mail_id in waiting:
            if time.monotonic() > until:
                jobs.hand_over(mails.DELIVER_DUE, organization_id)
                return
            _deliver_one_of_many(organization_id, str(mail_id))


def _deliver_one_of_many(organization_id: str, mail_id: str) -> None:
    """One mail that cannot be written is put off; it does not hold up the others."""
    try:
        deliver(organization_id, mail_id)
    except Exception:
        log.exception("mail_not_written", mail=mail_id)


@shared_task
def sweep_mails() -> None:
    """This will look for mails left behind: what a worker died over is marked for a person, what nobody took is sent."""
    for organization_id in organizations():
        with tenancy.scope(organization_id):
            organization = Organization.objects.filter(pk=organization_id).first()
            if organization is not None:
                uncertain, waiting = mails.requeue_stuck(by=system_viewer(organization))
                if uncertain or waiting:
                    log.warning("mails_left", organization=str(organization_id), uncertain=uncertain, waiting=waiting)


def organizations() -> list[uuid.UUID]:
    """This will list the organizations there are: the table of hosts is the one thing to be read without a tenant."""
    return list(
        OrganizationHost.objects.order_by("organization_id").values_list("organization_id", flat=True).distinct()
    )
