"""The tags and filters every template has."""

from datetime import UTC, date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.utils import timezone
from django.utils.safestring import SafeString

from portal.web import icons
from portal.web.templatetags import ui

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def rendered(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("before", "text", "relative"),
    [
        (timedelta(0), "just now", True),
        (timedelta(seconds=59), "just now", True),
        (timedelta(minutes=1), "1 minute ago", True),
        (timedelta(minutes=59, seconds=59), "59 minutes ago", True),
        (timedelta(hours=1), "1 hour ago", True),
        (timedelta(hours=23, minutes=59), "23 hours ago", True),
        (timedelta(days=1), "yesterday", True),
        (timedelta(days=2), "2 days ago", True),
        (timedelta(days=13, hours=23), "13 days ago", True),
        (timedelta(days=14), "Nov 7", False),
        (timedelta(days=400), "Oct 17, 2025", False),
        (timedelta(minutes=-5), "Nov 21", False),
    ],
)
def test_ago_is_relative_for_two_weeks_and_then_a_date(before: timedelta, text: str, relative: bool) -> None:
    html = str(ui.ago(NOW - before))
    assert html.endswith(f">{text}</time>")
    assert ("data-rel" in html) == relative


def test_ago_tells_the_full_moment_in_the_active_zone() -> None:
    with timezone.override(ZoneInfo("America/New_York")):
        html = unescape(str(ui.ago(NOW)))
    assert 'datetime="2026-11-21T07:00:00-05:00"' in html
    assert 'title="Sat, Nov 21, 2026, 7:00 AM EST"' in html


def test_exactly_tells_day_and_second_in_the_active_zone_and_how_long_ago_that_is() -> None:
    with timezone.override(ZoneInfo("America/New_York")):
        html = unescape(str(ui.exactly(NOW - timedelta(minutes=3, seconds=7))))
    assert html.endswith(">Nov 21, 2026, 6:56:53 AM</time>")
    assert 'datetime="2026-11-21T06:56:53-05:00"' in html
    assert 'title="3 minutes ago · EST"' in html
    assert "data-rel" not in html


def test_ago_of_nothing_is_nothing() -> None:
    assert ui.ago(None) == ui.exactly(None) == ""
    assert ui.day(None) == ""


@pytest.mark.parametrize(
    ("value", "html"),
    [
        (date(2026, 10, 3), '<time datetime="2026-10-03">Oct 3</time>'),
        (date(2025, 10, 3), '<time datetime="2025-10-03">Oct 3, 2025</time>'),
        (datetime(2026, 10, 3, 23, 30, tzinfo=UTC), '<time datetime="2026-10-03">Oct 3</time>'),
    ],
)
def test_day(value: date, html: str) -> None:
    with timezone.override(UTC):
        assert ui.day(value) == html


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("not_started", "Not started"),
        ("draft", "Draft"),
        ("in_progress", "In progress"),
        ("results_review", "Results review"),
        ("closed", "Closed"),
    ],
)
def test_a_state_is_icon_word_and_colour(code: str, word: str) -> None:
    tone, icon, _ = ui.STATUSES[code]
    html = rendered("{% status code %}", code=code)
    assert f"badge-{tone}" in html
    assert f"#{icon}" in html
    assert html.endswith(f"{word}</span>")


def test_a_state_nobody_declared_is_shown_as_text() -> None:
    assert HOSTILE not in ui.status(HOSTILE)
    assert "badge-neutral" in ui.status("whatever")


def test_badge_and_icon_escape_what_they_are_given() -> None:
    assert "<script" not in rendered(
        "{% badge text tone %}{% icon name %}", text=HOSTILE, tone='"><script>', name='"><script>'
    )


def test_icons_are_hidden_and_arrows_follow_the_reading() -> None:
    assert 'aria-hidden="true"' in ui.icon("home")
    assert "icon-flip" in ui.icon("arrow-right")
    assert "icon-flip" not in ui.icon("home")
    assert isinstance(ui.icon("home", "big"), SafeString)
    assert 'class="icon big"' in ui.icon("home", "big")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Priya Nair", "PN"),
        ("Sam", "S"),
        ("Anna Maria de Souza", "AS"),
        ("", ""),
        (None, ""),
        ("  ", ""),
        ("Ö (x) Zæ", "ÖZ"),
    ],
)
def test_initials(name: str | None, letters: str) -> None:
    assert ui.initials(name) == letters


def test_every_state_has_its_icon() -> None:
    assert ui.status_icons() <= icons.available()
