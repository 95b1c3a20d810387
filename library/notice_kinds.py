"""What people are told about requests for access, in the portal and by mail."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import addresses, grants
from accounts.mail import mailing
from accounts.mail.mailing import Addressee, Button, Content, Facts, Paragraph, Quote
from accounts.models import Mail, Membership, User
from accounts.notices import notification_kinds
from accounts.notices.notification_kinds import Notice
from accounts.roles import Can, Role
from accounts.viewer import Viewer
from library import access_requests
from library.models import AccessRequest

from .notices import DECIDED, REQUESTED


def _asked(notice: Notice) -> str | None:
    request: AccessRequest = notice.about
    names = {"person": request.user.name, "definition": request.definition.name}
    return _("%(person)s asks for access to %(definition)s") % names


def _answered(notice: Notice) -> str | None:
    return _verdict(notice.about)


def _verdict(request: AccessRequest) -> str | None:
    if request.state == AccessRequest.State.OPEN:
        return None
    if request.state == AccessRequest.State.GRANTED:
        return _("You can take %(definition)s now") % {"definition": request.definition.name}
    return _("Your request for %(definition)s was declined") % {"definition": request.definition.name}


notification_kinds.kind(
    REQUESTED,
    gettext_lazy("Somebody asks for access to an assessment"),
    text=_asked,
    icon="key",
    load=access_requests.shown_to,
    path=lambda notice: reverse("staff:account_library", args=[notice.about.account_id]) + "#requests",
    audience=("staff",),
)
notification_kinds.kind(
    DECIDED,
    gettext_lazy("Your request for an assessment is decided"),
    text=_answered,
    icon="key",
    load=access_requests.shown_to,
    path=lambda notice: reverse("client:available_card", args=[notice.about.account_id, notice.about.definition_id]),
    audience=("client",),
)


def _in_charge(mail: Mail, by: Viewer) -> Iterator[Addressee]:
    """The account's Account Executives, and the organization's Admins."""
    assert mail.account is not None
    admins = Membership.objects.filter(organization=mail.organization, role=Role.ADMIN, suspended_at=None)
    people = User.objects.filter(
        Q(pk__in=grants.user_ids_where(mail.account, Can.MANAGE_ACCESS)) | Q(pk__in=admins.values("user_id")),
        is_active=True,
    )
    for user in people.order_by("email"):
        yield Addressee(user.email, str(user.pk), user.name, user)


@mailing.kind(REQUESTED, asked_with=Can.LAUNCH_ASSESSMENTS, to=_in_charge)
def access_requested(mail: Mail, by: Viewer) -> Content | None:
    """This will say who asks for what and why; None once it is decided."""
    request = _request(mail)
    if request is None or request.state != AccessRequest.State.OPEN:
        return None
    names = {"person": request.user.name, "definition": request.definition.name, "account": request.account.name}
    address = reverse("staff:account_library", args=[request.account_id]) + "#requests"
    return Content(
        subject=_("%(person)s of %(account)s asks for %(definition)s") % names,
        parts=(
            Paragraph(_("%(person)s would like to take an assessment that is not among theirs.") % names),
            Facts(((_("Assessment"), request.definition.name), (_("Account"), request.account.name))),
            *([Quote(request.note, request.user.name)] if request.note else []),
            Button(_("Grant or decline"), addresses.origin_of(mail.organization) + address),
        ),
        why=_("You get this mail because you look after %(account)s.") % names,
        values=names,
    )


@mailing.kind(DECIDED, asked_with=Can.MANAGE_ACCESS)
def access_decided(mail: Mail, by: Viewer) -> Content | None:
    """This will say what was decided, and lead to the assessment."""
    request = _request(mail)
    verdict = _verdict(request) if request else None
    if request is None or not verdict:
        return None
    address = reverse("client:available_card", args=[request.account_id, request.definition_id])
    return Content(
        subject=verdict,
        parts=(
            Paragraph(f"{verdict}."),
            *([Quote(request.reason, request.decided_by.name if request.decided_by else "")] if request.reason else []),
            Button(_("Open the assessment"), addresses.origin_of(mail.organization) + address),
        ),
        why=_("You get this mail because you asked for access."),
        values={
            "verdict": verdict,
            "definition": request.definition.name,
            "is_granted": request.state == AccessRequest.State.GRANTED,
        },
    )


def _request(mail: Mail) -> AccessRequest | None:
    rows = AccessRequest.objects.filter(organization=mail.organization, pk=mail.about)
    found: AccessRequest | None = rows.select_related("definition", "account", "user", "decided_by").first()
    return found
