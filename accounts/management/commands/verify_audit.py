from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import tenancy
from accounts.management.tenant import organization_at
from accounts.models import AuditSeal, Organization, OrganizationHost
from accounts.trail import audit_seals
from accounts.trail.audit_seals import Finding

_WORDS = {
    "chain": "it does not follow the seal before",
    "seal": "the seal itself was changed",
    "changed": "rows read otherwise than when they were sealed",
    "added or removed": "rows were added or removed",
    "purged": "the account was purged with its rows",
}


class Command(BaseCommand):
    help = "Compare the audit trail with its seals. Exit code 1 when something was changed, added or removed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="HOST", help="only this one, by a host name it answers on")
        parser.add_argument("--head", metavar="DIGEST", help="a digest from the logs: it must still be among the seals")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = sum(self._check(organization_id, options["head"]) for organization_id in self._ids(options))
        if wrong:
            raise CommandError(f"{wrong} differences between the audit trail and its seals.")
        self.stdout.write("The audit trail matches its seals.")

    def _ids(self, options: dict[str, Any]) -> list:
        if options["organization"]:
            return [organization_at(options["organization"])]
        if options["head"]:
            raise CommandError("--head needs --organization.")
        return list(OrganizationHost.objects.order_by().values_list("organization_id", flat=True).distinct())

    def _check(self, organization_id: Any, head: str | None) -> int:
        with tenancy.scope(organization_id):
            organization = Organization.objects.get(pk=organization_id)
            found = list(audit_seals.findings(organization))
            for one in found:
                self.stdout.write(f"{organization}\t{_said(one)}")
            seals = AuditSeal.objects.filter(organization=organization)
            last = seals.order_by("-number").first()
            self.stdout.write(f"{organization}\t{last.number} seals, the last of {last.until:%Y-%m-%d %H:%M} UTC: {last.digest}"
                              if last else f"{organization}\tnot sealed yet")  # fmt: skip
            if head and not seals.filter(digest=head).exists():
                self.stdout.write(f"{organization}\tno seal has the digest {head}")
                return sum(not one.is_lawful for one in found) + 1
        return sum(not one.is_lawful for one in found)


def _said(one: Finding) -> str:
    where = f"seal {one.seal.number} up to {one.seal.until:%Y-%m-%d %H:%M} UTC"
    if one.what in ("chain", "seal"):
        return f"{where}\t{_WORDS[one.what]}"
    account = f"account {one.account}" if one.account else "the organization's own rows"
    return f"{where}\t{account}\t{_WORDS[one.what]} ({one.sealed} sealed, {one.found} found)"
