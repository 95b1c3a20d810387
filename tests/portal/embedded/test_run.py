"""`make run`: up with one command, down with Ctrl-C, quiet about what an earlier run left behind."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from portal.embedded import run


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Runner:
    """One start of the demo in a process of its own."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.embedded.run"],
            cwd=settings.BASE_DIR,
            env={**environment, "PORTAL_DATA_DIR": str(data), "PORT": str(port), "WEB_CONCURRENCY": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def until_ready(self) -> str:
        said = ""
        for line in self.process.stdout:
            said += line
            if "Ctrl-C stops everything." in line:
                return said
        pytest.fail(f"the demo did not start:\n{said}")

    def get(self, path: str) -> tuple[int, str]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": "harbor.localhost"})
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  (our own address)
            return answer.status, answer.read().decode()

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)

    def family(self) -> list[psutil.Process]:
        """Every process that works on this data, the database's included."""
        found = []
        for process in psutil.process_iter(["cmdline", "environ"]):
            about_us = str(self.data) in " ".join(process.info["cmdline"] or [])
            child = (process.info["environ"] or {}).get("PORTAL_DATA_DIR") == str(self.data)
            if (about_us or child) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        return found


def until(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_demo_starts_stops_recovers_and_starts_again(open_folder):
    data, port = open_folder / "var", free_port()

    first = Runner(data, port)
    said = first.until_ready()
    assert f"http://harbor.localhost:{port}/" in said
    assert f"http://sunny.localhost:{port}/" in said
    assert re.search(r"Admin +ada@harbor\.example", said)
    assert "Password for everybody:" in said
    assert first.get("/readyz") == (200, '{"database": "ok", "broker": "ok"}')
    assert first.get("/account/login/")[0] == 200
    assert "path=/account/login/" in (data / "log" / "web.log").read_text()
    assert first.get("/dev/mail/")[0] == 200

    rival = Runner(data, free_port())
    assert rival.process.wait(30) == 1
    assert f"The demo already runs at http://harbor.localhost:{port}/" in rival.process.stdout.read()
    assert first.get("/healthz") == (200, "ok")

    until(lambda: "ready." in (data / "log" / "worker.log").read_text())
    first.process.kill()  # without a chance to clean up: servers, database and job files stay behind
    first.process.wait()
    assert len(first.family()) > 1

    second = Runner(data, port)
    said = second.until_ready()
    assert "Ending what an earlier run left behind" in said
    assert second.get("/account/login/")[0] == 200
    assert second.interrupt() == 0
    assert second.family() == []

    third = Runner(data, port)
    started = time.monotonic()
    said = third.until_ready()
    assert "Static files" not in said, "a second start does not do the first one's work again"
    assert time.monotonic() - started < 60, "usually 3 s; the margin is for a busy machine"
    third.process.stdout.close()  # the terminal is gone, and still nothing stays behind
    third.interrupt()
    assert third.family() == []


def test_a_busy_port_is_named_together_with_a_way_out(open_folder):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        demo = Runner(open_folder / "var", port)
        assert demo.process.wait(30) == 1
    said = demo.process.stdout.read()
    assert f"Port {port} is busy" in said
    assert f"PORT={port + 1} make run" in said
    assert "Traceback" not in said
    assert demo.family() == []


@pytest.mark.parametrize("text", ["abc", "0", "65536", "-1", "8000.5"])
def test_a_port_that_is_none_is_refused(monkeypatch, text):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(run.Refused, match="number between 1 and 65535"):
        run.chosen_port()


def test_the_port_is_8000_unless_chosen(monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    assert run.chosen_port() == 8000
    monkeypatch.setenv("PORT", "8001")
    assert run.chosen_port() == 8001


def test_notes_that_are_not_whole_count_as_none(tmp_path):
    notes = tmp_path / "run.json"
    assert run.read_notes(notes) == {}
    notes.write_text('{"groups": [1,')
    run.end_leftovers(notes)
    assert not notes.exists()


def test_a_process_of_somebody_else_is_never_ended(tmp_path):
    bystander = subprocess.Popen(["sleep", "30"], start_new_session=True)
    notes = tmp_path / "run.json"
    notes.write_text(json.dumps({"groups": [bystander.pid]}))
    run.end_leftovers(notes)
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_process_that_will_not_end_is_made_to(monkeypatch):
    monkeypatch.setattr(run, "STOPPING_SECONDS", 0.5)
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(30)"
    stubborn = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stdout=subprocess.PIPE)
    stubborn.stdout.readline()
    run.end(run.members_of([stubborn.pid]))
    assert stubborn.wait(5) == -signal.SIGKILL
