"""Row-level security, composite keys and the append-only audit trail."""

from django.db import migrations

from accounts.walls import append_only, key, readable_before_sign_in, tie, tie_to_account, wall


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        wall("accounts_organization", organization="id"),
        wall("accounts_organizationhost"),
        readable_before_sign_in("accounts_organizationhost"),
        wall("accounts_account", account="id"),
        wall("accounts_site", account="account_id"),
        wall("accounts_membership", account="account_id"),
        wall("accounts_membershipsite", account="account_id"),
        wall("accounts_override", account="account_id"),
        wall("accounts_accountgrant", account="content_object_id"),
        wall("accounts_organizationgrant", organization="content_object_id"),
        wall("accounts_auditentry", account="account_id"),
        append_only("accounts_auditentry"),
        key("accounts_account", "organization_id", "id"),
        key("accounts_site", "account_id", "id"),
        key("accounts_membership", "account_id", "id"),
        key("accounts_membership", "id", "is_site_manager"),
        tie_to_account("accounts_site"),
        tie_to_account("accounts_membership"),
        tie_to_account("accounts_membershipsite"),
        tie_to_account("accounts_override"),
        tie_to_account("accounts_auditentry"),
        tie(
            "accounts_accountgrant",
            ("organization_id", "content_object_id"),
            "accounts_account",
            ("organization_id", "id"),
        ),
        tie("accounts_membershipsite", ("account_id", "membership_id"), "accounts_membership", ("account_id", "id")),
        tie("accounts_membershipsite", ("account_id", "site_id"), "accounts_site", ("account_id", "id")),
        tie(
            "accounts_membershipsite",
            ("membership_id", "is_site_manager"),
            "accounts_membership",
            ("id", "is_site_manager"),
        ),
        tie("accounts_override", ("account_id", "membership_id"), "accounts_membership", ("account_id", "id")),
    ]
