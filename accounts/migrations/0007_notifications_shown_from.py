from django.db import migrations, models
from django.db.models.functions import Now
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_admin_area_walls")]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="shown_from",
            field=models.DateTimeField(db_default=Now(), default=timezone.now),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("is_shown", True), ("read_at__isnull", True)),
                fields=["user", "shown_from"],
                name="notifications_unread",
            ),
        ),
    ]
