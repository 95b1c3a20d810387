"""What people are told about the portal itself."""

import uuid
from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mail import mailing
from accounts.models import EmailTemplate, Membership, User
from accounts.notices import notifications
from accounts.notices.notifications import Notice
from accounts.roles import Can, Role
from accounts.viewer import Viewer

TEMPLATE_BROKEN = "accounts.email_template_broken"


def template_broken(by: Viewer, template: EmailTemplate, reason: str) -> None:
    """This will tell the Admins, once for each state of a template, that it could not be written and ours was sent."""
    staff = Membership.objects.filter(organization=by.organization, role=Role.ADMIN, account=None, suspended_at=None)
    notifications.tell(
        by=by,
        kind=TEMPLATE_BROKEN,
        users=User.objects.filter(pk__in=staff.values("user_id"), is_active=True).order_by("email"),
        key=f"{TEMPLATE_BROKEN}:{template.pk}:{template.revision}",
        about=template,
        data={"reason": reason},
    )


def _templates(viewer: Viewer, ids: set[uuid.UUID]) -> Mapping[uuid.UUID, EmailTemplate]:
    if Can.MANAGE_SETTINGS.value not in viewer.organization_abilities:
        return {}
    return {row.pk: row for row in EmailTemplate.objects.visible_to(viewer).filter(pk__in=ids)}


def _words(notice: Notice) -> str:
    wording = mailing.wording_of(notice.about.kind)
    label = str(wording.label) if wording else notice.about.kind
    names = {"template": label, "reason": notice.data.get("reason", "")}
    return _("Your email “%(template)s” could not be written, so ours was sent. %(reason)s") % names


notifications.kind(
    TEMPLATE_BROKEN,
    gettext_lazy("An email of yours could not be written"),
    note=gettext_lazy("Ours is sent instead, so nothing is lost."),
    text=_words,
    load=_templates,
    path=lambda notice: reverse("staff:email_template", args=[notice.about.kind, notice.about.language]),
    icon="alert-triangle",
    audience=["staff"],
    needs=Can.MANAGE_SETTINGS,
)
