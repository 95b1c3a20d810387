from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from accounts.management.tenant import TenantCommand
from accounts.models import Organization, User
from accounts.roles import Can
from accounts.viewer import Viewer, viewer_of_organization
from library import exchange
from library.actions import definitions, imports
from library.problems import RefusedFile


class Command(TenantCommand):
    help = (
        "Import a definition: our own format (JSON, YAML, workbook), SurveyJS, Google VSAQ, an AWS Well-Architected custom "
        "lens, a list of questions (CSV, Excel), or the OWASP SAMM model as a folder or .zip."
    )
    writes = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", help="the file or folder")
        parser.add_argument(
            "--as", required=True, metavar="EMAIL", dest="actor", help="who imports it: an Admin or Account Executive"
        )
        parser.add_argument("--publish", action="store_true", help="publish it as well; for Admins only")

    def work(self, organization: Organization, options: dict[str, Any]) -> None:
        by = self._viewer(organization, options)
        try:
            imported = exchange.load(options["path"])
            document = imports.storable(imported.document())
        except RefusedFile as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            count = len(error.problems)
            raise CommandError(f"Nothing was imported: {count} problem{'s' if count > 1 else ''}.") from None
        for line in imported.report:
            if line.verdict != "taken":
                self.stderr.write(f"{line.place}: {line.verdict.replace('_', ' ')}: {line.what} ({line.why})")
        version = definitions.import_draft(by=by, document=document)
        if options["publish"]:
            version = definitions.publish(by=by, definition=version.definition)
        self.stdout.write(
            f"{document.name} ({document.key}) v{version.number}, {version.get_state_display()}: "
            f"{document.question_count} questions in {len(document.sections)} sections."
        )

    def _viewer(self, organization: Organization, options: dict[str, Any]) -> Viewer:
        user = User.objects.filter(email=User.objects.normalize(options["actor"])).first()
        viewer = viewer_of_organization(user, organization) if user else None
        if viewer is None or not viewer.can(Can.DRAFT_DEFINITIONS):
            raise CommandError(f"{options['actor']} may not import definitions of {organization}.")
        if options["publish"] and not viewer.can(Can.PUBLISH_DEFINITIONS):
            raise CommandError(f"{options['actor']} may not publish definitions of {organization}: ask an Admin.")
        return viewer
