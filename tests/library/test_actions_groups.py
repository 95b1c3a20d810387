"""The shelves of the library and the drafts that name them."""

import pytest
from django.core.exceptions import PermissionDenied

from library.actions import definitions, groups
from library.actions.groups import InvalidName
from library.models import Definition, DefinitionVersion, Group
from tests import cast


@pytest.fixture
def harbor(db):
    """This will open the database to the organization for the whole test."""
    with cast.inside("harbor"):
        yield


@pytest.fixture
def sam(harbor):
    return cast.viewer("sam")


def names() -> list[str]:
    return list(Group.objects.order_by("position", "name").values_list("name", flat=True))


def test_a_new_group_stands_last(sam):
    before = names()
    group = groups.create(by=sam, name="  New   shelf ")
    assert names() == [*before, "New shelf"]
    assert group.organization == sam.organization


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x01b"])
def test_what_is_no_name(sam, name: str):
    with pytest.raises(InvalidName):
        groups.create(by=sam, name=name)


def test_a_name_is_used_once(sam):
    groups.create(by=sam, name="Shelf")
    other = groups.create(by=sam, name="Other")
    with pytest.raises(InvalidName, match="already"):
        groups.create(by=sam, name="Shelf")
    with pytest.raises(InvalidName, match="already"):
        groups.rename(by=sam, group=other, name="Shelf")
    assert Group.objects.get(pk=other.pk).name == "Other"


def test_drafts_follow_a_new_name(sam):
    draft = definitions.create(by=sam, name="Backups", group="Shelf")
    elsewhere = definitions.create(by=sam, name="Elsewhere", group="Other")
    groups.rename(by=sam, group=draft.definition.group, name="Renamed")
    draft = DefinitionVersion.objects.select_related("definition__group").get(pk=draft.pk)
    assert (draft.document["group"], draft.definition.group.name, draft.revision) == ("Renamed", "Renamed", 1)
    assert "Shelf" not in names()
    elsewhere.refresh_from_db()
    assert elsewhere.revision == 0


def test_a_published_definition_stands_on_the_renamed_shelf_and_its_next_version_names_it(harbor, sam):
    ada = cast.viewer("ada")
    draft = definitions.create(by=sam, name="Backups", group="Shelf")
    definition = definitions.publish(by=ada, definition=draft.definition).definition
    groups.rename(by=sam, group=definition.group, name="Renamed")
    assert definitions.start_version(by=ada, definition=definition).document["group"] == "Renamed"
    definitions.publish(by=ada, definition=definition)
    assert Definition.objects.select_related("group").get(pk=definition.pk).group.name == "Renamed"
    assert "Shelf" not in names()


def test_a_deleted_group_leaves_its_definitions(sam):
    draft = definitions.create(by=sam, name="Backups", group="Shelf")
    groups.delete(by=sam, group=draft.definition.group)
    draft = DefinitionVersion.objects.select_related("definition").get(pk=draft.pk)
    assert "group" not in draft.document
    assert draft.definition.group is None
    assert "Shelf" not in names()


def test_order(sam):
    made = [groups.create(by=sam, name=name) for name in ("One", "Two", "Three")]
    before = names()[:-3]
    groups.reorder(by=sam, group=made[2], index=len(before))
    assert names() == [*before, "Three", "One", "Two"]
    groups.reorder(by=sam, group=made[2], index=99)
    assert names() == [*before, "One", "Two", "Three"]
    groups.reorder(by=sam, group=made[0], index=0)
    assert names() == ["One", *before, "Two", "Three"]


def test_who_may(harbor, sam):
    group, dana = groups.create(by=sam, name="Shelf"), cast.viewer("dana")
    with pytest.raises(PermissionDenied):
        groups.create(by=dana, name="Other")
    with pytest.raises(PermissionDenied):
        groups.rename(by=dana, group=group, name="Other")
    with pytest.raises(PermissionDenied):
        groups.reorder(by=dana, group=group, index=0)
    with pytest.raises(PermissionDenied):
        groups.delete(by=dana, group=group)


def test_a_group_of_another_organization_is_not_found(sam):
    group = groups.create(by=sam, name="Shelf")
    with cast.inside("sunny"), pytest.raises(Group.DoesNotExist):
        groups.delete(by=cast.system("sunny"), group=group)
