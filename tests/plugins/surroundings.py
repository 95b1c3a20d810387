"""What a machine may lack: a skip with its reason, or a failure when REQUIRE_ALL=1."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import hypothesis
import pytest
from celery.loaders.base import autodiscover_tasks
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone, translation
from hypothesis.internal.conjecture import providers

ROOT = Path(__file__).resolve().parents[2]

# The same examples each time and no stopwatch: a run says something about the change, not about dice or the machine.
# `--hypothesis-profile=default` looks for new ones.
hypothesis.settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steady")
# Values written in our own modules are tried, too; which modules are loaded depends on what a worker ran before.
providers.is_local_module_file = lambda path: False


def lacking(reason: str) -> NoReturn:
    """This will skip the test for a visible reason, or fail it where nothing may be skipped."""
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"{reason} (REQUIRE_ALL=1)", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def conformance_data() -> Path:
    """This will return the folder of published question sets and their expected scores."""
    folder = Path(os.environ.get("CONFORMANCE_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        lacking(f"no conformance data in {folder}: set CONFORMANCE_DATA")
    return folder


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """This will start a Redis server of its own and return its address."""
    program = shutil.which("redis-server")
    if program is None:
        lacking("redis-server is not installed")
    folder = tmp_path_factory.mktemp("redis")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    server = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)


def wait_for_port(port: int, seconds: float = 10) -> None:
    """This will return when something listens on the port of this machine; TimeoutError when nothing does in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


@pytest.fixture(scope="session", autouse=True)
def known_jobs(django_test_environment: None) -> None:
    """This will make every job known by its name, as in a worker: one nobody knows would go to a real queue."""
    autodiscover_tasks([*settings.INSTALLED_APPS, "assessments.reports"])


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """This will make a folder for servers that run as another user.

    pytest's own tmp_path is closed to others again whenever another run of pytest begins.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """This will forget rate limits and cached values after each test."""
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def own_clock_and_language() -> Iterator[None]:
    """This will forget the time zone and the language of the last visitor, which the test's thread would keep."""
    yield
    timezone.deactivate()
    translation.deactivate()
