"""The shelves of the library."""

from contextlib import suppress

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Can
from accounts.viewer import Viewer
from library.drafting.changes import Change
from library.models import DefinitionVersion, Group

from . import drafts


class InvalidName(Exception):
    """The name cannot be a group's; `message` says why."""

    def __init__(self, message: str):
        self.message = message
        super().__init__(message)


@transaction.atomic
def create(*, by: Viewer, name: str) -> Group:
    """This will add a group behind the others. Raises InvalidName for an empty, too long or used name."""
    by.require(Can.DRAFT_DEFINITIONS)
    last = Group.objects.filter(organization=by.organization).aggregate(last=Max("position"))["last"]
    group = Group(organization=by.organization, name=_cleaned(name), position=0 if last is None else last + 1)
    _save(group)
    audit.record(by, "group.created", group)
    return group


@transaction.atomic
def rename(*, by: Viewer, group: Group, name: str) -> Group:
    """This will give a group another name; drafts that name it follow. Raises InvalidName.

    Published versions cannot change; their definitions stand on the renamed shelf all the same.
    """
    by.require(Can.DRAFT_DEFINITIONS)
    group = _locked(by, group)
    old, new = group.name, _cleaned(name)
    if new == old:
        return group
    group.name = new
    _save(group)
    _follow(by, old, new)
    audit.record(by, "group.renamed", group, before=old, after=new)
    return group


@transaction.atomic
def reorder(*, by: Viewer, group: Group, index: int) -> None:
    """This will put a group at a position among the groups, counted from 0. The colors of tiles follow positions."""
    by.require(Can.DRAFT_DEFINITIONS)
    rows = Group.objects.select_for_update(no_key=True).filter(organization=by.organization).order_by("pk")
    in_order = sorted(rows, key=lambda one: (one.position, one.name, one.pk))
    moved = next((one for one in in_order if one.pk == group.pk), None)
    if moved is None:
        return
    rest = [one for one in in_order if one.pk != moved.pk]
    rest.insert(min(max(index, 0), len(rest)), moved)
    if [one.pk for one in rest] == [one.pk for one in in_order]:
        return
    changed = [one for position, one in enumerate(rest) if one.position != position]
    for position, one in enumerate(rest):
        one.position = position
    Group.objects.bulk_update(changed, ["position"])
    audit.record(by, "group.moved", moved, position=moved.position)


@transaction.atomic
def delete(*, by: Viewer, group: Group) -> None:
    """This will take a group away; its definitions stay, without a group, and drafts no longer name it."""
    by.require(Can.DRAFT_DEFINITIONS)
    group = _locked(by, group)
    audit.record(by, "group.deleted", group, definitions=group.definitions.count())
    name = group.name
    group.definitions.update(group=None)
    _follow(by, name, None)
    group.delete()


def _locked(by: Viewer, group: Group) -> Group:
    return Group.objects.select_for_update(no_key=True).get(pk=group.pk, organization=by.organization)


def _cleaned(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidName(_("Enter a name."))
    if len(name) > 60:
        raise InvalidName(
            _("Use at most %(limit)s characters; this is %(length)s.") % {"limit": 60, "length": len(name)}
        )
    if any(character < " " for character in name):
        raise InvalidName(_("This name holds a character that cannot be stored."))
    return name


def _save(group: Group) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError:
        raise InvalidName(_("There is a group “%(name)s” already.") % {"name": group.name}) from None


def _follow(by: Viewer, old: str, new: str | None) -> None:
    """Drafts name their group in words; each follows as a change of its settings, so that no editor is surprised."""
    naming = DefinitionVersion.objects.filter(
        organization=by.organization, state=DefinitionVersion.State.DRAFT, document__group=old
    ).order_by("definition_id")
    for draft in naming.select_related("definition").defer("document"):
        # One that is published or deleted at this very moment has nothing to follow any more.
        with suppress(drafts.NotADraft):
            drafts.change(by=by, version=draft, change=Change("update", "settings", {"group": new}))
