"""Jobs kept in files: whole, in order, taken once, and not lost with the worker that took them."""

import json
from pathlib import Path

import pytest
from kombu import Connection

from portal.embedded import broker


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "broker"


@pytest.fixture
def queue(folder):
    with connect(folder) as connection:
        yield connection.SimpleQueue("jobs")


def connect(folder: Path) -> Connection:
    return Connection(
        "filesystem://localhost",
        transport="portal.embedded.broker:Transport",
        transport_options=broker.transport_options(folder),
    )


def files(folder: Path, state: str) -> int:
    return len(list((folder / state).iterdir()))


def test_jobs_come_in_the_order_they_were_given(queue):
    for number in range(20):
        queue.put({"n": number})
    received = []
    for _ in range(20):
        message = queue.get(timeout=5)
        received.append(message.payload["n"])
        message.ack()
    assert received == list(range(20))


def test_a_job_stays_on_disk_until_it_is_acknowledged(queue, folder):
    queue.put({"n": 1})
    message = queue.get(timeout=5)
    assert (files(folder, "waiting"), files(folder, "taken")) == (0, 1)
    message.ack()
    assert (files(folder, "waiting"), files(folder, "taken")) == (0, 0)


def test_what_a_killed_worker_had_taken_comes_back_once(folder):
    worker = connect(folder).SimpleQueue("jobs")
    worker.put({"n": 1})
    worker.get(timeout=5)  # and then it is killed: neither acknowledged nor given back

    assert broker.recover(folder) == 1
    with connect(folder) as connection:
        queue = connection.SimpleQueue("jobs")
        message = queue.get(timeout=5)
        assert message.payload == {"n": 1}
        message.ack()
        with pytest.raises(queue.Empty):
            queue.get(timeout=0.2)


def test_a_job_given_back_or_refused_leaves_no_copy(queue, folder):
    queue.put({"n": 1})
    queue.get(timeout=5).requeue()
    assert (files(folder, "waiting"), files(folder, "taken")) == (1, 0)
    queue.get(timeout=5).reject()
    assert (files(folder, "waiting"), files(folder, "taken")) == (0, 0)


def test_half_written_files_of_a_killed_run_are_cleared_away(queue, folder):
    queue.put({"n": 1})
    (folder / "waiting" / "0_half.jobs.msg.new").write_text('{"bo')
    exchange = next((folder / "exchanges").iterdir())
    exchange.write_text("")
    broker.recover(folder)
    with connect(folder) as connection:
        message = connection.SimpleQueue("jobs").get(timeout=5)
        assert message.payload == {"n": 1}
        message.ack()
    assert files(folder, "waiting") == 0


def test_nothing_to_recover_before_the_first_run(folder):
    assert broker.recover(folder) == 0


def test_messages_are_json(queue, folder):
    queue.put({"n": 1})
    (path,) = (folder / "waiting").iterdir()
    assert json.loads(path.read_text())["content-type"] == "application/json"
