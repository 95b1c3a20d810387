"""What clients are offered beside their Library, said once for the whole organization."""

from django.db import transaction

from accounts import audit
from accounts.models import Organization
from accounts.roles import Can
from accounts.viewer import Viewer


class OfferingChanged(Exception):
    """Somebody chose otherwise in the meantime: `entitled_only` is what holds now."""

    def __init__(self, entitled_only: bool):
        self.entitled_only = entitled_only
        super().__init__(entitled_only)


@transaction.atomic
def choose(*, by: Viewer, entitled_only: bool, seen: bool) -> None:
    """This will offer clients only what their account is entitled to, or everything published, from this moment.

    `seen` is what held when the choice was made. Raises OfferingChanged when that is over and the choice is another.
    """
    by.require(Can.MANAGE_SETTINGS)
    organization = Organization.objects.select_for_update(of=("self",)).get(pk=by.organization.pk)
    standing = organization.offers_entitled_only
    if standing == entitled_only:
        return
    if standing != seen:
        raise OfferingChanged(standing)
    organization.offers_entitled_only = entitled_only
    organization.save(update_fields=["offers_entitled_only", "updated_at"])
    audit.record(by, "library.narrowed" if entitled_only else "library.widened", organization)
