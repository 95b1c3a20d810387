import re
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import tenancy
from accounts.actions import invitations, memberships, organizations
from accounts.management.tenant import refusal, take_back, usual_origin
from accounts.models import Organization, OrganizationHost
from accounts.roles import Role
from accounts.viewer import system_viewer
from portal.web.routers import current_alias

_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\Z")


class Command(BaseCommand):
    help = "Create an organization that answers on a host name, and invite its first Admin by email."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the organization is called")
        parser.add_argument("host", help="the host name it answers on, such as acme.example")
        parser.add_argument("--admin-email", required=True, help="email of the first Admin")
        parser.add_argument("--admin-name", required=True, help="name of the first Admin")
        parser.add_argument("--brand-color", default="#3452d1", help="as #rrggbb (default: %(default)s)")
        parser.add_argument("--support-email", default="", help="whom people who cannot sign in write to")
        parser.add_argument("--time-zone", default="UTC", help="such as Europe/Berlin (default: %(default)s)")
        parser.add_argument("--origin", help="address of the portal in the invitation (default: guessed from the host)")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        host = options["host"].lower()
        if not _HOST.match(host):
            raise CommandError(f"{options['host']} is not a host name.")
        if OrganizationHost.objects.filter(host=host).exists():
            raise CommandError(f"An organization answers on {host} already.")
        with transaction.atomic(using=current_alias()):
            self._create(host, options)
            if options["dry_run"]:
                take_back()
        done = "Dry run, nothing was changed: would have created" if options["dry_run"] else "Created"
        self.stdout.write(f"{done} {options['name']} at {host}, and invited {options['admin_email']} as its Admin.")

    def _create(self, host: str, options: dict[str, Any]) -> Organization:
        try:
            organization = organizations.create(
                name=options["name"],
                host=host,
                brand_color=options["brand_color"],
                support_email=options["support_email"],
                time_zone=options["time_zone"],
            )
            with tenancy.scope(organization.id):
                system = system_viewer(organization)
                admin = memberships.add(
                    by=system, email=options["admin_email"], name=options["admin_name"], role=Role.ADMIN
                )
                invitations.invite(by=system, membership=admin, origin=options["origin"] or usual_origin(host))
        except ValidationError as error:
            raise refusal(error) from None
        return organization
