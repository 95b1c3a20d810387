"""The audit trail: what a row says, and that nobody changes it."""

import pytest
from django.db import connections, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test import override_settings
from django.urls import reverse

from accounts import audit, previews, tenancy
from accounts.models import AuditEntry, AuditSeal
from tests import cast

PROGRAM = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
TABLES = (AuditEntry._meta.db_table, AuditSeal._meta.db_table)


@pytest.mark.django_db
class TestWhatARowSays:
    def preview(self, **headers: str) -> AuditEntry:
        with cast.inside():
            address = reverse("staff:preview", args=[cast.account("Northwind").id])
        response = cast.visitor("sam").post(address, {"viewpoint": "approver"}, headers=headers)
        assert response.status_code == 303
        with cast.inside():
            entry = AuditEntry.objects.get(verb=previews.STARTED)
        assert entry.request_id == response["X-Request-ID"]
        return entry

    def test_from_where_with_which_program_in_which_request(self):
        entry = self.preview(**{"User-Agent": PROGRAM})
        assert (entry.ip, entry.program) == ("127.0.0.1", PROGRAM)

    def test_as_whom(self):
        assert self.preview().seen_as == "Approver"

    def test_a_program_is_kept_short_and_printable(self):
        assert self.preview(**{"User-Agent": "x\x07y" + "z" * 400}).program == "xy" + "z" * 198

    def test_without_trusted_proxies_a_visitor_cannot_say_where_it_comes_from(self):
        assert self.preview(**{"X-Forwarded-For": "203.0.113.9"}).ip == "127.0.0.1"

    @override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
    def test_behind_a_trusted_proxy_the_address_is_what_it_vouches_for(self):
        assert self.preview(**{"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}).ip == "203.0.113.9"

    def test_a_job_comes_from_nowhere(self):
        with cast.inside():
            entry = audit.record(cast.system(), "site.added")
        assert (entry.actor_name, entry.ip, entry.program, entry.request_id) == ("System", None, "", "")

    def test_one_request_knows_nothing_of_the_one_before(self):
        with audit.coming_from(audit.Origin("203.0.113.9", "x", "1")):
            pass
        with cast.inside():
            assert audit.record(cast.system(), "site.added").ip is None


@pytest.mark.django_db(databases=["default", "readonly"])
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("alias", ["default", "readonly"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET created_at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_no_login_of_the_application_changes_or_removes_a_row(alias: str, table: str, statement: str):
    with (
        cast.inside(),
        pytest.raises((InternalError, ProgrammingError), match="permission denied|read-only"),
        transaction.atomic(using=alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


@pytest.mark.django_db
def test_the_trail_may_be_added_to_and_read():
    with cast.inside(), connections["default"].cursor() as cursor:
        for table in TABLES:
            for right, expected in (("SELECT", True), ("INSERT", True), ("UPDATE", False), ("DELETE", False)):
                cursor.execute("SELECT has_table_privilege('portal_web', %s, %s)", [table, right])
                assert cursor.fetchone() == (expected,), (table, right)


@pytest.mark.django_db
def test_another_organizations_trail_is_out_of_reach():
    with cast.inside() as harbor:
        audit.record(cast.system(), "site.added")
        mine = AuditEntry.objects.filter(organization=harbor).count()
    with cast.inside("sunny"):
        assert mine
        assert not AuditEntry.objects.filter(organization=harbor).exists()
    with tenancy.scope(harbor.id, []):
        assert not AuditEntry.objects.exists()
