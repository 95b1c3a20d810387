"""The ground other tests stand on: real logins, a committed cast, a database of one's own in a moment."""

import time

import pytest
from django.db import InternalError, ProgrammingError, connections

from accounts.models import User
from tests.plugins.database import PREFIX

LOGINS = {"default": "portal_web", "owner": "portal_owner", "readonly": "portal_readonly"}


def ask(alias: str, question: str):
    with connections[alias].cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("alias", LOGINS)
def test_each_alias_is_its_own_login_on_the_same_database(alias):
    login, database = ask(alias, "SELECT current_user::text, current_database()::text")
    assert login == LOGINS[alias]
    assert database == ask("default", "SELECT current_database()::text")[0]
    assert database.startswith(PREFIX)


@pytest.mark.django_db(databases="__all__")
def test_the_cast_is_there_for_every_login():
    names = [User.objects.using(alias).get(email="ada@harbor.example").name for alias in LOGINS]
    assert names == ["Ada Whitfield"] * 3


@pytest.mark.django_db
def test_no_login_of_requests_may_empty_a_table():
    with pytest.raises(ProgrammingError, match="permission denied"):
        ask("default", "TRUNCATE accounts_user CASCADE")


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_one_test_commits_the_next_does_not_meet(fresh_database, turn):
    assert not User.objects.filter(email="new@x.example").exists()
    User.objects.create_user("new@x.example", name="New")
    assert User.objects.using("readonly").filter(email="new@x.example").exists()
    with pytest.raises(InternalError, match="read-only"):
        User.objects.using("readonly").filter(email="new@x.example").update(name="Other")


def test_a_database_of_ones_own_costs_little(request):
    started = time.perf_counter()
    request.getfixturevalue("fresh_database")
    assert time.perf_counter() - started < 5, "usually 0.05 s; the margin is for a busy machine"
