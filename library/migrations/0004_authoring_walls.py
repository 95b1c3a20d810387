"""Row-level security and composite keys of what authors work with."""

from django.db import migrations

from accounts.walls import tie, wall

# A published version keeps its revision, its beginning and its state as well.
FREEZE_MORE = """
CREATE FUNCTION library_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.state, NEW.revision, NEW.created_at) IS DISTINCT FROM
       (OLD.state, OLD.revision, OLD.created_at) THEN
        RAISE EXCEPTION 'a published version cannot be changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_stays BEFORE UPDATE ON library_definitionversion
    FOR EACH ROW EXECUTE FUNCTION library_published_stays();
"""
THAW_MORE = """
DROP TRIGGER published_stays ON library_definitionversion;
DROP FUNCTION library_published_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("library", "0003_authoring"), ("accounts", "0002_walls")]

    operations = [
        wall("library_draftchange"),
        wall("library_previewlink"),
        wall("library_definitionimport"),
        tie(
            "library_draftchange",
            ("organization_id", "version_id"),
            "library_definitionversion",
            ("organization_id", "id"),
        ),
        tie(
            "library_previewlink",
            ("organization_id", "definition_id"),
            "library_definition",
            ("organization_id", "id"),
        ),
        tie(
            "library_definitionimport",
            ("organization_id", "version_id"),
            "library_definitionversion",
            ("organization_id", "id"),
        ),
        tie(
            "library_definitionversion",
            ("definition_id", "based_on_id"),
            "library_definitionversion",
            ("definition_id", "id"),
        ),
        migrations.RunSQL(FREEZE_MORE, THAW_MORE),
    ]
