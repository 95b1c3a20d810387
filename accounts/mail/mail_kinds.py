"""The mails about people and their access."""

from urllib.parse import urlencode

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import addresses, audit
from accounts.mail import mailing
from accounts.mail.mailing import Button, Content, Paragraph, Variable, Wording
from accounts.models import Mail, Membership, User
from accounts.notices import notification_kinds
from accounts.roles import Can, Role
from accounts.viewer import Viewer

FORGOTTEN, RESET = "accounts.forgotten_password", "accounts.password_reset"
SECURITY_NOTICE = "accounts.security_notice"


@mailing.kind("accounts.invitation", asked_with=Can.MANAGE_PEOPLE)
def invitation(mail: Mail, by: Viewer) -> Content | None:
    """This will invite to the portal: to choose a password, or for who has one already, to sign in."""
    members = Membership.objects.filter(organization=mail.organization).select_related("user", "account")
    membership = members.filter(pk=mail.about).first()
    origin = addresses.origin_of(mail.organization, mail.data.get("origin", ""))
    if membership is None or membership.suspended_at or not membership.user.is_active or not origin:
        return None
    if membership.user.email != mail.to_email:  # put right since: the link would let in whoever reads the old address
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
        values={
            "account": membership.account.name if membership.account else "",
            "role": str(membership.get_role_display()),
            "is_client": membership.role == Role.CLIENT,
            "has_password": not is_new,
            "days": str(_days()),
        },
        opens=membership.user if is_new else None,
    )


@mailing.kind("accounts.password_reset", asked_with=Can.MANAGE_PEOPLE)
def password_reset(mail: Mail, by: Viewer) -> Content | None:
    """This will let a person choose a new password, because an Admin asked for it."""
    members = Membership.objects.filter(organization=mail.organization, user=mail.about).active()
    membership = members.select_related("user", "account").order_by("created_at").first()
    origin = addresses.origin_of(mail.organization, mail.data.get("origin", ""))
    if membership is None or not origin or membership.user.email != mail.to_email:
        return None
    return Content(
        subject=_("Choose a new password for the portal of %(organization)s")
        % {"organization": mail.organization.name},
        parts=(
            Paragraph(_("Hello %(name)s,") % {"name": membership.user.get_short_name()}),
            Paragraph(
                _("%(organization)s asks you to choose a new password for its portal. Until you do, the old one works.")
                % {"organization": mail.organization.name}
            ),
            Button(_("Choose a password"), origin + _choose_password(membership)),
            Paragraph(_while_it_works(), is_quiet=True),
        ),
        why=_("You did not expect this? Then you need not do anything, or write back to %(organization)s.")
        % {"organization": mail.organization.name},
        values={"days": str(_days())},
        opens=membership.user,
    )


def _subject(membership: Membership, mail: Mail) -> str:
    names = {"organization": mail.organization.name, "account": membership.account}
    return (_to_account() if membership.account else _to_portal()) % names


def _to_account() -> str:
    return _("%(organization)s invites you to the portal of %(account)s")


def _to_portal() -> str:
    return _("%(organization)s invites you to its portal")


def _words(membership: Membership, mail: Mail) -> str:
    names = {
        "organization": mail.organization.name,
        "account": membership.account,
        "role": membership.get_role_display(),
    }
    if membership.role == Role.CLIENT:
        return _as_client() % names
    return (_as_staff() if membership.account else _as_admin()) % names


def _as_client() -> str:
    return _("%(organization)s has given you access to the portal of %(account)s. ") + _(
        "There you take assessments and see their results."
    )


def _as_staff() -> str:
    return _("You now look after %(account)s in the portal of %(organization)s, as %(role)s.")


def _as_admin() -> str:
    return _("You now look after the portal of %(organization)s, as %(role)s.")


def _while_it_works() -> str:
    days = _days()
    return ngettext(
        "The link works for %(days)d day, and once. After that, ask for a new one under “Forgot your password?” "
        "on the sign-in page.",
        "The link works for %(days)d days, and once. After that, ask for a new one under “Forgot your password?” "
        "on the sign-in page.",
        days,
    ) % {"days": days}


def _days() -> int:
    return settings.PASSWORD_RESET_TIMEOUT // 86_400


def _source_of_invitation() -> tuple[str, str]:
    names = {"organization": "{{ organization }}", "account": "{{ account }}", "role": "{{ role }}"}
    subject = f"{{% if account %}}{_to_account() % names}{{% else %}}{_to_portal() % names}{{% endif %}}"
    body = f"""{_("Hello %(name)s,") % {"name": "{{ first_name }}"}}

{{% if is_client %}}{_as_client() % names}{{% elsif account %}}{_as_staff() % names}{{% else %}}{_as_admin() % names}{{% endif %}}

{{% if has_password %}}{_("Sign in with the password you already have:")}{{% else %}}{_("Choose a password to begin:")}{{% endif %}}

{{{{ button }}}}

{{% unless has_password %}}{_while_it_works()}{{% endunless %}}"""
    return subject, body


mailing.describe(
    "accounts.invitation",
    Wording(
        label=gettext_lazy("Invitation to the portal"),
        note=gettext_lazy("To somebody who is given access: to choose a password, or to sign in."),
        variables=(
            Variable("account", gettext_lazy("The account; empty for an Admin"), "Northwind Dental", may_be_empty=True),
            Variable("role", gettext_lazy("What the person is there"), gettext_lazy("Client")),
            Variable("is_client", gettext_lazy("Whether the person is a client"), True),
            Variable("has_password", gettext_lazy("Whether the person has a password already"), False),
            Variable("days", gettext_lazy("How many days the link works"), "3"),
        ),
        source=_source_of_invitation,
        button=gettext_lazy("Choose a password"),
    ),
)


# A new password ----------------------------------------------------------------------------------------------------


@mailing.kind(FORGOTTEN)
def forgotten_password(mail: Mail, by: Viewer) -> Content | None:
    """This will send somebody who forgot it the link to a new password. The link is made now and stored nowhere."""
    user = User.objects.filter(pk=mail.about, email=mail.to_email, is_active=True).first()
    origin = addresses.origin_of(mail.organization, mail.data.get("origin", ""))
    if user is None or not origin:
        return None
    if not Membership.objects.filter(user=user, organization=mail.organization, suspended_at=None).exists():
        return None
    key = default_token_generator.make_token(user)
    link = origin + reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    return Content(
        subject=_("Choose a new password"),
        parts=(
            Paragraph(_("Hello %(name)s,") % {"name": user.get_short_name()}),
            Paragraph(_asked_for_password() % {"organization": mail.organization.name, "email": user.email}),
            Button(_("Choose a new password"), link),
            Paragraph(_once(), is_quiet=True),
        ),
        why=_("You did not ask for this? Then you need not do anything: your password stays as it is."),
        values={"email": user.email, "days": str(_days())},
        opens=user,
    )


def _asked_for_password() -> str:
    return _("Somebody asked for a new password for %(email)s in the portal of %(organization)s.")


def _once() -> str:
    days = _days()
    return ngettext(
        "The link works for %(days)d day, and once.", "The link works for %(days)d days, and once.", days
    ) % {"days": days}  # fmt: skip


def _source_of_forgotten_password() -> tuple[str, str]:
    names = {"organization": "{{ organization }}", "email": "{{ email }}"}
    body = f"""{_("Hello %(name)s,") % {"name": "{{ first_name }}"}}

{_asked_for_password() % names}

{{{{ button }}}}

{_once()}"""
    return _("Choose a new password"), body


mailing.describe(
    FORGOTTEN,
    Wording(
        label=gettext_lazy("Forgotten password"),
        note=gettext_lazy("To somebody who asked for one on the sign-in page."),
        variables=(
            Variable("email", gettext_lazy("The address the person signs in with"), "priya@northwind.example"),
            Variable("days", gettext_lazy("How many days the link works"), "3"),
        ),
        source=_source_of_forgotten_password,
        button=gettext_lazy("Choose a new password"),
    ),
)


def _source_of_reset() -> tuple[str, str]:
    names = {"organization": "{{ organization }}"}
    words = _("%(organization)s asks you to choose a new password for its portal. Until you do, the old one works.")
    body = f"""{_("Hello %(name)s,") % {"name": "{{ first_name }}"}}

{words % names}

{{{{ button }}}}

{_while_it_works()}"""
    return _("Choose a new password for the portal of %(organization)s") % names, body


mailing.describe(
    RESET,
    Wording(
        label=gettext_lazy("New password, asked for by an Admin"),
        note=gettext_lazy("To somebody an Admin asks to choose a new password."),
        variables=(Variable("days", gettext_lazy("How many days the link works"), "3"),),
        source=_source_of_reset,
        button=gettext_lazy("Choose a password"),
    ),
)


# What became of somebody's sign-in -----------------------------------------------------------------------------------

# By allauth's names for it. Each sentence stands alone, also as a subject.
HAPPENED = {
    "totp_activated": gettext_lazy("An authenticator app was set up for your login"),
    "totp_deactivated": gettext_lazy("The authenticator app was removed from your login"),
    "webauthn_added": gettext_lazy("A security key was added to your login"),
    "webauthn_removed": gettext_lazy("A security key was removed from your login"),
    "recovery_codes_generated": gettext_lazy("New recovery codes were made for your login"),
    "password_changed": gettext_lazy("Your password was changed"),
    "password_reset": gettext_lazy("Your password was changed"),
    "password_set": gettext_lazy("Your password was set"),
}


@mailing.kind(SECURITY_NOTICE)
def security_notice(mail: Mail, by: Viewer) -> Content | None:
    """This will tell a person that the way they sign in was changed. It always goes out: a thief would switch it off."""
    happened = HAPPENED.get(mail.data.get("what", ""))
    user = User.objects.filter(pk=mail.about, email=mail.to_email, is_active=True).first()
    if happened is None or user is None:
        return None
    return Content(
        subject=str(happened),
        parts=(
            Paragraph(_("Hello %(name)s,") % {"name": user.get_short_name()}),
            Paragraph(f"{happened}."),
            Paragraph(_was_it_you() % {"organization": mail.organization.name}),
        ),
        why=_("You get this mail because it is about the safety of your login. It cannot be switched off."),
        values={"what": str(happened)},
    )


def _was_it_you() -> str:
    return _(
        "Was it you? Then you need not do anything. If not, choose a new password at once under “Forgot your password?” "
        "on the sign-in page, and tell %(organization)s."
    )


def _source_of_security_notice() -> tuple[str, str]:
    body = f"""{_("Hello %(name)s,") % {"name": "{{ first_name }}"}}

{{{{ what }}}}.

{_was_it_you() % {"organization": "{{ organization }}"}}"""
    return "{{ what }}", body


mailing.describe(
    SECURITY_NOTICE,
    Wording(
        label=gettext_lazy("A change to somebody’s sign-in"),
        note=gettext_lazy(
            "To somebody whose password, authenticator app, security keys or recovery codes were changed."
        ),
        variables=(
            Variable(
                "what", gettext_lazy("What was changed, as a sentence without its period"), HAPPENED["totp_activated"]
            ),
        ),
        source=_source_of_security_notice,
    ),
)


# Notifications without a mail of their own -------------------------------------------------------------------------


def _of_notification(name: str) -> mailing.Kind | None:
    """The mail of a kind of notification nobody wrote a mail for: its sentence, and a button that opens it."""
    return mailing.Kind(name, _notification) if notification_kinds.is_kind(name) else None


def _notification(mail: Mail, by: Viewer) -> Content | None:
    found = notification_kinds.as_told(mail)
    origin = addresses.origin_of(mail.organization)
    if found is None or not origin:
        return None
    words, path = found
    return Content(
        subject=words.rstrip("."),
        parts=(
            Paragraph(_("Hello %(name)s,") % {"name": mail.to_name.split(" ")[0]} if mail.to_name else _("Hello,")),
            Paragraph(words),
            Button(_open(), origin + (path or reverse("home"))),
        ),
        why=_("You get this mail because you chose to hear of it by email."),
        values={"text": words, "account": mail.account.name if mail.account else ""},
    )


def _open() -> str:
    return _("Open it in the portal")


def wording_of_notification(kind: notification_kinds.Kind) -> Wording:
    """This will say how mails of a kind of notification can be written."""
    return Wording(
        label=kind.label,
        note=kind.note,
        variables=(
            Variable("text", gettext_lazy("What happened, in one sentence"), gettext_lazy("Something happened.")),
            Variable(
                "account",
                gettext_lazy("The account; empty where it is about none"),
                "Northwind Dental",
                may_be_empty=True,
            ),
        ),
        source=lambda: (
            "{{ text }}",
            f"{_('Hello %(name)s,') % {'name': '{{ first_name }}'}}\n\n{{{{ text }}}}\n\n{{{{ button }}}}",
        ),
        button=gettext_lazy("Open it in the portal"),
    )


def _wordings() -> dict[str, Wording]:
    return {kind.name: wording_of_notification(kind) for kind in notification_kinds.all_kinds()}


mailing.otherwise(_of_notification)
mailing.more_wordings(_wordings)


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
