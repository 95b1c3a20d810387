"""The third wall, asked of PostgreSQL itself."""

import uuid

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from accounts import tenancy
from accounts.models import Account, AuditEntry, Membership, MembershipSite, Site
from accounts.roles import PortalRole, Role
from tests import cast

pytestmark = pytest.mark.django_db

# No tenant owns these rows: logins, sessions, libraries' bookkeeping.
WITHOUT_TENANT = {
    "accounts_user", "accounts_user_groups", "accounts_user_user_permissions", "account_emailaddress",
    "account_emailconfirmation", "auth_group", "auth_group_permissions", "auth_permission", "django_admin_log",
    "django_content_type", "django_migrations", "django_session", "guardian_groupobjectpermission",
    "guardian_userobjectpermission", "mfa_authenticator",
}  # fmt: skip


def rows(query: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def tables() -> dict[str, tuple[bool, bool]]:
    found = rows(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class "
        "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    return {name: (enabled, forced) for name, enabled, forced in found}


def test_every_table_of_a_tenant_has_forced_row_level_security():
    walls = {name for name, state in tables().items() if state == (True, True)}
    assert set(tables()) - walls == WITHOUT_TENANT


def test_every_wall_checks_what_is_read_and_what_is_written():
    policies = rows("SELECT tablename, qual, with_check FROM pg_policies WHERE policyname = 'tenant'")
    assert policies
    for table, qual, check in policies:
        assert qual == check, table
        assert "app.organization_id" in qual, table


def test_rows_of_an_account_are_walled_by_account_too():
    scoped = {
        model._meta.db_table
        for model in apps.get_models()
        if any(getattr(field, "attname", "") == "account_id" for field in model._meta.fields)
        and not model._meta.app_label.startswith("account")
        or model is Membership
    }
    qualifiers = dict(rows("SELECT tablename, qual FROM pg_policies WHERE policyname = 'tenant'"))
    for table in scoped:
        assert "app.account_ids" in qualifiers[table], table


def test_organization_and_account_stand_on_every_row():
    nullable = rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND column_name IN ('organization_id', 'account_id') AND is_nullable = 'YES'"
    )
    # An Admin's membership, an organization-wide audit entry, a mail or a word to staff, the draft of a batch for several
    # accounts, what is told to or arranged for all accounts, and a form nobody decided about may belong to no account.
    assert set(nullable) == {
        ("accounts_membership", "account_id"),
        ("accounts_auditentry", "account_id"),
        ("accounts_mail", "account_id"),
        ("accounts_announcement", "account_id"),
        ("accounts_dashboardlayout", "account_id"),
        ("accounts_intakesubmission", "account_id"),
        ("accounts_notification", "account_id"),
        ("assessments_batchdraft", "account_id"),
    }


def test_every_row_with_both_ids_ties_them_together():
    both = rows(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND column_name IN ('organization_id', 'account_id') GROUP BY table_name HAVING count(*) = 2"
    )
    tied = {
        name
        for (name,) in rows(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' "
            "AND confrelid = 'accounts_account'::regclass AND array_length(conkey, 1) = 2"
        )
    }
    assert {name for (name,) in both} <= tied


@pytest.mark.parametrize("alias", ["default", "readonly"])
@pytest.mark.django_db(databases="__all__")
def test_the_logins_own_nothing_and_bypass_nothing(alias):
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, "
            "(SELECT count(*) FROM pg_class WHERE relowner = pg_roles.oid) FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False, 0)
        cursor.execute("SELECT has_table_privilege('accounts_account', 'TRUNCATE')")
        assert cursor.fetchone() == (False,)


@pytest.mark.django_db(databases="__all__")
def test_the_login_of_previews_cannot_write_even_outside_a_read_only_transaction():
    own_connection = connections["readonly"].copy()
    try:
        with own_connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
            with pytest.raises(DatabaseError, match="permission denied"):
                cursor.execute("UPDATE accounts_account SET name = 'x'")
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND "
                "has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE')"
            )
            assert cursor.fetchall() == []
    finally:
        own_connection.close()


def test_without_a_tenant_nothing_can_be_read():
    assert Account.objects.count() == 0
    assert Membership.objects.count() == 0


def test_a_query_that_forgot_the_viewer_sees_one_organization():
    with cast.inside("harbor"):
        names = set(Account.objects.values_list("name", flat=True))
    assert "Northwind Dental" in names
    assert "Marigold Foods" not in names


def test_on_a_clients_page_it_sees_one_account():
    northwind = cast.account("Northwind")
    with tenancy.scope(northwind.organization_id, [northwind.id]):
        assert list(Account.objects.all()) == [northwind]
        assert set(Site.objects.values_list("account", flat=True)) == {northwind.id}


def test_no_account_at_all_is_not_every_account():
    with tenancy.scope(cast.organization().id, []):
        assert Account.objects.count() == 0


def test_the_scope_of_a_block_ends_with_the_block():
    with cast.inside("sunny"):
        with cast.inside("harbor"):
            assert Account.objects.filter(name="Northwind Dental").exists()
        assert not Account.objects.filter(name="Northwind Dental").exists()
        assert Account.objects.filter(name="Marigold Foods").exists()
    assert Account.objects.count() == 0


def test_writing_for_another_organization_is_refused():
    marigold = cast.account("Marigold")
    with cast.inside("harbor"), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Site.objects.create(organization_id=marigold.organization_id, account=marigold, name="Trojan")


def test_another_accounts_site_cannot_be_tied_to_a_membership():
    with cast.inside("harbor") as harbor:
        marcus = Membership.objects.get(user=cast.person("marcus"))
        foreign = Site.objects.get(name="Depot North")
        with pytest.raises(IntegrityError), transaction.atomic():
            MembershipSite.objects.create(
                organization=harbor, account=cast.account("Northwind"), membership=marcus, site=foreign
            )
            check_now()


def test_only_a_site_manager_has_sites():
    with cast.inside("harbor") as harbor:
        dora, site = Membership.objects.get(user=cast.person("dora")), Site.objects.get(name="Riverside")
        with pytest.raises(IntegrityError), transaction.atomic():
            MembershipSite.objects.create(organization=harbor, account=site.account, membership=dora, site=site)
            check_now()


@pytest.mark.parametrize(
    ("role", "account_name", "portal_roles", "constraint"),
    [
        (Role.ADMIN, "Northwind", [], "an_admin_has_no_account_and_everybody_else_has_one"),
        (Role.CLIENT, "", [], "an_admin_has_no_account_and_everybody_else_has_one"),
        (Role.ACCOUNT_EXECUTIVE, "Northwind", [PortalRole.BILLING], "only_clients_hold_portal_roles"),
        (Role.CLIENT, "Northwind", ["emperor"], "a_portal_role_is_a_known_one"),
        ("owner", "Northwind", [], "a_role_is_a_known_one"),
    ],
)
def test_a_membership_that_makes_no_sense_cannot_be_stored(role, account_name, portal_roles, constraint):
    with cast.inside("harbor") as harbor, pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Membership.objects.create(
            organization=harbor,
            account=cast.account(account_name) if account_name else None,
            user=cast.person("noor"),
            role=role,
            portal_roles=portal_roles,
        )


def test_one_membership_per_user_and_account():
    with (
        cast.inside("harbor") as harbor,
        pytest.raises(IntegrityError, match="one_membership_per_user_and_account"),
        transaction.atomic(),
    ):
        Membership.objects.create(
            organization=harbor, account=cast.account("Northwind"), user=cast.person("dora"), role=Role.TECHNICIAN
        )


@pytest.mark.parametrize("write", ["update", "delete"])
def test_the_audit_trail_only_grows(write):
    with cast.inside("harbor"):
        entries = AuditEntry.objects.all()
        assert entries.exists()
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            entries.update(verb="nothing.happened") if write == "update" else entries._raw_delete("default")


def test_an_unknown_account_id_in_the_scope_opens_nothing():
    with tenancy.scope(cast.organization().id, [uuid.uuid4()]):
        assert Account.objects.count() == 0


def check_now() -> None:
    """Composite keys are checked at commit; ask for it here."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
