"""Tables belong to the owner, whoever runs `migrate`."""

import pytest
from django.core.management import get_commands, load_command_class
from django.db import connections


def test_migrate_runs_as_the_owner_unless_told_otherwise():
    assert get_commands()["migrate"] == "portal.web"
    parser = load_command_class("portal.web", "migrate").create_parser("manage.py", "migrate")
    assert parser.parse_args([]).database == "owner"
    assert parser.parse_args(["--database", "default"]).database == "default"


@pytest.mark.django_db
def test_the_login_of_requests_owns_nothing():
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_user, count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == ("portal_web", 0)
        cursor.execute("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchall() == [("portal_owner",)]
