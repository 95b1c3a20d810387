"""Host names an organization claims until their records prove it."""

import django.db.models.deletion
from django.db import migrations, models

import portal.web.ids
from accounts.walls import wall


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_announcement_revision")]

    operations = [
        migrations.CreateModel(
            name="HostClaim",
            fields=[
                (
                    "id",
                    models.UUIDField(default=portal.web.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("host", models.CharField(max_length=253)),
                ("token", models.CharField(max_length=32)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("missing", models.JSONField(db_default=[], default=list)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
                    ),
                ),
            ],
            options={"verbose_name": "claimed host name", "abstract": False},
        ),
        migrations.AddConstraint(
            model_name="hostclaim",
            constraint=models.UniqueConstraint(fields=("organization", "host"), name="a_host_is_claimed_once"),
        ),
        wall("accounts_hostclaim"),
    ]
