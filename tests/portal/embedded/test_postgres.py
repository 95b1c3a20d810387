"""The embedded PostgreSQL: who may do what, how it starts and ends, and what it makes of an unclean end."""

import os
import shutil
import signal
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portal.embedded import postgres
from portal.embedded.postgres import Cluster, EmbeddedPostgresError


@pytest.fixture
def directory(open_folder: Path) -> Iterator[Path]:
    directory = open_folder / "postgres"
    yield directory
    if pid := Cluster(directory).running_pid():
        os.kill(pid, signal.SIGKILL)


def connect(cluster: Cluster, user: str, database: str = "portal") -> psycopg.Connection:
    return psycopg.connect(host=str(cluster.socket_directory), user=user, dbname=database, autocommit=True)


def new(directory: Path) -> Cluster:
    return Cluster(directory, disposable=True)


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)


def test_logins_own_and_bypass_no_more_than_they_need(directory):
    cluster = new(directory)
    cluster.start()
    with connect(cluster, "postgres") as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname ~ '^portal'"
        ).fetchall()
        owner = connection.execute("SELECT datdba::regrole::text FROM pg_database WHERE datname = 'portal'").fetchone()
    cluster.stop()

    assert {row[0]: row[1:] for row in rows} == {
        "portal_owner": (False, True, False, False),  # CREATEDB: it makes the databases of the tests
        "portal_web": (False, False, False, False),
        "portal_readonly": (False, False, False, False),
        "portal_backup": (False, False, False, True),
    }
    assert owner == ("portal_owner",)


def test_what_the_owner_creates_is_written_by_web_read_by_readonly_and_saved_whole_by_backup(directory):
    cluster = new(directory)
    cluster.start()
    with connect(cluster, "portal_owner") as owner:
        owner.execute("CREATE TABLE thing (id int GENERATED ALWAYS AS IDENTITY, tenant int)")
        owner.execute("ALTER TABLE thing ENABLE ROW LEVEL SECURITY")
        owner.execute("ALTER TABLE thing FORCE ROW LEVEL SECURITY")
        owner.execute("CREATE POLICY wall ON thing USING (tenant = 1)")
    with connect(cluster, "portal_web") as web:
        web.execute("INSERT INTO thing (tenant) VALUES (1), (1)")
        web.execute("DELETE FROM thing WHERE id = 2")
        for forbidden in ("TRUNCATE thing", "DROP TABLE thing", "CREATE TABLE other ()", "SET ROLE portal_owner"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(forbidden)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("INSERT INTO thing (tenant) VALUES (2)")
    with connect(cluster, "portal_readonly") as readonly:
        assert readonly.execute("SELECT count(*) FROM thing").fetchone() == (1,)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            readonly.execute("INSERT INTO thing (tenant) VALUES (1)")
        readonly.execute("SET default_transaction_read_only = off")  # the login may; the grant still refuses
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            readonly.execute("INSERT INTO thing (tenant) VALUES (1)")
    with connect(cluster, "postgres") as superuser:
        superuser.execute("INSERT INTO thing (tenant) VALUES (2)")
    with connect(cluster, "portal_backup") as backup:
        assert backup.execute("SELECT count(*) FROM thing").fetchone() == (2,)
    cluster.stop()


def test_logins_do_not_wait_for_ever(directory):
    cluster = new(directory)
    cluster.start()
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    with connect(cluster, "portal_web") as web:
        assert [web.execute(f"SHOW {name}").fetchone()[0] for name in names] == ["15s", "5s", "1min"]
    with connect(cluster, "portal_readonly") as readonly:
        assert [readonly.execute(f"SHOW {name}").fetchone()[0] for name in names] == ["15s", "5s", "1min"]
    cluster.stop()


def test_the_last_user_stops_the_server(directory):
    first, second = new(directory), new(directory)
    first.start()
    second.start()
    pid = first.running_pid()
    assert pid is not None

    first.stop()
    assert second.running_pid() == pid
    second.stop()
    assert second.running_pid() is None
    second.stop()  # once more changes nothing


def test_data_outlives_a_killed_server_and_its_stale_lock_files(directory):
    cluster = Cluster(directory)
    cluster.start()
    with connect(cluster, "portal_owner") as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    pid = cluster.running_pid()
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    lines = (directory / "postmaster.pid").read_text().splitlines()
    lines[0] = str(os.getpid())  # the number now belongs to another program
    (directory / "postmaster.pid").write_text("\n".join(lines))

    again = new(directory)
    again.start()
    with connect(again, "portal_owner") as owner:
        assert owner.execute("SELECT answer FROM kept").fetchone() == (42,)
    again.stop()


def test_garbage_in_the_lock_file_is_no_obstacle(directory):
    cluster = new(directory)
    cluster.start()
    cluster.stop()
    (directory / "postmaster.pid").write_text("")
    cluster.start()
    cluster.stop()


def test_a_half_made_directory_is_put_aside_and_made_anew(directory):
    directory.mkdir()
    (directory / "base").mkdir()
    directory.with_name("postgres.new").mkdir()
    cluster = new(directory)
    cluster.start()
    assert cluster.running_pid()
    cluster.stop()
    assert [path.name for path in directory.parent.glob("postgres.*-*")], "the old files are kept"
    assert not directory.with_name("postgres.new").exists()


def test_a_directory_of_another_version_is_refused_with_its_version(directory):
    directory.mkdir()
    (directory / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedPostgresError, match="made by PostgreSQL 16; this product runs 18"):
        new(directory).start()
    assert (directory / "PG_VERSION").exists()


def test_a_directory_of_another_user_is_refused_untouched(directory, monkeypatch):
    directory.mkdir()
    (directory / "something").touch()
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    with pytest.raises(EmbeddedPostgresError, match="belongs to user id"):
        new(directory).start()
    assert (directory / "something").exists()


def test_a_server_that_does_not_start_says_why(directory, monkeypatch):
    monkeypatch.setitem(postgres.SERVER_OPTIONS, "shared_buffers", "nonsense")
    with pytest.raises(EmbeddedPostgresError, match='invalid value for parameter "shared_buffers"'):
        new(directory).start()
    monkeypatch.undo()
    cluster = new(directory)
    cluster.start()  # nothing is left that would stand in the way
    cluster.stop()


def test_a_long_path_gets_a_short_socket(open_folder):
    directory = open_folder / ("long" * 30) / "postgres"
    cluster = new(directory)
    cluster.start()
    try:
        assert len(str(cluster.socket_directory)) < 60
        assert stat.S_IMODE(cluster.socket_directory.stat().st_mode) == 0o700
        with connect(cluster, "portal_web") as web:
            assert web.execute("SELECT 1").fetchone() == (1,)
    finally:
        cluster.stop()
    cluster.socket_directory.rmdir()


def test_stopping_after_everything_was_removed_is_quiet(directory):
    cluster = new(directory)
    cluster.start()
    pid = cluster.running_pid()
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    shutil.rmtree(directory.parent)
    cluster.stop()


def test_roles_may_be_applied_again_and_set_passwords(directory):
    cluster = new(directory)
    cluster.start()
    arguments = ["-v", "database=portal", "-v", "web_password=it's; a secret", "-f", str(postgres.ROLES_SQL)]
    cluster._psql("postgres", *arguments)
    assert (
        cluster.sql("SELECT rolname FROM pg_authid WHERE rolname ~ '^portal' AND rolpassword IS NOT NULL")
        == "portal_web"
    )
    cluster.stop()


def test_only_passing_through_is_opened(tmp_path, capsys):
    closed = tmp_path / "closed"
    inner = closed / "inner"
    inner.mkdir(parents=True)
    closed.chmod(0o700)
    inner.chmod(0o755)
    postgres.open_path(inner)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o701
    assert stat.S_IMODE(inner.stat().st_mode) == 0o755
    assert f"pass through {closed}" in capsys.readouterr().err
