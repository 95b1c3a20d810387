"""Clients hear of an announcement when its first day has come, each as they chose."""

import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import time_zones
from accounts.models import Account, Announcement, Channel, Membership, Notification, NotificationChoice, User
from accounts.notices import notifications
from accounts.notices.notifications import Notice
from accounts.roles import Role
from accounts.viewer import Viewer

ANNOUNCED = "accounts.announced"
TELL = "accounts.tasks.tell_announcement"
# An announcement that begins today is told today; what was missed is made up for within these days.
MADE_UP_FOR = timedelta(days=2)


def has_begun(announcement: Announcement) -> bool:
    """This will say whether its first day has come where the organization is, and its last has not passed."""
    today = timezone.localdate(timezone=time_zones.first_known(announcement.organization))
    is_over = announcement.ends_on is not None and announcement.ends_on < today
    return announcement.removed_at is None and announcement.starts_on <= today and not is_over


def untold(by: Viewer) -> list[Announcement]:
    """This will list what has begun in the last days and nobody was told of yet."""
    since = timezone.localdate() - MADE_UP_FOR
    told = Notification.objects.filter(organization=by.organization, kind=ANNOUNCED).values("about")
    rows = Announcement.objects.visible_to(by).current().filter(starts_on__gte=since).exclude(pk__in=told)
    return [row for row in rows.select_related("organization", "account") if has_begun(row)]


def accounts_of(by: Viewer, announcement: Announcement) -> list[Account]:
    """This will list the accounts whose clients are told."""
    rows = Account.objects.visible_to(by).current()
    return list(rows.filter(pk=announcement.account_id) if announcement.account_id else rows.order_by("id"))


def tell(by: Viewer, announcement: Announcement, account: Account) -> None:
    """This will tell an account's clients; told again, it is the same telling."""
    clients = Membership.objects.visible_to(by).filter(account=account, role=Role.CLIENT).active()
    notifications.tell(
        by=by,
        kind=ANNOUNCED,
        users=User.objects.filter(pk__in=clients.values("user_id")).order_by("email"),
        key=f"{ANNOUNCED}:{announcement.pk}:{account.pk}",
        account=account,
        about=announcement,
        path=reverse("client:home", args=[account.pk]),
    )


def _running(viewer: Viewer, ids: set[uuid.UUID]) -> Mapping[uuid.UUID, Announcement]:
    found = Announcement.objects.visible_to(viewer).running_on(timezone.localdate()).filter(pk__in=ids)
    if viewer.account is not None:
        found = found.filter(Q(account=None) | Q(account=viewer.account))
    return {row.pk: row for row in found.select_related("organization")}


def _words(notice: Notice) -> str:
    return _("%(organization)s: %(title)s") % {
        "organization": notice.about.organization.name, "title": notice.about.title,
    }  # fmt: skip


notifications.kind(
    ANNOUNCED,
    gettext_lazy("Your provider announces something"),
    note=gettext_lazy("It also stands on Home."),
    text=_words,
    load=_running,
    icon="message-2",
    audience=["client"],
    defaults={Channel.MAIL: NotificationChoice.When.NEVER},
)
