"""Host names of the organization: claimed, proven by records, then leading to its portal."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.brand import hosts
from accounts.models import AuditEntry, HostClaim, Organization, OrganizationHost
from accounts.roles import Can
from accounts.viewer import Viewer
from portal.web import jobs

from . import undoing

MOST_CLAIMS = 10
REMOVED, WITHDRAWN = "host.removed", "host.claim_withdrawn"


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
def begin_check(*, by: Viewer, claim: HostClaim) -> None:
    """This will have a job look a name's records up; nothing when one does so already."""
    by.require(Can.MANAGE_SETTINGS)
    found = HostClaim.objects.visible_to(by).select_for_update().filter(pk=claim.pk).first()
    if found is None or by.user is None or hosts.is_checking(found.missing, found.checked_at):
        return
    found.checked_at, found.missing = timezone.now(), [hosts.CHECKING]
    found.save(update_fields=["checked_at", "missing"])
    jobs.hand_over_after_commit(hosts.CHECK, str(by.organization.pk), str(found.pk), str(by.user.pk))


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
    made = _led_here(by, locked.host)
    audit.record(by, "host.added", made)
    locked.delete()
    return made


@transaction.atomic
def withdraw(*, by: Viewer, claim: HostClaim) -> AuditEntry:
    """This will forget a claim; asked again, it is a new one with other records. `restore` takes the step back.

    Raises ValidationError when it is not waited for any more.
    """
    by.require(Can.MANAGE_SETTINGS)
    removed, _models = HostClaim.objects.visible_to(by).filter(pk=claim.pk).delete()
    if not removed:
        raise ValidationError(_("This name is not waited for any more."))
    return audit.record(by, WITHDRAWN, claim, kept={"token": claim.token})


@transaction.atomic
def remove(*, by: Viewer, host: OrganizationHost, at: str) -> AuditEntry:
    """This will keep a name from leading to the organization. `at` is the name one works under. `restore` takes the
    step back.

    Raises ValidationError for that one and for the last.
    """
    by.require(Can.MANAGE_SETTINGS)
    Organization.objects.select_for_update().get(pk=by.organization.pk)
    own = OrganizationHost.objects.filter(organization=by.organization)
    if own.count() < 2:
        raise ValidationError(_("This is the only name that leads to your portal. Add another one first."))
    if host.host == at:
        raise ValidationError(_("You are here under this name. Open the portal under another one to remove it."))
    removed, _models = own.filter(pk=host.pk).delete()
    if not removed:
        raise ValidationError(_("This name does not lead to your portal any more."))
    return audit.record(by, REMOVED, host, kept={"since": host.created_at.isoformat()})


@transaction.atomic
def restore(*, by: Viewer, step: uuid.UUID) -> str:
    """This will bring back a name this person has just removed: leading here again, or waiting for the same records.

    Raises TooLate, and ValidationError when the name leads elsewhere by now, or waits again already.
    """
    by.require(Can.MANAGE_SETTINGS)
    Organization.objects.select_for_update().get(pk=by.organization.pk)
    entry = undoing.removal(by=by, verbs=(REMOVED, WITHDRAWN), step=step)
    host, kept = entry.object_label, entry.details["kept"]
    _refuse_taken(by, host)
    claims = HostClaim.objects.visible_to(by)
    if entry.verb == WITHDRAWN:
        if claims.filter(host=host).exists():
            raise ValidationError(_("This name waits for its records already."))
        claim = HostClaim.objects.create(
            pk=entry.object_id, organization=by.organization, host=host, token=kept["token"]
        )  # fmt: skip
        audit.record(by, "host.claim_restored", claim)
        return host
    claims.filter(host=host).delete()
    made = _led_here(by, host, pk=entry.object_id)
    # The name that has led here the longest is the one records point to.
    OrganizationHost.objects.filter(pk=made.pk).update(created_at=datetime.datetime.fromisoformat(kept["since"]))
    audit.record(by, "host.restored", made)
    return host


def _led_here(by: Viewer, host: str, **more: Any) -> OrganizationHost:
    try:
        with transaction.atomic():
            made: OrganizationHost = OrganizationHost.objects.create(organization=by.organization, host=host, **more)
    except IntegrityError:
        raise ValidationError(_("This name cannot be used here.")) from None
    return made


def _refuse_taken(by: Viewer, name: str) -> None:
    # The table of hosts can be read by everybody: it is what leads from a name to an organization.
    holder = OrganizationHost.objects.filter(host=name).values_list("organization_id", flat=True).first()
    if holder == by.organization.pk:
        raise ValidationError(_("This name leads to your portal already."))
    if holder is not None:
        raise ValidationError(_("This name cannot be used here."))
