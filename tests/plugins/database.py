"""A real database for tests: its own cluster, three logins, row-level security at work, the cast already there.

Once per run the tables are made by the owner and the cast is committed by the login of requests, in a database nobody
uses afterwards. Each process works on a copy of it, and so does each test that has to commit.
"""

import fcntl
import importlib
import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import psutil
import psycopg
import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread
from psycopg import sql

from portal.embedded.postgres import Cluster, cluster_at

PREFIX = "test_portal"
NO_FLUSH = "django_db(transaction=True) would TRUNCATE, which no login may do: use the fixture fresh_database instead."
_numbers = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """This will refuse tests that rely on emptying tables between tests."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())) or (
            marker and marker.kwargs.get("transaction")
        ):
            raise pytest.UsageError(f"{item.nodeid}: {NO_FLUSH}")


class TestCluster:
    """The cluster of the tests and what is done on it as superuser."""

    __test__ = False

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def execute(self, statement: str, *names: str) -> list[tuple]:
        """This will run a statement outside of transactions, its `{}` filled with quoted names, and return its rows."""
        where = {"host": str(self.cluster.socket_directory), "user": "postgres", "dbname": "postgres"}
        with psycopg.connect(**where, autocommit=True) as connection:
            cursor = connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
            return cursor.fetchall() if cursor.description else []

    def databases(self) -> dict[str, str]:
        """This will map the name of each database of tests to its comment."""
        rows = self.execute("SELECT datname, coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database")
        return {name: comment for name, comment in rows if name.startswith(PREFIX)}

    def copy(self, source: str, target: str) -> None:
        """This will make a database that equals another one, which nobody may be using."""
        self.drop(target)
        self.execute("CREATE DATABASE {} TEMPLATE {} OWNER portal_owner", target, source)

    def drop(self, name: str) -> None:
        """This will remove a database, with the connections to it."""
        self.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def drop_left_behind(self) -> None:
        """This will remove the databases of runs that were killed: their name holds the number of their process."""
        for name in self.databases():
            run = name.removeprefix(f"{PREFIX}_").split("_")[0]
            if run.isdigit() and not psutil.pid_exists(int(run)):
                self.drop(name)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """This will let one process at a time build."""
        with self.cluster.directory.with_name("test-postgres.build").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def point_at(name: str) -> None:
    """This will send every login of this process, in all threads, to one database."""
    connections.close_all()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


def build(name: str) -> None:
    """This will make the tables as the owner and commit the cast as the login of requests."""
    creation = connections["owner"].creation
    creation.connection.settings_dict["TEST"]["NAME"] = name
    creation.create_test_db(verbosity=0, autoclobber=True)
    point_at(name)
    if importlib.util.find_spec("tests.cast"):
        importlib.import_module("tests.cast").build()
    connections.close_all()


@pytest.fixture(scope="session")
def test_cluster() -> Iterator[TestCluster]:
    """This will start the cluster of the tests, and stop it after the last run that uses it."""
    cluster = cluster_at(settings.TEST_POSTGRES, disposable=True)
    cluster.start()
    yield TestCluster(cluster)
    cluster.stop()


@pytest.fixture(scope="session")
def cast_database(
    request: pytest.FixtureRequest, test_cluster: TestCluster, django_db_blocker, django_test_environment
) -> Iterator[str]:
    """This will return the name of the database to copy from: tables and cast, used by nobody.

    With --reuse-db it stays for the next run, and is made anew with --create-db.
    """
    option = request.config.option
    run = os.getppid() if hasattr(request.config, "workerinput") else os.getpid()
    name = f"{PREFIX}_kept" if option.reuse_db else f"{PREFIX}_{run}"
    with test_cluster.turn(), django_db_blocker.unblock():
        test_cluster.drop_left_behind()
        made_by = test_cluster.databases().get(name)
        if not made_by or (option.create_db and made_by != str(run)):
            build(name)
            test_cluster.execute(f"COMMENT ON DATABASE {{}} IS '{run}'", name)
    yield name
    if not hasattr(request.config, "workerinput") and not option.reuse_db:
        test_cluster.drop(name)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, test_cluster: TestCluster, cast_database: str, django_db_blocker
) -> Iterator[None]:
    """This will give this process its own copy; each test's changes to it are rolled back."""
    name = f"{PREFIX}_{os.getpid()}_own"
    test_cluster.copy(cast_database, name)
    with django_db_blocker.unblock():
        point_at(name)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    test_cluster.drop(name)


@pytest.fixture
def fresh_database(
    test_cluster: TestCluster, cast_database: str, django_db_setup: None, django_db_blocker
) -> Iterator[str]:
    """This will run the test on a database of its own, where it may commit, in as many threads as it likes."""
    usual = connections["default"].settings_dict["NAME"]
    name = f"{PREFIX}_{os.getpid()}_{next(_numbers)}"
    test_cluster.copy(cast_database, name)
    with django_db_blocker.unblock():
        point_at(name)
        yield name
        point_at(usual)
    test_cluster.drop(name)


@dataclass(frozen=True)
class LivePortal:
    """A running server: `portal.url("/portal/", organization="harbor")`."""

    port: int

    def url(self, path: str = "/", organization: str = "harbor") -> str:
        """This will return the absolute address of a path at an organization's host."""
        return f"http://{organization}.localhost:{self.port}{path}"


@pytest.fixture
def live_portal(fresh_database: str) -> Iterator[LivePortal]:
    """This will serve the product on a free port of this machine, over a database of the test's own."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler, port=0)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield LivePortal(thread.port)
    thread.terminate()
