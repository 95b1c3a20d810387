"""Working on findings as staff: the tab of a run, its dialogs, deciding about many, and all of an account."""

import csv
import html
import io
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.actions import assessments, finding_actions, findings
from assessments.models import Assessment, Finding, FindingAction
from tests import cast
from tests.assessments import stage
from tests.assessments.stage import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Assessment:
    with cast.inside("harbor"):
        return stage.found_out()


@pytest.fixture
def sam():
    return cast.visitor("sam")


def of(run: Assessment, source: str = "question:edr:0") -> Finding:
    with cast.inside("harbor"):
        return Finding.objects.select_related("account").get(assessment=run, source=source)


def htmx(run: Assessment, path: str = "staff:run_findings") -> dict[str, str]:
    return {"HX-Request": "true", "HX-Current-URL": f"http://harbor.localhost{address(path, run)}"}


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode())))


def test_the_tab_lists_them_by_severity(run, sam):
    words = text_of(sam.get(address("staff:run_findings", run)))
    assert words.index("See to the basics") < words.index("Cover all computers") < words.index("Do more.")
    assert "All 3 Open 3 Accepted risks 0 Resolved 0 Does not apply 0" in words
    assert "Northwind Dental sees these once the results are released" in words


def test_a_severity_and_a_state_narrow_the_list(run, sam):
    words = text_of(sam.get(address("staff:run_findings", run) + "?severity=high"))
    assert "Cover all computers" in words and "See to the basics" not in words
    words = text_of(sam.get(address("staff:run_findings", run) + "?view=resolved"))
    assert "Nothing in this view" in words
    assert sam.get(address("staff:run_findings", run) + "?view=nonsense&severity=x&page=x").status_code == 200


def test_one_is_added_in_a_dialog_that_keeps_what_was_typed(run, sam):
    new = address("staff:finding_new", run)
    dialog = sam.get(new, headers=htmx(run)).content.decode()
    assert dialog.lstrip().startswith("<form") and "Is it running on all computers?" in dialog
    typed = {"title": "", "severity": "high", "text": "Kept **words**", "about": "section:more"}
    refused = sam.post(new, typed, headers=htmx(run))
    assert refused.status_code == 422
    assert "Say in one line what is weak." in refused.content.decode() and "Kept **words**" in refused.content.decode()
    added = sam.post(new, typed | {"title": "Nobody practises"}, headers=htmx(run))
    assert (added.status_code, added["HX-Redirect"]) == (204, address("staff:run_findings", run))
    with cast.inside("harbor"):
        row = Finding.objects.get(assessment=run, title="Nobody practises")
        assert (row.severity, row.section_key, row.created_by) == ("high", "more", cast.person("sam"))
    # Without a script the same form is a page and a redirect.
    assert sam.post(new, typed | {"title": "Another"}).status_code == 303


def test_two_editors_see_each_other(run, sam):
    row = of(run)
    edit = address("staff:finding", run, str(row.pk))
    seen = re.search(r'name="seen" value="([^"]+)"', sam.get(edit).content.decode())[1]
    typed = {"title": "Mine", "severity": "low", "text": "", "about": "", "seen": html.unescape(seen)}
    assert sam.post(edit, typed | {"title": "Theirs"}).status_code == 303
    refused = sam.post(edit, typed, headers=htmx(run))
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "Somebody else has changed this in the meantime" in page and "Theirs" in page and 'value="Mine"' in page
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    assert sam.post(edit, typed | {"seen": html.unescape(seen)}).status_code == 303
    assert of(run).title == "Mine"


def test_deciding_offers_an_undo(run, sam):
    row = of(run)
    decide = address("staff:finding_state", run, str(row.pk))
    assert sam.post(decide, {"state": "accepted"}, headers=htmx(run)).status_code == 422
    answer = sam.post(decide, {"state": "accepted", "reason": "Replaced in May"}, headers=htmx(run))
    assert (answer.status_code, answer["HX-Retarget"]) == (200, "#findings")
    assert "Replaced in May" in answer.content.decode()
    events = json.loads(answer["HX-Trigger"])
    assert "closeDialog" in events
    assert sam.post(events["toast"]["action"]["url"]).status_code == 303
    assert (of(run).state, of(run).reason) == ("open", "")
    # A dialog opened as a page of its own leads back to the list.
    elsewhere = sam.post(decide, {"state": "resolved"}, headers=htmx(run, "staff:assessment"))
    assert elsewhere["HX-Redirect"] == address("staff:run_findings", run)


def test_many_are_decided_about_at_once(run, sam):
    states = address("staff:finding_states", run)
    with cast.inside("harbor"):
        chosen = [str(pk) for pk in Finding.objects.filter(assessment=run).values_list("pk", flat=True)]
    nothing = sam.post(states, {"state": "resolved"}, headers=htmx(run))
    assert nothing.status_code == 422 and "Choose at least one finding." in nothing.content.decode()
    unsaid = sam.post(states, {"state": "accepted", "chosen": chosen}, headers=htmx(run))
    assert unsaid.status_code == 422 and "Say why this risk is accepted." in unsaid.content.decode()
    assert unsaid.content.decode().count("checked") == 3
    done = sam.post(states, {"state": "resolved", "chosen": [*chosen, "nonsense"]}, headers=htmx(run))
    assert json.loads(done["HX-Trigger"])["toast"]["text"] == "3 findings: Resolved"
    sam.post(json.loads(done["HX-Trigger"])["toast"]["action"]["url"])
    assert of(run).state == "open"


def test_an_action_is_added_moved_changed_and_removed(run, sam):
    row = of(run)
    new = address("staff:finding_action_new", run, str(row.pk))
    dialog = sam.get(new).content.decode()
    assert "Priya Nair" in dialog and "Sam Okafor" in dialog and "Carla" not in dialog
    both = {"title": "Buy", "owner": str(cast.person("priya").pk), "owner_name": "Somebody"}
    assert sam.post(new, both, headers=htmx(run)).status_code == 422
    assert sam.post(new, {"title": "Buy", "owner": str(cast.person("carla").pk)}, headers=htmx(run)).status_code == 422
    assert sam.post(new, both | {"owner_name": "", "due_on": "2027-01-31"}, headers=htmx(run)).status_code == 204
    with cast.inside("harbor"):
        action = FindingAction.objects.get(finding=row)
    at = [str(row.pk), str(action.pk)]
    moved = sam.post(address("staff:finding_action_state", run, *at), {"to": "done"}, headers=htmx(run))
    assert "Done" in text_of(moved)
    assert sam.post(address("staff:finding_action_state", run, *at), {"to": "x"}, headers=htmx(run)).status_code == 422
    changed = {"title": "Buy two", "owner": "", "owner_name": "The landlord", "due_on": "", "state": "dropped"}
    assert sam.post(address("staff:finding_action", run, *at), changed).status_code == 303
    with cast.inside("harbor"):
        action.refresh_from_db()
    assert (action.title, action.owner_name, action.state, action.done_at) == (
        "Buy two",
        "The landlord",
        "dropped",
        None,
    )
    gone = sam.post(address("staff:finding_action_removal", run, *at), headers=htmx(run))
    assert "Buy two" not in text_of(gone)
    sam.post(json.loads(gone["HX-Trigger"])["toast"]["action"]["url"])
    assert "Buy two" in text_of(sam.get(address("staff:run_findings", run)))


def test_only_a_hand_made_one_has_a_remove_button(run, sam):
    removal = address("staff:finding_removal", run, str(of(run).pk))
    assert removal not in sam.get(address("staff:run_findings", run)).content.decode()
    assert sam.post(removal, headers=htmx(run)).status_code == 409
    with cast.inside("harbor"):
        made = findings.create(by=cast.viewer("sam", "Northwind"), assessment=run, title="Made", severity="low")
    removal = address("staff:finding_removal", run, str(made.pk))
    assert removal in sam.get(address("staff:run_findings", run)).content.decode()
    gone = sam.post(removal, headers=htmx(run))
    sam.post(json.loads(gone["HX-Trigger"])["toast"]["action"]["url"])
    with cast.inside("harbor"):
        assert Finding.objects.filter(pk=made.pk).exists()


def test_what_the_result_no_longer_calls_for_is_folded_away(run, sam):
    with cast.inside("harbor"):
        finding_actions.add(by=cast.viewer("sam", "Northwind"), finding=of(run), title="Buy licences")
        Finding.objects.filter(pk=of(run).pk).update(is_outdated=True)
    page = sam.get(address("staff:run_findings", run)).content.decode()
    listed, _fold, outdated = page.partition("No longer found")
    assert "Cover all computers" not in listed
    assert "Cover all computers" in outdated and "Buy licences" in outdated


def test_of_another_run_or_account_there_is_none(run):
    with cast.inside("harbor"):
        other = stage.found_out(definition=run.definition)
    row = str(of(run).pk)
    assert cast.visitor("sam").get(address("staff:finding", other, row)).status_code == 404
    for name, expected in {"dana": 403, "priya": 404, "lena": 404, "carla": 404}.items():
        visitor = cast.visitor(name)
        assert visitor.get(address("staff:run_findings", run)).status_code == expected, name
        assert visitor.post(address("staff:finding_states", run), {"state": "resolved"}).status_code == expected, name


def test_all_of_an_account_stand_in_one_list_and_one_file(run, sam):
    with cast.inside("harbor"):
        assessments.release(by=cast.viewer("sam", "Northwind"), assessment=run)
        finding_actions.add(by=cast.viewer("sam", "Northwind"), finding=of(run), title="=cmd()", owner_name="Me")
        later = stage.found_out(definition=run.definition, share="90", edr="all")
        assessments.release(by=cast.viewer("sam", "Northwind"), assessment=later)
    url = reverse("staff:account_findings", args=[run.account_id])
    words = text_of(sam.get(url))
    # The earlier run is replaced by the later one, all but what is still to be done.
    assert words.count("See to the basics") == 1 and words.count("Cover all computers") >= 1
    assert "Which share is done?" not in words
    assert "Which share is done?" in text_of(sam.get(f"{url}?earlier=1"))
    answer = sam.get(reverse("staff:account_findings_csv", args=[run.account_id]))
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == 3
    assert any("'=cmd()" in line for line in lines)


def add(run: Assessment, count: int) -> None:
    with cast.inside("harbor"):
        by = cast.viewer("sam", "Northwind")
        for number in range(count):
            made = findings.create(by=by, assessment=run, title=f"Number {number}", severity="low")
            finding_actions.add(by=by, finding=made, title="Do", owner=cast.person("priya"))


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_cost_does_not_grow_with_the_findings(run, sam, count):
    add(run, count)
    sam.get(address("staff:run_findings", run))
    with CaptureQueriesContext(connection) as captured:
        assert sam.get(address("staff:run_findings", run)).status_code == 200
    assert len([query for query in captured.captured_queries if 'FROM "assessments_' in query["sql"]]) == 7
