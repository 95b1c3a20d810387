"""Draws static/icons.svg from an unpacked @tabler/icons package."""

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.web import icons
from portal.web.templatetags import ui

OUTLINE = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
FILLED = 'fill="currentColor" stroke="none"'


class Command(BaseCommand):
    help = "Draw static/icons.svg with the icons the project uses, from an unpacked @tabler/icons package."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", required=True, type=Path, help="the package's directory, holding icons/")
        parser.add_argument("--dry-run", action="store_true", help="say what would be drawn, write nothing")

    def handle(self, *args: Any, source: Path, dry_run: bool, **options: Any) -> None:
        names = {*icons.used(icons.SPRITE.parents[1]), *icons.PICKABLE, *icons.RESERVED, *ui.status_icons()}
        symbols = "".join(symbol(source, name) for name in sorted(names))
        drawn = f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'
        if not dry_run:
            icons.SPRITE.write_text(drawn, encoding="utf-8")
            icons.available.cache_clear()
        self.stdout.write(f"{len(names)} icons, {len(drawn.encode()):,} bytes{' (not written)' if dry_run else ''}")


def symbol(source: Path, name: str) -> str:
    """This will be one icon as a <symbol>; a name ending in -filled is looked up among the filled icons.

    Raises CommandError when the package has no such icon.
    """
    filled = name.endswith("-filled")
    path = source / "icons" / ("filled" if filled else "outline") / f"{name.removesuffix('-filled')}.svg"
    if not path.is_file():
        raise CommandError(f"No icon {name!r}: {path.relative_to(source)} is not in the package.")
    body = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
    if body is None:
        raise CommandError(f"{path.relative_to(source)} is not an SVG drawing.")
    shapes = re.sub(r"<!--.*?-->|\n\s*", "", body.group(1), flags=re.DOTALL).strip().replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24" {FILLED if filled else OUTLINE}>{shapes}</symbol>'
