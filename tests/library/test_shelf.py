"""How authors arrange the library: groups, the order of definitions, parents and children."""

import uuid

import pytest
from django.urls import reverse

from library import shelf
from library.actions import definitions
from library.document import parse
from library.models import Definition, Group
from tests import cast

from .test_staff_definitions import small

A, B, C, GONE = (uuid.uuid4() for _ in range(4))


@pytest.mark.parametrize(
    ("place", "index"),
    [
        ({"step": "up"}, 0),
        ({"step": "down"}, 2),
        ({"before": A}, 0),
        ({"after": A}, 1),
        ({"before": C}, 1),
        ({"after": C}, 2),
        ({"before": GONE}, 1),
        ({"after": B}, 1),
    ],
)
def test_a_place_is_one_step_away_or_beside_another_one(place, index):
    assert shelf.place_among([A, B, C], B, **place) == index


def test_the_ends_hold():
    assert shelf.place_among([A, B], A, step="up") == 0
    assert shelf.place_among([A, B], B, step="down") == 1


pytestmark = pytest.mark.django_db


def group_names() -> list[str]:
    with cast.inside():
        return [row.group.name for row in shelf.groups_of(cast.viewer("ada"))]


def test_groups_are_added_renamed_moved_and_removed():
    sam, before = cast.visitor("sam"), group_names()
    assert sam.post(reverse("staff:groups"), {"name": "Boats"}).status_code == 303
    assert group_names() == [*before, "Boats"]
    with cast.inside():
        boats = Group.objects.get(name="Boats")
    sam.post(reverse("staff:group_name", args=[boats.id]), {"name": "Ships"})
    sam.post(reverse("staff:group_position", args=[boats.id]), {"step": "up"})
    assert group_names() == [*before[:-1], "Ships", before[-1]]
    sam.post(reverse("staff:group_position", args=[boats.id]), {"before": str(uuid.uuid4())})
    assert group_names() == [*before[:-1], "Ships", before[-1]]
    sam.post(reverse("staff:group_removal", args=[boats.id]))
    assert group_names() == before


@pytest.mark.parametrize(("name", "words"), [("", b"Enter a name"), (" ", b"Enter a name"), ("x" * 61, b"60")])
def test_a_group_that_cannot_be_is_refused_at_the_field(name, words):
    answer = cast.visitor("sam").post(reverse("staff:groups"), {"name": name})
    assert answer.status_code == 422 and words in answer.content


def test_a_name_is_used_once_and_what_was_typed_stays():
    sam = cast.visitor("sam")
    sam.post(reverse("staff:groups"), {"name": "Boats"})
    again = sam.post(reverse("staff:groups"), {"name": "Boats"})
    assert again.status_code == 422 and b'value="Boats"' in again.content
    with cast.inside():
        other = Group.objects.exclude(name="Boats").first()
    renamed = sam.post(reverse("staff:group_name", args=[other.id]), {"name": "Boats"})
    assert renamed.status_code == 422 and b'aria-invalid="true"' in renamed.content


def order_of_library() -> list[str]:
    with cast.inside():
        return list(
            Definition.objects.visible_to(cast.viewer("ada")).order_by("position", "name").values_list("key", flat=True)
        )


def test_definitions_are_moved_by_steps_and_beside_others():
    sam, before = cast.visitor("sam"), order_of_library()
    with cast.inside():
        by_key = {one.key: one for one in Definition.objects.visible_to(cast.viewer("ada"))}
    last, first = by_key[before[-1]], by_key[before[0]]
    moved = sam.post(reverse("staff:definition_position", args=[last.id]), {"step": "up", "page": "1"})
    assert moved.status_code == 303
    assert order_of_library() == [*before[:-2], before[-1], before[-2]]
    sam.post(reverse("staff:definition_position", args=[last.id]), {"before": str(first.id)})
    assert order_of_library() == [before[-1], *before[:-1]]
    sam.post(reverse("staff:definition_position", args=[last.id]), {"before": str(uuid.uuid4())})
    sam.post(reverse("staff:definition_position", args=[last.id]), {})
    assert order_of_library() == [before[-1], *before[:-1]]


def drafted(key: str) -> Definition:
    with cast.inside():
        return definitions.import_draft(by=cast.system(), document=parse(small(key, key.title()))).definition


def children_of(parent: Definition) -> list[str]:
    with cast.inside():
        from library import family

        return [row.definition.key for row in family.children_of(cast.viewer("ada"), parent)]


def test_children_are_linked_weighed_moved_and_unlinked():
    parent, one, two = drafted("parent"), drafted("one"), drafted("two")
    sam, address = cast.visitor("sam"), reverse("staff:children", args=[parent.id])
    for child in (one, two):
        assert sam.post(address, {"child": str(child.id), "weight": "1"}).status_code == 303
    assert children_of(parent) == ["one", "two"]
    sam.post(reverse("staff:child_position", args=[parent.id, two.id]), {"step": "up"})
    assert children_of(parent) == ["two", "one"]
    sam.post(reverse("staff:child_weight", args=[parent.id, two.id]), {"weight": "3"})
    shown = sam.get(address).content.decode()
    assert "75 %" in shown and "has to be published first" in shown
    sam.post(reverse("staff:child_removal", args=[parent.id, one.id]))
    assert children_of(parent) == ["two"]


def test_what_cannot_be_a_child_is_refused_in_words():
    parent, one, two = drafted("parent"), drafted("one"), drafted("two")
    sam = cast.visitor("sam")
    sam.post(reverse("staff:children", args=[parent.id]), {"child": str(one.id), "weight": "1"})
    of_child = sam.post(reverse("staff:children", args=[one.id]), {"child": str(two.id), "weight": "1"})
    assert of_child.status_code == 422 and b"is a child of" in of_child.content
    taken = sam.post(reverse("staff:children", args=[two.id]), {"child": str(one.id), "weight": "1"})
    assert taken.status_code == 422
    weight = sam.post(reverse("staff:child_weight", args=[parent.id, one.id]), {"weight": "much"})
    assert weight.status_code == 422 and b'value="much"' in weight.content


def test_children_of_what_is_published_wait_for_a_draft():
    with cast.inside():
        published = Definition.objects.get(organization=cast.organization(), key="phishing-and-culture")
    other = drafted("other")
    answer = cast.visitor("ada").post(
        reverse("staff:children", args=[published.id]), {"child": str(other.id), "weight": "1"}
    )
    assert answer.status_code == 409
