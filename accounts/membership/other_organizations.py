"""Whether a login is more than this organization's: the walls let nobody see where else, only that it is so."""

from django.db import connection

from accounts.models import Organization, User


def rely_on(user: User, organization: Organization, *, only_active: bool = False) -> bool:
    """This will say whether another organization than this one gave the login a role; with `only_active`, one that is
    not suspended. The database answers yes or no, and no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_belongs_elsewhere(%s, %s, %s)", [user.pk, organization.pk, only_active])
        return bool(cursor.fetchone()[0])
