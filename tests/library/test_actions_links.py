"""Parents and children: the parent's draft and the definitions say the same."""

import pytest
from django.core.exceptions import PermissionDenied

from library.actions import definitions, drafts, links
from library.actions.drafts import Change, NotADraft, Refused
from library.models import Definition, DefinitionVersion
from tests import cast


@pytest.fixture
def harbor(db):
    """This will open the database to the organization for the whole test."""
    with cast.inside("harbor"):
        yield


@pytest.fixture
def ada(harbor):
    return cast.viewer("ada")


@pytest.fixture
def sam(harbor):
    return cast.viewer("sam")


@pytest.fixture
def family(sam) -> tuple[Definition, Definition, Definition]:
    """A parent to be, and two that could be its children."""
    return tuple(definitions.create(by=sam, name=name).definition for name in ("Storage", "Disks", "Tapes"))


def named(parent: Definition) -> list[dict]:
    return DefinitionVersion.objects.get(definition=parent, state="draft").document.get("children", [])


def tied(parent: Definition) -> set[str]:
    return set(Definition.objects.filter(parent=parent).values_list("key", flat=True))


def test_linked_weighed_ordered_and_let_go(sam, family):
    parent, disks, tapes = family
    links.link(by=sam, parent=parent, child=disks)
    links.link(by=sam, parent=parent, child=tapes, weight=2)
    assert named(parent) == [{"key": "disks"}, {"key": "tapes", "weight": 2}]
    assert tied(parent) == {"disks", "tapes"}
    links.link(by=sam, parent=parent, child=disks, weight=3)
    links.reorder_children(by=sam, parent=parent, child=tapes, index=0)
    assert named(parent) == [{"key": "tapes", "weight": 2}, {"key": "disks", "weight": 3}]
    for _twice in range(2):
        links.unlink(by=sam, parent=parent, child=tapes)
    assert (named(parent), tied(parent)) == ([{"key": "disks", "weight": 3}], {"disks"})


def test_a_child_is_offered_on_its_own_until_its_parent_is_published_with_it(ada, family):
    """Linking is an author's draft: it takes nothing out of anybody's Library."""
    parent, disks, tapes = family
    for child in (disks, tapes):
        definitions.publish(by=ada, definition=child)
        links.link(by=ada, parent=parent, child=child)
    assert {disks, tapes} <= set(Definition.objects.top_level())
    definitions.publish(by=ada, definition=parent)
    assert not {disks, tapes} & set(Definition.objects.top_level())
    definitions.start_version(by=ada, definition=parent)
    links.unlink(by=ada, parent=parent, child=tapes)
    assert tapes not in Definition.objects.top_level()
    definitions.publish(by=ada, definition=parent)
    assert tapes in Definition.objects.top_level() and disks not in Definition.objects.top_level()


def test_a_link_is_undone_like_any_change(sam, family):
    parent, disks, _tapes = family
    done = links.link(by=sam, parent=parent, child=disks)
    drafts.undo(by=sam, version=done.version, change=done)
    assert (named(parent), tied(parent)) == ([], set())


def test_not_undone_when_the_child_belongs_to_another_by_now(sam, family):
    parent, disks, tapes = family
    links.link(by=sam, parent=parent, child=disks)
    done = links.unlink(by=sam, parent=parent, child=disks)
    links.link(by=sam, parent=tapes, child=disks)
    with pytest.raises(Refused, match="already a child of “Tapes”"):
        drafts.undo(by=sam, version=done.version, change=done)
    assert (tied(parent), tied(tapes)) == (set(), {"disks"})


def test_what_cannot_be_a_child_is_said_in_words(sam, family):
    parent, disks, tapes = family
    links.link(by=sam, parent=parent, child=disks)
    refusals = [
        (parent, parent, "its own child"),
        (tapes, disks, "“Disks” is already a child of “Storage”"),
        (disks, tapes, "“Disks” is a child of “Storage” itself"),
        (tapes, parent, "“Storage” has children of its own"),
    ]
    for above, below, words in refusals:
        with pytest.raises(Refused, match=words) as refused:
            links.link(by=sam, parent=above, child=below)
        assert refused.value.part == "children"
    assert tied(parent) == {"disks"}


def test_the_editor_cannot_name_what_is_not_there(sam, family):
    draft = DefinitionVersion.objects.get(definition=family[0])
    with pytest.raises(Refused, match="no such definition"):
        drafts.change(by=sam, version=draft, change=Change("set", "children", [{"key": "nobody"}]))


def test_a_parent_needs_a_draft_to_note_it_in(ada, family):
    parent, disks, _tapes = family
    definitions.publish(by=ada, definition=parent)
    with pytest.raises(NotADraft):
        links.link(by=ada, parent=parent, child=disks)


def test_not_more_than_a_definition_can_hold(sam, family, monkeypatch):
    parent, disks, tapes = family
    monkeypatch.setattr(links, "MOST_CHILDREN", 1)
    links.link(by=sam, parent=parent, child=disks)
    with pytest.raises(Refused, match="at most 1"):
        links.link(by=sam, parent=parent, child=tapes)


def test_who_may(harbor, family):
    parent, disks, _tapes = family
    dana = cast.viewer("dana")
    with pytest.raises(PermissionDenied):
        links.link(by=dana, parent=parent, child=disks)
    with pytest.raises(PermissionDenied):
        links.unlink(by=dana, parent=parent, child=disks)
    with pytest.raises(PermissionDenied):
        links.reorder_children(by=dana, parent=parent, child=disks, index=0)


def test_a_child_of_a_deleted_parent_stands_on_its_own(ada, family):
    parent, disks, _tapes = family
    links.link(by=ada, parent=parent, child=disks)
    definitions.delete_draft(by=ada, definition=parent)
    disks.refresh_from_db()
    assert disks.parent is None


def test_a_sample_forgets_what_a_child_brought(sam, family):
    parent, disks, tapes = family
    for child in (disks, tapes):
        links.link(by=sam, parent=parent, child=child)
    draft = DefinitionVersion.objects.get(definition=parent)
    answers = {"disks.first-question": "yes", "tapes.first-question": "no", "first-question": "yes"}
    sample = {"name": "S", "answers": answers, "expected": {"overall": 50, "disks.overall": 100}}
    drafts.change(by=sam, version=draft, change=Change("add", "sample:s", sample))
    links.unlink(by=sam, parent=parent, child=disks)
    draft.refresh_from_db()
    assert draft.document["samples"] == [
        {"key": "s", "name": "S", "answers": {"first-question": "yes", "tapes.first-question": "no"}, "expected": {"overall": 50}}
    ]  # fmt: skip
    copy = definitions.copy(by=sam, definition=parent, name="Copy")
    assert copy.document["samples"][0]["answers"] == {"first-question": "yes"}
