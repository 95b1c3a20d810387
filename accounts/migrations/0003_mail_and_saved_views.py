import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.web.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_walls"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="account",
            options={
                "default_permissions": (),
                "permissions": [
                    ("answer_assessments", "answer assessments"),
                    ("answer_on_behalf", "answer on behalf of the client"),
                    ("assign_definitions", "choose what is in the account's Library"),
                    ("browse_library", "browse the Library"),
                    ("create_assessments", "create assessments for the account"),
                    ("edit_account", "edit the account, its sites and contacts"),
                    ("follow_answers", "see answers as they come"),
                    ("launch_assessments", "launch assessments"),
                    ("prepare_reports", "choose, make and share reports of the account"),
                    ("release_results", "review, release and reopen results"),
                    ("use_portal", "use the client portal"),
                    ("view_account_details", "see Account Details"),
                    ("view_as_client", "view the portal as the client"),
                    ("view_colleagues", "see every colleague"),
                    ("view_people", "see the people of the account"),
                    ("view_reports", "see the reports enabled for the account"),
                    ("view_results", "see released results"),
                ],
                "verbose_name": "account",
            },
        ),
        migrations.AlterModelOptions(
            name="organization",
            options={
                "default_permissions": (),
                "permissions": [
                    ("answer_on_behalf", "answer on behalf of the client"),
                    ("assign_definitions", "choose what is in the account's Library"),
                    ("create_accounts", "create accounts"),
                    ("create_assessments", "create assessments for the account"),
                    ("delete_assessments", "delete assessments"),
                    ("draft_definitions", "draft, import and edit definitions"),
                    ("edit_account", "edit the account, its sites and contacts"),
                    ("enter_staff_area", "enter the admin area"),
                    ("follow_answers", "see answers as they come"),
                    ("manage_people", "create users and assign roles"),
                    ("manage_report_templates", "write report templates"),
                    ("prepare_reports", "choose, make and share reports of the account"),
                    ("publish_definitions", "publish and deprecate definitions"),
                    ("release_results", "review, release and reopen results"),
                    ("view_account_details", "see Account Details"),
                    ("view_as_client", "view the portal as the client"),
                    ("view_definitions", "see every definition"),
                    ("view_people", "see the people of the account"),
                ],
                "verbose_name": "organization",
            },
        ),
        migrations.AlterField(
            model_name="override",
            name="ability",
            field=models.CharField(
                choices=[
                    ("view_account_details", "see Account Details"),
                    ("edit_account", "edit the account, its sites and contacts"),
                    ("view_people", "see the people of the account"),
                    ("assign_definitions", "choose what is in the account's Library"),
                    ("create_assessments", "create assessments for the account"),
                    ("follow_answers", "see answers as they come"),
                    ("answer_on_behalf", "answer on behalf of the client"),
                    ("release_results", "review, release and reopen results"),
                    ("prepare_reports", "choose, make and share reports of the account"),
                    ("view_as_client", "view the portal as the client"),
                    ("use_portal", "use the client portal"),
                    ("browse_library", "browse the Library"),
                    ("launch_assessments", "launch assessments"),
                    ("answer_assessments", "answer assessments"),
                    ("view_results", "see released results"),
                    ("view_reports", "see the reports enabled for the account"),
                    ("view_colleagues", "see every colleague"),
                    ("enter_staff_area", "enter the admin area"),
                    ("view_definitions", "see every definition"),
                    ("draft_definitions", "draft, import and edit definitions"),
                    ("publish_definitions", "publish and deprecate definitions"),
                    ("create_accounts", "create accounts"),
                    ("manage_people", "create users and assign roles"),
                    ("delete_assessments", "delete assessments"),
                    ("manage_report_templates", "write report templates"),
                ],
                max_length=40,
                verbose_name="ability",
            ),
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("kind", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=200)),
                ("about", models.UUIDField()),
                ("data", models.JSONField(blank=True, default=dict)),
                ("to_name", models.CharField(blank=True, max_length=120)),
                ("to_email", models.EmailField(max_length=254)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to be sent"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("delivered", "Delivered"),
                            ("bounced", "Bounced"),
                            ("failed", "Failed"),
                            ("cancelled", "Not needed any more"),
                            ("unknown", "Not certain"),
                        ],
                        default="queued",
                        max_length=12,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("not_before", models.DateTimeField(blank=True, null=True)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("message_id", models.CharField(blank=True, max_length=200)),
                ("error", models.CharField(blank=True, max_length=300)),
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
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "verbose_name": "mail",
                "indexes": [
                    models.Index(fields=["about", "-created_at"], name="mails_about"),
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "sending"])),
                        fields=["organization", "created_at"],
                        name="mails_under_way",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "key"), name="a_mail_is_asked_for_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["queued", "sending", "sent", "delivered", "bounced", "failed", "cancelled", "unknown"],
                            )
                        ),
                        name="a_mail_state_is_a_known_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("place", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.CharField(blank=True, max_length=1000)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "user", "place", "name"),
                        name="a_view_name_is_used_once",
                        violation_error_message="You have a view of this name.",
                    )
                ],
            },
        ),
    ]
