"""Hostile input at every route: no 500."""

import pytest
from django.db import transaction
from tests import cast
import importlib.util, pathlib

spec = importlib.util.spec_from_file_location(
    "routes_table", pathlib.Path(__file__).parents[1] / "access" / "test_routes.py"
)
T = importlib.util.module_from_spec(spec)
spec.loader.exec_module(T)
pytestmark = pytest.mark.django_db
EVIL = [
    "\x00",
    "a\x00b",
    "x" * 20000,
    "-1",
    "9" * 400,
    "1e309",
    "NaN",
    "٣",
    "²",
    "' OR 1=1 --",
    "%",
    "\ud800",
    "\u202e\U0001f600",
    "../../etc",
    "[]",
    "{}",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "\r\nX: y",
    "0x1F",
    "//evil.com",
    "2026-13-45",
    "99999-01-01",
    "0001-01-01",
    "\\",
]
GETS = [
    "q",
    "page",
    "sort",
    "status",
    "view",
    "group",
    "state",
    "version",
    "next",
    "viewpoint",
    "return_to",
    "definitions",
    "start",
    "choose",
    "order",
    "definition",
    "account",
    "executive",
    "who",
    "from",
    "to",
    "due",
    "show",
    "words",
    "phase",
    "tag",
    "industry",
]
POSTS = [
    "name",
    "email",
    "role",
    "portal_roles",
    "sites",
    "tags",
    "viewpoint",
    "reason",
    "next",
    "return_to",
    "definitions",
    "start",
    "due_on",
    "another",
    "answer",
    "state",
    "comment",
    "revision",
    "standing",
    "go",
    "resolve",
    "industry",
    "employees",
    "website",
    "time_zone",
    "site_names",
    "city",
    "file",
]
BEST = {"client": "priya", "staff": "ada"}


@pytest.mark.parametrize(("name", "method"), [r for r in T.ROWS if r[0] != "brand_css"], ids=str)
def test_no_500(name, method):
    with cast.inside("harbor"):
        address = T.address_of(name)
        base = T.DATA.get(name, {})
    visitor = cast.visitor(BEST.get(name.split(":")[0], "ada"), at="harbor")
    visitor.raise_request_exception = False
    bad = []
    for evil in EVIL:
        for headers in (
            {},
            {
                "HX-Request": "true",
                "HX-Current-URL": "http://harbor.localhost/"
                + ("x" if not evil.isascii() or not evil.isprintable() else evil),
            },
        ):
            with transaction.atomic():
                try:
                    data = {
                        n: evil.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape") if False else evil
                        for n in (GETS if method == "GET" else POSTS)
                    }
                    if "\ud800" in evil:
                        from urllib.parse import quote

                        body = "&".join(f"{n}=%ED%A0%80" for n in data)
                        r = (
                            visitor.get(address + "?" + body, headers=headers)
                            if method == "GET"
                            else visitor.post(
                                address, body, content_type="application/x-www-form-urlencoded", headers=headers
                            )
                        )
                    else:
                        r = getattr(visitor, method.lower())(address, data, headers=headers)
                    if r.status_code >= 500:
                        bad.append((evil[:20], dict(headers), r.status_code))
                    if name != "staff:definition_import" and b"<script>alert(1)" in r.content:
                        bad.append(("XSS", evil[:20]))
                finally:
                    transaction.set_rollback(True)
        # one at a time over the valid form
        if method == "POST":
            for key in {
                *base,
                "answer",
                "state",
                "comment",
                "revision",
                "due_on",
                "next",
                "return_to",
                "sites",
                "portal_roles",
                "website",
                "employees",
                "industry",
                "site_names",
                "resolve",
                "standing",
                "city",
                "time_zone",
                "reason",
                "definitions",
                "go",
            }:
                if "\ud800" in evil:
                    continue
                with transaction.atomic():
                    r = visitor.post(address, {**base, key: evil})
                    if r.status_code >= 500:
                        bad.append((key, evil[:20], r.status_code))
                    transaction.set_rollback(True)
    assert not bad, bad
