"""What Harbor IT tells its clients on Home, and one account whose Home is arranged its own way."""

from datetime import timedelta

from django.utils import timezone

from accounts import dashboards as layouts
from accounts.actions import announcements, dashboards
from accounts.models import Account
from accounts.viewer import Viewer


def arrange(by: Viewer, cobalt: Account) -> None:
    """This will announce something to all accounts and something to one, and put one account's findings first."""
    today = timezone.localdate()
    announcements.publish(
        by=by, title="Closed on Thanksgiving",
        body="Our desk is closed on **Thursday and Friday**. In an emergency, call us at any hour: the number stands "
        "in your contract.",
        starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=9),
    )  # fmt: skip
    announcements.publish(
        by=by, title="New backup appliance", body="We install it on a Saturday. Nobody has to be there.",
        starts_on=today + timedelta(days=10), ends_on=today + timedelta(days=17), account=cobalt,
    )  # fmt: skip
    order = layouts.stored_of("announcements next_step score findings reports waiting areas assessments people library")
    dashboards.arrange(by=by, account=cobalt, components=order, revision=0)
