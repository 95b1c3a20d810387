from django.core.management.base import BaseCommand
from django.db import transaction

from portal.demo import cast, content


class Command(BaseCommand):
    help = "Puts the two organizations of the demo on stage. What is there already stays as it is."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Say what would be created, and create nothing.")

    def handle(self, *args, dry_run: bool = False, **options) -> None:
        for provider in cast.PROVIDERS:
            if cast.exists(provider):
                self.stdout.write(f"{provider.name}: already there")
            elif dry_run:
                self.stdout.write(f"{provider.name}: would be created")
            else:
                with transaction.atomic():  # all of it or nothing: a seeding cut short starts again
                    organization = cast.raise_curtain(provider)
                    content.furnish(organization)
                    content.play(organization)
                self.stdout.write(self.style.SUCCESS(f"{provider.name}: created"))
