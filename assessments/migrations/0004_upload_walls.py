"""Row-level security and composite keys of uploaded files."""

from django.db import migrations

from accounts.walls import tie, tie_to_account, wall


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_uploads")]

    operations = [
        wall("assessments_upload", account="account_id"),
        tie_to_account("assessments_upload"),
        tie(
            "assessments_upload",
            ("account_id", "assessment_id"),
            "assessments_assessment",
            ("account_id", "id"),
        ),
    ]
