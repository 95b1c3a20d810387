"""Clients hear of an announcement when its first day has come where they are, each as they chose."""

import datetime
import uuid
from collections.abc import Mapping

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
MADE_UP_FOR = datetime.timedelta(days=2)


def untold(by: Viewer) -> list[Announcement]:
    """This will list what began in the last days and somebody it is for was not told of yet."""
    since = timezone.localdate(timezone=datetime.UTC) - MADE_UP_FOR
    rows = Announcement.objects.visible_to(by).current().filter(starts_on__gte=since).select_related("organization")
    return [row for row in rows if accounts_to_tell(by, row)]


def accounts_to_tell(by: Viewer, announcement: Announcement) -> list[Account]:
    """This will list the accounts with clients who are to be told now: it has begun there, and they were not told yet."""
    told = Notification.objects.filter(organization=by.organization, kind=ANNOUNCED, about=announcement.pk)
    clients = Membership.objects.visible_to(by).filter(role=Role.CLIENT).active()
    rows = Account.objects.visible_to(by).current().filter(pk__in=clients.values("account_id"))
    rows = rows.exclude(pk__in=told.filter(account__isnull=False).values("account_id")).order_by("id")
    if announcement.account_id:
        rows = rows.filter(pk=announcement.account_id)
    return [account for account in rows if _runs_for(announcement, account)]


def _runs_for(announcement: Announcement, account: Account | None) -> bool:
    """Its days are those of each account's own clock."""
    today = timezone.localdate(timezone=time_zones.first_known(account, announcement.organization))
    is_over = announcement.ends_on is not None and announcement.ends_on < today
    return announcement.removed_at is None and announcement.starts_on <= today and not is_over


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
    found = Announcement.objects.visible_to(viewer).current().filter(pk__in=ids)
    if viewer.account is not None:
        found = found.filter(Q(account=None) | Q(account=viewer.account))
    # By the clock by which it was told: a mail is written by a worker, far from its reader's clock.
    return {row.pk: row for row in found.select_related("organization") if _runs_for(row, viewer.account)}


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
