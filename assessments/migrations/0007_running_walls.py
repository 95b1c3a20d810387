"""Row-level security and composite keys of what belongs to running assessments."""

from django.db import migrations

from accounts.walls import append_only, key, tie, tie_to_account, wall

OF_A_RUN = (
    "answerreview", "clarification", "finding", "report", "respondentlink", "sectionnote",
)  # fmt: skip
OF_AN_ACCOUNT = (
    *OF_A_RUN,
    "campaign",
    "clarificationmessage",
    "enabledreport",
    "findingaction",
    "reportlink",
    "reportview",
)
OF_AN_ORGANIZATION = ("batch", "reporttemplate")
# (table, columns, to, its columns): nothing of one account can hang on something of another.
TIES = (
    ("respondentlink", ("account_id", "respondent_id"), "assessments_respondent", ("account_id", "id")),
    ("answer", ("account_id", "respondent_id"), "assessments_respondent", ("account_id", "id")),
    ("clarification", ("account_id", "asked_of_id"), "assessments_respondent", ("account_id", "id")),
    ("clarificationmessage", ("account_id", "clarification_id"), "assessments_clarification", ("account_id", "id")),
    ("findingaction", ("account_id", "finding_id"), "assessments_finding", ("account_id", "id")),
    ("reportlink", ("account_id", "report_id"), "assessments_report", ("account_id", "id")),
    ("reportview", ("account_id", "report_id"), "assessments_report", ("account_id", "id")),
    ("assessment", ("account_id", "campaign_id"), "assessments_campaign", ("account_id", "id")),
    ("assessment", ("account_id", "previous_id"), "assessments_assessment", ("account_id", "id")),
    ("assessment", ("organization_id", "batch_id"), "assessments_batch", ("organization_id", "id")),
    ("batch", ("organization_id", "definition_id"), "library_definition", ("organization_id", "id")),
    ("campaign", ("organization_id", "definition_id"), "library_definition", ("organization_id", "id")),
    ("enabledreport", ("organization_id", "template_id"), "assessments_reporttemplate", ("organization_id", "id")),
    ("report", ("organization_id", "template_id"), "assessments_reporttemplate", ("organization_id", "id")),
)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0006_running_keys"), ("library", "0002_walls")]

    operations = [
        *(wall(f"assessments_{table}", account="account_id") for table in OF_AN_ACCOUNT),
        *(wall(f"assessments_{table}") for table in OF_AN_ORGANIZATION),
        *(tie_to_account(f"assessments_{table}") for table in OF_AN_ACCOUNT),
        *(
            key(f"assessments_{table}", "account_id", "id")
            for table in ("respondent", "clarification", "finding", "report", "campaign")
        ),
        *(key(f"assessments_{table}", "organization_id", "id") for table in OF_AN_ORGANIZATION),
        *(
            tie(f"assessments_{table}", ("account_id", "assessment_id"), "assessments_assessment", ("account_id", "id"))
            for table in OF_A_RUN
        ),
        *(tie(f"assessments_{table}", columns, to, to_columns) for table, columns, to, to_columns in TIES),
        append_only("assessments_reportview"),
    ]
