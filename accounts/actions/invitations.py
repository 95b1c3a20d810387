"""Inviting people by mail: a link to choose a password, or for who has one already, a link to sign in."""

from email.utils import formataddr
from urllib.parse import urlencode, urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEntry, Membership, OrganizationHost
from accounts.roles import Can, Role
from accounts.viewer import Viewer

SENT, FAILED = "invitation.sent", "invitation.failed"


@transaction.atomic
def claim(*, by: Viewer, membership: Membership, invitation: str, origin: str) -> EmailMultiAlternatives | None:
    """This will write the mail of one invitation and record it as sent, before it is: a mail is never sent twice.

    `invitation` names this one invitation: asking again for the same one returns None, unless every earlier attempt
    was recorded as failed. `origin` is the address the portal is reached at, such as https://acme.example; None too
    when it is not one of the organization's, or when the person may no longer sign in.
    """
    by.require(Can.MANAGE_PEOPLE)
    # The row is locked, so that two workers with the same job do not both find nothing.
    member = Membership.objects.select_for_update(of=("self",)).select_related("user", "account", "organization")
    membership = member.get(pk=membership.pk)
    entries = AuditEntry.objects.filter(organization=by.organization, object_id=membership.pk)
    earlier = list(entries.filter(details__invitation=invitation).values_list("verb", flat=True))
    if earlier.count(SENT) > earlier.count(FAILED) or not membership.user.is_active or not _is_ours(origin, membership):
        return None
    audit.record(by, SENT, membership, membership.account, invitation=invitation)
    return _mail(membership, origin)


@transaction.atomic
def record_failure(*, by: Viewer, membership: Membership, invitation: str) -> None:
    """This will record that the mail could not be handed over, so that it may be tried again."""
    by.require(Can.MANAGE_PEOPLE)
    audit.record(by, FAILED, membership, membership.account, invitation=invitation)


def _is_ours(origin: str, membership: Membership) -> bool:
    host = (urlsplit(origin).hostname or "").lower()
    return OrganizationHost.objects.filter(organization=membership.organization, host=host).exists()


def _mail(membership: Membership, origin: str) -> EmailMultiAlternatives:
    user, organization = membership.user, membership.organization
    context = {
        "name": user.get_short_name(),
        "organization": organization,
        "account": membership.account,
        "is_client": membership.role == Role.CLIENT,
        "role": membership.get_role_display(),
        "is_new": not user.has_usable_password(),
        "link": origin + (_sign_in(membership) if user.has_usable_password() else _choose_password(membership)),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    mail = EmailMultiAlternatives(
        subject=" ".join(render_to_string("mail/invitation.subject.txt", context).split()),
        body=render_to_string("mail/invitation.txt", context),
        from_email=formataddr((organization.name, settings.DEFAULT_FROM_EMAIL)),
        to=[user.email],
        reply_to=[organization.support_email] if organization.support_email else None,
    )
    mail.attach_alternative(render_to_string("mail/invitation.html", context), "text/html")
    return mail


def _landing(membership: Membership) -> str:
    """This will return the address of what the person was invited to."""
    if membership.role == Role.CLIENT:
        return reverse("client:home", args=[membership.account_id])
    return (
        reverse("staff:account_overview", args=[membership.account_id])
        if membership.account_id
        else reverse("staff:overview")
    )


def _sign_in(membership: Membership) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': _landing(membership)})}"


def _choose_password(membership: Membership) -> str:
    key = default_token_generator.make_token(membership.user)
    address = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(membership.user), key])
    return f"{address}?{urlencode({'next': _landing(membership)})}"
