"""One spelling in all that people read; nothing of it is in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0011_search_index")]

    operations = [
        migrations.AlterField(
            "respondent",
            "email",
            models.EmailField(blank=True, db_default="", default="", max_length=254, verbose_name="email"),
        ),
    ]
