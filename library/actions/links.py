"""Which definitions are parts of which: the children of a parent, their order and their weights.

The parent's draft names its children; `Definition.parent` says the same from the other side. Both change together.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Can
from accounts.viewer import Viewer
from library.drafting.changes import Change, Refused
from library.models import Definition, DefinitionVersion, DraftChange
from library.problems import Problem

from . import drafts
from .drafts import NotADraft

MOST_CHILDREN = 50


@transaction.atomic
def link(*, by: Viewer, parent: Definition, child: Definition, weight: float = 1) -> DraftChange:
    """This will make a definition a child of another one, behind the children there are; of a child, change its weight.

    Raises NotADraft when the parent has no draft to note it in, and Refused, in words, for a definition that is its own
    parent, has children itself, or is already a child of another one, and for a parent that is itself a child.
    """
    by.require(Can.DRAFT_DEFINITIONS)
    # Both at once and in one order, so that two links the other way round wait for each other instead of for ever.
    list(
        Definition.objects.select_for_update(no_key=True)
        .filter(pk__in=[parent.pk, child.pk], organization=by.organization)
        .order_by("pk")
    )
    draft = _draft_of(by, parent)
    children = _children(draft)
    known = next((one for one in children if one["key"] == child.key), None)
    if known is not None:
        known["weight"] = weight
    elif len(children) >= MOST_CHILDREN:
        message = _("A definition has at most %(limit)s children.") % {"limit": MOST_CHILDREN}
        raise Refused([Problem("children", message)], "children")
    else:
        children.append({"key": child.key, "weight": weight})
    done = _store(by, draft, children)
    audit.record(by, "definition.linked", parent, child=str(child.pk), child_name=child.name, weight=weight)
    return done


@transaction.atomic
def unlink(*, by: Viewer, parent: Definition, child: Definition) -> DraftChange:
    """This will let a child stand on its own again. Calling it twice changes nothing. Raises NotADraft."""
    by.require(Can.DRAFT_DEFINITIONS)
    draft = _draft_of(by, parent)
    done = _store(by, draft, [one for one in _children(draft) if one["key"] != child.key])
    if done.revision:
        audit.record(by, "definition.unlinked", parent, child=str(child.pk), child_name=child.name)
    return done


@transaction.atomic
def reorder_children(*, by: Viewer, parent: Definition, child: Definition, index: int) -> DraftChange:
    """This will put a child at a position among the children, counted from 0. Raises NotADraft.

    A child that is none any more changes nothing.
    """
    by.require(Can.DRAFT_DEFINITIONS)
    draft = _draft_of(by, parent)
    children = _children(draft)
    moved = [one for one in children if one["key"] == child.key]
    rest = [one for one in children if one["key"] != child.key]
    at = min(max(index, 0), len(rest))
    done = _store(by, draft, [*rest[:at], *moved, *rest[at:]])
    if done.revision:
        audit.record(by, "definition.children_reordered", parent, child=str(child.pk), child_name=child.name)
    return done


def _draft_of(by: Viewer, parent: Definition) -> DefinitionVersion:
    draft = DefinitionVersion.objects.filter(
        definition=parent, organization=by.organization, state=DefinitionVersion.State.DRAFT
    ).first()
    if draft is None:
        raise NotADraft
    return drafts.open_draft(by, draft)


def _children(draft: DefinitionVersion) -> list[dict]:
    return [dict(one) for one in draft.document.get("children", [])]


def _store(by: Viewer, draft: DefinitionVersion, children: list[dict]) -> DraftChange:
    return drafts.change(by=by, version=draft, change=Change("set", "children", children))
