from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0007_running_walls")]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="reason",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="reason"),
        ),
        migrations.AddField(
            model_name="finding",
            name="state_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
