"""A real browser. A page that logs an error, breaks the content security policy or asks elsewhere fails its test."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from tests.plugins.surroundings import lacking

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`CSP violation: ${event.violatedDirective} blocked ${event.blockedURI || "inline"}`));
"""


class BrowserErrors(list[str]):
    """What went wrong in the pages of a test."""

    def allow(self, pattern: str) -> None:
        """This will forgive the errors seen so far that contain the pattern, such as the 422 a test provokes."""
        self[:] = [error for error in self if not re.search(pattern, error)]


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """This will start Debian's chromium, once for the run."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        lacking("chromium is not installed")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser_errors() -> Iterator[BrowserErrors]:
    """This will collect what the pages of the test complain about, and fail the test if anything is left at its end."""
    errors = BrowserErrors()
    yield errors
    assert not errors, "the browser complained:\n" + "\n".join(errors)


@pytest.fixture
def new_page(browser, browser_errors: BrowserErrors) -> Iterator[Callable]:
    """This will open pages, each in a browser of its own: `new_page(color_scheme="dark", locale="de-DE")`."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "en-US", **options})
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_init_script(REPORT_VIOLATIONS)
        page = context.new_page()
        page.on("console", lambda message: browser_errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: browser_errors.append(f"uncaught: {error}"))
        page.on("request", lambda request: note_foreign(request.url, browser_errors))
        return page

    yield open_page
    for context in contexts:
        context.close()


def note_foreign(url: str, errors: BrowserErrors) -> None:
    """This will record a request that leaves this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme in {"http", "https"} and host != "127.0.0.1" and not host.endswith("localhost"):
        errors.append(f"request to another machine: {url}")


@pytest.fixture
def page(new_page: Callable):
    """This will open one page of desktop size."""
    return new_page()
