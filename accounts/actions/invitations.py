"""Inviting people by mail: a link to choose a password, or for who has one already, a link to sign in."""

from django.db import transaction

from accounts.actions import mails
from accounts.models import Mail, Membership
from accounts.viewer import Viewer
from portal.web.ids import uuid7

KIND = "accounts.invitation"


@transaction.atomic
def invite(*, by: Viewer, membership: Membership, origin: str = "") -> Mail:
    """This will invite who holds a membership, by mail; each call is one invitation, so asking again sends another.

    `origin` is the address the portal is reached at, such as https://acme.example: one of the organization's own, or
    its usual one is taken. Raises PermissionDenied for who may not manage people.
    """
    return mails.queue(
        by=by,
        kind=KIND,
        about=membership,
        key=f"{KIND}:{membership.pk}:{uuid7().hex}",
        to_email=membership.user.email,
        to_name=membership.user.name,
        account=membership.account,
        data={"origin": origin},
    )
