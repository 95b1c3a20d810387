"""Taking a second factor away from who lost it."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import audit
from accounts.actions import people
from accounts.models import User
from accounts.viewer import Viewer


@transaction.atomic
def reset(*, by: Viewer, user: User) -> bool:
    """This will remove a person's second factors and sign them out everywhere; False when they had none.

    They can set up new ones when they are next in. Raises PermissionDenied for oneself and for somebody unknown here,
    ValidationError where another organization relies on the login too.
    """
    people.require_sole_charge(by=by, user=user)
    removed, _each = Authenticator.objects.filter(user=user).delete()
    if not removed:
        return False
    people.end_sessions(by=by, user=user)
    audit.record(by, "person.second_factor_reset", user)
    return True
