"""The mails about people and their access."""

from urllib.parse import urlencode

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import addresses, audit, mailing
from accounts.mailing import Button, Content, Paragraph
from accounts.models import Mail, Membership
from accounts.roles import Can, Role
from accounts.viewer import Viewer


@mailing.kind("accounts.invitation", asked_with=Can.MANAGE_PEOPLE)
def invitation(mail: Mail, by: Viewer) -> Content | None:
    """This will invite to the portal: to choose a password, or for who has one already, to sign in."""
    members = Membership.objects.filter(organization=mail.organization).select_related("user", "account")
    membership = members.filter(pk=mail.about).first()
    origin = addresses.origin_of(mail.organization, mail.data.get("origin", ""))
    if membership is None or not membership.user.is_active or not origin:
        return None
    if mail.attempts == 1:
        audit.record(by, "invitation.sent", membership, membership.account)
    is_new = not membership.user.has_usable_password()
    link = origin + (_choose_password(membership) if is_new else _sign_in(membership))
    return Content(
        subject=_subject(membership, mail),
        parts=(
            Paragraph(_("Hello %(name)s,") % {"name": membership.user.get_short_name()}),
            Paragraph(_words(membership, mail)),
            Paragraph(
                _("Choose a password to begin:") if is_new else _("Sign in with the password you already have:"),
                leads_on=True,
            ),
            Button(_("Choose a password") if is_new else _("Sign in"), link),
            *([Paragraph(_while_it_works(), is_quiet=True)] if is_new else []),
        ),
        why=_("You did not expect this? Then you need not do anything, or write back to %(organization)s.")
        % {"organization": mail.organization.name},
    )


def _subject(membership: Membership, mail: Mail) -> str:
    names = {"organization": mail.organization.name, "account": membership.account}
    if membership.account:
        return _("%(organization)s invites you to the portal of %(account)s") % names
    return _("%(organization)s invites you to its portal") % names


def _words(membership: Membership, mail: Mail) -> str:
    names = {
        "organization": mail.organization.name,
        "account": membership.account,
        "role": membership.get_role_display(),
    }
    if membership.role == Role.CLIENT:
        return (
            _("%(organization)s has given you access to the portal of %(account)s. ") % names
            + _("There you take assessments and see their results.")
        )  # fmt: skip
    if membership.account:
        return _("You now look after %(account)s in the portal of %(organization)s, as %(role)s.") % names
    return _("You now look after the portal of %(organization)s, as %(role)s.") % names


def _while_it_works() -> str:
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    return ngettext(
        "The link works for %(days)d day, and once. After that, ask for a new one under “Forgot your password?” "
        "on the sign-in page.",
        "The link works for %(days)d days, and once. After that, ask for a new one under “Forgot your password?” "
        "on the sign-in page.",
        days,
    ) % {"days": days}


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
