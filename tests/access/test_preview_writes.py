"""A preview changes nothing: every client route × every method × every header that might turn a read into a write."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import viewpoints
from accounts.checks import is_ours, routes
from assessments.actions import assessments, uploads
from library.models import Definition
from portal.web import jobs
from tests import cast
from tests.access.test_routes import address_of

CLIENT_ROUTES = sorted({name for _address, name, view in routes() if is_ours(view) and name.startswith("client:")})
WRITING = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
READING = ("GET", "HEAD")
DISGUISES: tuple[dict[str, str], ...] = (
    {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "DELETE", "X-Method-Override": "PUT"},
    {"HX-Request": "true", "HX-Current-URL": "http://harbor.localhost/"},
    {"HX-Request": "true", "HX-Boosted": "true", "X-HTTP-Method-Override": "PATCH"},
    {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch", "X-Moz": "prefetch", "X-Method-Override": "DELETE"},
    {"HX-Request": "true", "HX-History-Restore-Request": "true", "HX-Request-Type": "partial"},
)
SENT = {"_method": "POST", "name": "Renamed", "another": "1", "answer": "yes", "comment": "written", "revision": "0"}


def test_no_method_on_no_page_of_a_preview_changes_a_row(fresh_database: str, monkeypatch):
    """Through the eyes of Priya, who may do most of all clients."""
    visitor = cast.visitor("sam")
    visitor.raise_request_exception = False
    with cast.inside():
        pages = addresses()
    prefix = start(visitor, f"user-{cast.person('priya').id}")
    handed_over: list[str] = []
    monkeypatch.setattr(jobs, "hand_over", lambda name, *arguments: handed_over.append(name) or True)
    before, files = everything_committed(), everything_on_disk()
    mail.outbox.clear()  # what setting the stage sent
    attempts = [(method, {}) for method in (*WRITING, *READING)]
    attempts += [(method, headers) for method in ("POST", "GET") for headers in DISGUISES]
    for address in pages:
        for method, headers in attempts:
            response = visitor.generic(
                method, f"{prefix}{address}?_method=POST", urlencode(SENT), "application/x-www-form-urlencoded",
                headers=headers,
            )  # fmt: skip
            met = f"{method} {prefix}{address} {headers}: {response.status_code}"
            assert response.status_code == 403 if method in WRITING else response.status_code < 500, met
            assert "sessionid" not in response.cookies, met
    assert everything_committed() == before
    assert everything_on_disk() == files
    assert mail.outbox == []
    assert handed_over == []


def test_no_pair_of_eyes_writes(fresh_database: str):
    """Through all the others: what only reads, and a POST that says it is something else."""
    visitor = cast.visitor("sam")
    visitor.raise_request_exception = False
    with cast.inside():
        pages = addresses()
        groups = viewpoints.grouped(cast.account("Northwind"))
    keys = [choice.key for group in groups for choice in group.choices]
    prefixes = [start(visitor, key) for key in keys]
    before, files = everything_committed(), everything_on_disk()
    for prefix in prefixes:
        for address in pages:
            assert visitor.get(f"{prefix}{address}").status_code < 500, (prefix, address)
            assert visitor.post(f"{prefix}{address}", {**SENT, "_method": "GET"}).status_code == 403, (prefix, address)
    assert everything_committed() == before
    assert everything_on_disk() == files


@pytest.mark.parametrize("viewpoint", ["client", "company-admin"])
def test_a_page_of_a_preview_is_read_on_the_login_that_may_only_read(fresh_database: str, viewpoint: str):
    visitor = cast.visitor("sam")
    with cast.inside():
        pages = addresses()
    prefix = start(visitor, viewpoint)
    for address in pages:
        with (
            CaptureQueriesContext(connections["readonly"]) as reading,
            CaptureQueriesContext(connections["default"]) as usual,
        ):
            visitor.get(f"{prefix}{address}")
        assert len(reading), address
        assert not len(usual), (address, usual.captured_queries)


def test_a_session_that_ended_meanwhile_leads_to_the_sign_in_page(fresh_database: str):
    visitor = cast.visitor("sam")
    with cast.inside():
        home = reverse("client:home", args=[cast.account("Northwind").id])
    prefix = start(visitor, "client")
    sam = cast.person("sam")
    sam.set_password("changed-elsewhere")
    sam.save()
    response = visitor.get(f"{prefix}{home}")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/?next=/preview/")


def test_a_session_signed_with_the_key_before_stays_a_session(fresh_database: str, settings):
    visitor = cast.visitor("sam")
    with cast.inside():
        home = reverse("client:home", args=[cast.account("Northwind").id])
    prefix = start(visitor, "client")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the-next-key-" + "y" * 50
    assert visitor.get(f"{prefix}{home}").status_code == 200
    assert visitor.get(reverse("staff:overview")).status_code == 200


def addresses() -> list[str]:
    """This will build the address of every client route, for a run of Northwind that is open and one that is released."""
    northwind, priya, sam = (
        cast.account("Northwind"),
        cast.viewer("priya", "Northwind"),
        cast.viewer("sam", "Northwind"),
    )
    definition = Definition.objects.get(key="vendor-risk")
    question = cast.document("vendor-risk").questions()[0].key
    is_open, released = (assessments.launch(by=priya, definition=definition, another=True) for _each in range(2))
    cast.answer_everything(by=priya, assessment=released)
    assessments.release(by=sam, assessment=assessments.submit(by=priya, assessment=released))
    content = SimpleUploadedFile("list.txt", b"Our suppliers")
    attached = uploads.add(by=priya, assessment=is_open, question_key="over-list", purpose="evidence", file=content)
    of_run = {"take", "review", "submission", "submitted", "results", "edit_assessment"}
    of_definition = {"library_card", "launch", "available_card", "create_available"}
    found = []
    for route in CLIENT_ROUTES:
        name = route.partition(":")[2]
        if name in of_run:
            found += [reverse(route, args=[northwind.id, run.id]) for run in (is_open, released)]
        elif name.endswith("explanation"):
            more = ["overview", "over-list"] if name == "answer_explanation" else ["overall"]
            found += [reverse(route, args=[northwind.id, run.id, *more]) for run in (is_open, released)]
        elif name in ("question", "files", "evidence"):
            key = {"files": "agree-template", "evidence": "over-list"}.get(name, question)
            found += [reverse(route, args=[northwind.id, run.id, key]) for run in (is_open, released)]
        elif name.startswith("upload"):
            found += [reverse(route, args=[northwind.id, attached.assessment_id, attached.id])]
        elif name in of_definition:
            found.append(reverse(route, args=[northwind.id, definition.id]))
        else:
            found.append(address_of(route))
    return found


def start(visitor: Client, viewpoint: str) -> str:
    """This will start a preview of Northwind, and return the prefix of its addresses."""
    with cast.inside():
        question = reverse("staff:preview", args=[cast.account("Northwind").id])
    assert visitor.post(question, {"viewpoint": viewpoint}).status_code == 303
    return f"/preview/{viewpoint}"


def everything_on_disk() -> list[tuple[str, int]]:
    """This will list every file the product keeps, with its size."""
    folders = {Path(settings.MEDIA_ROOT), Path(settings.PRIVATE_ROOT)}
    return sorted(
        (str(file), file.stat().st_size) for folder in folders for file in folder.rglob("*") if file.is_file()
    )


def everything_committed() -> list[tuple]:
    """This will fingerprint every table of the product and the sessions, tenant or not."""
    with cast.inside(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' ORDER BY 1"
        )
        tables = [name for (name,) in cursor.fetchall()]
        assert Session._meta.db_table in tables
        parts = [
            f"SELECT '{table}', count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t"  # noqa: S608
            for table in tables
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return cursor.fetchall()
