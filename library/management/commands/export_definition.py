from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from accounts.management.tenant import TenantCommand
from accounts.models import Organization
from library.exchange import export_json
from library.models import DefinitionVersion
from library.versions import document_of


class Command(TenantCommand):
    help = "Write a definition as a JSON file that import_definition reads: the same version gives the same bytes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("key", help="the definition's key, such as business-resilience")
        parser.add_argument("--number", type=int, help="the version (default: the published one, else the draft)")
        parser.add_argument("--output", help="the file to write (default: standard output)")

    def work(self, organization: Organization, options: dict[str, Any]) -> None:
        version = self._version(organization, options["key"], options["number"])
        text = export_json(document_of(version))
        if not options["output"]:
            self.stdout.write(text, ending="")
            return
        try:
            Path(options["output"]).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror or error}.") from None
        self.stderr.write(f"{version} is written to {options['output']}.")

    def _version(self, organization: Organization, key: str, number: int | None) -> DefinitionVersion:
        versions = DefinitionVersion.objects.filter(organization=organization, definition__key=key)
        found = list(versions.select_related("definition").defer("document").order_by("-number"))
        if not found:
            raise CommandError(f"There is no definition with the key {key}.")
        if number is None:
            return next((one for one in found if one.pk == one.definition.published_version_id), found[0])
        for one in found:
            if one.number == number:
                return one
        raise CommandError(f"{key} has no version {number}; it has {', '.join(str(one.number) for one in found)}.")
