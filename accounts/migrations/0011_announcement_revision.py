from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_purge_of_accounts")]

    operations = [
        migrations.AddField(
            model_name="announcement",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="announcement",
            name="revision",
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
    ]
