"""Toasts travel in a header, or wait for the next page."""

import json

from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse
from django.test import RequestFactory

from portal.web import toasts


def test_a_toast_is_an_event_with_words_and_a_way_back() -> None:
    response = toasts.show(HttpResponse(), "Müller entfernt", undo=toasts.Undo("/undo/", "Undo"))
    header = response.headers["HX-Trigger"]
    assert header.isascii()
    assert json.loads(header) == {
        "toast": {"text": "Müller entfernt", "tone": "success", "action": {"url": "/undo/", "label": "Undo"}}
    }


def test_other_events_are_kept() -> None:
    response = toasts.close_dialog(toasts.show(HttpResponse(), "Saved"))
    assert set(json.loads(response.headers["HX-Trigger"])) == {"toast", "closeDialog"}


def test_a_line_break_cannot_add_a_header() -> None:
    response = toasts.show(HttpResponse(), "a\r\nSet-Cookie: x=1")
    assert "\r" not in response.headers["HX-Trigger"]


def test_a_toast_can_wait_for_the_next_page() -> None:
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    toasts.keep(request, "Created")
    assert [str(message) for message in get_messages(request)] == ["Created"]
