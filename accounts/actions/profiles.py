"""What a person says of themselves."""

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.models import User
from accounts.viewer import Viewer

FIELDS = ("name", "job_title", "phone", "time_zone", "language")


@transaction.atomic
def edit(*, by: Viewer, **said: str) -> User:
    """This will keep what the viewer says of themselves, of FIELDS. Raises ValidationError for what cannot be so."""
    assert by.user is not None
    user = User.objects.select_for_update(no_key=True).get(pk=by.user.pk)
    changes = {
        name: [getattr(user, name), said[name]] for name in FIELDS if name in said and getattr(user, name) != said[name]
    }
    if not changes:
        return user
    for name, (_before, value) in changes.items():
        setattr(user, name, value)
    user.full_clean(exclude=["password"])
    user.save(update_fields=list(changes))
    audit.record(by, "profile.changed", user, changes=changes)
    return user


@transaction.atomic
def end_other_sessions(*, by: Viewer) -> User:
    """This will end every session of the viewer, and return them as they stand now: who stays signed in renews theirs."""
    assert by.user is not None
    User.objects.filter(pk=by.user.pk).update(sessions_ended=F("sessions_ended") + 1)
    by.user.refresh_from_db()
    audit.record(by, "profile.signed_out_elsewhere", by.user)
    return by.user
