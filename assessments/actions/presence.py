"""Where people are in a run: written now and then while they are there, for their colleagues to see."""

from datetime import timedelta
from typing import Any

from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.viewer import Viewer
from assessments.answering.answer_sets import Seat
from assessments.models import Respondent

# Whoever looks every so often is there; written no more often than that.
WRITTEN_EVERY = timedelta(seconds=20)


def note(by: Viewer, seat: Seat, key: str, **counts: int) -> None:
    """This will write where a respondent is: at most every 20 seconds, or with `counts`, which are written in any case.

    Nobody is noted who is not a respondent, or who only looks: not in previews, not staff, not through a link that only shows.
    """
    own = seat.set if counts else seat.own
    if own is None or own._state.adding or by.is_preview:
        return
    now, is_there = timezone.now(), not by.is_staff and not by.is_read_only
    written: dict[str, Any] = dict(counts)
    if counts:
        written["progress"] = own.progress
    if is_there and (counts or own.last_seen_at is None or own.last_seen_at < now - WRITTEN_EVERY):
        written |= {"last_seen_at": now, "at_key": key}
        if own.opened_at is None:
            written["opened_at"] = Coalesce("opened_at", now)
        if own.user_id and own.user_id == getattr(by.user, "pk", None):
            written["name"] = ""  # here they are: from now on they go by their own
    if written:
        Respondent.objects.filter(pk=own.pk, account_id=own.account_id).update(**written)
        own.last_seen_at = written.get("last_seen_at", own.last_seen_at)
        for field, count in counts.items():
            setattr(own, field, count)
