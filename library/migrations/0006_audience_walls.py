"""Row-level security and composite keys of audiences and access requests."""

from django.db import migrations

from accounts.walls import key, tie, tie_to_account, wall


class Migration(migrations.Migration):
    dependencies = [("library", "0005_audiences_and_requests"), ("accounts", "0006_admin_area_walls")]

    operations = [
        key("library_libraryentry", "account_id", "id"),
        wall("library_libraryentryperson", account="account_id"),
        tie_to_account("library_libraryentryperson"),
        tie("library_libraryentryperson", ("account_id", "entry_id"), "library_libraryentry", ("account_id", "id")),
        tie("library_libraryentryperson", ("account_id", "membership_id"), "accounts_membership", ("account_id", "id")),
        wall("library_accessrequest", account="account_id"),
        tie_to_account("library_accessrequest"),
        tie(
            "library_accessrequest",
            ("organization_id", "definition_id"),
            "library_definition",
            ("organization_id", "id"),
        ),
    ]
