"""An organization may show its clients only what their account is entitled to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_introduced_as")]

    operations = [
        migrations.AddField(
            "organization", "offers_entitled_only", models.BooleanField(default=False, db_default=False)
        ),
    ]
