"""Django's `migrate`, run by the login that owns the tables."""

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections


class Command(Migrate):
    """This will migrate as `owner`: the login of requests owns nothing and may change no table."""

    def add_arguments(self, parser: CommandParser) -> None:
        """This will offer Django's own arguments with another default for --database."""
        super().add_arguments(parser)
        parser.set_defaults(database="owner" if "owner" in connections else "default")
