"""Who was invited and never signed in anywhere is introduced under the name they were invited by, else by their address.

A migration of its own, so that the lock of adding the column is not held meanwhile. Row-level security is forced on the
tables' owner too: each organization is entered in turn, and left again. Taking the step back leaves the names: the step
before it drops their column.
"""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connections, migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Value
from django.db.models.functions import Coalesce, Left, NullIf

_ENTER = "SELECT set_config('app.organization_id', %s, true), set_config('app.account_ids', '', true)"


def introduce(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """This will introduce those whose invitation is still open."""
    alias = schema_editor.connection.alias
    hosts = apps.get_model("accounts", "OrganizationHost").objects.using(alias)
    invited = apps.get_model("accounts", "User").objects.using(alias)
    invited = invited.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX, last_login=None)
    name = Coalesce(NullIf("name", Value("")), Left("email", 120), output_field=models.CharField())
    names = invited.filter(pk=models.OuterRef("user_id")).values_list(name)
    try:
        for organization_id in hosts.order_by().values_list("organization_id", flat=True).distinct():
            _enter(alias, str(organization_id))
            memberships = apps.get_model("accounts", "Membership").objects.using(alias)
            memberships.filter(user__in=invited.values("pk"), last_seen_at=None).update(
                introduced_as=models.Subquery(names)
            )
    finally:
        _enter(alias, "")


def _enter(alias: str, organization_id: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(_ENTER, [organization_id])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_offers_entitled_only")]

    operations = [migrations.RunPython(introduce, migrations.RunPython.noop)]
