import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library import cards
from library.actions import definitions
from library.models import Definition
from tests import cast
from tests.portal.client import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def priya():
    with cast.inside("harbor"):
        stage.empty_library()
        yield cast.viewer("priya", "Northwind")


def names(found) -> list[str]:
    return [one.name for one in found]


def test_the_library_holds_what_is_assigned_and_can_be_launched(priya):
    stage.definition("kept")
    stage.definition("elsewhere", account="Cobalt")
    old, child, parent = stage.definition("old"), stage.definition("child"), stage.definition("parent")
    definitions.deprecate(by=cast.system(), definition=old)
    Definition.objects.filter(pk=child.pk).update(parent=parent, is_part=True)
    assert sorted(names(cards.library_of(priya))) == ["Kept", "Parent"]


def test_everything_available_is_published_top_level_and_of_the_organization(priya):
    child, parent = stage.definition("child", account="Cobalt"), stage.definition("parent", account="Cobalt")
    Definition.objects.filter(pk=child.pk).update(parent=parent, is_part=True)
    available = names(cards.available_to(priya))
    assert "Parent" in available
    assert "Child" not in available
    with cast.inside("sunny"):
        assert "Parent" not in names(cards.available_to(cast.viewer("mia", "Marigold")))


def test_orders(priya):
    slow = stage.definition("a-slow-one", estimated_minutes=50)
    quick = stage.definition("quick", estimated_minutes=5)
    stage.definition("middle", estimated_minutes=20)
    stage.assigned_days_ago(slow, 3)
    stage.assigned_days_ago(quick, 40)
    library = cards.library_of(priya)
    assert names(cards.ordered(library, cards.BY_NAME)) == ["A slow one", "Middle", "Quick"]
    assert names(cards.ordered(library, cards.SHORTEST)) == ["Quick", "Middle", "A slow one"]
    assert names(cards.ordered(library, cards.NEWEST)) == ["Middle", "A slow one", "Quick"]
    assert names(cards.ordered(library, cards.RECOMMENDED)) == ["A slow one", "Quick", "Middle"]


def test_searching_takes_every_word_and_the_percent_sign_as_it_is(priya):
    stage.definition("cyber-resilience", summary="Prevent, withstand, recover", group="Security")
    stage.definition("people", summary="Culture")
    library = cards.library_of(priya)
    assert names(cards.found(library, "RESIL withstand", "")) == ["Cyber resilience"]
    assert names(cards.found(library, "security", "")) == ["Cyber resilience"]
    assert names(cards.found(library, "%", "")) == []
    assert names(cards.found(library, "", "Security")) == ["Cyber resilience"]


def test_shelves_are_counted_in_the_order_of_groups(priya):
    stage.definition("one", group="Zebra")
    stage.definition("two", group="Apple")
    stage.definition("three", group="Zebra")
    stage.definition("four")
    assert cards.shelves(cards.library_of(priya)) == [("Zebra", 2), ("Apple", 1), ("", 1)]


def test_new_lasts_fourteen_days(priya):
    fresh, stale = stage.definition("fresh"), stage.definition("stale")
    stage.assigned_days_ago(fresh, 13)
    stage.assigned_days_ago(stale, 15)
    new = {one.name: cards.is_new(one) for one in cards.library_of(priya)}
    assert new == {"Fresh": True, "Stale": False}


def test_searching_finds_words_in_tags(priya):
    stage.definition("cyber-resilience", tags=["Third parties", "contracts"])
    stage.definition("people", tags=["culture"])
    library = cards.library_of(priya)
    for words in ("PARTIES", "third contracts", "cyber contract"):
        assert names(cards.found(library, words, "")) == ["Cyber resilience"], words
        assert "Cyber resilience" in names(cards.found(cards.available_to(priya), words, ""))
    # A word is looked for in one tag, not across two of them.
    assert names(cards.found(library, "partiescontracts", "")) == []
    assert names(cards.found(library, "culture", "")) == ["People"]
    with CaptureQueriesContext(connection) as captured:
        names(cards.found(library, "third contracts", ""))
        cards.found(library, "third contracts", "").count()
    assert len(captured) == 2
