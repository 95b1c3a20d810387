"""How a figure came about, as staff see it through View as Client: what the person looked through sees, no more."""

import pytest

from accounts.actions import previews
from assessments.actions import assessments
from assessments.models import Assessment
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address


@pytest.fixture
def run(fresh_database) -> Assessment:
    with cast.inside("harbor"):
        return stage.released()


@pytest.mark.parametrize(("who", "sees"), [("priya", True), ("dora", False), ("", False)])
def test_answers_are_those_the_viewpoint_may_read(run, who, sees):
    sam = cast.visitor("sam")
    with cast.inside("harbor"):
        viewpoint = f"user-{cast.person(who).id}" if who else "client"
        previews.start(by=cast.viewer("sam", "Northwind"), viewpoint=viewpoint, reason="", return_to="")
    there, page = f"/preview/{viewpoint}", address("client:explanation", run, "basics")
    response = sam.get(f"{there}{page}")
    assert response.status_code == 200
    shown = response.content.decode()
    assert ("Which share is done?" in shown) is sees
    assert (f'href="{there}{page}questions/share/"' in shown) is sees
    assert f'href="{there}{address("client:explanation", run, "overall")}"' in shown
    answer = sam.get(f"{there}{address('client:answer_explanation', run, 'basics', 'share')}")
    assert answer.status_code == (200 if sees else 404)
    assert sam.post(f"{there}{page}").status_code == 403


def test_a_result_in_review_has_none(fresh_database):
    with cast.inside("harbor"):
        run = stage.submitted()
        previews.start(by=cast.viewer("sam", "Northwind"), viewpoint="client", reason="", return_to="")
    sam = cast.visitor("sam")
    assert sam.get(f"/preview/client{address('client:explanation', run, 'overall')}").status_code == 404
    with cast.inside("harbor"):
        assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
    assert sam.get(f"/preview/client{address('client:explanation', run, 'overall')}").status_code == 200
