"""Marks of an intake submission by which the same sender and the same text are known again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_people")]

    operations = [
        migrations.AddField(
            "intakesubmission", "visitor", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
        migrations.AddField(
            "intakesubmission", "fingerprint", models.CharField(blank=True, db_default="", default="", max_length=64)
        ),
    ]
