from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from accounts.management.tenant import TenantCommand
from accounts.models import Organization
from library.exchange.formats_out import FORMATS
from library.models import DefinitionVersion
from library.versions import written_document_of


class Command(TenantCommand):
    help = (
        "Write a definition as a file, by default JSON that import_definition reads: the same version, the same bytes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("key", help="the definition's key, such as business-resilience")
        parser.add_argument("--number", type=int, help="the version (default: the published one, else the draft)")
        parser.add_argument("--format", choices=list(FORMATS), default="json", help="what to write (default: json)")
        parser.add_argument("--output", help="the file to write (default: standard output)")

    def work(self, organization: Organization, options: dict[str, Any]) -> None:
        version = self._version(organization, options["key"], options["number"])
        data = FORMATS[options["format"]].write(written_document_of(version))
        if not options["output"]:
            if options["format"] == "xlsx":
                raise CommandError("A workbook is no text: name a file with --output.")
            self.stdout.write(data.decode(), ending="")
            return
        try:
            Path(options["output"]).write_bytes(data)
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
