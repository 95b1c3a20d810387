"""Host names of the organization: claimed, proven by records, then leading to its portal."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.brand import hosts
from accounts.models import HostClaim, Organization, OrganizationHost
from accounts.roles import Can
from accounts.viewer import Viewer

MOST_CLAIMS = 10


@transaction.atomic
def claim(*, by: Viewer, host: str) -> HostClaim:
    """This will note that a name is to lead to the organization; it leads nowhere until it is proven.

    Raises ValidationError for what is no name, and for one that leads somewhere already.
    """
    by.require(Can.MANAGE_SETTINGS)
    name = hosts.cleaned(host)
    Organization.objects.select_for_update().get(pk=by.organization.pk)
    _refuse_taken(by, name)
    claims = HostClaim.objects.visible_to(by)
    if claims.filter(host=name).exists():
        raise ValidationError(_("This name waits for its records already."))
    if claims.count() >= MOST_CLAIMS:
        raise ValidationError(_("%(count)s names wait for their records. Remove one first.") % {"count": MOST_CLAIMS})
    made = HostClaim.objects.create(organization=by.organization, host=name, token=hosts.new_token())
    audit.record(by, "host.claimed", made)
    return made


@transaction.atomic
def settle(*, by: Viewer, claim: HostClaim, missing: list[str]) -> OrganizationHost | None:
    """This will write down what a check found; with nothing missing the name leads to the organization from now on.

    Raises ValidationError when the name has come to lead elsewhere meanwhile.
    """
    by.require(Can.MANAGE_SETTINGS)
    locked = HostClaim.objects.visible_to(by).select_for_update().filter(pk=claim.pk).first()
    if locked is None:
        raise ValidationError(_("This name is not waited for any more."))
    if missing:
        locked.checked_at, locked.missing = timezone.now(), missing
        locked.save(update_fields=["checked_at", "missing"])
        return None
    _refuse_taken(by, locked.host)
    try:
        with transaction.atomic():
            made = OrganizationHost.objects.create(organization=by.organization, host=locked.host)
    except IntegrityError:
        raise ValidationError(_("This name cannot be used here.")) from None
    audit.record(by, "host.added", made)
    locked.delete()
    return made


@transaction.atomic
def withdraw(*, by: Viewer, claim: HostClaim) -> None:
    """This will forget a claim; asked again, it is a new one with other records."""
    by.require(Can.MANAGE_SETTINGS)
    audit.record(by, "host.claim_withdrawn", claim)
    HostClaim.objects.visible_to(by).filter(pk=claim.pk).delete()


@transaction.atomic
def remove(*, by: Viewer, host: OrganizationHost, at: str) -> None:
    """This will keep a name from leading to the organization. `at` is the name one works under.

    Raises ValidationError for that one and for the last.
    """
    by.require(Can.MANAGE_SETTINGS)
    Organization.objects.select_for_update().get(pk=by.organization.pk)
    own = OrganizationHost.objects.filter(organization=by.organization)
    if own.count() < 2:
        raise ValidationError(_("This is the only name that leads to your portal. Add another one first."))
    if host.host == at:
        raise ValidationError(_("You are here under this name. Open the portal under another one to remove it."))
    audit.record(by, "host.removed", host)
    own.filter(pk=host.pk).delete()


def _refuse_taken(by: Viewer, name: str) -> None:
    # The table of hosts can be read by everybody: it is what leads from a name to an organization.
    holder = OrganizationHost.objects.filter(host=name).values_list("organization_id", flat=True).first()
    if holder == by.organization.pk:
        raise ValidationError(_("This name leads to your portal already."))
    if holder is not None:
        raise ValidationError(_("This name cannot be used here."))
