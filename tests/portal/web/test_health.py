"""What load balancers and containers ask."""

import json

import pytest
from django.test import Client

from portal.web import health


def test_a_living_process_says_so_without_database_tenant_or_session(client: Client, django_assert_num_queries):
    answer = client.get("/healthz", headers={"host": "unknown.example"})
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
def test_readiness_names_each_part(client: Client):
    answer = client.get("/readyz", headers={"host": "10.0.0.7"})
    assert answer.status_code == 200
    assert json.loads(answer.content) == {"database": "ok", "broker": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["database", "broker"])
def test_a_part_that_fails_is_named_and_nothing_else_is_told(client: Client, monkeypatch, caplog, part):
    def fail() -> None:
        raise OSError("password=hunter2 at 10.1.2.3")

    monkeypatch.setitem(health.CHECKS, part, fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content)[part] == "failed"
    assert b"hunter2" not in answer.content


def test_a_database_that_is_down_is_reported_not_raised(client: Client, monkeypatch):
    monkeypatch.setitem(health.connections["default"].settings_dict, "HOST", "/nonexistent")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content)["database"] == "failed"
