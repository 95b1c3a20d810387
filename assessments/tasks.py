"""Jobs about assessments. Ids in, one action out; each looks again at what is still to be done."""

import time
import uuid
from datetime import timedelta
from itertools import batched

import structlog
from celery import shared_task
from django.utils import timezone

from accounts import tenancy
from accounts.actions import mails
from accounts.models import Organization
from accounts.tasks import organizations
from accounts.viewer import Viewer, system_viewer, viewer_of_organization
from assessments import reminders
from assessments.actions import batches, campaigns
from assessments.models import Batch, Campaign
from portal.web import jobs

log = structlog.get_logger(__name__)

_AT_ONCE = 200
# One batch must not keep a worker from everybody else's jobs.
_TURN_SECONDS = 20
# Long enough for a worker that is merely busy.
_LOST_AFTER = timedelta(minutes=2)


@shared_task
def send_reminders() -> None:
    """This will queue the reminders whose time it is, in every organization; run twice, it queues nothing twice."""
    for organization_id in organizations():
        remind_in(organization_id)


def remind_in(organization_id: uuid.UUID) -> None:
    """This will queue one organization's reminders whose time it is."""
    with tenancy.scope(organization_id):
        organization = Organization.objects.get(pk=organization_id)
        by = system_viewer(organization)
        for some in batched(reminders.due(organization, timezone.now()), _AT_ONCE, strict=False):
            mails.queue_all(by=by, wanted=[_wanted(reminder) for reminder in some])


def _wanted(reminder: reminders.Reminder) -> mails.Wanted:
    person = reminder.person
    return mails.Wanted(
        kind=reminders.KIND,
        about=person,
        key=reminder.key,
        to_email=person.address,
        to_name=person.name or (person.user.name if person.user else ""),
        account=person.assessment.account,
        data={"due_on": reminder.due_on.isoformat()},
        user=person.user,
    )


@shared_task
def invite_batch(organization_id: str, batch_id: str) -> None:
    """This will queue the invitations of a batch, some at a time, each some in a transaction of their own, and pass the
    rest on to the end of the queue. Whoever asked is asked again what they may do."""
    until, organization = time.monotonic() + _TURN_SECONDS, uuid.UUID(organization_id)
    while True:
        with tenancy.scope(organization):
            batch = Batch.objects.filter(pk=batch_id).select_related("organization", "created_by").first()
            invited = batches.invite_some(by=_asker(batch), batch=batch) if batch else 0
        if not invited:
            return
        if time.monotonic() > until:
            jobs.hand_over("assessments.tasks.invite_batch", organization_id, batch_id)
            return


def _asker(batch: Batch) -> Viewer:
    if batch.created_by is None:
        return system_viewer(batch.organization)
    return viewer_of_organization(batch.created_by, batch.organization)


@shared_task
def sweep_batches() -> None:
    """This will take up the batches whose invitations were left half queued, and forget old drafts."""
    for organization_id in organizations():
        with tenancy.scope(organization_id):
            left = [str(batch.pk) for batch in batches.unfinished(_LOST_AFTER)]
            batches.forget_drafts()
        for batch_id in left:
            invite_batch(str(organization_id), batch_id)


@shared_task
def start_campaigns() -> None:
    """This will start the runs that come back and whose day has come, in every organization; twice, it starts none
    twice."""
    for organization_id in organizations():
        with tenancy.scope(organization_id):
            waiting = [campaign.pk for campaign in campaigns.due(timezone.now())]
        for campaign_id in waiting:
            _start_one(organization_id, campaign_id)


def _start_one(organization_id: uuid.UUID, campaign_id: uuid.UUID) -> None:
    """Each in a transaction of its own: one that fails holds up no other, and is tried again at the next turn."""
    try:
        with tenancy.scope(organization_id):
            campaign = Campaign.objects.select_related("account", "definition", "organization").get(pk=campaign_id)
            campaigns.start(by=system_viewer(campaign.organization), campaign=campaign, now=timezone.now())
    except Exception:
        log.exception("campaign_not_started", campaign=str(campaign_id))
