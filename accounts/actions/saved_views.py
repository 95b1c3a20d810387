"""Keeping a filter of a list under a name."""

from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction

from accounts.models import SavedView
from accounts.roles import Can
from accounts.viewer import Viewer

MOST = 30
_NOT_KEPT = ("page", "saved")


class NameTaken(Exception):
    """The person has a view of this name on this list."""


class TooMany(Exception):
    """The person has as many views of this list as fit: MOST."""


@transaction.atomic
def save(*, by: Viewer, place: str, name: str, query: str) -> SavedView:
    """This will keep the filter of a list, as its address says it, under a name. Raises NameTaken and TooMany."""
    by.require(Can.ENTER_STAFF_AREA)
    assert by.user is not None
    own = SavedView.objects.visible_to(by).filter(place=place)
    if own.count() >= MOST:
        raise TooMany
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                organization=by.organization, user=by.user, place=place, name=name, query=kept(query)
            )
    except IntegrityError as error:
        raise NameTaken from error


@transaction.atomic
def remove(*, by: Viewer, view: SavedView) -> None:
    """This will forget a view; nobody has one but the person who saved it."""
    by.require(Can.ENTER_STAFF_AREA)
    SavedView.objects.visible_to(by).filter(pk=view.pk).delete()


def kept(query: str) -> str:
    """This will return what of a list's query makes a view: no page number, nothing empty, in one order."""
    told = parse_qsl(query.lstrip("?")[:1000], max_num_fields=100)
    return urlencode(sorted((key, value) for key, value in told if key not in _NOT_KEPT and "\x00" not in key + value))
