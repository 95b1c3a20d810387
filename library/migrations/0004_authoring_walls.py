"""Row-level security and composite keys of what authors work with."""

from django.db import migrations

from accounts.walls import tie, wall


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
    ]
