"""Questions that other answers make required: marked, listed as missing, asked for on submitting."""

import html

import pytest

from assessments.actions import assessments
from assessments.answering.progress import measure
from assessments.models import Assessment
from library.document import parse
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import QUICK, RICH, address, autosave, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.launched(definition=stage.publish(RICH))


def page(run: Assessment, name: str, *more: str) -> str:
    return html.unescape(cast.visitor("priya").get(address(name, run, *more)).content.decode())


def test_the_mark_comes_and_goes_with_the_answer(run):
    priya = cast.visitor("priya")
    assert "· Required" not in page(run, "client:question", "record")
    autosave(priya, run, "tested", answer="yes")
    assert "· Required" in page(run, "client:question", "record")
    autosave(priya, run, "tested", answer="no", revision="1")
    assert "· Required" not in page(run, "client:question", "record")


def test_the_review_lists_it_and_submitting_asks_for_it(run):
    with cast.inside("harbor"):
        by = cast.viewer("priya", "Northwind")
        say(by, run, "quick", QUICK)
        say(by, run, "tested", "yes")
    review = page(run, "client:review")
    assert "One required question has no answer" in review
    assert "3. Attach the record." in review
    assert cast.visitor("priya").post(address("client:submission", run)).status_code == 422
    with cast.inside("harbor"):
        with pytest.raises(assessments.AnswersMissing) as missing:
            assessments.submit(by=by, assessment=run)
        assert missing.value.keys == ["record"]
        stage.attach(by, run)
        assert assessments.submit(by=by, assessment=run).status == "results_review"


def test_progress_names_only_what_a_condition_requires(run):
    with cast.inside("harbor"):
        assert "required" not in run.progress
        say(cast.viewer("priya", "Northwind"), run, "tested", "yes")
        assert Assessment.objects.get(pk=run.pk).progress["required"] == ["record"]
    document = parse(RICH)
    assert measure(document, {}).missing == ["quick"]
