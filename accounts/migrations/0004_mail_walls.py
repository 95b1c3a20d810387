"""Row-level security of mails and saved views."""

from django.db import migrations

from accounts.walls import tie_to_account, wall


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_mail_and_saved_views")]

    operations = [
        wall("accounts_mail", account="account_id"),
        tie_to_account("accounts_mail"),
        wall("accounts_savedview"),
    ]
