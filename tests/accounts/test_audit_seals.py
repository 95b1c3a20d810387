"""Seals over the audit trail: what they cover, and that whoever changes a row later is found out."""

import datetime
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from accounts import audit
from accounts.actions import audit_seals as sealing
from accounts.models import AuditEntry, AuditSeal
from accounts.tasks import seal_audit
from accounts.trail import audit_seals
from tests import cast

PURGE = """
DO LANGUAGE plpgsql $do$
DECLARE place text; gone uuid := %s;
BEGIN
    FOR place IN SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relkind = 'r' AND a.attname = 'account_id' AND c.relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('DELETE FROM public.%%I WHERE account_id = $1', place) USING gone;
    END LOOP;
    DELETE FROM accounts_accountgrant WHERE content_object_id = gone;
    DELETE FROM accounts_account WHERE id = gone;
END $do$
"""


def grown_old(monkeypatch, minutes: int = 15) -> None:
    """This will let time pass, so that what was written may be sealed."""
    later = timezone.now() + datetime.timedelta(minutes=minutes)
    monkeypatch.setattr(sealing.timezone, "now", lambda: later)


def sealed(monkeypatch, minutes: int = 15) -> AuditSeal | None:
    grown_old(monkeypatch, minutes)
    with cast.inside():
        made = sealing.seal(by=cast.system())
    monkeypatch.undo()
    return made


def problems() -> list[audit_seals.Finding]:
    with cast.inside() as harbor:
        return list(audit_seals.findings(harbor))


def as_owner(statement: str, *values: object) -> int:
    """This will do what only who owns the tables can."""
    with cast.inside() as harbor, connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization_id', %s, false)", [str(harbor.id)])
        cursor.execute(statement, values)
        return cursor.rowcount


class TestSealing:
    pytestmark = pytest.mark.django_db

    def test_it_covers_every_row_account_by_account(self, monkeypatch):
        made = sealed(monkeypatch)
        with cast.inside() as harbor:
            assert made.rows == AuditEntry.objects.filter(organization=harbor).count()
            assert str(cast.account("Northwind").id) in made.parts
        assert (made.number, made.previous) == (1, "")
        assert problems() == []

    def test_the_last_minutes_are_left_for_the_next_one(self, monkeypatch):
        with cast.inside() as harbor:
            before = AuditEntry.objects.filter(organization=harbor).count()
            audit.record(cast.system(), "site.added")
            made = sealing.seal(by=cast.system())
        assert made is None or made.rows <= before

    def test_each_holds_the_one_before(self, monkeypatch):
        first = sealed(monkeypatch)
        with cast.inside():
            audit.record(cast.system(), "site.added")
        second = sealed(monkeypatch, 60)
        assert second is not None
        assert (second.number, second.previous, second.rows) == (2, first.digest, 1)
        assert sealed(monkeypatch, 61) is None
        assert problems() == []

    def test_only_the_system_seals(self):
        with cast.inside(), pytest.raises(PermissionDenied):
            sealing.seal(by=cast.viewer("ada"))

    def test_the_job_seals_every_organization(self, monkeypatch):
        grown_old(monkeypatch)
        seal_audit()
        monkeypatch.undo()
        for name in ("harbor", "sunny"):
            with cast.inside(name):
                assert AuditSeal.objects.count() == 1


class TestWhoeverChangesARow:
    """Over a database of its own: the owner's changes are committed."""

    @pytest.fixture(autouse=True)
    def _sealed(self, fresh_database, monkeypatch):
        assert sealed(monkeypatch) is not None
        yield
        connections["owner"].close()

    def verified(self, *options: str) -> str:
        out = io.StringIO()
        call_command("verify_audit", "--organization", "harbor.localhost", *options, stdout=out)
        return out.getvalue()

    def refused(self, *options: str) -> str:
        out = io.StringIO()
        with pytest.raises(CommandError):
            call_command("verify_audit", "--organization", "harbor.localhost", *options, stdout=out)
        return out.getvalue()

    def test_nobody_did(self):
        assert "matches its seals" in self.verified()

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ("UPDATE accounts_auditentry SET actor_name = 'Somebody else' WHERE id = %s", "read otherwise"),
            ("UPDATE accounts_auditentry SET details = '{}' WHERE id = %s", "read otherwise"),
            ("UPDATE accounts_auditentry SET ip = '203.0.113.9' WHERE id = %s", "read otherwise"),
            ("DELETE FROM accounts_auditentry WHERE id = %s", "added or removed"),
        ],
    )
    def test_a_row_changed_or_taken_away(self, change, words):
        with cast.inside():
            row = AuditEntry.objects.filter(verb="membership.added").first()
        assert as_owner(change, row.pk) == 1
        found = self.refused()
        assert words in found
        assert str(row.account_id or "the organization") in found

    def test_a_row_slipped_in_later(self):
        with cast.inside():
            row = AuditEntry.objects.filter(verb="membership.added", account__isnull=False).first()
        as_owner(
            "INSERT INTO accounts_auditentry (id, created_at, organization_id, account_id, actor_name, verb, object_type,"
            " object_label, details) SELECT gen_random_uuid(), created_at, organization_id, account_id, 'X', 'site.added',"
            " '', '', '{}' FROM accounts_auditentry WHERE id = %s",
            row.pk,
        )
        assert "added or removed" in self.refused()

    def test_a_seal_changed_or_taken_away(self, monkeypatch):
        with cast.inside():
            audit.record(cast.system(), "site.added")
        assert sealed(monkeypatch, 60) is not None
        as_owner("UPDATE accounts_auditseal SET rows = rows + 1 WHERE number = 1")
        assert "the seal itself was changed" in self.refused()
        as_owner("DELETE FROM accounts_auditseal WHERE number = 1")
        assert "does not follow" in self.refused()

    def test_who_seals_anew_is_found_by_a_digest_from_the_logs(self, monkeypatch):
        with cast.inside():
            known = AuditSeal.objects.get().digest
            row = AuditEntry.objects.filter(verb="membership.added").first()
        as_owner("UPDATE accounts_auditentry SET actor_name = 'Somebody else' WHERE id = %s", row.pk)
        as_owner("DELETE FROM accounts_auditseal")
        assert sealed(monkeypatch) is not None
        assert "matches its seals" in self.verified()
        assert "no seal has the digest" in self.refused("--head", known)

    def test_an_account_that_was_purged_is_no_tampering(self):
        with cast.inside():
            cobalt = cast.account("Cobalt")
            audit.record(cast.system(), audit_seals.PURGED, cobalt)  # as the purge does, among the organization's own
        with cast.inside() as harbor, connections["owner"].cursor() as cursor:
            cursor.execute("SELECT set_config('app.organization_id', %s, false)", [str(harbor.id)])
            # What the purge does, without waiting thirty days.
            cursor.execute(PURGE, [cobalt.pk])
        found = self.verified()
        assert "the account was purged with its rows" in found
        assert "matches its seals" in found

    def test_an_account_whose_rows_are_gone_and_which_is_not_is_tampering(self):
        with cast.inside():
            cobalt = cast.account("Cobalt")
            audit.record(cast.system(), audit_seals.PURGED, cobalt)
        as_owner("DELETE FROM accounts_auditentry WHERE account_id = %s", cobalt.pk)
        assert "added or removed" in self.refused()
