import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import assessments.models.report
import assessments.models.upload
import portal.web.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_mail_and_saved_views"),
        ("assessments", "0004_upload_walls"),
        ("library", "0004_authoring_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="notify_at_percent",
            field=models.PositiveSmallIntegerField(db_default=80, default=80),
        ),
        migrations.CreateModel(
            name="AnswerReview",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("question_key", models.CharField(max_length=160)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("accepted", "Accepted"),
                            ("changed", "Scored differently"),
                            ("not_counted", "Does not count"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "Answered"),
                            ("not_applicable", "Not applicable"),
                            ("dont_know", "I’m not sure"),
                            ("cleared", "Cleared"),
                        ],
                        max_length=16,
                    ),
                ),
                ("value", models.JSONField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("revision_seen", models.PositiveIntegerField(default=0)),
                ("reviewed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "review of an answer",
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "mode",
                    models.CharField(
                        choices=[("shared", "Together, one set of answers"), ("independent", "Each alone")],
                        default="shared",
                        max_length=12,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                ("message", models.TextField(blank=True, verbose_name="message")),
            ],
            options={
                "verbose_name": "batch",
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "mode",
                    models.CharField(
                        choices=[("shared", "Together, one set of answers"), ("independent", "Each alone")],
                        default="shared",
                        max_length=12,
                    ),
                ),
                ("every_months", models.PositiveSmallIntegerField(verbose_name="every (months)")),
                ("next_on", models.DateField(verbose_name="next")),
                ("due_in_days", models.PositiveSmallIntegerField(default=30, verbose_name="due after (days)")),
                ("carries_over", models.BooleanField(default=True, verbose_name="carry the last answers over")),
                ("message", models.TextField(blank=True, verbose_name="message")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "campaign",
            },
        ),
        migrations.CreateModel(
            name="Clarification",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("question_key", models.CharField(max_length=160)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "clarification",
            },
        ),
        migrations.CreateModel(
            name="ClarificationMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("is_staff", models.BooleanField(default=False)),
                ("text", models.TextField()),
            ],
            options={
                "verbose_name": "message",
            },
        ),
        migrations.CreateModel(
            name="EnabledReport",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("source", models.CharField(blank=True, max_length=200)),
                ("question_key", models.CharField(blank=True, max_length=160)),
                ("section_key", models.CharField(blank=True, max_length=160)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("text", models.TextField(blank=True, verbose_name="what was found")),
                (
                    "severity",
                    models.CharField(
                        choices=[("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")],
                        default="medium",
                        max_length=8,
                        verbose_name="severity",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted as a risk"),
                            ("dismissed", "Does not apply"),
                            ("resolved", "Resolved"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("is_edited", models.BooleanField(default=False)),
                ("is_outdated", models.BooleanField(default=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "finding",
            },
        ),
        migrations.CreateModel(
            name="FindingAction",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("title", models.CharField(max_length=200, verbose_name="what is to be done")),
                ("owner_name", models.CharField(blank=True, max_length=120, verbose_name="owner")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_do", "To do"),
                            ("under_way", "Under way"),
                            ("done", "Done"),
                            ("dropped", "Dropped"),
                        ],
                        default="to_do",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "action",
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("template_name", models.CharField(max_length=120)),
                ("edition", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                ("is_released", models.BooleanField(default=False)),
                (
                    "pdf",
                    models.FileField(
                        blank=True,
                        max_length=200,
                        storage=assessments.models.upload.private_files,
                        upload_to=assessments.models.report.of_report,
                    ),
                ),
                ("pdf_error", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "verbose_name": "report",
            },
        ),
        migrations.CreateModel(
            name="ReportLink",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "report link",
            },
        ),
        migrations.CreateModel(
            name="ReportTemplate",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("detailed", "Detailed"), ("executive", "Executive"), ("custom", "Custom")],
                        default="custom",
                        max_length=10,
                        verbose_name="type",
                    ),
                ),
                ("description", models.CharField(blank=True, max_length=300, verbose_name="description")),
                ("sections", models.JSONField(default=list)),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("is_default", models.BooleanField(default=False, verbose_name="default")),
                ("revision", models.PositiveIntegerField(default=1)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "report template",
            },
        ),
        migrations.CreateModel(
            name="ReportView",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("format", models.CharField(max_length=8)),
                ("ip_address", models.GenericIPAddressField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "view of a report",
            },
        ),
        migrations.CreateModel(
            name="RespondentLink",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                (
                    "power",
                    models.CharField(
                        choices=[("view", "Look at the answers"), ("answer", "Answer")], default="answer", max_length=6
                    ),
                ),
                ("sections", models.JSONField(blank=True, default=list)),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("most_uses", models.PositiveIntegerField(blank=True, null=True)),
                ("uses", models.PositiveIntegerField(default=0)),
                ("password", models.CharField(blank=True, max_length=128)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_opened_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "link",
            },
        ),
        migrations.CreateModel(
            name="SectionNote",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("section_key", models.CharField(blank=True, max_length=160)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("strengths", "Strengths"),
                            ("gaps", "Gaps"),
                            ("root_causes", "Root causes"),
                            ("insights", "Insights"),
                            ("plan", "Plan"),
                        ],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("updated_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name": "analysis note",
            },
        ),
        migrations.RemoveConstraint(
            model_name="assessment",
            name="a_closed_assessment_was_released",
        ),
        migrations.RemoveConstraint(
            model_name="assessment",
            name="a_reviewed_assessment_was_submitted",
        ),
        migrations.AddField(
            model_name="answer",
            name="carried_over",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="answer",
            name="guest",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="assessments.respondent",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="respondent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answers",
                to="assessments.respondent",
            ),
        ),
        migrations.AddField(
            model_name="answerrevision",
            name="guest",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="assessments.respondent",
            ),
        ),
        migrations.AddField(
            model_name="answerrevision",
            name="respondent",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="assessments.respondent",
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="assessment",
            name="closed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="closing_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="assessment",
            name="combination",
            field=models.CharField(
                choices=[
                    ("median", "Median"),
                    ("mean", "Mean"),
                    ("most_common", "Most common answer"),
                    ("lowest", "Lowest score"),
                    ("highest", "Highest score"),
                ],
                db_default="median",
                default="median",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="deleted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="assessment",
            name="deleted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="mode",
            field=models.CharField(
                choices=[("shared", "Together, one set of answers"), ("independent", "Each alone")],
                db_default="shared",
                default="shared",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="previous",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="assessments.assessment",
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="results_expected_on",
            field=models.DateField(blank=True, null=True, verbose_name="results expected"),
        ),
        migrations.AddField(
            model_name="assessment",
            name="review_rule",
            field=models.CharField(
                choices=[("as_given", "As it was given"), ("accepted_only", "Not at all, until it is accepted")],
                db_default="as_given",
                default="as_given",
                max_length=14,
            ),
        ),
        migrations.AddField(
            model_name="respondent",
            name="answered_count",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="respondent",
            name="at_key",
            field=models.CharField(blank=True, db_default="", default="", max_length=160),
        ),
        migrations.AddField(
            model_name="respondent",
            name="email",
            field=models.EmailField(blank=True, db_default="", default="", max_length=254, verbose_name="e-mail"),
        ),
        migrations.AddField(
            model_name="respondent",
            name="flagged",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="respondent",
            name="invited_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="respondent",
            name="invited_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="respondent",
            name="last_seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="respondent",
            name="name",
            field=models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="name"),
        ),
        migrations.AddField(
            model_name="respondent",
            name="opened_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="respondent",
            name="progress",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="respondent",
            name="question_count",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="respondent",
            name="sections",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="respondent",
            name="stopped_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="respondent",
            name="submitted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="result",
            name="submitted_percent",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="result",
            name="submitted_score",
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="result",
            name="submitted_sheet",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="upload",
            name="guest",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="assessments.respondent",
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="respondent",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="assessments.respondent",
            ),
        ),
        migrations.AlterField(
            model_name="respondent",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="answerreview",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="answerreview",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="answer_reviews", to="assessments.assessment"
            ),
        ),
        migrations.AddField(
            model_name="answerreview",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="answerreview",
            name="reviewed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="definition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="library.definition"
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="batch",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="assessments",
                to="assessments.batch",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="definition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="library.definition"
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="campaign",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="assessments",
                to="assessments.campaign",
            ),
        ),
        AddConstraintNotValid(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "closed"), _negated=True),
                    ("released_at__isnull", False),
                    ("closed_at__isnull", False),
                    _connector="OR",
                ),
                name="a_closed_assessment_was_released_or_ended",
            ),
        ),
        AddConstraintNotValid(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(models.Q(("status", "results_review"), _negated=True), ("released_at__isnull", True)),
                    ("submitted_at__isnull", False),
                    _connector="OR",
                ),
                name="a_reviewed_or_released_assessment_was_submitted",
            ),
        ),
        migrations.AddField(
            model_name="clarification",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="clarification",
            name="asked_of",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="assessments.respondent"
            ),
        ),
        migrations.AddField(
            model_name="clarification",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="clarifications", to="assessments.assessment"
            ),
        ),
        migrations.AddField(
            model_name="clarification",
            name="opened_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="clarification",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="clarification",
            name="resolved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="clarificationmessage",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="clarificationmessage",
            name="author",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="clarificationmessage",
            name="clarification",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="assessments.clarification"
            ),
        ),
        migrations.AddField(
            model_name="clarificationmessage",
            name="guest",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="assessments.respondent"
            ),
        ),
        migrations.AddField(
            model_name="clarificationmessage",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="enabledreport",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="enabledreport",
            name="enabled_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="enabledreport",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="findings", to="assessments.assessment"
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="findingaction",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="findingaction",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="findingaction",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="actions", to="assessments.finding"
            ),
        ),
        migrations.AddField(
            model_name="findingaction",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="findingaction",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="assessments.assessment"
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="reportlink",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="reportlink",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reportlink",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="reportlink",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="links", to="assessments.report"
            ),
        ),
        migrations.AddField(
            model_name="reportlink",
            name="revoked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reporttemplate",
            name="edited_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="reporttemplate",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="template",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="assessments.reporttemplate",
            ),
        ),
        migrations.AddField(
            model_name="enabledreport",
            name="template",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="assessments.reporttemplate"
            ),
        ),
        migrations.AddField(
            model_name="reportview",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="reportview",
            name="link",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="views",
                to="assessments.reportlink",
            ),
        ),
        migrations.AddField(
            model_name="reportview",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="reportview",
            name="report",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="views", to="assessments.report"
            ),
        ),
        migrations.AddField(
            model_name="reportview",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="respondentlink",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="respondentlink",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="links", to="assessments.assessment"
            ),
        ),
        migrations.AddField(
            model_name="respondentlink",
            name="created_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="respondentlink",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="respondentlink",
            name="respondent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="links",
                to="assessments.respondent",
            ),
        ),
        migrations.AddField(
            model_name="respondentlink",
            name="revoked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sectionnote",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="sectionnote",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="section_notes", to="assessments.assessment"
            ),
        ),
        migrations.AddField(
            model_name="sectionnote",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddField(
            model_name="sectionnote",
            name="written_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="answerreview",
            constraint=models.UniqueConstraint(
                fields=("assessment", "question_key"), name="an_answer_is_reviewed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="answerreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["accepted", "changed", "not_counted"])),
                name="a_verdict_is_a_known_one",
            ),
        ),
        migrations.AddIndex(
            model_name="batch",
            index=models.Index(fields=["organization", "-created_at"], name="batches_of_organization"),
        ),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["organization", "next_on"], name="campaigns_to_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("every_months__gte", 1), ("every_months__lte", 60)),
                name="a_campaign_comes_back_within_five_years",
            ),
        ),
        migrations.AddConstraint(
            model_name="clarification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resolved_at", None)),
                fields=("assessment", "question_key"),
                name="a_question_has_one_open_clarification",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["account", "state", "-created_at"], name="findings_of_account"),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("source", ""), _negated=True),
                fields=("assessment", "source"),
                name="a_band_makes_one_finding",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__in", ["critical", "high", "medium", "low"])),
                name="a_severity_is_a_known_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "accepted", "dismissed", "resolved"])),
                name="a_finding_state_is_a_known_one",
            ),
        ),
        migrations.AddIndex(
            model_name="findingaction",
            index=models.Index(fields=["account", "state", "due_on"], name="actions_of_account"),
        ),
        migrations.AddConstraint(
            model_name="findingaction",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["to_do", "under_way", "done", "dropped"])),
                name="an_action_state_is_a_known_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="reporttemplate",
            constraint=models.UniqueConstraint(
                fields=("organization", "name"),
                name="a_report_template_name_is_used_once",
                violation_error_message="Another report template has this name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reporttemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("organization",),
                name="one_report_template_is_the_default",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(fields=["account", "-created_at"], name="reports_of_account"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                fields=("assessment", "template", "edition"), name="an_edition_is_made_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="enabledreport",
            constraint=models.UniqueConstraint(
                fields=("account", "template"), name="a_report_is_enabled_once_an_account"
            ),
        ),
        migrations.AddIndex(
            model_name="reportview",
            index=models.Index(fields=["report", "-created_at"], name="views_of_report"),
        ),
        migrations.AddIndex(
            model_name="respondentlink",
            index=models.Index(fields=["assessment", "-created_at"], name="links_of_assessment"),
        ),
        migrations.AddConstraint(
            model_name="sectionnote",
            constraint=models.UniqueConstraint(
                fields=("assessment", "section_key", "kind"), name="a_section_has_one_note_a_kind"
            ),
        ),
    ]
