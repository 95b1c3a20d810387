"""The job queue: what it runs by the clock, and what a broker that is down or frozen does to a page."""

import os
import signal
import time
from datetime import timedelta

import pytest
from celery import Celery
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from kombu.exceptions import OperationalError

from portal.celery import app

PATIENCE_SECONDS = 30  # 2 s of socket timeout, without which it waits for ever; the rest is for a busy machine


@pytest.mark.django_db(databases="__all__")  # importing them runs Django's checks, which ask every server
def test_every_job_of_the_timetable_exists():
    app.loader.import_default_modules()
    for name, entry in app.conf.beat_schedule.items():
        assert entry["task"] in app.tasks, name


@pytest.mark.django_db
def test_expired_sessions_are_cleared_and_others_stay():
    from portal.web.tasks import clear_expired_sessions

    for key, expires in (("old", -1), ("new", 1)):
        session = SessionStore(session_key=None)
        session["name"] = key
        session.create()
        Session.objects.filter(session_key=session.session_key).update(
            expire_date=timezone.now() + timedelta(hours=expires)
        )
    clear_expired_sessions.delay()
    assert [row.get_decoded()["name"] for row in Session.objects.all()] == ["new"]


def app_on(url: str) -> Celery:
    """An app with the product's settings, on another broker."""
    other = Celery("portal", set_as_current=False)
    other.config_from_object("django.conf:settings", namespace="CELERY")
    other.conf.update(
        broker_url=url,
        broker_transport=None,
        broker_transport_options={"socket_timeout": 2, "socket_connect_timeout": 2},
        task_always_eager=False,
    )
    return other


def test_a_job_goes_through_redis(redis_url):
    other = app_on(redis_url)
    other.send_task("portal.web.tasks.clear_expired_sessions")
    with other.connection_for_read() as connection:
        message = connection.SimpleQueue("celery").get(timeout=5)
        assert message.headers["task"] == "portal.web.tasks.clear_expired_sessions"
        assert message.content_type == "application/json"
        message.ack()


def test_a_broker_that_is_down_does_not_hang_the_page():
    started = time.monotonic()
    with pytest.raises(OperationalError):
        app_on("redis://127.0.0.1:9/0").send_task("portal.web.tasks.clear_expired_sessions")
    assert time.monotonic() - started < PATIENCE_SECONDS


def test_a_broker_that_is_frozen_does_not_hang_the_page(redis_url):
    other = app_on(redis_url)
    with other.connection_for_write() as connection:
        pid = connection.default_channel.client.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        started = time.monotonic()
        with pytest.raises(OperationalError):
            other.send_task("portal.web.tasks.clear_expired_sessions")
        assert time.monotonic() - started < PATIENCE_SECONDS
    finally:
        os.kill(pid, signal.SIGCONT)


def test_messages_that_are_not_json_are_not_accepted():
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert app.conf.accept_content == ["json"]
