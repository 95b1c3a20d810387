"""Assembles static/css/portal.css and static/js/portal.js from the files people edit."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.web import assets


class Command(BaseCommand):
    help = "Assemble portal.css, authoring.css, portal.js and runner.js from the small files beside them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when one is out of date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        for path, text in (
            (assets.STYLESHEET, assets.stylesheet()),
            (assets.AUTHORING_STYLESHEET, assets.authoring_stylesheet()),
            (assets.SCRIPT, assets.script()),
            (assets.RUNNER_SCRIPT, assets.runner_script()),
        ):
            current = path.read_text(encoding="utf-8") if path.is_file() else ""
            if check and current != text:
                raise CommandError(f"{path.name} is out of date: run manage.py build_assets.")
            if not check:
                path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{path.name}: {len(text.encode()):,} bytes{' (checked)' if check else ''}")
