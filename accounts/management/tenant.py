"""What commands that work in one organization have in common."""

import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import tenancy
from accounts.models import Organization, OrganizationHost
from portal.web.routers import current_alias


class TenantCommand(BaseCommand):
    """A command that runs in one organization, in one transaction, taken back with --dry-run."""

    writes = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--organization", required=True, metavar="HOST", help="the organization, by a host name it answers on"
        )
        if self.writes:
            parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        organization_id = organization_at(options["organization"])
        with tenancy.scope(organization_id):
            self.work(Organization.objects.get(pk=organization_id), options)
            if options.get("dry_run"):
                take_back()
                self.stdout.write("Dry run: nothing was changed.")

    def work(self, organization: Organization, options: dict[str, Any]) -> None:
        """This will do the command's work inside the organization. CommandError ends it with nothing changed."""
        raise NotImplementedError


def organization_at(host: str) -> uuid.UUID:
    """This will return the id of the organization at a host name; CommandError when there is none."""
    found = OrganizationHost.objects.filter(host=host.lower()).values_list("organization_id", flat=True).first()
    if found is None:
        raise CommandError(f"No organization answers on {host}. Create one with create_organization.")
    return found


def take_back() -> None:
    """This will make the running transaction end as if nothing had been done."""
    transaction.set_rollback(True, using=current_alias())


def refusal(error: ValidationError) -> CommandError:
    """This will turn what an action refused into the command's last words."""
    return CommandError("; ".join(error.messages))


def usual_origin(host: str) -> str:
    """This will guess the address of the portal from its host name: on this machine as `make run` serves it."""
    return f"http://{host}:8000" if host == "localhost" or host.endswith(".localhost") else f"https://{host}"
