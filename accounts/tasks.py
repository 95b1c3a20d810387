"""Jobs about people. Ids in, one action out; each looks again at who asked and whether they still may."""

import uuid
from smtplib import SMTPException

from celery import Task, shared_task
from django.db import transaction

from accounts import tenancy
from accounts.actions import invitations
from accounts.models import Membership, Organization, User
from accounts.viewer import Viewer, system_viewer, viewer_of_organization
from portal.web.ids import uuid7


def invite_after_commit(by: Viewer, membership: Membership, origin: str) -> None:
    """This will hand the invitation of a membership to a worker once the running transaction is committed."""
    arguments = [
        str(by.organization.id), str(by.user.id) if by.user else "", str(membership.id), uuid7().hex, origin,
    ]  # fmt: skip
    transaction.on_commit(lambda: send_invitation.delay(*arguments), robust=True)


@shared_task(bind=True, max_retries=6)
def send_invitation(
    self: Task, organization_id: str, actor_id: str, membership_id: str, invitation: str, origin: str
) -> None:
    """This will send one invitation once; an empty `actor_id` stands for the system.

    What cannot be handed over is tried again after 1, 2, 4 … minutes. Nothing is sent when the actor may no longer
    invite, or the membership has gone.
    """
    with tenancy.scope(uuid.UUID(organization_id)):
        by, membership = _actor(organization_id, actor_id), Membership.objects.filter(pk=membership_id).first()
        if membership is None:
            return
        mail = invitations.claim(by=by, membership=membership, invitation=invitation, origin=origin)
    if mail is None:
        return
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        with tenancy.scope(uuid.UUID(organization_id)):
            invitations.record_failure(by=by, membership=membership, invitation=invitation)
        raise self.retry(exc=error, countdown=60 * 2**self.request.retries) from error


def _actor(organization_id: str, actor_id: str) -> Viewer:
    organization = Organization.objects.get(pk=organization_id)
    if not actor_id:
        return system_viewer(organization)
    return viewer_of_organization(User.objects.get(pk=actor_id), organization)
