"""Matrix and files as staff see them through View as Client: everything is there, nothing can be changed."""

import pytest

from accounts.actions import previews
from assessments.models import Assessment, Upload
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import PDF, address


@pytest.fixture
def run(fresh_database) -> Assessment:
    with cast.inside("harbor"):
        run = stage.launched(definition=stage.publish(stage.RICH))
        by = cast.viewer("priya", "Northwind")
        stage.say(by, run, "quick", {"mail": "week"})
        stage.attach(by, run)
        stage.attach(by, run, key="tested", purpose="evidence", name="proof.pdf")
        previews.start(by=cast.viewer("sam", "Northwind"), viewpoint="client", reason="", return_to="")
        return run


def read(run: Assessment, key: str) -> str:
    response = cast.visitor("sam").get(f"/preview/client{address('client:question', run, key)}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_matrix_is_disabled(run):
    shown = read(run, "quick")
    assert 'name="answer:mail" value="week" aria-labelledby="row-0 column-1" checked disabled' in shown


def test_files_are_listed_and_none_can_be_added_or_removed(run):
    for key, name in (("record", "record.pdf"), ("tested", "proof.pdf")):
        shown = read(run, key)
        assert name in shown
        assert 'type="file"' not in shown
        assert "data-file-step" not in shown


def test_a_file_can_be_read_and_nothing_written(run):
    sam = cast.visitor("sam")
    with cast.inside("harbor"):
        stored = Upload.objects.get(name="record.pdf")
    here = f"/preview/client{address('client:upload', run, str(stored.pk))}"
    assert b"".join(sam.get(here).streaming_content) == PDF
    for page, more in (
        ("client:files", "record"),
        ("client:evidence", "tested"),
        ("client:upload_removal", str(stored.pk)),
        ("client:upload_restoration", str(stored.pk)),
    ):
        assert sam.post(f"/preview/client{address(page, run, more)}", {"file": stage.file()}).status_code == 403
    with cast.inside("harbor"):
        assert Upload.objects.standing().count() == 2
