"""Jobs about people and their mail. Ids in, one action out; each looks again at who asked and whether they still may."""

import time
import uuid
from contextlib import suppress

import structlog
from celery import shared_task
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import tenancy
from accounts.actions import account_imports, accounts, audit_seals, hosts, intake, mails, notifications
from accounts.brand import hosts as host_names
from accounts.mail import mail_server
from accounts.models import Account, Announcement, EmailTemplate, HostClaim, Organization, OrganizationHost, User
from accounts.notices import announcement_notices, notices
from accounts.register import deletion
from accounts.roles import Can
from accounts.viewer import system_viewer, viewer_of_organization
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


@shared_task
def send_digests() -> None:
    """This will queue the daily mails of everybody whose morning it is; run twice, nobody gets two."""
    for organization_id in organizations():
        with tenancy.scope(organization_id):
            by = system_viewer(Organization.objects.get(pk=organization_id))
            notifications.send_digests(by=by, now=timezone.now())


@shared_task
def forget_notifications() -> None:
    """This will remove what people read long ago, in every organization."""
    for organization_id in organizations():
        with tenancy.scope(organization_id):
            by = system_viewer(Organization.objects.get(pk=organization_id))
            notifications.forget_old(by=by, now=timezone.now())


@shared_task
def tell_of_broken_template(organization_id: str, template_id: str, revision: int, reason: str) -> None:
    """This will tell the Admins that their words for a mail did not hold, once for each state of them."""
    with tenancy.scope(uuid.UUID(organization_id)):
        template = (
            EmailTemplate.objects.filter(pk=template_id, revision=revision).select_related("organization").first()
        )
        if template is not None:
            notices.template_broken(system_viewer(template.organization), template, reason)


@shared_task
def forget_old_intake() -> None:
    """This will erase intake submissions that were rejected long ago, and forget where the others came from."""
    for organization_id in organizations():
        with tenancy.scope(organization_id):
            organization = Organization.objects.filter(pk=organization_id).first()
            if organization is not None:
                intake.forget_old(by=system_viewer(organization))


@shared_task
def tell_announcement(organization_id: str, announcement_id: str) -> None:
    """This will tell the clients of each account an announcement is for and has begun in; told again, it is the same."""
    organization = uuid.UUID(organization_id)
    with tenancy.scope(organization):
        by = system_viewer(Organization.objects.get(pk=organization))
        found = Announcement.objects.visible_to(by).select_related("organization").filter(pk=announcement_id).first()
        reached = announcement_notices.accounts_to_tell(by, found) if found else []
    for account in reached:
        assert found is not None  # else it reaches nobody
        with tenancy.scope(organization):
            announcement_notices.tell(by, found, account)


@shared_task
def tell_announcements() -> None:
    """This will tell what begins now somewhere, and what was missed in the last days, in every organization."""
    for organization_id in organizations():
        with tenancy.scope(organization_id):
            waiting = announcement_notices.untold(system_viewer(Organization.objects.get(pk=organization_id)))
        for announcement in waiting:
            jobs.hand_over(announcement_notices.TELL, str(organization_id), str(announcement.pk))


@shared_task
def check_host(organization_id: str, claim_id: str, user_id: str) -> None:
    """This will look the records of a claimed host name up and settle the claim, for who asked and still may.

    The name service is asked outside of any transaction: it may take its time.
    """
    organization = uuid.UUID(organization_id)
    with tenancy.scope(organization):
        claim = HostClaim.objects.filter(pk=claim_id).first()
        leads = OrganizationHost.objects.filter(organization=organization).order_by("created_at", "id").first()
    if claim is None or leads is None:
        return
    missing = host_names.missing(claim.host, claim.token, leads.host)
    with tenancy.scope(organization):
        by = viewer_of_organization(User.objects.get(pk=user_id), Organization.objects.get(pk=organization))
        if not by.can(Can.MANAGE_SETTINGS):
            log.info("host_check_refused", organization=organization_id, claim=claim_id)
            return
        try:
            hosts.settle(by=by, claim=claim, missing=missing)
        except ValidationError:  # it has come to lead elsewhere meanwhile, or nobody waits for it any more
            with suppress(ValidationError):
                hosts.settle(by=by, claim=claim, missing=[host_names.UNUSABLE])


def organizations() -> list[uuid.UUID]:
    """This will list the organizations there are: the table of hosts is the one thing to be read without a tenant."""
    return list(
        OrganizationHost.objects.order_by("organization_id").values_list("organization_id", flat=True).distinct()
    )


@shared_task
def seal_audit() -> None:
    """This will seal every organization's audit trail. The digest goes to the logs, which are kept elsewhere."""
    for organization_id in organizations():
        try:
            with tenancy.scope(organization_id):
                made = audit_seals.seal(by=system_viewer(Organization.objects.get(pk=organization_id)))
        except Exception:
            log.exception("audit_not_sealed", organization=str(organization_id))
        else:
            if made is not None:
                log.info("audit_sealed", organization=str(organization_id), number=made.number, digest=made.digest)


@shared_task
def purge_accounts() -> None:
    """This will make accounts that were deleted 30 days ago really gone, and forget old imports, in every organization.

    Each account in a transaction of its own: one that fails holds up no other, and is tried again the next day.
    """
    for organization_id in organizations():
        with tenancy.scope(organization_id):
            by = system_viewer(Organization.objects.get(pk=organization_id))
            account_imports.forget_old(by=by)
            waiting = list(deletion.overdue(organization_id))
        for account in waiting:
            _purge_one(organization_id, account.pk)


def _purge_one(organization_id: uuid.UUID, account_id: uuid.UUID) -> None:
    try:
        with tenancy.scope(organization_id):
            account = Account.objects.select_related("organization").get(pk=account_id)
            rows = accounts.purge(by=system_viewer(account.organization), account=account)
    except Exception:
        log.exception("account_not_purged", account=str(account_id))
    else:
        log.info("account_purged", organization=str(organization_id), account=str(account_id), rows=sum(rows.values()))
