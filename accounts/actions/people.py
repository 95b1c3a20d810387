"""A person's login, as an Admin of the organization handles it: deactivated, brought back, signed out, put right.

A login belongs to the installation, a role to an organization. What one organization does must not reach what the person
does in another: deactivating suspends the roles of this organization, and closes the login only when no other relies on it.
"""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, grants
from accounts.actions import mails, memberships
from accounts.membership import belongings, other_organizations
from accounts.models import Mail, MailState, Membership, User
from accounts.roles import Can, Role
from accounts.viewer import Viewer
from portal.web.ids import uuid7

PASSWORD_RESET = "accounts.password_reset"  # noqa: S105  (the name of a mail)


@transaction.atomic
def deactivate(*, by: Viewer, user: User) -> bool:
    """This will take every access in the organization from a person, from their next request on; False when they have
    none left to take. Roles, answers and history stay.

    Raises ValidationError for the last active Admin, PermissionDenied for oneself and for somebody unknown here.
    """
    held = _theirs(by, user)
    if not held.filter(suspended_at=None).exists():
        return False
    if held.filter(role=Role.ADMIN).exists():
        memberships.refuse_for_last_admin(user, by.organization)
    held.filter(suspended_at=None).update(suspended_at=timezone.now())
    grants.compile_for(user, by.organization)
    if not other_organizations.rely_on(user, by.organization, only_active=True):
        User.objects.filter(pk=user.pk).update(is_active=False)
        # Only then: sessions elsewhere are none of this organization's, and the grants here are gone already.
        _sign_out(user)
    audit.record(by, "person.deactivated", user)
    return True


@transaction.atomic
def reactivate(*, by: Viewer, user: User) -> bool:
    """This will give a deactivated person back what they held; False when nothing was taken.

    Raises PermissionDenied for oneself and for somebody unknown here.
    """
    held = _theirs(by, user)
    if not held.exclude(suspended_at=None).update(suspended_at=None):
        return False
    User.objects.filter(pk=user.pk).update(is_active=True)
    user.is_active = True
    grants.compile_for(user, by.organization)
    audit.record(by, "person.reactivated", user)
    return True


@transaction.atomic
def end_sessions(*, by: Viewer, user: User) -> None:
    """This will sign a person out everywhere, from their next request on. Raises PermissionDenied for oneself, who
    signs out, and for somebody unknown here, ValidationError where another organization relies on the login too."""
    require_sole_charge(by=by, user=user)
    _sign_out(user)
    audit.record(by, "person.signed_out", user)


@transaction.atomic
def edit(*, by: Viewer, user: User, name: str, email: str) -> User:
    """This will put a person's name or email right.

    Whoever receives the mails of an address can set the login's password. So the email is changed only while the person
    was invited and never signed in, and neither of both when another organization relies on the login. What they are
    called here until they have come in can always be changed. The invitation on its way to the old address is not sent,
    and the link of one that was sent no longer works. Raises ValidationError, also for an email that is taken, and
    PermissionDenied for oneself and for somebody unknown here.
    """
    held = _theirs(by, user)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    email = User.objects.normalize(email)
    introduced_as = held.values_list("introduced_as", flat=True).first() or ""
    before = {"name": introduced_as or user.name, "email": user.email}
    changed = {key: [before[key], value] for key, value in (("name", name), ("email", email)) if before[key] != value}
    if not changed:
        return user
    is_shared = other_organizations.rely_on(user, by.organization)
    if introduced_as:
        held.update(introduced_as=name)
        if "email" not in changed and (is_shared or not is_invited(user)):
            # What they are called here until they come in is ours to say; what they call themselves is not.
            user.name = name
            audit.record(by, "person.edited", user, changes=changed)
            return user
    if is_shared:
        raise ValidationError(_("This login is used with another organization too. Only the person can change it."))
    if "email" in changed and not is_invited(user):
        raise ValidationError(
            {
                "email": _(
                    "The person has signed in already. Add the new address as a new person, and offboard this one."
                )
            }
        )
    user.name, user.email = name, email
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "email"])
    if "email" in changed:
        waiting = Mail.objects.filter(organization=by.organization, to_email=before["email"], state=MailState.QUEUED)
        waiting.update(state=MailState.CANCELLED, settled_at=timezone.now())
    audit.record(by, "person.edited", user, changes=changed)
    return user


@transaction.atomic
def send_password_reset(*, by: Viewer, user: User, origin: str = "") -> Mail:
    """This will mail a person a link to choose a new password; nobody but its reader can use it.

    Raises ValidationError for who is deactivated and where another organization relies on the login too, PermissionDenied
    for oneself and for somebody unknown here.
    """
    require_sole_charge(by=by, user=user)
    if not _theirs(by, user).filter(suspended_at=None, user__is_active=True).exists():
        raise ValidationError(_("This person is deactivated. Reactivate the person first."))
    audit.record(by, "person.password_reset_sent", user)
    return mails.queue(
        by=by, kind=PASSWORD_RESET, about=user, key=f"{PASSWORD_RESET}:{user.pk}:{uuid7().hex}",
        to_email=user.email, to_name=user.name, data={"origin": origin},
    )  # fmt: skip


@transaction.atomic
def offboard(*, by: Viewer, user: User, choices: Mapping[str, str]) -> int:
    """This will hand over what a person still owns, as `choices` say for the key of each belonging, then deactivate
    them; the number of belongings handed over. All of it, or nothing.

    What is owned is asked again here. Raises ValidationError for a belonging that must not be left and is not named, and
    for somebody it cannot go to; PermissionDenied for oneself and for somebody unknown here.
    """
    _theirs(by, user)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    moved = 0
    for belonging in belongings.of(by, user):
        choice = choices.get(belonging.key, "")
        if choice not in dict(belonging.choices):
            raise ValidationError(_("Choose what becomes of this: %(what)s") % {"what": belonging.label})
        if choice:
            belongings.hand_over(by, user, belonging, choice)
            moved += 1
    deactivate(by=by, user=user)
    audit.record(by, "person.offboarded", user, moved=moved)
    return moved


def is_invited(user: User) -> bool:
    """This will say whether a person was invited and has never signed in."""
    return user.last_login is None and not user.has_usable_password()


def require_sole_charge(*, by: Viewer, user: User) -> None:
    """This will refuse what reaches a login wherever it is used: with PermissionDenied for oneself and for somebody unknown
    here, with ValidationError before they have come in, and where another organization relies on the login too."""
    if _theirs(by, user).exclude(introduced_as="").exists():
        # Said first, and of everybody invited alike: whether the login is used elsewhere is nobody's business yet.
        raise ValidationError(_("This person has not come in yet. Invite them again instead."))
    if other_organizations.rely_on(user, by.organization):
        raise ValidationError(_("This login is used with another organization too. Only the person can change it."))


def _theirs(by: Viewer, user: User):
    by.require(Can.MANAGE_PEOPLE)
    if by.user is not None and by.user.pk == user.pk:
        raise PermissionDenied("one's own login")
    held = Membership.objects.filter(user=user, organization=by.organization)
    if not held.exists():
        raise PermissionDenied("a login of somebody else’s")
    return held


def _sign_out(user: User) -> None:
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
