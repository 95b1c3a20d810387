"""From draft to published to deprecated and back, and who may do each step."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from library.actions import definitions, drafts
from library.document import parse
from library.models import Definition, DefinitionVersion
from tests import cast

from .test_staff_definitions import drafted, published, small

pytestmark = pytest.mark.django_db


def post(who: str, step: str, definition: Definition, **fields: str):
    return cast.visitor(who).post(reverse(f"staff:{step}", args=[definition.id]), fields)


def draft_of(definition: Definition) -> DefinitionVersion:
    with cast.inside():
        return definition.versions.get(state="draft")


def page_of(who: str, definition: Definition) -> str:
    return cast.visitor(who).get(reverse("staff:definition", args=[definition.id])).content.decode()


def test_an_author_submits_and_an_admin_finds_it_in_the_queue_and_publishes():
    definition = drafted()
    shown = page_of("sam", definition)
    assert "Ask an admin to publish" in shown and "Submit for publishing" in shown
    assert post("sam", "publication", definition).status_code == 403
    assert post("sam", "submission", definition, note="Ready from my side").status_code == 303
    queue = cast.visitor("ada").get(reverse("staff:definitions") + "?state=waiting").content.decode()
    assert definition.name in queue
    for_admin = page_of("ada", definition)
    assert "Ready from my side" in for_admin and "submitted v1 for publishing" in for_admin
    assert post("ada", "publication", definition).status_code == 303
    with cast.inside():
        definition.refresh_from_db()
        assert definition.published_version.number == 1
    assert (
        "Nothing waits to be published"
        in cast.visitor("ada").get(reverse("staff:definitions") + "?state=waiting").content.decode()
    )


def test_an_admin_sees_that_a_submitted_draft_was_changed_since():
    definition = drafted()
    post("sam", "submission", definition)
    assert "It was changed since" not in page_of("ada", definition)
    with cast.inside():
        by, version = cast.viewer("sam"), definition.versions.get(state="draft")
        renamed = drafts.Change("update", "settings", {"name": "Small and renamed"})
        change = drafts.change(by=by, version=version, change=renamed)
        assert change.revision == 1
    assert "It was changed since" in page_of("ada", definition)


def test_an_admin_sends_a_draft_back_with_a_note():
    definition = drafted()
    post("sam", "submission", definition)
    without = post("ada", "submission_return", definition)
    assert without.status_code == 422 and b"Say what has to be changed" in without.content
    assert post("sam", "submission_return", definition, note="No").status_code == 403
    assert post("ada", "submission_return", definition, note="Mind question 2").status_code == 303
    assert draft_of(definition).submitted_at is None
    assert "Mind question 2" in page_of("sam", definition)


def test_what_is_not_ready_says_why_and_stays_a_draft():
    wrong = {"key": "s1", "name": "All yes", "answers": {"q1": "yes"}, "expected": {"overall": 0}}
    definition = drafted(samples=[wrong])
    answer = post("ada", "publication", definition)
    assert answer.status_code == 422
    assert b"All yes" in answer.content and b"expected 0" in answer.content
    assert draft_of(definition).state == "draft"


def test_nothing_to_publish_is_a_conflict():
    assert post("ada", "publication", published()).status_code == 409
    assert post("sam", "submission", published(key="other")).status_code == 409
    assert post("ada", "submission_return", published(key="third"), note="x").status_code == 409


def test_deprecated_and_published_again():
    definition = published()
    for who, status in (("sam", 403), ("ada", 303)):
        assert post(who, "deprecation", definition).status_code == status
    assert "Publish again" in page_of("ada", definition)
    assert "Publish again" not in page_of("sam", definition)
    for who, status in (("sam", 403), ("ada", 303)):
        assert post(who, "republication", definition).status_code == status
    with cast.inside():
        definition.refresh_from_db()
    assert definition.state == "published"
    never = drafted(key="never")
    assert post("ada", "deprecation", never).status_code == 409
    assert post("ada", "republication", never).status_code == 409


def test_a_draft_is_deleted_by_an_admin_and_what_is_published_is_not():
    definition = drafted()
    assert post("sam", "draft_removal", definition).status_code == 403
    assert post("ada", "draft_removal", definition).status_code == 303
    with cast.inside():
        assert not Definition.objects.filter(pk=definition.pk).exists()
    frozen = published(key="frozen")
    refused = post("ada", "draft_removal", frozen)
    assert refused.status_code == 409 and b"Deprecate it instead" in refused.content
    assert post("sam", "draft_removal", frozen).status_code == 403


def test_an_admin_starts_a_new_draft_version_and_an_author_edits_it():
    definition = published()
    assert post("sam", "draft_start", definition).status_code == 403
    assert post("ada", "draft_start", definition).status_code == 303
    assert draft_of(definition).number == 2
    assert "Edit v2" in page_of("sam", definition)
    assert post("ada", "draft_removal", definition).status_code == 303
    with cast.inside():
        assert definition.versions.count() == 1


def test_a_copy_is_a_definition_of_its_own():
    definition = published()
    refused = post("sam", "definition_copy", definition, name=" ")
    assert refused.status_code == 422 and b"Enter a name for the copy" in refused.content
    unprintable = post("sam", "definition_copy", definition, name="Small \x01 too")
    assert unprintable.status_code == 422 and b"control character" in unprintable.content
    assert post("sam", "definition_copy", definition, name="Small too").status_code == 303
    with cast.inside():
        copied = Definition.objects.get(name="Small too")
    assert copied.key != definition.key and draft_of(copied).number == 1


def test_versions_are_compared_in_words():
    definition = published()
    changed = small()
    changed["sections"][0]["questions"][0]["text"] = "Are you quite ready?"
    with cast.inside():
        definitions.import_draft(by=cast.viewer("ada"), document=parse(changed))
    address = reverse("staff:definition_comparison", args=[definition.id])
    visitor = cast.visitor("sam")
    words = visitor.get(address).content.decode()
    assert "Comparable" in words and "quite ready" in words
    part = visitor.get(address, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="changes"') and part.strip() in words
    changed["sections"][0]["questions"][0]["options"] = [
        {"key": "yes", "text": "Yes", "value": 3}, {"key": "no", "text": "No", "value": 0}
    ]  # fmt: skip
    changed["scoring"]["scale"]["max"] = 3
    changed["scoring"]["zones"][1]["to"] = 3
    with cast.inside():
        definitions.import_draft(by=cast.viewer("ada"), document=parse(changed))
    assert "Not comparable" in visitor.get(address).content.decode()
    assert visitor.get(f"{address}?from=9").status_code == 404


@pytest.mark.parametrize("state", ["", "draft", "published", "deprecated", "waiting"])
def test_the_list_costs_the_same_for_one_three_and_forty(state):
    visitor, address = cast.visitor("ada"), reverse("staff:definitions") + f"?state={state}"
    visitor.get(address)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert visitor.get(address).status_code == 200
        return len(captured)

    counts = []
    made = 0
    for wanted in (1, 3, 25):
        for _number in range(wanted - made):
            drafted(key=f"many-{made}", name=f"Many {made}")
            made += 1
        counts.append(queries())
    # The queue's page has rows only when something waits; everywhere else one more row is never one more query.
    assert len(set(counts)) == 1
