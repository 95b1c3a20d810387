from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import grants, tenancy
from accounts.management.tenant import organization_at
from accounts.models import Organization, OrganizationHost


class Command(BaseCommand):
    help = "Compare every stored grant with the memberships it comes from. Exit code 1 when they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="HOST", help="only this one, by a host name it answers on")
        parser.add_argument("--repair", action="store_true", help="compile the grants of whoever differs anew")

    def handle(self, *args: Any, **options: Any) -> None:
        found = sum(self._check(organization_id, options["repair"]) for organization_id in self._ids(options))
        if not found:
            self.stdout.write("Grants and memberships agree.")
        elif options["repair"]:
            self.stdout.write(f"{found} differences repaired.")
        else:
            raise CommandError(f"{found} differences. Run check_grants --repair to compile the grants anew.")

    def _ids(self, options: dict[str, Any]) -> list:
        if options["organization"]:
            return [organization_at(options["organization"])]
        return list(OrganizationHost.objects.order_by().values_list("organization_id", flat=True).distinct())

    def _check(self, organization_id: Any, repair: bool) -> int:
        with tenancy.scope(organization_id):
            organization = Organization.objects.get(pk=organization_id)
            drift = grants.drift(organization)
            for one in drift:
                self.stdout.write(f"{organization}\t{one.user.email}\t{one.where}\t{one.ability}\t{one.problem}")
            if repair:
                for user in {one.user for one in drift}:
                    grants.compile_for(user, organization)
        return len(drift)
