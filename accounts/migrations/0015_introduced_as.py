"""What whoever invited a person calls them, until the person has come in: a login's own name may come from elsewhere."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_audit_log")]

    operations = [
        migrations.AddField(
            "membership",
            "introduced_as",
            models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="introduced as"),
        ),
        # One spelling in all that people read; nothing of these is in the database.
        migrations.AlterModelOptions("emailtemplate", {"verbose_name": "email template"}),
        migrations.AlterField(
            "brandimage",
            "slot",
            models.CharField(
                choices=[
                    ("logo_light", "Logo on light ground"),
                    ("logo_dark", "Logo on dark ground"),
                    ("favicon", "Browser tab icon"),
                    ("logo_mail", "Logo in emails and reports"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField("contact", "email", models.EmailField(blank=True, max_length=254, verbose_name="email")),
        migrations.AlterField(
            "customfield",
            "type",
            models.CharField(
                choices=[
                    ("text", "Text"),
                    ("number", "Number"),
                    ("date", "Date"),
                    ("yes_no", "Yes or no"),
                    ("choice", "One of a list"),
                    ("multi_choice", "Several of a list"),
                    ("email", "Email"),
                    ("url", "Web address"),
                ],
                max_length=12,
                verbose_name="type",
            ),
        ),
        migrations.AlterField(
            "intakesubmission", "contact_email", models.EmailField(max_length=254, verbose_name="email")
        ),
        migrations.AlterField(
            "notificationchoice",
            "channel",
            models.CharField(choices=[("mail", "Email"), ("portal", "In the portal")], max_length=10),
        ),
        migrations.AlterField(
            "organization",
            "support_email",
            models.EmailField(blank=True, max_length=254, verbose_name="support email"),
        ),
        migrations.AlterField("user", "email", models.EmailField(max_length=254, unique=True, verbose_name="email")),
    ]
