"""Who came by a share link, and how often something limited was tried."""

import django.db.models.deletion
from django.db import migrations, models

import portal.web.ids
from accounts.walls import key, tie, wall


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_mail_walls"), ("assessments", "0008_finding_reason")]

    operations = [
        migrations.AddField(
            model_name="respondent",
            name="through",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="assessments.respondentlink",
            ),
        ),
        key("assessments_respondentlink", "account_id", "id"),
        tie(
            "assessments_respondent",
            ("account_id", "through_id"),
            "assessments_respondentlink",
            ("account_id", "id"),
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("what", models.CharField(max_length=64)),
                ("count", models.PositiveIntegerField(default=0)),
                ("since", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "indexes": [models.Index(fields=["since"], name="attempts_by_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "what"), name="attempts_are_counted_in_one_row")
                ],
            },
        ),
        wall("assessments_attempt"),
    ]
