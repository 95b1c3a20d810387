import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from library.actions import imports
from library.exchange.report import Imported
from library.models import Definition, DefinitionImport, DefinitionVersion
from library.staff import import_views
from tests import cast

pytestmark = pytest.mark.django_db

PAGE = "/staff/library/import/"
SMALL = {
    "format": "portal-definition/1",
    "key": "small",
    "name": "Small",
    "sections": [{"key": "all", "name": "All", "questions": [{"key": "q1", "type": "yes_no", "text": "Ready?"}]}],
}


def upload(content: bytes | str, name: str = "small.json", who: str = "sam"):
    data = content.encode() if isinstance(content, str) else content
    return cast.visitor(who).post(PAGE, {"file": SimpleUploadedFile(name, data)})


def commit(response, who: str = "sam", **given: str):
    """Presses the button of the report an upload led to, as the page has it."""
    report = cast.visitor(who).get(response["Location"])
    plan, document = report.context["plan"], report.context["document"]
    data = {"seen": plan.token, "becomes": "draft", "name": document.name} | given
    return cast.visitor(who).post(f"{response['Location']}draft/", data)


def take(content: bytes | str, name: str = "small.json", who: str = "sam"):
    return commit(upload(content, name, who), who)


def nothing_stored() -> bool:
    with cast.inside():
        kept = Definition.objects.filter(key__in=("small", "owasp-samm", "cisa-cpg-2-0"))
        return not kept.exists() and not DefinitionImport.objects.exists()


def test_the_limits_are_stated_before_picking():
    page = cast.visitor("sam").get(PAGE).content.decode()
    assert "up to 2 MB" in page
    assert "up to 10 MB" in page
    assert 'enctype="multipart/form-data"' in page


def test_a_file_is_read_first_and_becomes_a_draft_when_asked():
    response = upload(json.dumps(SMALL))
    assert response.status_code == 303
    with cast.inside():
        assert not Definition.objects.filter(key="small").exists()
        proposed = DefinitionImport.objects.get()
        assert (proposed.created_by, proposed.source, proposed.file_name) == (cast.person("sam"), "own", "small.json")
    response = commit(response)
    with cast.inside():
        definition = Definition.objects.get(key="small")
        assert definition.state == "draft"
        assert definition.versions.get().created_by == cast.person("sam")
    assert response["Location"] == reverse("staff:definition", args=[definition.id])


def test_yaml_is_taken_as_well():
    take(
        "format: portal-definition/1\nkey: small\nname: Small\nsections:\n- key: all\n  name: All\n"
        "  questions:\n  - {key: q1, type: yes_no, text: No}\n",
        "small.yaml",
    )
    with cast.inside():
        document = DefinitionVersion.objects.get(definition__key="small").document
    assert document["sections"][0]["questions"][0]["text"] == "No"


def test_importing_again_replaces_the_draft_and_leaves_what_is_published():
    take(json.dumps(SMALL))
    with cast.inside():
        definition = Definition.objects.get(key="small")
    cast.visitor("ada").post(reverse("staff:publication", args=[definition.id]))
    for name in ("Second", "Third"):
        take(json.dumps(SMALL | {"name": name}), who="ada")
    with cast.inside():
        versions = list(definition.versions.order_by("number").values_list("number", "state", "document__name"))
        assert versions == [(1, "published", "Small"), (2, "draft", "Third")]
        assert Definition.objects.get(key="small").name == "Small"


def test_samm_arrives_as_its_authors_publish_it(conformance_data: Path):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        model = conformance_data / "owasp-samm" / "core-model"
        for file in sorted(model.rglob("*.yml")):
            zipped.write(file, Path("core") / file.relative_to(model))
    response = take(archive.getvalue(), "samm.zip")
    assert response.status_code == 303
    page = cast.visitor("sam").get(response["Location"])
    assert "90 questions" in page.content.decode()
    assert page.content.decode().count('class="outline-text"') == 90


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "x.json", "The file is empty"),
        (b"not json", "x.json", "is not valid JSON"),
        (b'{"key": "a", "key": "b"}', "x.json", "a second time"),
        (b"a: &anchor [1]\nb: *anchor\n", "x.yaml", "Anchors are not taken"),
        (b"%PDF-1.4\x00", "x.pdf", "is a PDF"),
        (b"\xff\xfe\x00", "x.json", "NUL byte"),
        (b"PK\x03\x04 broken", "x.zip", ""),
        (json.dumps(SMALL | {"surprise": 1}).encode(), "x.json", "surprise"),
        (json.dumps(SMALL | {"sections": 5}).encode(), "x.json", "sections"),
        (json.dumps(SMALL | {"key": "k" * 90}).encode(), "x.json", "longer than 80 letters"),
        (b'{"surprise": 1}', "x.json", "none of the formats"),
        (b"a,b\n1,2\n", "x.csv", "no row of headings"),
        (b"[" * 5000, "x.json", "nested"),
        (b'"' + b"x" * (2 * 1024 * 1024) + b'"', "x.json", "larger than 2 MB"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_stored(content, name, words):
    response = upload(content, name)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Nothing was imported" in page or "There is a problem" in page
    assert words in page
    assert "<title>Error: Import a definition" in page
    assert nothing_stored()


def test_every_mistake_has_its_place():
    broken = SMALL | {
        "name": "",
        "sections": [{"key": "a b", "name": "A", "questions": [{"key": "q", "type": "x", "text": "?"}]}],
    }
    response = upload(json.dumps(broken))
    page = response.content.decode()
    assert len(response.context["problems"]) == 3
    for place in ("name", "sections[0].key", "sections[0].questions[0].type"):
        assert f"<code>{place}</code>" in page
    assert "There are 3 problems in the file" in page


def test_a_form_without_a_file_says_so():
    response = cast.visitor("sam").post(PAGE, {})
    assert response.status_code == 422
    assert "Choose a file to import" in response.content.decode()


def test_what_the_file_holds_is_never_markup():
    response = upload(json.dumps(SMALL | {"<script>alert(1)</script>": 1}))
    assert "<script>alert(1)</script>" not in response.content.decode()


def test_50_megabytes_are_refused_without_taking_them_in():
    visitor = cast.visitor("sam")
    boundary, size = "edge", 50 * 1024 * 1024
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="big.json"\r\n\r\n'.encode()
    tracemalloc.start()
    response = visitor.generic(
        "POST", PAGE, data="", content_type=f"multipart/form-data; boundary={boundary}",
        **{"wsgi.input": Endless(head, size), "CONTENT_LENGTH": str(size)},
    )  # fmt: skip
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert response.status_code == 413
    assert "larger than 10 MB" in response.content.decode()
    assert peak < 8 * 1024 * 1024, peak
    assert nothing_stored()


class Endless:
    """A body of so many bytes that nobody holds."""

    def __init__(self, head: bytes, size: int) -> None:
        self.head, self.left = head, size

    def readline(self, size: int = -1) -> bytes:
        raise AssertionError("read as a form")

    def read(self, size: int = -1) -> bytes:
        size = self.left if size < 0 else min(size, self.left)
        assert size <= import_views._CHUNK, "read in one piece"
        self.left -= size
        taken, self.head = self.head[:size], self.head[size:]
        return taken + b" " * (size - len(taken))


def test_a_post_without_the_token_is_refused():
    strict = Client(headers={"host": "harbor.localhost"}, enforce_csrf_checks=True)
    strict.force_login(cast.person("sam"))
    response = strict.post(PAGE, {"file": SimpleUploadedFile("small.json", json.dumps(SMALL).encode())})
    assert response.status_code == 403
    assert nothing_stored()


@pytest.mark.parametrize(("who", "status"), [("dana", 403), ("priya", 404), ("noor", 404)])
def test_who_may_not_import(who, status):
    assert upload(json.dumps(SMALL), who=who).status_code == status
    assert nothing_stored()


@pytest.mark.parametrize("page", ["import_commitment", "import_discarding"])
def test_what_was_discarded_a_moment_ago_is_not_there(page: str, monkeypatch: pytest.MonkeyPatch):
    """Between looking at the import and locking it, somebody else's discarding went through."""
    with cast.inside():
        sam = cast.viewer("sam")
        data = cast.document("vendor-risk").to_data() | {"key": "late"}
        gone = imports.propose(by=sam, file_name="late.json", imported=Imported("own", data, []))
        still = DefinitionImport.objects.get(pk=gone.pk)
        imports.discard(by=sam, proposed=gone)
    monkeypatch.setattr(import_views, "_found", lambda _viewer, _proposed: still)
    form = {"becomes": "draft", "name": "Late"}
    assert cast.visitor("sam").post(reverse(f"staff:{page}", args=[still.pk]), form).status_code == 404
