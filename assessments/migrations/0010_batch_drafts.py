"""Drafts of batches, and the day of the month a campaign was meant for."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.web.ids
from accounts.walls import tie, tie_to_account, wall


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_mail_walls"),
        ("assessments", "0009_guests"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="day_of_month",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.CreateModel(
            name="BatchDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("values", models.JSONField(default=dict)),
                ("rows", models.JSONField(default=list)),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="file")),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.account",
                    ),
                ),
                (
                    "batch",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draft",
                        to="assessments.batch",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
                    ),
                ),
            ],
            options={
                "verbose_name": "draft of a batch",
                "indexes": [models.Index(fields=["organization", "updated_at"], name="batch_drafts_by_age")],
            },
        ),
        wall("assessments_batchdraft", account="account_id"),
        tie_to_account("assessments_batchdraft"),
        tie("assessments_batchdraft", ("organization_id", "batch_id"), "assessments_batch", ("organization_id", "id")),
    ]
