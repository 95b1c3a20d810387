"""The life of a definition: created, copied, imported, submitted, published, deprecated, put in order."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.roles import Can
from accounts.viewer import Viewer
from library import bench, composition, consistency
from library.bench import SampleResult
from library.document import DefinitionDocument, shape
from library.drafting import changes, drafts, fresh, keys
from library.drafting.changes import Change
from library.models import Definition, DefinitionVersion, DraftChange
from library.problems import InvalidDefinition, Problem
from library.versions import document_of, written_document_of

from .drafts import NotADraft, open_draft, show_on_card, store, tie_children

LONGEST_KEY = 80


class NothingToPublish(Exception):
    """The definition has no draft; what is published stands."""


class NotReady(Exception):
    """The draft cannot be published as it is: `problems` are unfinished places, `failing` samples that do not pass."""

    def __init__(self, problems: Sequence[Problem] = (), failing: Sequence[SampleResult] = ()):
        self.problems, self.failing = list(problems), list(failing)
        super().__init__("\n".join([*map(str, self.problems), *(result.sample.name for result in self.failing)]))


class ChildNotPublished(Exception):
    """Children of the definition that cannot be launched: `names` says which."""

    def __init__(self, names: Sequence[str]):
        self.names = list(names)
        super().__init__(", ".join(self.names))


class NotPublished(Exception):
    """The definition was never published, so it can be neither deprecated nor offered again nor edited anew."""


class HasDraft(Exception):
    """There is a draft of the definition already: `version`. It is the one to go on with."""

    def __init__(self, version: DefinitionVersion):
        self.version = version
        super().__init__(str(version.pk))


@transaction.atomic
def create(*, by: Viewer, name: str, group: str = "") -> DefinitionVersion:
    """This will make a definition with a draft to begin with: one section, one question, and scoring that keeps up.

    Raises InvalidDefinition for a name or group that cannot be one.
    """
    by.require(Can.DRAFT_DEFINITIONS)
    document = shape(fresh.blank("new", name.strip(), group.strip()))
    version = _new_definition(by, document)
    audit.record(by, "definition.created", version.definition)
    return version


@transaction.atomic
def start_version(*, by: Viewer, definition: Definition) -> DefinitionVersion:
    """This will start a draft of a published definition from what is published. Admin only: others copy it.

    Raises HasDraft when there is a draft, NotPublished when nothing is published.
    """
    by.require(Can.PUBLISH_DEFINITIONS)
    definition = _locked(by, definition)
    draft = _draft_of(definition)
    if draft is not None:
        raise HasDraft(draft)
    published = definition.published_version
    if published is None:
        raise NotPublished
    # The group may have been renamed since: a published document cannot follow, its next version does.
    document = written_document_of(published).model_copy(
        update={"group": definition.group.name if definition.group else ""}
    )
    draft = _add_version(by, definition, document, based_on=published)
    audit.record(by, "definition.drafted", definition, version=draft.number, based_on=published.number)
    return draft


@transaction.atomic
def copy(*, by: Viewer, definition: Definition, name: str) -> DefinitionVersion:
    """This will make a new definition, with a key of its own, from what is published; from the draft otherwise.

    Children belong to one parent, so a copy has none: of a published parent it takes their questions and scores in,
    of a draft it leaves the children out. Raises InvalidDefinition for a name that cannot be one.
    """
    by.require(Can.DRAFT_DEFINITIONS)
    source = _version_to_copy(by, definition)
    data = {**document_of(source).to_data(), "name": name.strip()}
    data = _on_its_own(data)
    if definition.group:
        data["group"] = definition.group.name
    version = _new_definition(by, shape(data))
    audit.record(by, "definition.copied", version.definition, copy_of=str(definition.pk), version=source.number)
    return version


@transaction.atomic
def import_draft(*, by: Viewer, document: DefinitionDocument) -> DefinitionVersion:
    """This will store a document as the draft of the definition with its key, creating definition and group if new.

    An existing draft is replaced, as one change that can be undone; a published version is never touched. All or
    nothing. A new draft of a published definition is for Admins: others import under a key of its own. Raises
    InvalidDefinition when the document would make no sense as a draft or its key is too long.
    """
    by.require(Can.DRAFT_DEFINITIONS)
    _require_sound(document)
    document = composition.parent_alone(document)
    definition = (
        Definition.objects.select_for_update(no_key=True).filter(organization=by.organization, key=document.key).first()
    )
    if definition is None:
        version = _new_definition(by, document, document.key)
    else:
        draft = _draft_of(definition)
        if draft is None:
            by.require(Can.PUBLISH_DEFINITIONS)
            version = _add_version(by, definition, document, based_on=definition.published_version)
        else:
            version = open_draft(by, draft)
            applied = changes.replaced(version.document, document, _("Replaced by an imported file"))
            store(by, version, applied, "import")
    tie_children(version.definition, document, strictly=False)
    audit.record(
        by, "definition.drafted", version.definition, version=version.number, content_hash=version.content_hash
    )
    return version


@transaction.atomic
def submit(*, by: Viewer, version: DefinitionVersion, note: str = "") -> DefinitionVersion:
    """This will put a draft into the queue of what waits to be published.

    Submitting again what nobody has changed since does nothing, but for another note. Raises NotADraft.
    """
    by.require(Can.DRAFT_DEFINITIONS)
    draft = open_draft(by, version)
    note = note.strip()
    if draft.submitted_at and draft.submission_note == note and not _is_changed_since(draft):
        return draft
    draft.submitted_by, draft.submitted_at, draft.submission_note = by.user, timezone.now(), note
    draft.returned_note = ""
    draft.save(update_fields=["submitted_by", "submitted_at", "submission_note", "returned_note", "updated_at"])
    audit.record(by, "definition.submitted", draft.definition, version=draft.number, note=note)
    return draft


@transaction.atomic
def send_back(*, by: Viewer, version: DefinitionVersion, note: str) -> DefinitionVersion:
    """This will take a draft out of the queue and tell its authors why. Admin only. Raises NotADraft."""
    by.require(Can.PUBLISH_DEFINITIONS)
    draft = open_draft(by, version)
    if draft.submitted_at is None:
        return draft
    draft.submitted_by, draft.submitted_at, draft.submission_note = None, None, ""
    draft.returned_note = note.strip()
    draft.save(update_fields=["submitted_by", "submitted_at", "submission_note", "returned_note", "updated_at"])
    audit.record(by, "definition.returned", draft.definition, version=draft.number, note=draft.returned_note)
    return draft


@transaction.atomic
def publish(*, by: Viewer, definition: Definition) -> DefinitionVersion:
    """This will freeze the draft and offer it from now on; running assessments keep their version. Admin only.

    What is frozen holds the questions and scores of its children as they are published at this moment. Raises
    NothingToPublish when there is no draft, ChildNotPublished naming the children in the way, NotReady with what is
    unfinished or with the samples that fail.
    """
    by.require(Can.PUBLISH_DEFINITIONS)
    draft = _draft_of(_locked(by, definition))
    if draft is None:
        raise NothingToPublish
    draft = open_draft(by, draft)
    definition = draft.definition
    document = _finished(drafts.read(draft).document, definition)
    draft.document, draft.content_hash = document.to_data(), document.content_hash()
    draft.question_count = document.question_count
    draft.state = DefinitionVersion.State.PUBLISHED
    draft.published_at, draft.published_by = timezone.now(), by.user
    draft.submitted_by, draft.submitted_at, draft.submission_note, draft.returned_note = None, None, "", ""
    draft.save()
    show_on_card(definition, document)
    _take_in_children(definition, document)
    definition.published_version, definition.deprecated_at = draft, None
    definition.save()
    audit.record(by, "definition.published", definition, version=draft.number, content_hash=draft.content_hash)
    return draft


def readiness(*, by: Viewer, version: DefinitionVersion) -> NotReady | ChildNotPublished | None:
    """This will say what would keep a draft from being published, or None. Reads only."""
    by.require(Can.DRAFT_DEFINITIONS)
    try:
        _finished(drafts.read(version).document, version.definition)
    except (NotReady, ChildNotPublished) as reason:
        return reason
    return None


@transaction.atomic
def deprecate(*, by: Viewer, definition: Definition) -> Definition:
    """This will end new launches; running assessments finish. Admin only. Calling it twice changes nothing.

    Raises NotPublished for what nobody can launch anyway.
    """
    by.require(Can.PUBLISH_DEFINITIONS)
    definition = _locked(by, definition)
    if definition.published_version_id is None:
        raise NotPublished
    if definition.deprecated_at is None:
        definition.deprecated_at = timezone.now()
        definition.save(update_fields=["deprecated_at", "updated_at"])
        audit.record(by, "definition.deprecated", definition)
    return definition


@transaction.atomic
def republish(*, by: Viewer, definition: Definition) -> Definition:
    """This will offer a deprecated definition again, in the version it had. Admin only; twice changes nothing.

    Raises NotPublished.
    """
    by.require(Can.PUBLISH_DEFINITIONS)
    definition = _locked(by, definition)
    if definition.published_version_id is None:
        raise NotPublished
    if definition.deprecated_at is not None:
        definition.deprecated_at = None
        definition.save(update_fields=["deprecated_at", "updated_at"])
        audit.record(by, "definition.republished", definition)
    return definition


@transaction.atomic
def delete_draft(*, by: Viewer, definition: Definition) -> Definition | None:
    """This will delete the draft, and with it a definition that was never published. Admin only.

    Returns the definition, None when it is gone. Raises NotADraft when there is no draft: what is published stays.
    """
    by.require(Can.PUBLISH_DEFINITIONS)
    definition = _locked(by, definition)
    draft = _draft_of(definition)
    if draft is None:
        raise NotADraft
    audit.record(by, "definition.draft_deleted", definition, version=draft.number, key=definition.key)
    published = definition.published_version
    if published is None:
        definition.delete()
        return None
    draft.delete()
    tie_children(definition, written_document_of(published), strictly=False)
    return definition


@transaction.atomic
def reorder(
    *, by: Viewer, definition: Definition, after: Definition | None = None, before: Definition | None = None
) -> None:
    """This will move a definition in the library's order, behind or in front of another one; first without either."""
    by.require(Can.DRAFT_DEFINITIONS)
    rows = Definition.objects.select_for_update(no_key=True).filter(organization=by.organization)
    in_order = sorted(rows.order_by("pk"), key=lambda one: (one.position, one.name, one.pk))
    moved = next((one for one in in_order if one.pk == definition.pk), None)
    if moved is None:
        return
    rest = [one for one in in_order if one.pk != moved.pk]
    ids = [one.pk for one in rest]
    if after is not None and after.pk in ids:
        rest.insert(ids.index(after.pk) + 1, moved)
    elif before is not None and before.pk in ids:
        rest.insert(ids.index(before.pk), moved)
    elif after is None and before is None:
        rest.insert(0, moved)
    else:
        # Moved next to itself, or to what is gone: nothing to do.
        return
    if [one.pk for one in rest] == [one.pk for one in in_order]:
        return
    changed = [one for position, one in enumerate(rest, 1) if one.position != position]
    for position, one in enumerate(rest, 1):
        one.position = position
    Definition.objects.bulk_update(changed, ["position"])
    audit.record(by, "definition.moved", moved, position=moved.position)


def _locked(by: Viewer, definition: Definition) -> Definition:
    return Definition.objects.select_for_update(no_key=True).get(pk=definition.pk, organization=by.organization)


def _draft_of(definition: Definition) -> DefinitionVersion | None:
    return definition.versions.filter(state=DefinitionVersion.State.DRAFT).first()


def _finished(written: DefinitionDocument, definition: Definition) -> DefinitionDocument:
    """The document with its children, checked throughout and proven on its samples."""
    children = {
        one.key: one for one in Definition.objects.filter(parent=definition).select_related("published_version")
    }
    published: dict[str, DefinitionDocument] = {}
    missing = []
    for link in written.children:
        child = children.get(link.key)
        if child is None or child.published_version is None or child.deprecated_at:
            missing.append(child.name if child else link.key)
        else:
            published[link.key] = document_of(child.published_version)
    if missing:
        raise ChildNotPublished(missing)
    try:
        document = composition.compose(written, published)
    except InvalidDefinition as error:
        raise NotReady(error.problems) from None
    problems = consistency.check(document)
    if problems:
        raise NotReady(problems)
    failing = bench.failing(document)
    if failing:
        raise NotReady(failing=failing)
    return document


def _take_in_children(definition: Definition, document: DefinitionDocument) -> None:
    """From now on the children are taken as parts of this definition, and what it no longer holds stands alone again."""
    now = {child.key for child in document.children}
    last = definition.published_version
    before = {child.key for child in document_of(last).children} if last else set()
    known = Definition.objects.filter(organization=definition.organization_id)
    known.filter(key__in=now).update(is_part=True)
    alone = Q(parent__isnull=True) | Q(parent=definition)
    known.filter(alone, key__in=before - now).update(is_part=False)


def _is_changed_since(draft: DefinitionVersion) -> bool:
    return DraftChange.objects.filter(version=draft, created_at__gt=draft.submitted_at).exists()


def _require_sound(document: DefinitionDocument) -> None:
    problems = consistency.structure(document)
    if len(document.key) > LONGEST_KEY:
        problems.append(Problem("key", _("is longer than %(limit)s characters") % {"limit": LONGEST_KEY}))
    if problems:
        raise InvalidDefinition(problems)


def _new_definition(by: Viewer, document: DefinitionDocument, key: str = "") -> DefinitionVersion:
    """A definition behind all others with its first draft; without a key, with one made of its name."""
    known = Definition.objects.filter(organization=by.organization)
    last = known.aggregate(last=Max("position"))["last"] or 0
    wanted = key or keys.unused(keys.of_words(document.name, "definition"), set(known.values_list("key", flat=True)))
    definition = Definition(organization=by.organization, key=wanted, position=last + 1)
    document = document.model_copy(update={"key": wanted})
    show_on_card(definition, document)
    try:
        with transaction.atomic():
            definition.save(force_insert=True)
    except IntegrityError:
        # Somebody took the key between looking and saving; it is taken for good now.
        if key:
            raise
        return _new_definition(by, document)
    return _add_version(by, definition, document)


def _add_version(
    by: Viewer, definition: Definition, document: DefinitionDocument, based_on: DefinitionVersion | None = None
) -> DefinitionVersion:
    last = definition.versions.aggregate(last=Max("number"))["last"] or 0
    return DefinitionVersion.objects.create(
        organization=by.organization,
        definition=definition,
        number=last + 1,
        document=document.to_data(),
        content_hash=document.content_hash(),
        question_count=document.question_count,
        based_on=based_on,
        created_by=by.user,
    )


def _version_to_copy(by: Viewer, definition: Definition) -> DefinitionVersion:
    found = Definition.objects.select_related("published_version").get(pk=definition.pk, organization=by.organization)
    version = found.published_version or _draft_of(found)
    if version is None:
        raise NotADraft
    return version


def _on_its_own(data: dict[str, Any]) -> dict[str, Any]:
    """A copy without children: what is composed keeps their questions, else nothing waits for theirs."""
    document = shape(data)
    if not document.children:
        return data
    if document.is_composed:
        return {name: value for name, value in data.items() if name != "children"}
    alone = changes.apply(data, Change("set", "children", [])).data
    for score in alone.get("scoring", {}).get("scores", ()):
        score["inputs"] = [pick for pick in score["inputs"] if not pick.get("children")] or [{}]
    return alone
