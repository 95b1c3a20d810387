"""Row-level security and composite keys of the admin area's tables."""

from django.db import migrations

from accounts.walls import append_only, common, key, tie, tie_to_account, wall


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_admin_area")]

    operations = [
        wall("accounts_contact", account="account_id"),
        tie_to_account("accounts_contact"),
        tie("accounts_contact", ("account_id", "site_id"), "accounts_site", ("account_id", "id")),
        wall("accounts_brandimage"),
        key("accounts_brandimage", "organization_id", "id"),
        *(
            tie("accounts_organization", ("id", f"{slot}_id"), "accounts_brandimage", ("organization_id", "id"))
            for slot in ("logo_light", "logo_dark", "logo_mail", "favicon")
        ),
        wall("accounts_brandversion"),
        wall("accounts_emailtemplate"),
        wall("accounts_customfield"),
        wall("accounts_intakeform"),
        key("accounts_intakeform", "organization_id", "id"),
        wall("accounts_intakesubmission", account="account_id"),
        tie_to_account("accounts_intakesubmission"),
        tie(
            "accounts_intakesubmission",
            ("organization_id", "form_id"),
            "accounts_intakeform",
            ("organization_id", "id"),
        ),
        wall("accounts_dashboardlayout", account="account_id"),
        common("accounts_dashboardlayout"),
        tie_to_account("accounts_dashboardlayout"),
        wall("accounts_announcement", account="account_id"),
        common("accounts_announcement"),
        tie_to_account("accounts_announcement"),
        wall("accounts_notificationchoice"),
        wall("accounts_notification", account="account_id"),
        tie_to_account("accounts_notification"),
        wall("accounts_industrychoice"),
        wall("accounts_accountimport"),
        wall("accounts_auditseal"),
        append_only("accounts_auditseal"),
    ]
