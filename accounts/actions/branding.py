"""The brand of the organization: saved whole, each save a version that can be brought back."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.brand.brand_images import Made
from accounts.models import BrandImage, BrandVersion, Organization
from accounts.roles import Can
from accounts.viewer import Viewer

FIELDS = (
    "name",
    "tab_title",
    "brand_color",
    "secondary_color",
    "sign_in_headline",
    "sign_in_text",
    "support_name",
    "support_email",
    "support_phone",
)
PICTURES = ("logo_light", "logo_dark", "favicon", "logo_mail")
_FORGOTTEN_AFTER = datetime.timedelta(days=1)
_MOST_WAITING = 40


class BrandChanged(Exception):
    """Somebody saved in the meantime: `standing` is the version that holds now."""

    def __init__(self, standing: BrandVersion | None):
        self.standing = standing
        super().__init__(standing.number if standing else 0)


@transaction.atomic
def save(*, by: Viewer, seen: int, values: Mapping[str, Any], restored_from: int | None = None) -> int:
    """This will save the brand whole and return the number of the version that holds then; unchanged, it is the same.

    `values` are the fields by name, pictures as ids or None. `seen` is the version they were typed over. Raises
    BrandChanged when another one holds, ValidationError for bad input.
    """
    by.require(Can.MANAGE_SETTINGS)
    organization = Organization.objects.select_for_update().get(pk=by.organization.pk)
    latest = BrandVersion.objects.visible_to(by).order_by("-number").first()
    number = latest.number if latest else 0
    if number != seen:
        raise BrandChanged(latest)
    before = values_of(organization)
    after = before | {name: values[name] for name in (*FIELDS, *PICTURES) if name in values}
    if before == after:
        return number
    _check_pictures(by, after)
    for name in FIELDS:
        setattr(organization, name, after[name])
    for slot in PICTURES:
        setattr(organization, f"{slot}_id", after[slot])
    organization.clean_fields(exclude=["terminology", "deleted_account_ids"])
    organization.save(update_fields=[*FIELDS, *PICTURES, "updated_at"])
    if latest is None:
        number += 1  # how it was before the first save, so that it can be brought back
        BrandVersion.objects.create(organization=organization, number=number, values=before)
    BrandVersion.objects.create(
        organization=organization, number=number + 1, values=after, saved_by=by.user, restored_from=restored_from
    )
    changes = {name: [before[name] or "", after[name] or ""] for name in after if before[name] != after[name]}
    verb = "brand.restored" if restored_from else "brand.changed"
    audit.record(by, verb, organization, changes=changes, number=number + 1, restored_from=restored_from)
    _forget_pictures(by)
    return number + 1


@transaction.atomic
def restore(*, by: Viewer, seen: int, number: int) -> int:
    """This will make an earlier version hold again, as a new one. Raises BrandChanged, BrandVersion.DoesNotExist."""
    by.require(Can.MANAGE_SETTINGS)
    version = BrandVersion.objects.visible_to(by).get(number=number)
    return save(by=by, seen=seen, values=version.values, restored_from=number)


@transaction.atomic
def add_picture(*, by: Viewer, slot: str, made: Made) -> BrandImage:
    """This will keep a picture for a slot; it is shown when the brand is saved with it. Raises ValidationError."""
    by.require(Can.MANAGE_SETTINGS)
    same = BrandImage.objects.visible_to(by).filter(slot=slot, sha256=made.sha256).first()
    if same is not None:
        return same
    _forget_pictures(by)
    if len(_unused(by)) >= _MOST_WAITING:
        raise ValidationError(_("Too many pictures were uploaded without being saved. Save first, or try tomorrow."))
    return BrandImage.objects.create(
        organization=by.organization,
        slot=slot,
        content=made.content,
        width=made.width,
        height=made.height,
        sha256=made.sha256,
        uploaded_by=by.user,
    )


def values_of(organization: Organization) -> dict[str, Any]:
    """This will return the brand of an organization as a version keeps it."""
    values: dict[str, Any] = {name: getattr(organization, name) for name in FIELDS}
    for slot in PICTURES:
        picture = getattr(organization, f"{slot}_id")
        values[slot] = str(picture) if picture else None
    return values


def _check_pictures(by: Viewer, values: dict[str, Any]) -> None:
    """Each picture is one of this organization; an id from elsewhere is none."""
    wished = {slot: values[slot] for slot in PICTURES if values[slot]}
    known = {
        str(pk) for pk in BrandImage.objects.visible_to(by).filter(pk__in=wished.values()).values_list("pk", flat=True)
    }
    for slot, picture in wished.items():
        if picture not in known:
            raise ValidationError({slot: _("This picture is not here any more. Upload it again.")})


def _unused(by: Viewer) -> list[uuid.UUID]:
    used: set[str] = set()
    for values in BrandVersion.objects.visible_to(by).values_list("values", flat=True):
        used |= {values[slot] for slot in PICTURES if values.get(slot)}
    for picture in Organization.objects.filter(pk=by.organization.pk).values_list(*(f"{slot}_id" for slot in PICTURES)):
        used |= {str(one) for one in picture if one}
    return [one for one in BrandImage.objects.visible_to(by).values_list("pk", flat=True) if str(one) not in used]


def _forget_pictures(by: Viewer) -> None:
    """Pictures that were tried and never saved are gone after a day."""
    old = timezone.now() - _FORGOTTEN_AFTER
    BrandImage.objects.visible_to(by).filter(pk__in=_unused(by), created_at__lt=old).delete()
