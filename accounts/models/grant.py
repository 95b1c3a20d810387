"""Where guardian keeps its answers: one row per user, ability and account (or organization). Never written by hand."""

from django.db import models
from guardian.models import UserObjectPermissionBase


class AccountGrant(UserObjectPermissionBase):
    content_object = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="grants")
    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")

    class Meta(UserObjectPermissionBase.Meta):
        indexes = [
            models.Index(fields=["user", "permission", "content_object"], name="account_grant_of_user"),
        ]


class OrganizationGrant(UserObjectPermissionBase):
    content_object = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="grants")

    class Meta(UserObjectPermissionBase.Meta):
        pass
