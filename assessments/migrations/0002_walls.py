"""Row-level security, composite keys, and a history of answers that only grows."""

from django.db import migrations

from accounts.walls import append_only, key, tie, tie_to_account, wall

CHILDREN = ("respondent", "answer", "answerrevision", "result")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("library", "0002_walls")]

    operations = [
        wall("assessments_assessment", account="account_id"),
        key("assessments_assessment", "account_id", "id"),
        tie_to_account("assessments_assessment"),
        tie(
            "assessments_assessment",
            ("organization_id", "definition_id"),
            "library_definition",
            ("organization_id", "id"),
        ),
        tie(
            "assessments_assessment",
            ("definition_id", "version_id"),
            "library_definitionversion",
            ("definition_id", "id"),
        ),
        *(wall(f"assessments_{child}", account="account_id") for child in CHILDREN),
        *(tie_to_account(f"assessments_{child}") for child in CHILDREN),
        *(
            tie(f"assessments_{child}", ("account_id", "assessment_id"), "assessments_assessment", ("account_id", "id"))
            for child in CHILDREN
        ),
        append_only("assessments_answerrevision"),
    ]
