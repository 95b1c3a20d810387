from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts import access


class Command(BaseCommand):
    help = "Prints who may open which route, as Markdown. With --check, compares it with a file instead."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", type=Path, metavar="FILE", help="Fail when the file does not say the same.")

    def handle(self, *args, check: Path | None = None, **options) -> None:
        text = access.as_markdown()
        if check is None:
            self.stdout.write(text, ending="")
        elif check.read_text() != text:
            raise CommandError(f"{check} is stale: write the output of `manage.py access_matrix` to it")
