"""Writing the JSON Schema of the definition format where other programs find it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from library.json_schema import as_json

PLACE = Path(settings.BASE_DIR) / "docs" / "portal-definition-1.schema.json"


class Command(BaseCommand):
    """This will write docs/portal-definition-1.schema.json anew, after the format changed."""

    help = "Writes the JSON Schema of the definition format to docs/portal-definition-1.schema.json."

    def handle(self, *args: Any, **options: Any) -> None:
        PLACE.write_text(as_json(), encoding="utf-8")
        self.stdout.write(f"Wrote {PLACE.name}.")
