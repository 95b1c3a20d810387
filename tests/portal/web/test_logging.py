"""Log lines: one for each request, under its id, without what people typed."""

import json
import logging

import pytest
import structlog
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from portal.web.logging import RequestLogMiddleware, configure_logging


@pytest.fixture
def lines(capsys):
    configure_logging(level="INFO", as_json=True)
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    configure_logging(level="WARNING", as_json=False)
    structlog.contextvars.clear_contextvars()


def test_a_request_and_what_it_logs_share_an_id(lines):
    def view(request: HttpRequest) -> HttpResponse:
        structlog.get_logger("anything").warning("something", account="northwind")
        logging.getLogger("library").warning("plain %s", "words")
        return HttpResponse(status=204)

    answer = RequestLogMiddleware(view)(
        RequestFactory().get("/portal/?token=secret", headers={"x-request-id": "forged"})
    )
    something, plain, request = lines()
    assert request["event"] == "request"
    assert (request["method"], request["path"], request["status"]) == ("GET", "/portal/", 204)
    assert something["request_id"] == plain["request_id"] == request["request_id"] == answer["X-Request-ID"]
    assert something["account"] == "northwind"
    assert plain["event"] == "plain words"
    assert "secret" not in json.dumps([something, plain, request])
    assert answer["X-Request-ID"] != "forged"


def test_one_request_knows_nothing_of_the_one_before(lines):
    def view(request: HttpRequest) -> HttpResponse:
        structlog.contextvars.bind_contextvars(actor="priya")
        return HttpResponse()

    middleware = RequestLogMiddleware(view)
    middleware(RequestFactory().get("/a/"))
    RequestLogMiddleware(lambda request: HttpResponse())(RequestFactory().get("/b/"))
    first, second = lines()
    assert first["actor"] == "priya"
    assert "actor" not in second
    assert first["request_id"] != second["request_id"]


def test_a_traceback_shows_no_values(lines):
    def check(password: str) -> None:
        raise ValueError("no")

    try:
        check("hunter2")
    except ValueError:
        structlog.get_logger("x").exception("failed")
    (line,) = lines()
    assert line["exception"][0]["exc_type"] == "ValueError"
    assert "hunter2" not in json.dumps(line)
