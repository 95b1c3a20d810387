"""Importing, publishing and deprecating definitions."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import audit
from accounts.roles import Can
from accounts.viewer import Viewer
from library.document import DefinitionDocument, parse
from library.models import Definition, DefinitionVersion, Group


class NothingToPublish(Exception):
    """The definition has no draft; what is published stands."""


@transaction.atomic
def import_draft(*, by: Viewer, document: DefinitionDocument) -> DefinitionVersion:
    """This will store a document as the draft of the definition with its key, creating definition and group if new.

    An existing draft is replaced; a published version is never touched. All or nothing.
    """
    by.require(Can.DRAFT_DEFINITIONS)
    definition = Definition.objects.select_for_update().filter(organization=by.organization, key=document.key).first()
    if definition is None:
        position = Definition.objects.filter(organization=by.organization).aggregate(last=Max("position"))["last"] or 0
        definition = Definition(organization=by.organization, key=document.key, position=position + 1)
    if definition.published_version_id is None:
        _show_on_card(definition, document)
    definition.save()
    version = definition.versions.filter(state=DefinitionVersion.State.DRAFT).first()
    if version is None:
        last = definition.versions.aggregate(last=Max("number"))["last"] or 0
        version = DefinitionVersion(organization=by.organization, definition=definition, number=last + 1)
    version.document = document.to_data()
    version.content_hash = document.content_hash()
    version.question_count = document.question_count
    version.created_by = by.user
    version.save()
    audit.record(by, "definition.drafted", definition, version=version.number, content_hash=version.content_hash)
    return version


@transaction.atomic
def publish(*, by: Viewer, definition: Definition) -> DefinitionVersion:
    """This will freeze the draft and offer it from now on; running assessments keep their version. Admin only.

    Raises NothingToPublish when there is no draft.
    """
    by.require(Can.PUBLISH_DEFINITIONS)
    definition = Definition.objects.select_for_update().get(pk=definition.pk)
    draft = definition.versions.filter(state=DefinitionVersion.State.DRAFT).first()
    if draft is None:
        raise NothingToPublish
    document = parse(draft.document)
    draft.state = DefinitionVersion.State.PUBLISHED
    draft.published_at, draft.published_by = timezone.now(), by.user
    draft.save()
    _show_on_card(definition, document)
    definition.published_version, definition.deprecated_at = draft, None
    definition.save()
    audit.record(by, "definition.published", definition, version=draft.number, content_hash=draft.content_hash)
    return draft


@transaction.atomic
def deprecate(*, by: Viewer, definition: Definition) -> Definition:
    """This will end new launches; running assessments finish. Admin only. Calling it twice changes nothing."""
    by.require(Can.PUBLISH_DEFINITIONS)
    changed = Definition.objects.filter(pk=definition.pk, deprecated_at__isnull=True).update(
        deprecated_at=timezone.now()
    )
    if changed:
        audit.record(by, "definition.deprecated", definition)
    definition.refresh_from_db()
    return definition


def _show_on_card(definition: Definition, document: DefinitionDocument) -> None:
    definition.name, definition.summary, definition.icon = document.name, document.summary, document.icon
    definition.question_count, definition.minutes = document.question_count, document.minutes
    if not document.group:
        definition.group = None
        return
    position = Group.objects.filter(organization=definition.organization).count()
    definition.group, _new = Group.objects.get_or_create(
        organization=definition.organization, name=document.group, defaults={"position": position}
    )
