"""Files as answers and as evidence: what is taken, who reads them, and that no browser ever runs one."""

import io
import json
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import AuditEntry
from assessments.actions import answers, assessments, respondents, uploads
from assessments.actions.respondents import Person
from assessments.answering import file_kinds
from assessments.answering.file_kinds import RefusedFile, kind_of, safe_name
from assessments.client import uploads as upload_views
from assessments.models import Answer, AnswerRevision, Assessment, Upload
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import PDF, QUICK, RICH, address, attach, file, say

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://harbor.localhost/portal/"}


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.launched(definition=stage.publish(RICH))


@pytest.fixture
def priya() -> Client:
    return cast.visitor("priya")


def by(name: str = "priya"):
    return cast.viewer(name, "Northwind")


def standing(run: Assessment) -> list[str]:
    with cast.inside("harbor"):
        return list(Upload.objects.filter(assessment=run).standing().values_list("name", flat=True))


def zipped(**entries: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def office(folder: str, **more: str) -> bytes:
    return zipped(**{"[Content_Types].xml": "<Types/>", f"{folder}/document.xml": "<x/>", **more})


# What is taken


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("a.png", b"\x89PNG\r\n\x1a\n..."),
        ("a.JPG", b"\xff\xd8\xff\xe0..."),
        ("a.jpeg", b"\xff\xd8\xff\xe1..."),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 "),
        ("a.docx", office("word")),
        ("a.xlsx", office("xl")),
        ("a.pptx", office("ppt")),
        ("a.odt", zipped(mimetype="application/vnd.oasis.opendocument.text")),
        ("a.ods", zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet")),
        ("a.txt", "Größe\tß\r\n".encode()),
        ("a.csv", "Größe;1,5\r\n".encode("cp1252")),
        ("a.csv", "Größe;1,5\r\n".encode("utf-16")),
        ("a.md", b"# Title\n\n<b>bold</b>"),
        ("a.zip", zipped(a="b")),
    ],
)
def test_kinds_that_are_taken(name: str, content: bytes):
    kind = kind_of(io.BytesIO(content), name)
    assert "html" not in kind.content_type
    assert "svg" not in kind.content_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.html", b"<html>"),
        ("a.svg", b"<svg/>"),
        ("a", PDF),
        ("a.pdf.js", PDF),
        ("a.pdf", b"<html>%PDF-"),
        ("a.png", PDF),
        ("a.docx", zipped(a="b")),
        ("a.docx", office("xl")),
        ("a.docx", office("word", **{"word/vbaProject.bin": "x"})),
        ("a.odt", zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet")),
        ("a.zip", b"PK\x03\x04 and no more"),
        ("a.txt", b"\x00\x01"),
        ("a.txt", b"  <!DOCTYPE html><script>"),
        ("a.md", b"\xef\xbb\xbf<svg onload=alert(1)>"),
        ("a.csv", b"<?xml version='1.0'?>"),
        ("a.docm", office("word")),
    ],
)
def test_kinds_that_are_refused_say_what_is_taken(name: str, content: bytes):
    with pytest.raises(RefusedFile, match="are taken"):
        kind_of(io.BytesIO(content), name)


def test_a_zip_that_claims_a_giant_directory_is_not_read():
    content = bytearray(office("word"))
    at = content.rfind(b"PK\x05\x06")
    content[at + 12 : at + 16] = (2**31).to_bytes(4, "little")
    with pytest.raises(RefusedFile):
        kind_of(io.BytesIO(bytes(content)), "a.docx")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\folder\\plan.docx", "plan.docx"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("CON.txt", "_CON.txt"),
        ("  .htaccess. ", "htaccess"),
        ("what?.pdf", "what_.pdf"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_are_made_safe_to_show(given: str, shown: str):
    assert safe_name(given) == shown


def test_hostile_names_lead_nowhere(run, conformance_data: Path):
    """Whatever a file is called, it is refused, or stored under a name nothing of it is in, and downloads harmlessly."""
    names = [
        line
        for path in sorted((conformance_data / "bad-inputs" / "filenames").glob("*.txt"))
        for line in path.read_text("utf-8", "replace").splitlines()
    ]
    names += json.loads((conformance_data / "bad-inputs" / "blns.json").read_text("utf-8"))
    assert len(names) > 500
    root = Path(settings.STORAGES["private"]["OPTIONS"]["location"]).resolve()
    for name in dict.fromkeys(names):
        shown = safe_name(f"{name}.pdf")
        assert re.fullmatch(r'[^<>:"/\\|?*%\x00-\x1f\x7f]{1,160}', shown), name
        assert not shown.startswith("."), name
        try:
            kind_of(io.BytesIO(PDF), safe_name(name))
        except RefusedFile:
            continue
        assert safe_name(name).lower().endswith(".pdf"), name
    with cast.inside("harbor"):
        for name in names[:40]:
            stored = attach(by(), run, name=f"{name}.pdf" if name else "empty.pdf")
            path = Path(stored.file.path).resolve()
            assert path.is_relative_to(root / "uploads")
            assert re.fullmatch(r"[0-9a-f]{64}", path.name)
            uploads.remove(by=by(), upload=stored)


def test_web_pages_and_drawings_are_refused_or_downloaded(run, priya, conformance_data: Path):
    hostile = [
        *(conformance_data / "bad-inputs" / "svg").iterdir(),
        conformance_data / "bad-inputs" / "upload-html-xss.html",
    ]
    for path in hostile:
        for name in (path.name, f"{path.name}.txt", f"{path.stem}.pdf", f"{path.stem}.png", f"{path.stem}.md"):
            with cast.inside("harbor"), pytest.raises(RefusedFile):
                attach(by(), run, name=name, content=path.read_bytes())
    archive = (conformance_data / "bad-inputs" / "zip-symlink-etc-passwd.zip").read_bytes()
    with cast.inside("harbor"):
        stored = attach(by(), run, name="links.zip", content=archive)
    sent = priya.get(address("client:upload", run, str(stored.pk)))
    assert b"".join(sent.streaming_content) == archive


def test_private_files_lie_below_no_folder_that_is_served():
    root = Path(settings.PRIVATE_ROOT)
    for served in (settings.STATIC_ROOT, settings.MEDIA_ROOT, *settings.STATICFILES_DIRS):
        assert not root.is_relative_to(served)
        assert not Path(served).is_relative_to(root)


# Adding, removing, bringing back


def test_a_file_becomes_the_answer_and_each_change_a_revision(run):
    with cast.inside("harbor"):
        say(by(), run, "tested", "yes")
        first = attach(by(), run)
        second = attach(by(), run, name="b.txt", content=b"text")
        answer = Answer.objects.get(assessment=run, question_key="record")
        assert (answer.state, answer.value, answer.revision) == ("answered", [str(first.pk), str(second.pk)], 2)
        assert Assessment.objects.get(pk=run.pk).answered_count == 2
        uploads.remove(by=by(), upload=first)
        uploads.remove(by=by(), upload=second)
        answer.refresh_from_db()
        assert (answer.state, answer.value) == ("cleared", None)
        uploads.restore(by=by(), upload=first)
        answer.refresh_from_db()
        assert answer.value == [str(first.pk)]
        assert AnswerRevision.objects.filter(assessment=run, question_key="record").count() == 5
        verbs = AuditEntry.objects.filter(object_type="assessments.upload").values_list("verb", flat=True)
        assert sorted(verbs) == ["file.added", "file.added", "file.removed", "file.removed", "file.restored"]


def test_what_a_form_says_of_a_file_question_counts_for_nothing(run, priya):
    with cast.inside("harbor"):
        stored = attach(by(), run)
    stage.autosave(
        priya, run, "record", answer="01900000-0000-7000-8000-000000000000", comment="See page 2", revision="1"
    )
    with cast.inside("harbor"):
        answer = Answer.objects.get(assessment=run, question_key="record")
        assert (answer.value, answer.comment) == ([str(stored.pk)], "See page 2")


def test_a_file_takes_not_applicable_back_and_not_the_other_way_round(run, priya):
    with cast.inside("harbor"):
        say(by(), run, "record", state="not_applicable")
        attach(by(), run)
        assert Answer.objects.get(assessment=run, question_key="record").state == "answered"
    refused = stage.autosave(priya, run, "record", state="not_applicable", revision="2")
    assert refused.status_code == 422
    assert b"Remove them first" in refused.content


def test_evidence_is_no_answer_but_somebody_took_part(run):
    with cast.inside("harbor"):
        attach(by("marcus"), run, key="tested", purpose="evidence")
        assert not Answer.objects.filter(assessment=run).exists()
        assert run.respondents.filter(user=cast.person("marcus")).exists()
        now = Assessment.objects.get(pk=run.pk)
        assert (now.status, now.answered_count, now.last_saved_by) == ("in_progress", 0, cast.person("marcus"))


def test_how_many_and_how_large(run, monkeypatch):
    with cast.inside("harbor"):
        attach(by(), run)
        attach(by(), run)
        with pytest.raises(RefusedFile, match="Only 2 files"):
            attach(by(), run)
        with pytest.raises(RefusedFile, match="empty"):
            attach(by(), run, key="tested", purpose="evidence", content=b"")
        monkeypatch.setattr(uploads, "LARGEST_FILE", 100)
        with pytest.raises(RefusedFile, match="larger than"):
            attach(by(), run, key="tested", purpose="evidence", content=PDF + b" " * 100)
        monkeypatch.setattr(uploads, "LARGEST_TOTAL", len(PDF) * 2 + 1)
        with pytest.raises(RefusedFile, match="together"):
            attach(by(), run, key="tested", purpose="evidence")


def test_removed_files_make_room_the_longest_removed_first(run, monkeypatch, django_capture_on_commit_callbacks):
    with cast.inside("harbor"):
        old, new = attach(by(), run), attach(by(), run)
        uploads.remove(by=by(), upload=old)
        uploads.remove(by=by(), upload=new)
        path = Path(old.file.path)
        monkeypatch.setattr(uploads, "LARGEST_TOTAL", len(PDF) * 2)
        with django_capture_on_commit_callbacks(execute=True):
            attach(by(), run)
        assert not path.exists()
        with pytest.raises(uploads.FileGone):
            uploads.restore(by=by(), upload=old)
        assert Upload.objects.get(pk=new.pk).file


def test_submitting_forgets_what_was_removed_and_ends_everything(run, django_capture_on_commit_callbacks):
    with cast.inside("harbor"):
        gone, kept = attach(by(), run), attach(by(), run)
        uploads.remove(by=by(), upload=gone)
        paths = Path(gone.file.path), Path(kept.file.path)
        say(by(), run, "quick", QUICK)
        with django_capture_on_commit_callbacks(execute=True):
            assessments.submit(by=by(), assessment=run)
        assert [path.exists() for path in paths] == [False, True]
        for step in (
            lambda: attach(by(), run),
            lambda: uploads.remove(by=by(), upload=kept),
            lambda: uploads.restore(by=by(), upload=gone),
        ):
            with pytest.raises(assessments.WrongStatus):
                step()


def test_where_no_file_belongs_none_is_taken(run):
    with cast.inside("harbor"):
        for key, purpose in (("tested", "answer"), ("words", "evidence"), ("nothing", "answer")):
            with pytest.raises(answers.NotAsked):
                attach(by(), run, key=key, purpose=purpose)


def test_staff_and_strangers_add_nothing(run):
    with cast.inside("harbor"), pytest.raises(PermissionDenied):
        attach(by("sam"), run)


def test_a_file_that_cannot_be_recorded_leaves_no_bytes(run, monkeypatch):
    monkeypatch.setattr(uploads.audit, "record", lambda *args, **kwargs: 1 / 0)
    before = sum(1 for path in Path(uploads.private_files().location).rglob("*") if path.is_file())
    with cast.inside("harbor"), pytest.raises(ZeroDivisionError):
        attach(by(), run)
    assert sum(1 for path in Path(uploads.private_files().location).rglob("*") if path.is_file()) == before


# The page


def test_kinds_and_size_are_said_before_picking(run, priya):
    shown = priya.get(address("client:question", run, "record")).content.decode()
    assert "At most 10 MB each, 2 in all." in shown
    assert 'accept=".pdf,.png,' in shown
    assert f'formaction="{address("client:files", run, "record")}"' in shown
    assert "<noscript>" in shown
    shown = priya.get(address("client:question", run, "tested")).content.decode()
    assert "Attach evidence" in shown
    assert 'name="comment"' not in shown
    assert "Attach evidence" not in priya.get(address("client:question", run, "words")).content.decode()


def test_without_a_script_the_whole_form_is_saved_with_the_file(run, priya):
    sent = {"file": file(), "comment": "See page 2", "revision": "0", "go": "stay"}
    response = priya.post(address("client:files", run, "record"), sent)
    assert (response.status_code, response["Location"]) == (303, address("client:question", run, "record"))
    with cast.inside("harbor"):
        answer = Answer.objects.get(assessment=run, question_key="record")
        assert (len(answer.value), answer.comment) == (1, "See page 2")
    sent = {"evidence": [file("a.pdf"), file("b.pdf")], "answer": "yes", "revision": "0", "go": "stay"}
    assert priya.post(address("client:evidence", run, "tested"), sent).status_code == 303
    assert standing(run) == ["record.pdf", "a.pdf", "b.pdf"]
    with cast.inside("harbor"):
        assert Answer.objects.get(assessment=run, question_key="tested").value == "yes"


def test_a_refused_file_keeps_everything_else_typed(run, priya):
    sent = {"file": file("a.html", b"<html>"), "comment": "Kept", "revision": "0", "go": "stay"}
    response = priya.post(address("client:files", run, "record"), sent)
    assert response.status_code == 422
    shown = response.content.decode()
    assert "of a kind that is not taken" in shown
    assert "Kept</textarea>" in shown
    assert standing(run) == []


def test_no_file_chosen(run, priya):
    response = priya.post(address("client:files", run, "record"), {"revision": "0"})
    assert response.status_code == 422
    assert b"Choose a file first." in response.content


def test_a_script_gets_the_list_the_revision_and_the_progress(run, priya):
    response = priya.post(address("client:files", run, "record"), {"file": file()}, headers=HTMX)
    assert (response.status_code, response["X-Answer-Revision"]) == (200, "1")
    shown = response.content.decode()
    assert 'id="answer-files"' in shown
    assert "record.pdf" in shown
    assert 'id="run-counts" hx-swap-oob="true"' in shown
    assert "<html" not in shown
    removal = re.search(r'formaction="([^"]*/removal/)"', shown)[1]  # type: ignore[index]
    gone = priya.post(removal, headers=HTMX)
    assert (gone.status_code, gone["X-Answer-Revision"]) == (200, "2")
    assert "is-gone" in gone.content.decode()
    back = re.search(r'formaction="([^"]*/restoration/)"', gone.content.decode())[1]  # type: ignore[index]
    assert b"is-gone" not in priya.post(back, headers=HTMX).content
    assert standing(run) == ["record.pdf"]


def test_removing_without_a_script_saves_what_else_was_typed(run, priya):
    with cast.inside("harbor"):
        stored = attach(by(), run)
    sent = {"comment": "No longer needed", "revision": "1", "go": "stay"}
    response = priya.post(address("client:upload_removal", run, str(stored.pk)), sent)
    assert (response.status_code, response["Location"]) == (303, address("client:question", run, "record"))
    with cast.inside("harbor"):
        answer = Answer.objects.get(assessment=run, question_key="record")
        assert (answer.state, answer.comment) == ("cleared", "No longer needed")


def test_one_file_too_large_is_413_and_the_rest_of_the_form_stays(run, priya, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST_FILE", 1000)
    sent = {"file": [file("big.pdf", PDF + b" " * 100_000), file("small.pdf")], "comment": "Kept", "revision": "0"}
    response = priya.post(address("client:files", run, "record"), sent)
    assert response.status_code == 413
    shown = response.content.decode()
    assert "“big.pdf” is larger than" in shown
    assert "Kept</textarea>" in shown
    assert standing(run) == ["small.pdf"]


def test_a_body_beyond_all_limits_is_refused_before_it_is_taken_in(run, priya, monkeypatch):
    monkeypatch.setattr(upload_views, "LARGEST_BODY", 1000)
    for headers in ({}, HTMX):
        response = priya.post(
            address("client:files", run, "record"), {"file": file("big.pdf", PDF * 100)}, headers=headers
        )
        assert response.status_code == 413
        assert b"at most 10 MB a file" in response.content
    assert standing(run) == []


def test_no_token_no_file(run):
    visitor = Client(headers={"host": "harbor.localhost"}, enforce_csrf_checks=True)
    visitor.force_login(cast.person("priya"))
    assert visitor.post(address("client:files", run, "record"), {"file": file()}).status_code == 403
    assert standing(run) == []


def test_too_late(run, priya):
    with cast.inside("harbor"):
        say(by(), run, "quick", QUICK)
        assessments.submit(by=by(), assessment=run)
    for headers in ({}, HTMX):
        response = priya.post(address("client:files", run, "record"), {"file": file()}, headers=headers)
        assert response.status_code == 409
    assert standing(run) == []


@pytest.mark.parametrize("key", ["nothing", "%00", "rec%00ord", "x" * 500, "%ED%A0%80"])
def test_a_question_that_cannot_be_takes_no_file(run, priya, key: str):
    with cast.inside("harbor"):
        start = address("client:take", run)
    for page, field in (("files", "file"), ("evidence", "evidence")):
        for headers in ({}, HTMX):
            response = priya.post(f"{start}questions/{key}/{page}/", {field: file()}, headers=headers)
            assert response.status_code == 422
    assert standing(run) == []


def test_two_uploads_at_once_do_not_overwrite_each_other(run, priya):
    """Both pages show revision 0; each adds its file."""
    for name, visitor in (("a.pdf", priya), ("b.pdf", cast.visitor("marcus"))):
        response = visitor.post(
            address("client:files", run, "record"), {"file": file(name), "revision": "0"}, headers=HTMX
        )
        assert response.status_code == 200
    assert standing(run) == ["a.pdf", "b.pdf"]


# Downloading


def test_a_download_is_never_shown_in_the_browser(run, priya):
    with cast.inside("harbor"):
        stored = attach(by(), run, name="Prüfung “1”.pdf")
    response = priya.get(address("client:upload", run, str(stored.pk)))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment; ")
    assert "Prüfung “1”.pdf" in unquote(response["Content-Disposition"])
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "no-store, private"
    assert b"".join(response.streaming_content) == PDF


def test_who_reads_a_file_and_when(run, priya):
    """As answers: everybody answering while it is open; after the release those who took part; in between nobody."""
    with cast.inside("harbor"):
        stored = attach(by(), run)
        say(by(), run, "quick", QUICK)
    here = address("client:upload", run, str(stored.pk))
    marcus, carla = cast.visitor("marcus"), cast.visitor("carla")
    assert [visitor.get(here).status_code for visitor in (priya, marcus, carla)] == [200, 200, 404]
    with cast.inside("harbor"):
        assessments.submit(by=by(), assessment=run)
    assert [visitor.get(here).status_code for visitor in (priya, marcus)] == [404, 404]
    there = address("staff:upload", run, str(stored.pk))
    assert cast.visitor("sam").get(there).status_code == 200
    assert cast.visitor("dana").get(there).status_code == 403
    assert cast.visitor("lena").get(there).status_code == 404
    with cast.inside("harbor"):
        assessments.release(by=by("sam"), assessment=run)
    assert [visitor.get(here).status_code for visitor in (priya, marcus, carla)] == [200, 404, 404]


def test_who_was_given_other_sections_finds_no_file_of_these():
    two = {**RICH, "key": "two", "sections": [*RICH["sections"], {
        "key": "own", "name": "Own", "questions": [{"key": "mine", "type": "text", "text": "And you?"}],
    }]}  # fmt: skip
    with cast.inside("harbor"):
        run = stage.launched(definition=stage.publish(two))
        upload = attach(by(), run)
        person = Person(user=cast.person("dora"), sections=("own",))
        respondents.add(by=cast.viewer("sam", "Northwind"), run=run, people=[person])
    for name, status in (("marcus", 200), ("dora", 404)):
        assert cast.visitor(name).get(address("client:upload", run, str(upload.pk))).status_code == status, name
    assert cast.visitor("dora").post(address("client:upload_removal", run, str(upload.pk))).status_code == 404
    assert standing(run) == ["record.pdf"]


def test_a_removed_file_and_one_of_another_run_are_not_there(run, priya):
    with cast.inside("harbor"):
        stored = attach(by(), run)
        other = stage.launched(definition=run.definition)
    assert priya.get(address("client:upload", other, str(stored.pk))).status_code == 404
    assert priya.post(address("client:upload_removal", other, str(stored.pk))).status_code == 404
    with cast.inside("harbor"):
        uploads.remove(by=by(), upload=stored)
    assert priya.get(address("client:upload", run, str(stored.pk))).status_code == 404


def test_files_stand_beside_their_answers(run, priya):
    with cast.inside("harbor"):
        stored = attach(by(), run)
        proof = attach(by(), run, key="tested", purpose="evidence", name="proof.pdf")
        say(by(), run, "quick", QUICK)
        say(by(), run, "tested", "yes")
    review = priya.get(address("client:review", run)).content.decode()
    for row in (stored, proof):
        assert address("client:upload", run, str(row.pk)) in review
        assert row.name in review
    shown = cast.visitor("sam").get(address("staff:assessment", run)).content.decode()
    assert address("staff:upload", run, str(proof.pk)) in shown
    assert "Evidence" in shown


def test_endings_and_kinds_agree():
    assert set(file_kinds.endings().split(",")) == {f".{ending}" for ending in file_kinds.KINDS}
