"""What an organization offers its clients beside their Library: everything it publishes, or only what they are entitled to."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account
from accounts.viewer import Viewer

from .models import Definition, LibraryEntry

EVERYTHING, ENTITLED = "everything", "entitled"


@dataclass(frozen=True, slots=True)
class Reach:
    """What the choice is about: how many definitions are `published`, and how many of the `accounts` are entitled to
    none of them."""

    published: int
    accounts: int
    without_any: int


def standing(entitled_only: bool) -> str:
    """This will name the choice that holds."""
    return ENTITLED if entitled_only else EVERYTHING


def choices(reach: Reach) -> list[tuple[str, str, str]]:
    """This will list the choices: (value, label, what it means for clients)."""
    everything = ngettext(
        "%(count)d assessment today. Clients see it, and start it unless it is kept for some of their colleagues.",
        "%(count)d assessments today. Clients see them all, and start those not kept for some of their colleagues.",
        reach.published,
    ) % {"count": reach.published}
    entitled = _(
        "What stands in the Library of their account. Nothing else is shown to clients, found or started by them."
    )
    return [
        (EVERYTHING, _("Everything you publish"), everything),
        (ENTITLED, _("Only what their account is entitled to"), entitled),
    ]


def reach_of(viewer: Viewer) -> Reach:
    """This will count what the choice is about, in three queries."""
    offered = Definition.objects.visible_to(viewer).launchable().top_level()
    entries = LibraryEntry.objects.visible_to(viewer).filter(
        account=OuterRef("pk"), definition__in=offered.values("pk")
    )
    accounts = Account.objects.visible_to(viewer).current()
    return Reach(offered.count(), accounts.count(), accounts.exclude(Exists(entries)).count())
