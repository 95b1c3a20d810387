"""The audit log stays fast with a million rows, and a seal says for each account what it covers."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the indexes are made beside running requests

    dependencies = [("accounts", "0013_contacts_of_clients")]

    operations = [
        migrations.AddField("auditseal", "parts", models.JSONField(default=dict, db_default={})),
        AddIndexConcurrently(
            "auditentry", models.Index(fields=["organization", "-created_at", "-id"], name="audit_of_organization")
        ),
        AddIndexConcurrently(
            "auditentry", models.Index(fields=["organization", "actor", "-created_at", "-id"], name="audit_of_person")
        ),
        AddIndexConcurrently(
            "auditentry",
            models.Index(fields=["organization", "object_id", "-created_at", "-id"], name="audit_of_thing"),
        ),
        AddIndexConcurrently(
            "auditentry", models.Index(fields=["organization", "verb", "-created_at", "-id"], name="audit_of_verb")
        ),
    ]
