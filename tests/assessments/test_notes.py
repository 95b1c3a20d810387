"""The assessor's notes: autosaved, never overwritten unseen, the client's after the release."""

import html

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import AuditEntry
from assessments.actions import assessments, notes
from assessments.models import Assessment, SectionNote
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.submitted()


@pytest.fixture
def sam() -> Client:
    return cast.visitor("sam")


def write(run: Assessment, text: str, seen: int = 0, by: str = "sam", section: str = "basics", kind: str = "gaps"):
    return notes.save(
        by=cast.viewer(by, "Northwind"), assessment=run, section_key=section, kind=kind, text=text, seen_revision=seen
    )


def test_each_save_grows_the_revision_and_the_same_text_is_one(run):
    with cast.inside("harbor"):
        assert write(run, "").revision == 0
        assert write(run, "No list of computers").revision == 1
        assert write(run, "No list of computers\r\n").revision == 1
        assert write(run, "No list, no owner", seen=1).revision == 2
        assert write(run, "", seen=2).revision == 3
        row = SectionNote.objects.get(assessment=run)
        assert (row.section_key, row.kind, row.text, row.written_by) == ("basics", "gaps", "", cast.person("sam"))
        assert AuditEntry.objects.filter(verb="note.written", object_id=run.pk).count() == 1


def test_two_assessors_see_each_others_text(run):
    with cast.inside("harbor"):
        write(run, "What Sam found")
        noted = write(run, "What Ada found", by="ada")
        assert noted.conflict
        assert SectionNote.objects.get(assessment=run).text == "What Sam found"
        assert write(run, "What Sam and Ada found", seen=noted.revision, by="ada").revision == 2
        assert AuditEntry.objects.filter(verb="note.written", object_id=run.pk).count() == 2


def test_there_is_no_note_of_what_there_is_not(run):
    with cast.inside("harbor"):
        for more in ({"section": "nothing"}, {"kind": "gossip"}):
            with pytest.raises(notes.UnknownNote):
                write(run, "A note", **more)
        with pytest.raises(notes.TooLong):
            write(run, "x" * 20_001)
        assert write(run, "Of the whole run", section="").revision == 1


@pytest.mark.parametrize("name", ["priya", "dana"])
def test_only_who_releases_results_writes(run, name):
    with cast.inside("harbor"), pytest.raises(PermissionDenied):
        write(run, "A note", by=name)


def test_the_page_saves_as_one_types(run, sam):
    url = address("staff:note", run, "basics", "strengths")
    first = sam.post(url, {"text": "A **good** team", "revision": "0"}, headers=HTMX)
    assert (first.status_code, first["X-Note-Revision"]) == (200, "1")
    second = sam.post(url, {"text": "A **very good** team", "revision": "1"}, headers=HTMX)
    assert second["X-Note-Revision"] == "2"
    page = html.unescape(sam.get(address("staff:run_review", run)).content.decode())
    assert "A **very good** team</textarea>" in page
    assert '<input type="hidden" name="revision" value="2">' in page


def test_a_conflict_shows_both_and_keeps_what_was_typed(run, sam):
    with cast.inside("harbor"):
        write(run, "What Ada found", by="ada")
    url = address("staff:note", run, "basics", "gaps")
    response = sam.post(url, {"text": "What Sam found", "revision": "0"}, headers=HTMX)
    assert response.status_code == 409
    page = html.unescape(response.content.decode())
    assert "Ada Brandt wrote here too" in page or "wrote here too" in page
    assert "What Ada found" in page
    assert "What Sam found</textarea>" in page
    assert 'name="revision" value="1"' in page
    theirs = sam.get(url, headers=HTMX).content.decode()
    assert "What Ada found</textarea>" in theirs
    assert sam.post(url, {"text": "What both found", "revision": "1"}).status_code == 303


def test_what_is_too_long_is_kept_on_the_page(run, sam):
    response = sam.post(address("staff:note", run, "basics", "gaps"), {"text": "x" * 20_001, "revision": "0"})
    assert response.status_code == 422
    assert "x" * 20_001 in response.content.decode()
    assert sam.post(address("staff:note", run, "nothing", "gaps"), {"text": "x"}).status_code == 404
    assert sam.get(address("staff:note", run, "basics", "gossip")).status_code == 404


def test_the_client_reads_them_after_the_release(run, sam):
    with cast.inside("harbor"):
        write(run, "Laptops are **lost** often", section="")
    priya = cast.visitor("priya")
    assert priya.get(address("client:results", run)).status_code == 404
    with cast.inside("harbor"):
        assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
    assert "Laptops are <strong>lost</strong> often" in priya.get(address("client:results", run)).content.decode()
    page = sam.get(address("staff:run_review", run)).content.decode()
    assert "Save for the client to read" in page
    assert "data-note>" not in page
