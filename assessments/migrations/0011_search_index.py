from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0010_batch_drafts")]

    operations = [
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["organization", "-updated_at", "-id"],
                include=("name", "account"),
                name="assessments_to_search",
            ),
        ),
    ]
