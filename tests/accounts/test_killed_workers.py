"""A real worker, a real mail server, and `kill -9` in the middle: no mail goes out twice, none is lost, and those nobody
can be certain about are listed for a person."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.utils import timezone

from accounts import tasks
from accounts.actions import mails
from accounts.models import Mail, MailState
from assessments.actions import respondents
from assessments.actions.respondents import Person
from portal.embedded import broker
from portal.web import jobs
from tests import cast
from tests.accounts.smtp import MailServer, serving
from tests.assessments import stage

MANY = 60
PATIENCE_SECONDS = 240  # a worker starts in seconds; on a busy machine in more of them

SETTINGS = """
from portal.settings.test import *
from portal.embedded import broker
from pathlib import Path

for alias in DATABASES:
    DATABASES[alias]["NAME"] = "{database}"
MAILERS = {{
    "default": {{
        "BACKEND": "accounts.mail.mail_server.EmailBackend",
        "OPTIONS": {{"host": "127.0.0.1", "port": {port}, "timeout": 10}},
    }}
}}
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = "filesystem://localhost"
CELERY_BROKER_TRANSPORT = "portal.embedded.broker:Transport"
CELERY_BROKER_TRANSPORT_OPTIONS = broker.transport_options(Path("{folder}"))
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
"""


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with serving() as server:
        yield server


@pytest.fixture
def queue_folder(tmp_path: Path, monkeypatch) -> Path:
    """A queue of its own, to which the product's hand-over leads, as it does where jobs are not done at once."""
    folder = tmp_path / "broker"
    app = Celery("portal", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.update(
        broker_url="filesystem://localhost",
        broker_transport="portal.embedded.broker:Transport",
        broker_transport_options=broker.transport_options(folder),
        task_always_eager=False,
    )
    monkeypatch.setattr(jobs, "hand_over", lambda name, *arguments: bool(app.send_task(name, args=arguments)))
    return folder


class Workers:
    """One worker at a time; whoever kills it gets the next one."""

    def __init__(self, folder: Path, port: int, database: str, queue: Path) -> None:
        (folder / "worker_settings.py").write_text(SETTINGS.format(database=database, port=port, folder=queue))
        self.folder, self.queue, self.kills = folder, queue, 0
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        broker.recover(self.queue)
        environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "worker_settings",
            "PYTHONPATH": f"{self.folder}{os.pathsep}{settings.BASE_DIR}", "C_FORCE_ROOT": "1",
        }  # fmt: skip
        options = ["--pool", "solo", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
        with (self.folder / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "portal", "worker", *options, "--without-heartbeat"],
                cwd=settings.BASE_DIR, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self) -> None:
        assert self.process is not None
        self.kills += 1
        os.kill(self.process.pid, signal.SIGKILL)

    def run_until(self, done: Callable[[], bool]) -> None:
        """Start a worker, and the next one whenever it was killed, until everything is done."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        self.start()
        try:
            while not done():
                assert self.process is not None
                if self.process.poll() is not None:
                    self.start()
                assert time.monotonic() < deadline, (self.folder / "worker.log").read_text()[-3000:]
                time.sleep(0.05)
        finally:
            assert self.process is not None
            self.process.terminate()  # asked in order, it finishes the mail it is sending
            self.process.wait(PATIENCE_SECONDS)


def ask_many() -> None:
    """Half of the people are invited at once, half one by one: a job for all, and a job for each."""
    with cast.inside():
        sam = cast.viewer("sam", "Northwind")
        run = stage.launched("priya")
        people = [Person(f"P {number}", f"p{number}@outside.example") for number in range(MANY)]
        rows = respondents.add(by=sam, run=run, people=people)
        respondents.invite(by=sam, respondents=rows[: MANY // 2])
        for row in rows[MANY // 2 :]:
            respondents.invite(by=sam, respondents=[row])


def states() -> Counter[str]:
    with cast.inside():
        return Counter(Mail.objects.values_list("state", flat=True))


def test_killed_in_the_middle_no_mail_is_sent_twice_and_none_is_lost(
    fresh_database, mail_server, queue_folder, tmp_path
):
    workers = Workers(tmp_path, mail_server.port, fresh_database, queue_folder)
    # Before the text went out, after it did and before the answer, and just after the answer: the three places to die.
    deaths = {4: "addressed", 11: "taken", 19: "answered", 27: "addressed", 36: "taken", 45: "taken", 52: "answered"}

    def die(moment: str, number: int) -> None:
        if deaths.get(number) == moment:
            workers.kill()
            time.sleep(0.2)

    mail_server.at = die
    ask_many()
    assert states() == {MailState.QUEUED: MANY}
    workers.run_until(lambda: not states()[MailState.QUEUED])

    assert workers.kills == len(deaths)
    with cast.inside():
        Mail.objects.filter(state=MailState.SENDING).update(claimed_at=timezone.now() - 2 * mails.UNCERTAIN_AFTER)
    tasks.sweep_mails()

    received = Counter(mail_server.taken)
    assert [address for address, times in received.items() if times > 1] == []
    with cast.inside():
        rows = list(Mail.objects.all())
    assert {row.state for row in rows} <= {MailState.SENT, MailState.UNKNOWN}
    assert len(rows) == MANY
    left = [(row.to_email, row.error) for row in rows if row.state == MailState.UNKNOWN]
    sent = {row.to_email for row in rows if row.state == MailState.SENT}
    uncertain = {row.to_email for row in rows if row.state == MailState.UNKNOWN}
    assert sent <= set(received)
    assert set(received) - sent <= uncertain
    # Five died where nobody can tell; of the two that died after the answer, some had noted it, some had not.
    assert 5 <= len(uncertain) <= 7, (left, mail_server.spoken_to)

    # A person decides: each uncertain one is sent once more, by a worker that lives.
    mail_server.at = lambda moment, number: None
    with cast.inside():
        sam = cast.viewer("sam", "Northwind")
        for row in Mail.objects.filter(state=MailState.UNKNOWN).select_related("account"):
            mails.send_again(by=sam, mail=row)
    workers.run_until(lambda: states() == {MailState.SENT: MANY})
    assert set(mail_server.taken) == {f"p{number}@outside.example" for number in range(MANY)}
