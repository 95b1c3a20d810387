from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import tenancy
from accounts.actions import mails
from accounts.mail import mail_kinds
from accounts.viewer import system_viewer
from portal.web.ids import uuid7

from .models import Membership, Organization, User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in as this portal needs it: people are invited, nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("security")

    def is_safe_url(self, url: str) -> bool:
        """This will let nobody be led to another host: allauth's own answer takes every name under a wildcard."""
        here: HttpRequest = self.request
        return url_has_allowed_host_and_scheme(url, {here.get_host()}, require_https=here.is_secure())

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """This will send the link from an address of an organization the person belongs to, and from no other.

        It is made when the mail is written, and stored nowhere. The link leads to the host the request named, so that host has to be one the person may trust.
        """
        organization = getattr(self.request, "organization", None)
        if organization and Membership.objects.filter(user=user, organization=organization).active().exists():
            mails.queue(
                by=system_viewer(organization),
                kind="accounts.forgotten_password",
                about=user,
                key=f"accounts.forgotten_password:{user.pk}:{uuid7().hex}",
                to_email=user.email,
                to_name=user.name,
                data={"origin": f"{self.request.scheme}://{self.request.get_host()}"},
            )

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """This will tell a person through the outbox what became of their sign-in.

        allauth calls for it at times when the transaction of the request is over, and with it allauth's own context and
        the organization the database knows. So nothing is asked of the request: the scope outlives its transaction.
        """
        what = template_prefix.rpartition("/")[2]
        organization_id = tenancy.running_scope().organization_id
        if organization_id is None or what not in mail_kinds.HAPPENED:
            return
        with tenancy.scope(organization_id):
            mails.queue(
                by=system_viewer(Organization.objects.get(pk=organization_id)),
                kind=mail_kinds.SECURITY_NOTICE,
                about=user,
                key=f"{mail_kinds.SECURITY_NOTICE}:{user.pk}:{uuid7().hex}",
                to_email=user.email,
                to_name=user.name,
                data={"what": what},
            )

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """The page one lands on says enough; a toast about having signed in would only cover it. What went wrong is said."""
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **kwargs)
