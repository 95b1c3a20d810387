"""Keeping a filter of a list under a name."""

import uuid
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import AuditEntry, SavedView
from accounts.roles import Can
from accounts.viewer import Viewer
from portal.web import columns

from . import undoing

REMOVED = "saved_view.removed"
MOST = 30
LONGEST = 1_000
_NOT_KEPT = ("page", "saved")


class NameTaken(Exception):
    """The person has a view of this name on this list."""


class TooMany(Exception):
    """The person has as many views of this list as fit: MOST."""


@transaction.atomic
def save(*, by: Viewer, place: str, name: str, query: str) -> SavedView:
    """This will keep the filter of a list, as its address says it, under a name. Raises NameTaken and TooMany."""
    by.require(Can.ENTER_STAFF_AREA)
    return _stored(by, SavedView(organization=by.organization, user=by.user, place=place, name=name, query=kept(query)))


@transaction.atomic
def remove(*, by: Viewer, view: SavedView) -> AuditEntry | None:
    """This will forget a view; nobody has one but the person who saved it. `restore` takes the returned step back.

    None when it is forgotten already.
    """
    by.require(Can.ENTER_STAFF_AREA)
    removed, _models = SavedView.objects.visible_to(by).filter(pk=view.pk).delete()
    return audit.record(by, REMOVED, view, place=view.place, query=view.query) if removed else None


@transaction.atomic
def restore(*, by: Viewer, step: uuid.UUID) -> SavedView:
    """This will bring back a view this person has just removed. Raises TooLate, NameTaken and TooMany."""
    by.require(Can.ENTER_STAFF_AREA)
    entry = undoing.removal(by=by, verbs=(REMOVED,), step=step)
    place, query = entry.details["place"], entry.details["query"]
    view = SavedView(
        pk=entry.object_id,
        organization=by.organization,
        user=by.user,
        place=place,
        name=entry.object_label,
        query=query,
    )
    _stored(by, view)
    audit.record(by, "saved_view.restored", view)
    return view


def _stored(by: Viewer, view: SavedView) -> SavedView:
    if SavedView.objects.visible_to(by).filter(place=view.place).count() >= MOST:
        raise TooMany
    try:
        with transaction.atomic():
            view.save(force_insert=True)
    except IntegrityError as error:
        raise NameTaken from error
    return view


def kept(query: str) -> str:
    """This will return what of a list's query makes a view: no page number, nothing empty, in one order; columns last,
    for what is too long to be kept is cut at its end."""
    told = parse_qsl(query.lstrip("?"))
    view = [(key, value) for key, value in told if key not in _NOT_KEPT and "\x00" not in key + value]
    return urlencode(sorted(view, key=lambda pair: (pair[0] == columns.PARAMETER, pair)))[:LONGEST]
