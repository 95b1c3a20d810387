"""What makes a deleted account really gone, and keeps it for thirty days before: both in the database itself."""

from django.db import migrations

# The one way a row of the append-only audit trail ever goes. It runs as the owner of the tables, so it asks for itself
# whatever a caller could get wrong: the organization, that the account was deleted, and how long ago.
PURGE = """
CREATE FUNCTION accounts_purge(gone uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    here uuid := nullif(current_setting('app.organization_id', true), '')::uuid;
    deleted timestamptz;
    place text;
    removed bigint;
    counts jsonb := '{}';
BEGIN
    SELECT deleted_at INTO deleted FROM accounts_account WHERE id = gone AND organization_id = here FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this organization has no such account' USING ERRCODE = 'no_data_found';
    END IF;
    IF deleted IS NULL OR deleted > now() - interval '30 days' THEN
        RAISE EXCEPTION 'an account is purged 30 days after it was deleted' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Foreign keys are checked at the end of the transaction, so the order makes no difference.
    FOR place IN
        SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'account_id'
          AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped
        ORDER BY c.relname
    LOOP
        EXECUTE format('DELETE FROM public.%I WHERE account_id = $1', place) USING gone;
        GET DIAGNOSTICS removed = ROW_COUNT;
        IF removed > 0 THEN
            counts := counts || jsonb_build_object(place, removed);
        END IF;
    END LOOP;
    DELETE FROM accounts_accountgrant WHERE content_object_id = gone;
    UPDATE accounts_organization SET deleted_account_ids = array_remove(deleted_account_ids, gone) WHERE id = here;
    DELETE FROM accounts_account WHERE id = gone;
    RETURN counts;
END
$$
"""
# Thirty days from when it was really deleted: nobody but the owner can say it was longer ago.
DATED = """
CREATE FUNCTION accounts_date_deletion() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF NEW.deleted_at IS NULL THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' OR OLD.deleted_at IS NULL THEN
        NEW.deleted_at := now();
    ELSIF NEW.deleted_at IS DISTINCT FROM OLD.deleted_at THEN
        RAISE EXCEPTION 'when an account was deleted cannot be changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_intake_marks")]

    operations = [
        migrations.RunSQL(
            [
                PURGE,
                "REVOKE ALL ON FUNCTION accounts_purge(uuid) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION accounts_purge(uuid) TO portal_web",
            ],
            "DROP FUNCTION accounts_purge(uuid)",
        ),
        migrations.RunSQL(
            [
                DATED,
                "CREATE TRIGGER deletion_is_dated BEFORE INSERT OR UPDATE OF deleted_at ON accounts_account "
                "FOR EACH ROW WHEN (current_user <> 'portal_owner') EXECUTE FUNCTION accounts_date_deletion()",
            ],
            ["DROP TRIGGER deletion_is_dated ON accounts_account", "DROP FUNCTION accounts_date_deletion()"],
        ),
    ]
