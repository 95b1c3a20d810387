"""Editing a draft: one change at a time, each saved at once, each to be undone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.roles import Can
from accounts.viewer import Viewer
from library.document import DefinitionDocument, hash_of
from library.drafting import changes, drafts, parts
from library.drafting.changes import Applied, Change, Refused
from library.drafting.differences import ChangedSince
from library.drafting.parts import NoSuchPart
from library.models import Definition, DefinitionVersion, DraftChange, Group
from library.problems import Problem
from library.versions import document_of

__all__ = ["Change", "ChangedSince", "NoSuchPart", "NotADraft", "Refused", "Stale", "change", "undo"]


class NotADraft(Exception):
    """The version is published or gone: it is not edited any more."""


@dataclass
class Stale(Exception):
    """Somebody else has changed the part meanwhile. Nothing was changed.

    `theirs` is its content now, None when it was removed; `seen` is the fingerprint to send when saving over it.
    """

    part: str
    theirs: dict[str, Any] | None
    changed_by: User | None
    changed_at: datetime | None
    seen: str


@transaction.atomic
def change(*, by: Viewer, version: DefinitionVersion, change: Change, seen: str = "") -> DraftChange:
    """This will change a draft and return the change as it was recorded; its `version` is the draft as it is now.

    `seen` is the fingerprint of the part as the author saw it; "" asks for no comparison. When nothing is different,
    nothing is stored: the change that is returned has the revision 0 then. Raises Stale when the part is no longer as
    it was seen, Refused with every problem when the draft would make no sense, NoSuchPart when there never was such a
    part, NotADraft when the version was published or deleted meanwhile.
    """
    by.require(Can.DRAFT_DEFINITIONS)
    draft = open_draft(by, version)
    if seen and (not parts.exists(draft.document, change.part) or seen != _fingerprint(draft, change.part)):
        raise _stale(draft, change.part)
    if change.kind == "rename":
        _require_never_published(draft, change)
    try:
        applied = changes.apply(draft.document, change)
    except NoSuchPart as error:
        raise _removed_meanwhile(draft, error.part) or error from None
    return store(by, draft, applied, change.kind)


@transaction.atomic
def undo(*, by: Viewer, version: DefinitionVersion, change: DraftChange) -> DraftChange:
    """This will put back what a change to this draft replaced, as a change of its own that can be undone too.

    Raises ChangedSince when one of its parts was changed again, Refused when what comes back no longer fits the rest,
    NotADraft as `change` does.
    """
    by.require(Can.DRAFT_DEFINITIONS)
    _lock_family(by, version, change)
    draft = open_draft(by, version)
    done = DraftChange.objects.select_for_update().filter(pk=change.pk, version=draft).first()
    if done is None or done.before is None or done.after is None:
        raise ChangedSince([change.part])
    applied = changes.revert(draft.document, done.before, done.after)
    if not applied.is_change:
        raise ChangedSince([done.part])
    done.undone_at = timezone.now()
    done.save(update_fields=["undone_at"])
    label = _("Undone: %(what)s") % {"what": done.label}
    return store(by, draft, applied, "undo", part=done.part, label=label[: changes.LONGEST_LABEL])


def open_draft(by: Viewer, version: DefinitionVersion) -> DefinitionVersion:
    """This will lock the definition and its draft, in this order, until the transaction ends. Raises NotADraft.

    The draft comes with its definition. No lock of ours stands in the way of rows that only refer to them.
    """
    definition = (
        Definition.objects.select_for_update(no_key=True)
        .filter(pk=version.definition_id, organization=by.organization)
        .first()
    )
    if definition is None:
        raise NotADraft
    draft = (
        DefinitionVersion.objects.select_for_update(no_key=True)
        .filter(pk=version.pk, definition=definition, state=DefinitionVersion.State.DRAFT)
        .first()
    )
    if draft is None:
        raise NotADraft
    draft.definition = definition
    return draft


def _lock_family(by: Viewer, version: DefinitionVersion, change: DraftChange) -> None:
    """Before a change of children is undone: parent and children at once and in one order, so that two that go the
    other way round wait for each other instead of for ever."""
    entries = [entry for side in (change.before, change.after) for entry in (side or {}).get("parts", [])]
    linked = [entry.get("content") or {} for entry in entries if entry["part"] == "children"]
    if not linked:
        return
    named = {child["key"] for content in linked for child in content.get("children", [])}
    family = Definition.objects.select_for_update(no_key=True).filter(organization=by.organization)
    list(family.filter(Q(pk=version.definition_id) | Q(key__in=named)).order_by("pk"))


def store(
    by: Viewer, draft: DefinitionVersion, applied: Applied, kind: str, *, part: str = "", label: str = ""
) -> DraftChange:
    """This will save what became of a locked draft, with the change that made it so and everything that follows it:
    the card of a definition nobody sees yet, and which definitions are its children. For actions of drafts only."""
    done = DraftChange(
        organization=by.organization,
        version=draft,
        changed_by=by.user,
        kind=kind,
        part=part or applied.part,
        label=label or applied.label,
        revision=0,
        before=applied.before,
        after=applied.after,
    )
    if not applied.is_change:
        return done
    draft.document, draft.content_hash = applied.data, hash_of(applied.data)
    draft.question_count = applied.document.question_count
    draft.revision += 1
    draft.edited_by = by.user
    draft.save()
    drafts.keep(draft.content_hash, applied.document)
    done.revision = draft.revision
    done.save(force_insert=True)
    touched = {entry["part"] for entry in applied.after["parts"]}
    definition = draft.definition
    if "children" in touched:
        # A file may name any children; an author who links one is told why it cannot be.
        tie_children(definition, applied.document, strictly=kind != "import")
    if definition.published_version_id is None:
        show_on_card(definition, applied.document)
    definition.save()
    audit.record(
        by,
        "definition.edited",
        definition,
        version=draft.number,
        revision=draft.revision,
        kind=kind,
        part=done.part,
        change=done.label,
    )
    return done


def show_on_card(definition: Definition, document: DefinitionDocument) -> None:
    """This will put on a definition what its card says: words, icon, group, number of questions, minutes."""
    definition.name, definition.summary, definition.icon = document.name[:160], document.summary, document.icon
    definition.tags = list(document.tags)
    definition.question_count, definition.minutes = document.question_count, document.minutes
    if not document.group:
        definition.group = None
    elif definition.group is None or definition.group.name != document.group:
        last = Group.objects.filter(organization=definition.organization_id).aggregate(last=Max("position"))["last"]
        definition.group, _new = Group.objects.get_or_create(
            organization=definition.organization,
            name=document.group,
            defaults={"position": 0 if last is None else last + 1},
        )


def tie_children(definition: Definition, document: DefinitionDocument, *, strictly: bool = True) -> None:
    """This will make the definitions that a document names its children, and let go of those it does not name.

    Raises Refused, in words, for what cannot be a child; not `strictly`, that is left out: a file may name anything.
    """
    keys = [child.key for child in document.children]
    found = Definition.objects.select_for_update(no_key=True).filter(organization=definition.organization_id)
    known = {one.key: one for one in found.filter(key__in=keys).order_by("pk")}
    reasons = [(number, _reason_against(definition, known.get(key))) for number, key in enumerate(keys)]
    problems = [Problem(f"children[{number}]", reason) for number, reason in reasons if reason]
    if problems and strictly:
        raise Refused(problems, "children")
    tied = [known[keys[number]].pk for number, reason in reasons if not reason]
    Definition.objects.filter(parent=definition).exclude(pk__in=tied).update(parent=None)
    Definition.objects.filter(pk__in=tied).update(parent=definition)


def _reason_against(parent: Definition, child: Definition | None) -> str:
    """Why one definition cannot be the child of another, or nothing."""
    if child is None:
        return _("There is no such definition in the library.")
    if child.pk == parent.pk:
        return _("A definition cannot be its own child.")
    if child.parent_id is not None and child.parent_id != parent.pk:
        return _("“%(name)s” is already a child of “%(parent)s”.") % {"name": child.name, "parent": child.parent}
    if parent.parent_id is not None:
        return _("“%(name)s” is a child of “%(parent)s” itself, so it can have no children.") % {
            "name": parent.name,
            "parent": parent.parent,
        }
    if child.children.exists():
        return _("“%(name)s” has children of its own, so it cannot be a child.") % {"name": child.name}
    return ""


def _fingerprint(draft: DefinitionVersion, part: str) -> str:
    return parts.fingerprint(draft.document, part)


def _stale(draft: DefinitionVersion, part: str) -> Stale:
    """What stands there now and who made it so."""
    theirs = parts.content(draft.document, part) if parts.exists(draft.document, part) else None
    last = _last_change(draft, part)
    return Stale(
        part=part,
        theirs=theirs,
        changed_by=last.changed_by if last else None,
        changed_at=last.created_at if last else None,
        seen=parts.fingerprint_of(theirs) if theirs is not None else "",
    )


def _removed_meanwhile(draft: DefinitionVersion, part: str) -> Stale | None:
    """That somebody removed the part; None when the draft never had it."""
    return _stale(draft, part) if _last_change(draft, part) else None


def _last_change(draft: DefinitionVersion, part: str) -> DraftChange | None:
    if not part.isprintable():
        return None  # no part is called that, and no database takes it
    touching = Q(after__parts__contains=[{"part": part}]) | Q(before__parts__contains=[{"part": part}])
    changes_of = DraftChange.objects.filter(touching, version=draft).select_related("changed_by")
    return changes_of.order_by("-revision").first()


def _require_never_published(draft: DefinitionVersion, change: Change) -> None:
    """Answers, results and comparisons are found by keys, so a key that was published stays."""
    published = draft.definition.versions.exclude(state=DefinitionVersion.State.DRAFT).order_by("number")
    for version in published.defer("document"):
        key = _published_key(document_of(version), change)
        if key:
            message = _(
                "Answers hang on the key “%(key)s” since version %(number)s. It stays; the words can be changed."
            ) % {"key": key, "number": version.number}
            raise Refused([Problem("key", message)], change.part)


def _published_key(document: DefinitionDocument, change: Change) -> str:
    kind, key = parts.split(change.part)
    if not isinstance(change.value, dict):
        known = {"question": document.question, "section": document.section, "score": document.score}
        return key if kind in known and known[kind](key) is not None else ""
    name = "option" if "option" in change.value else "row"
    inner = change.value[name]
    if kind == "question":
        question = document.question(key)
        entries = () if question is None else question.choices if name == "option" else question.rows
    else:
        entries = next((one.options for one in document.answer_sets if one.key == key), ())
    return inner if any(entry.key == inner for entry in entries) else ""
