"""Promises of security.md that are a setting."""

import pytest
from django.conf import settings
from django.test import Client


@pytest.fixture
def answer(db, client: Client):
    return client.get("/account/login/", headers={"host": "harbor.localhost"})


def test_the_content_security_policy_has_no_exception(answer):
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    for exception in ("unsafe", "data:", "*", "http:", "https:", "blob:", "nonce", "sha256"):
        assert exception not in policy


def test_headers_of_every_page(answer):
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert len(answer["X-Request-ID"]) == 32


def test_sessions_are_rows_and_end_after_eight_idle_hours():
    assert settings.SESSION_ENGINE == "portal.web.sessions"
    assert settings.SESSION_COOKIE_AGE == 8 * 60 * 60
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_guardian_is_no_authentication_backend():
    assert settings.AUTHENTICATION_BACKENDS == ["allauth.account.auth_backends.AuthenticationBackend"]
    assert settings.ANONYMOUS_USER_NAME is None


def test_there_is_no_sign_up(answer, client):
    assert client.get("/account/signup/", headers={"host": "harbor.localhost"}).status_code in (200, 403, 404)
    response = client.post(
        "/account/signup/",
        {"email": "new@x.example", "password1": "correct horse battery"},
        headers={"host": "harbor.localhost"},
    )
    from accounts.models import User

    assert not User.objects.filter(email="new@x.example").exists()
    assert response.status_code in (200, 403, 404)


def test_jobs_are_json_late_and_one_at_a_time():
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
    assert settings.CELERY_TASK_PUBLISH_RETRY is False
