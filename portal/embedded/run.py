"""Serves the demo on one machine: `make run`. Starts everything, watches it, and takes it all down on Ctrl-C.

One process owns the others. What an earlier run left behind when it was killed (servers, half-taken jobs, lock files)
is cleared away before the start; the database's own leftovers are the business of portal.embedded.postgres.
"""

import contextlib
import fcntl
import hashlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import IO, Any

import django
import psutil
from django.conf import settings
from django.core.management import call_command

from portal.embedded import broker, postgres

HOST = "127.0.0.1"
STARTING_SECONDS = 120
STOPPING_SECONDS = 6
STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Refused(Exception):
    """The demo cannot start; the message says why and what to do."""


class Interrupted(BaseException):
    """Somebody asked the demo to stop."""


def main() -> int:
    """This will run the demo until it is told to stop, and return the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.embedded")
    for number in STOPPING_SIGNALS:
        signal.signal(number, interrupt)
    try:
        django.setup()
        Demo(chosen_port()).run()
    except Interrupted:
        return 0
    except (Refused, postgres.EmbeddedPostgresError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def interrupt(number: int, frame: FrameType | None) -> None:
    """This will turn the first signal into an orderly end; further ones do not disturb it."""
    ignore_signals()
    raise Interrupted


def ignore_signals() -> None:
    """This will let nothing interrupt the end."""
    for number in STOPPING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def chosen_port() -> int:
    """This will return the port of the environment variable PORT, 8000 without it; Refused when it is not one."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Refused(f"PORT must be a number between 1 and 65535, not {text!r}.")
    return int(text)


class Demo:
    """The demo on one port: its processes and the two files that tell the next run about this one."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.folder = settings.DATA_DIR
        self.logs = self.folder / "log"
        self.notes = self.folder / "run.json"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        directory = getattr(settings, "EMBEDDED_POSTGRES", None)
        self.cluster = postgres.cluster_at(directory) if directory else None

    def run(self) -> None:
        """This will start everything, say where it is, and stay until the end of it."""
        self.logs.mkdir(parents=True, exist_ok=True)
        lock = self.claim()
        try:
            end_leftovers(self.notes)
            self.check_port()
            self.prepare()
            self.start()
            self.greet()
            self.watch()
        finally:
            self.stop()
            lock.close()

    def claim(self) -> IO[str]:
        """This will make sure that no second demo runs on the same data."""
        lock = (self.folder / "run.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            notes = read_notes(self.notes)
            where, process = address(notes.get("port", self.port)), notes.get("supervisor", "?")
            raise Refused(f"The demo already runs at {where} (process {process}). Stop it there with Ctrl-C.") from None
        return lock

    def check_port(self) -> None:
        """This will refuse a port somebody else listens on."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, self.port))
            except OSError:
                other = self.port + 1 if self.port < 65535 else 8000
                raise Refused(
                    f"Port {self.port} is busy, or not ours to use. Choose another one: PORT={other} make run"
                ) from None

    def prepare(self) -> None:
        """This will bring database, demo data, static files and job queue to the state of the code."""
        say("Database …")
        if self.cluster:
            self.cluster.start()
        call_command("migrate", verbosity=0)
        call_command("check_grants", repair=True, stdout=io.StringIO())  # roles may have learned a new ability
        say("Demo data …")
        call_command("seed_demo", stdout=io.StringIO())
        collect_static_files()
        if not settings.REDIS_URL:
            broker.recover(settings.BROKER_DIR)

    def start(self) -> None:
        """This will start both, and wait until the web server answers; jobs wait for the worker by themselves."""
        say("Web server and worker …")
        self.launch("web", "granian", *web_options(self.port))
        self.launch("worker", "celery", "-A", "portal", "worker", *worker_options(self.folder))
        groups = [process.pid for process in self.processes.values()]
        self.notes.write_text(json.dumps({"supervisor": os.getpid(), "port": self.port, "groups": groups}))
        wait_for(self.answers, self.check_alive)

    def launch(self, name: str, module: str, *arguments: str) -> None:
        """This will start a process in a group of its own, so that Ctrl-C reaches us alone; it speaks to var/log."""
        with (self.logs / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603  (our own interpreter and options)
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=settings.BASE_DIR,
                env={**os.environ, "PYTHONUNBUFFERED": "1", "C_FORCE_ROOT": "1"}, start_new_session=True,
            )  # fmt: skip

    def answers(self) -> bool:
        """This will say whether the web server serves."""
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def check_alive(self) -> None:
        """This will raise Refused with the last words of a process that ended by itself."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                log = self.logs / f"{name}.log"
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
                raise Refused(f"The {name} process ended ({process.returncode}). The last lines of {log}:\n{tail}")

    def greet(self) -> None:
        """This will print the addresses and who can sign in."""
        from portal.demo import cast

        lines = ["", "The demo is ready.", ""]
        for provider in cast.PROVIDERS:
            lines.append(f"  {provider.name:<22} {address(self.port, provider.host)}")
            shown = set()
            for person in provider.people:
                role = person.hats[0].role if person.hats else ""
                if role and role not in shown:
                    shown.add(role)
                    lines.append(f"      {role_name(role):<18} {person.email}")
        lines += ["", f"  Password for everybody: {cast.PASSWORD}"]
        lines += [f"  Mail: {address(self.port)}dev/mail/    Logs: {self.logs}", "", "Ctrl-C stops everything.", ""]
        say("\n".join(lines))

    def watch(self) -> None:
        """This will wait until a signal comes or a process ends by itself."""
        while True:
            self.check_alive()
            time.sleep(0.5)

    def stop(self) -> None:
        """This will end everything this run started, the database too unless another process uses it."""
        ignore_signals()
        if self.processes:
            say("Stopping …")
        end(members_of([process.pid for process in self.processes.values()]))
        for process in self.processes.values():
            process.wait()
        self.notes.unlink(missing_ok=True)
        if self.cluster:
            self.cluster.stop()


def web_options(port: int) -> list[str]:
    """This will return the options of the web server: few processes of one thread, each with its kept connection."""
    workers = os.environ.get("WEB_CONCURRENCY", "2")
    return [
        "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", workers, "--blocking-threads", "1",
        "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "10", "portal.wsgi:application",
    ]  # fmt: skip


def worker_options(folder: Path) -> list[str]:
    """This will return the options of the one worker, which does its jobs itself and keeps the timetable."""
    return [
        "--pool", "solo", "--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat",
        "--beat", "--schedule", str(folder / "beat"),
    ]  # fmt: skip


def address(port: int, host: str = "harbor.localhost") -> str:
    """This will return an address to open in a browser; every browser finds *.localhost on this machine."""
    return f"http://{host}:{port}/"


def role_name(role: str) -> str:
    """This will return a role's name as people say it."""
    from accounts.roles import Role

    return str(Role(role).label)


def collect_static_files() -> None:
    """This will gather and compress the static files, unless they are the ones gathered last time."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    stamp = settings.DATA_DIR / "static.stamp"
    if settings.DEBUG or (stamp.is_file() and stamp.read_text() == digest.hexdigest()):
        return
    say("Static files …")
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest.hexdigest())


def read_notes(path: Path) -> dict[str, Any]:
    """This will return what the last run wrote about itself, nothing when it wrote nothing whole."""
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def end_leftovers(notes: Path) -> None:
    """This will end the processes of a run that was killed before it could."""
    found = members_of(read_notes(notes).get("groups", []))
    if found:
        say("Ending what an earlier run left behind …")
        end(found)
    notes.unlink(missing_ok=True)


def members_of(groups: list[int]) -> list[psutil.Process]:
    """This will find the processes of the groups that run our interpreter; a number alone may be somebody else's."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        try:
            if os.getpgid(process.pid) in groups and process.info["cmdline"][:1] == [sys.executable]:
                found.append(process)
        except (ProcessLookupError, PermissionError, TypeError):
            continue
    return found


def end(processes: list[psutil.Process]) -> None:
    """This will ask processes to end, and make those that take too long; no job is lost: it is acknowledged last."""
    for ask in (psutil.Process.terminate, psutil.Process.kill):
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                ask(process)
        deadline = time.monotonic() + STOPPING_SECONDS
        while (processes := [process for process in processes if lives(process)]) and time.monotonic() < deadline:
            time.sleep(0.05)


def lives(process: psutil.Process) -> bool:
    """This will say whether a process still does something, unlike one its parent only has to count yet."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(ready, check) -> None:
    """This will return when `ready()` is true; `check()` raises when waiting has become pointless."""
    deadline = time.monotonic() + STARTING_SECONDS
    while not ready():
        check()
        if time.monotonic() > deadline:
            raise Refused(f"The demo did not answer within {STARTING_SECONDS} seconds; see the logs.")
        time.sleep(0.1)


def say(words: str) -> None:
    """This will print at once; a terminal that is gone must not keep the demo from ending in order."""
    with contextlib.suppress(OSError):
        print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main())
