"""Row-level security, composite keys, and published versions that cannot change."""

from django.db import migrations

from accounts.walls import key, tie, tie_to_account, wall

FREEZE = """
CREATE FUNCTION library_published_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a published version cannot be deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.document, NEW.content_hash, NEW.number, NEW.definition_id, NEW.organization_id, NEW.question_count,
        NEW.published_at) IS DISTINCT FROM
       (OLD.document, OLD.content_hash, OLD.number, OLD.definition_id, OLD.organization_id, OLD.question_count,
        OLD.published_at)
       OR NEW.state = 'draft' THEN
        RAISE EXCEPTION 'a published version cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_is_frozen BEFORE UPDATE OR DELETE ON library_definitionversion
    FOR EACH ROW EXECUTE FUNCTION library_published_is_frozen();
"""
THAW = """
DROP TRIGGER published_is_frozen ON library_definitionversion;
DROP FUNCTION library_published_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial"), ("accounts", "0002_walls")]

    operations = [
        wall("library_group"),
        wall("library_definition"),
        wall("library_definitionversion"),
        wall("library_libraryentry", account="account_id"),
        key("library_group", "organization_id", "id"),
        key("library_definition", "organization_id", "id"),
        key("library_definitionversion", "organization_id", "id"),
        key("library_definitionversion", "definition_id", "id"),
        tie("library_definition", ("organization_id", "group_id"), "library_group", ("organization_id", "id")),
        tie("library_definition", ("organization_id", "parent_id"), "library_definition", ("organization_id", "id")),
        tie("library_definition", ("id", "published_version_id"), "library_definitionversion", ("definition_id", "id")),
        tie(
            "library_definitionversion",
            ("organization_id", "definition_id"),
            "library_definition",
            ("organization_id", "id"),
        ),
        tie_to_account("library_libraryentry"),
        tie(
            "library_libraryentry",
            ("organization_id", "definition_id"),
            "library_definition",
            ("organization_id", "id"),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
