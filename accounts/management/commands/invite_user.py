from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from accounts.actions import invitations, memberships
from accounts.management.tenant import TenantCommand, refusal, usual_origin
from accounts.models import Account, Organization, Site
from accounts.roles import PortalRole, Role, Tag
from accounts.viewer import system_viewer


class Command(TenantCommand):
    help = "Give somebody a role in an organization or one of its accounts, and invite them by email."
    writes = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="used when nobody has this email yet")
        parser.add_argument("--role", choices=Role.values, default=Role.CLIENT.value, help="default: %(default)s")
        parser.add_argument("--account", help="name of the account; every role but admin needs one")
        parser.add_argument("--portal-role", choices=PortalRole.values, action="append", default=[], help="repeatable")
        parser.add_argument(
            "--site", action="append", default=[], help="name of a site a site_manager oversees; repeatable"
        )
        parser.add_argument("--tag", choices=Tag.values, action="append", default=[], help="repeatable")
        parser.add_argument("--origin", help="address of the portal in the invitation (default: guessed from the host)")
        parser.add_argument("--no-mail", action="store_true", help="send no invitation")

    def work(self, organization: Organization, options: dict[str, Any]) -> None:
        system = system_viewer(organization)
        account = self._account(organization, options)
        try:
            membership = memberships.add(
                by=system,
                email=options["email"],
                name=options["name"],
                account=account,
                role=options["role"],
                portal_roles=options["portal_role"],
                sites=self._sites(account, options["site"]),
                tags=options["tag"],
            )
        except ValidationError as error:
            raise refusal(error) from None
        if not options["no_mail"]:
            origin = options["origin"] or usual_origin(options["organization"].lower())
            invitations.invite(by=system, membership=membership, origin=origin)
        self.stdout.write(f"{membership.user.email} is {membership.get_role_display()} of {account or organization}.")

    def _account(self, organization: Organization, options: dict[str, Any]) -> Account | None:
        if not options["account"]:
            if options["role"] != Role.ADMIN:
                raise CommandError("Name the account with --account; only an admin needs none.")
            return None
        if options["role"] == Role.ADMIN:
            raise CommandError("An admin is one of the whole organization: leave --account out.")
        account = Account.objects.filter(organization=organization, name=options["account"]).first()
        if account is None:
            raise CommandError(f"There is no account called {options['account']}.")
        return account

    def _sites(self, account: Account | None, names: list[str]) -> list[Site]:
        sites = list(Site.objects.filter(account=account, name__in=names))
        unknown = set(names) - {site.name for site in sites}
        if unknown:
            raise CommandError(f"There is no site called {', '.join(sorted(unknown))}.")
        return sites
