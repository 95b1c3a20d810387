"""Clients who had access before there were contacts become contacts of their account.

Row-level security is forced on the tables' owner too: each organization is entered in turn, and left again. Taking the
step back leaves the contacts: they may have been edited since, and the step before it drops their table.
"""

from django.db import connections, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_ENTER = "SELECT set_config('app.organization_id', %s, true), set_config('app.account_ids', '', true)"


def make_contacts(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """This will make a contact of each client; a Company Admin, else the first, is the account's primary one."""
    alias = schema_editor.connection.alias
    hosts = apps.get_model("accounts", "OrganizationHost").objects.using(alias)
    try:
        for organization_id in hosts.order_by().values_list("organization_id", flat=True).distinct():
            _enter(alias, str(organization_id))
            _of_organization(apps, alias, organization_id)
    finally:
        _enter(alias, "")


def _of_organization(apps: StateApps, alias: str, organization_id: object) -> None:
    memberships = apps.get_model("accounts", "Membership").objects.using(alias)
    contacts = apps.get_model("accounts", "Contact")
    known = set(contacts.objects.using(alias).exclude(user=None).values_list("account_id", "user_id"))
    led = set(
        contacts.objects.using(alias).filter(is_primary=True, removed_at=None).values_list("account_id", flat=True)
    )
    clients = memberships.filter(role="client").select_related("user").order_by("created_at")
    made = []
    for client in sorted(clients, key=lambda one: "company_admin" not in one.portal_roles):
        if (client.account_id, client.user_id) in known:
            continue
        made.append(
            contacts(
                organization_id=organization_id,
                account_id=client.account_id,
                user_id=client.user_id,
                name=client.user.name or client.user.email[:120],
                email=client.user.email,
                phone=client.user.phone,
                job_title=client.user.job_title,
                is_primary=client.account_id not in led,
            )
        )
        led.add(client.account_id)
    contacts.objects.using(alias).bulk_create(made, batch_size=1000)


def _enter(alias: str, organization_id: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(_ENTER, [organization_id])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_host_claims")]

    operations = [migrations.RunPython(make_contacts, migrations.RunPython.noop)]
