"""People: when somebody was last seen, who set an override, ended sessions, and whether a person belongs elsewhere too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A login belongs to the installation, its memberships to organizations that must not know of each other. What an Admin
# may do to a login depends on whether another organization relies on it: this function answers that, yes or no, and
# nothing else. Row-level security is forced on the tables' owner too, so it asks as each other organization in turn
# and puts the transaction's own scope back.
BELONGS_ELSEWHERE = """
CREATE FUNCTION accounts_belongs_elsewhere(person uuid, here uuid, only_active boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    organization_before text := current_setting('app.organization_id', true);
    accounts_before text := current_setting('app.account_ids', true);
    other uuid;
    found_one boolean := false;
BEGIN
    PERFORM set_config('app.account_ids', '', true);
    FOR other IN SELECT DISTINCT organization_id FROM public.accounts_organizationhost WHERE organization_id <> here LOOP
        PERFORM set_config('app.organization_id', other::text, true);
        SELECT EXISTS (
            SELECT FROM public.accounts_membership
            WHERE organization_id = other AND user_id = person AND (NOT only_active OR suspended_at IS NULL)
        ) INTO found_one;
        EXIT WHEN found_one;
    END LOOP;
    PERFORM set_config('app.organization_id', coalesce(organization_before, ''), true);
    PERFORM set_config('app.account_ids', coalesce(accounts_before, ''), true);
    RETURN found_one;
END
$$;
REVOKE ALL ON FUNCTION accounts_belongs_elsewhere(uuid, uuid, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_belongs_elsewhere(uuid, uuid, boolean) TO portal_web;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_notifications_shown_from")]

    operations = [
        migrations.AddField(
            "user",
            "sessions_ended",
            models.PositiveIntegerField(default=0, db_default=0, editable=False),
        ),
        migrations.AddField(
            "membership",
            "last_seen_at",
            models.DateTimeField(blank=True, null=True, verbose_name="last seen"),
        ),
        migrations.AddField(
            "override",
            "set_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(BELONGS_ELSEWHERE, "DROP FUNCTION accounts_belongs_elsewhere(uuid, uuid, boolean)"),
    ]
