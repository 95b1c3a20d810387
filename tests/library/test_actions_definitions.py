"""The life of a definition: created, copied, imported, submitted, published, deprecated, put in order."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from accounts.models import AuditEntry
from library.actions import definitions, drafts, links
from library.actions.definitions import ChildNotPublished, HasDraft, NotADraft, NothingToPublish, NotPublished, NotReady
from library.document import parse, shape
from library.drafting import parts
from library.drafting.changes import Change, Place
from library.models import Definition, DefinitionVersion, DraftChange
from library.problems import InvalidDefinition
from library.versions import document_of, written_document_of
from tests import cast

QUESTION = "question:first-question"


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


def created(by, name: str = "Backups", **more: Any) -> DefinitionVersion:
    return definitions.create(by=by, name=name, **more)


def published(by, name: str = "Backups") -> Definition:
    return definitions.publish(by=by, definition=created(by, name).definition).definition


def edit(by, version: DefinitionVersion, kind: Any, part: str, value: Any = None, place: Any = None) -> DraftChange:
    return drafts.change(by=by, version=version, change=Change(kind, part, value, place))


def again(thing):
    return type(thing).objects.get(pk=thing.pk)


def verbs(definition: Definition) -> list[str]:
    entries = AuditEntry.objects.filter(object_id=definition.pk).order_by("created_at", "id")
    return list(entries.values_list("verb", flat=True))


class TestCreating:
    def test_a_new_definition_has_a_draft_to_begin_with(self, sam):
        version = created(sam, " Backups & restore ", group="Continuity")
        definition = version.definition
        assert (definition.key, definition.name, definition.group.name) == (
            "backups-restore",
            "Backups & restore",
            "Continuity",
        )
        assert (definition.state, version.number, version.revision, version.created_by) == ("draft", 1, 0, sam.user)
        assert (definition.question_count, definition.minutes) == (1, 1)
        assert parse(version.document).key == definition.key
        assert definition.position == max(Definition.objects.values_list("position", flat=True))
        assert verbs(definition) == ["definition.created"]

    def test_names_may_be_used_twice_and_may_be_anything(self, sam):
        names = ["Backups", "Backups", "備份", "<b>&</b>", "x" * 200]
        keys = [created(sam, name).definition.key for name in names]
        assert keys == ["backups", "backups-2", "definition", "bb", "x" * 40]

    @pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\x00b"])
    def test_what_is_no_name(self, sam, name: str):
        with pytest.raises(InvalidDefinition) as invalid:
            created(sam, name)
        assert invalid.value.problems[0].place == "name"

    @pytest.mark.parametrize("name", ["dana", "priya"])
    def test_who_may(self, harbor, name: str):
        with pytest.raises(PermissionDenied):
            created(cast.viewer(name))

    def test_a_blank_definition_can_be_published_at_once(self, ada):
        assert published(ada).state == "published"


class TestNewVersions:
    def test_it_starts_from_what_is_published(self, ada):
        definition = published(ada)
        draft = definitions.start_version(by=ada, definition=definition)
        assert (draft.number, draft.based_on, draft.state) == (2, definition.published_version, "draft")
        assert draft.content_hash == definition.published_version.content_hash
        assert again(definition).state == "published"

    def test_one_at_a_time(self, ada):
        draft = definitions.start_version(by=ada, definition=published(ada))
        with pytest.raises(HasDraft) as has:
            definitions.start_version(by=ada, definition=draft.definition)
        assert has.value.version == draft

    def test_from_nothing(self, ada):
        version = created(ada)
        version.delete()
        with pytest.raises(NotPublished):
            definitions.start_version(by=ada, definition=version.definition)

    def test_an_executive_copies_instead(self, ada, sam):
        definition = published(ada)
        with pytest.raises(PermissionDenied):
            definitions.start_version(by=sam, definition=definition)
        copy = definitions.copy(by=sam, definition=definition, name="Backups of ours")
        assert (copy.definition.key, copy.definition.name) == ("backups-of-ours", "Backups of ours")
        assert copy.definition != definition
        assert shape(copy.document).questions() == document_of(definition.published_version).questions()
        assert shape(copy.document).key == "backups-of-ours"

    def test_a_draft_can_be_copied_too(self, ada, sam):
        version = created(ada, group="Shelf")
        copy = definitions.copy(by=sam, definition=version.definition, name="Mine")
        assert copy.definition.group.name == "Shelf"

    def test_an_executive_edits_a_draft_an_admin_has_started(self, ada, sam):
        draft = definitions.start_version(by=ada, definition=published(ada))
        edit(sam, draft, "update", QUESTION, {"text": "Sam's"})
        assert again(draft).edited_by == sam.user


class TestImporting:
    def document(self, **more: Any):
        return shape({"format": "portal-definition/1", "key": "imported", "name": "Imported"} | more)

    def test_a_draft_may_be_unfinished_but_must_make_sense(self, sam):
        version = definitions.import_draft(by=sam, document=self.document())
        assert version.definition.key == "imported"
        question = {"key": "q", "type": "text", "text": "Q?", "show_if": {"question": "gone", "operator": "answered"}}
        with pytest.raises(InvalidDefinition):
            definitions.import_draft(
                by=sam, document=self.document(sections=[{"key": "s", "name": "S", "questions": [question]}])
            )
        with pytest.raises(InvalidDefinition) as invalid:
            definitions.import_draft(by=sam, document=self.document(key="k" * 81))
        assert invalid.value.problems[0].place == "key"

    def test_what_stood_in_the_draft_can_be_brought_back(self, ada, sam):
        draft = created(ada, "Imported")
        definitions.import_draft(by=sam, document=self.document(summary="New"))
        after = again(draft)
        assert (after.document["summary"], after.revision, after.number) == ("New", 1, 1)
        assert again(draft.definition).summary == "New"
        done = DraftChange.objects.get(version=draft)
        assert (done.kind, done.label) == ("import", "Replaced by an imported file")
        drafts.undo(by=ada, version=draft, change=done)
        assert again(draft).content_hash == draft.content_hash

    def test_the_same_file_twice_changes_nothing(self, sam):
        first = definitions.import_draft(by=sam, document=self.document())
        second = definitions.import_draft(by=sam, document=self.document())
        assert (second.pk, second.revision) == (first.pk, 0)

    def test_a_new_version_of_what_is_published_is_for_admins(self, ada, sam):
        definition = published(ada, "Imported")
        with pytest.raises(PermissionDenied):
            definitions.import_draft(by=sam, document=self.document())
        draft = definitions.import_draft(by=ada, document=self.document())
        assert (draft.definition, draft.number, draft.based_on) == (definition, 2, definition.published_version)
        assert definitions.import_draft(by=sam, document=self.document(summary="Sam's")).pk == draft.pk
        assert again(definition).name == "Imported"

    def test_children_that_cannot_be_are_left_to_the_publication(self, ada):
        version = definitions.import_draft(by=ada, document=self.document(children=[{"key": "nowhere"}]))
        with pytest.raises(ChildNotPublished) as missing:
            definitions.publish(by=ada, definition=version.definition)
        assert missing.value.names == ["nowhere"]


class TestTheQueue:
    def test_submitted_and_sent_back(self, ada, sam):
        draft = created(sam)
        draft = definitions.submit(by=sam, version=draft, note=" For the audit. ")
        assert (draft.submitted_by, draft.submission_note) == (sam.user, "For the audit.")
        draft = definitions.send_back(by=ada, version=draft, note="Question 1 is not clear.")
        assert (draft.submitted_at, draft.submission_note, draft.returned_note) == (
            None,
            "",
            "Question 1 is not clear.",
        )
        draft = definitions.submit(by=sam, version=draft, note="")
        assert draft.returned_note == ""
        assert verbs(draft.definition) == [
            "definition.created", "definition.submitted", "definition.returned", "definition.submitted",
        ]  # fmt: skip

    def test_twice_is_once_unless_something_was_changed(self, sam):
        draft = created(sam)
        first = definitions.submit(by=sam, version=draft, note="")
        assert definitions.submit(by=sam, version=draft, note="").submitted_at == first.submitted_at
        edit(sam, draft, "update", QUESTION, {"text": "New"})
        assert again(draft).submitted_at == first.submitted_at
        assert definitions.submit(by=sam, version=draft, note="").submitted_at > first.submitted_at

    def test_what_is_not_submitted_is_not_sent_back(self, ada):
        draft = created(ada)
        definitions.send_back(by=ada, version=draft, note="?")
        assert again(draft).returned_note == ""

    def test_who_may(self, harbor, sam):
        draft = created(sam)
        with pytest.raises(PermissionDenied):
            definitions.send_back(by=sam, version=draft, note="")
        with pytest.raises(PermissionDenied):
            definitions.submit(by=cast.viewer("dana"), version=draft, note="")

    def test_what_is_published_leaves_the_queue(self, ada, sam):
        draft = definitions.submit(by=sam, version=created(sam), note="Ready")
        version = definitions.publish(by=ada, definition=draft.definition)
        assert (version.submitted_at, version.submission_note) == (None, "")
        with pytest.raises(NotADraft):
            definitions.submit(by=sam, version=version, note="")


class TestPublishing:
    def test_the_card_says_what_is_published(self, ada):
        draft = created(ada)
        edit(ada, draft, "update", "settings", {"name": "Copies", "summary": "S", "icon": "restore", "tags": ["t"], "group": "G", "estimated_minutes": 40})  # fmt: skip
        definition = definitions.publish(by=ada, definition=draft.definition).definition
        definition.refresh_from_db()
        assert (definition.name, definition.summary, definition.icon, definition.tags) == (
            "Copies",
            "S",
            "restore",
            ["t"],
        )
        assert (definition.group.name, definition.minutes, definition.question_count) == ("G", 40, 1)
        assert definition.published_version.published_by == ada.user

    def test_what_is_unfinished_is_named(self, ada):
        draft = created(ada)
        edit(ada, draft, "add", "section:empty", {"name": "Empty"})
        with pytest.raises(NotReady) as not_ready:
            definitions.publish(by=ada, definition=draft.definition)
        assert "sections[1]" in [problem.place for problem in not_ready.value.problems]
        assert again(draft).state == "draft"
        reason = definitions.readiness(by=ada, version=again(draft))
        assert isinstance(reason, NotReady)

    def test_a_sample_that_fails_keeps_it_back(self, ada):
        draft = created(ada)
        sample = {"name": "All well", "answers": {"first-question": "yes"}, "expected": {"overall": 50}}
        edit(ada, draft, "add", "sample:well", sample)
        with pytest.raises(NotReady) as not_ready:
            definitions.publish(by=ada, definition=draft.definition)
        assert not_ready.value.problems == []
        assert [result.sample.key for result in not_ready.value.failing] == ["well"]
        edit(ada, draft, "update", "sample:well", {"expected": {"overall": 100}})
        assert definitions.readiness(by=ada, version=again(draft)) is None
        assert definitions.publish(by=ada, definition=draft.definition).state == "published"

    def test_only_once(self, ada):
        definition = published(ada)
        with pytest.raises(NothingToPublish):
            definitions.publish(by=ada, definition=definition)

    def test_only_an_admin(self, sam):
        with pytest.raises(PermissionDenied):
            definitions.publish(by=sam, definition=created(sam).definition)

    def test_the_database_refuses_any_change_afterwards(self, ada):
        version = published(ada).published_version
        version.document = {**version.document, "name": "Other"}
        with pytest.raises(DatabaseError), transaction.atomic():
            version.save()
        with pytest.raises(DatabaseError), transaction.atomic():
            again(version).delete()


class TestDeprecating:
    def test_and_offering_again(self, ada):
        definition = published(ada)
        for _twice in range(2):
            assert definitions.deprecate(by=ada, definition=definition).state == "deprecated"
        for _twice in range(2):
            assert definitions.republish(by=ada, definition=definition).state == "published"
        assert verbs(definition)[-2:] == ["definition.deprecated", "definition.republished"]

    def test_what_was_never_published(self, ada):
        definition = created(ada).definition
        for action in (definitions.deprecate, definitions.republish):
            with pytest.raises(NotPublished):
                action(by=ada, definition=definition)

    def test_a_new_version_offers_it_again(self, ada):
        definition = definitions.deprecate(by=ada, definition=published(ada))
        definitions.start_version(by=ada, definition=definition)
        assert again(definition).state == "deprecated"
        assert definitions.publish(by=ada, definition=definition).definition.state == "published"

    def test_only_an_admin(self, ada, sam):
        definition = published(ada)
        for action in (definitions.deprecate, definitions.republish, definitions.delete_draft):
            with pytest.raises(PermissionDenied):
                action(by=sam, definition=definition)


class TestDeleting:
    def test_a_definition_that_was_never_published_goes_as_a_whole(self, ada):
        draft = created(ada)
        edit(ada, draft, "update", QUESTION, {"text": "New"})
        assert definitions.delete_draft(by=ada, definition=draft.definition) is None
        assert not Definition.objects.filter(pk=draft.definition_id).exists()
        assert not DraftChange.objects.filter(version_id=draft.pk).exists()
        entry = AuditEntry.objects.get(verb="definition.draft_deleted", object_id=draft.definition_id)
        assert entry.details == {"version": 1, "key": "backups"}

    def test_of_a_published_one_only_the_draft(self, ada):
        definition = published(ada)
        definitions.start_version(by=ada, definition=definition)
        assert definitions.delete_draft(by=ada, definition=definition) == definition
        assert [version.number for version in again(definition).versions.all()] == [1]
        with pytest.raises(NotADraft):
            definitions.delete_draft(by=ada, definition=definition)

    def test_a_number_is_not_missed(self, ada):
        definition = published(ada)
        for _again in range(2):
            assert definitions.start_version(by=ada, definition=definition).number == 2
            definitions.delete_draft(by=ada, definition=definition)


class TestParents:
    @pytest.fixture
    def parent(self, ada) -> DefinitionVersion:
        """A parent of two, with a section of its own."""
        children = [published(ada, "Disks"), published(ada, "Tapes")]
        draft = created(ada, "Storage")
        for child in children:
            links.link(by=ada, parent=draft.definition, child=child)
        return again(draft)

    def test_what_is_frozen_holds_the_children(self, ada, parent):
        version = definitions.publish(by=ada, definition=parent.definition)
        document = document_of(version)
        assert [section.key for section in document.sections] == ["first-section", "disks", "tapes"]
        assert version.question_count == version.definition.question_count == 3
        written = written_document_of(version)
        assert [section.key for section in written.sections] == ["first-section"]
        assert written.to_data() == parent.document

    def test_a_new_version_starts_from_what_was_written(self, ada, parent):
        definition = definitions.publish(by=ada, definition=parent.definition).definition
        draft = definitions.start_version(by=ada, definition=definition)
        assert draft.document == parent.document
        assert definitions.publish(by=ada, definition=definition).question_count == 3

    def test_children_are_taken_as_they_are_published_now(self, ada, parent):
        definitions.publish(by=ada, definition=parent.definition)
        disks = Definition.objects.get(key="disks")
        draft = definitions.start_version(by=ada, definition=disks)
        edit(ada, draft, "add", "question:more", {"type": "yes_no", "text": "More?"}, Place("first-section"))
        definitions.publish(by=ada, definition=disks)
        definitions.start_version(by=ada, definition=parent.definition)
        assert definitions.publish(by=ada, definition=parent.definition).question_count == 4

    def test_every_child_must_be_offered(self, ada, parent):
        definitions.deprecate(by=ada, definition=Definition.objects.get(key="tapes"))
        with pytest.raises(ChildNotPublished) as missing:
            definitions.publish(by=ada, definition=parent.definition)
        assert missing.value.names == ["Tapes"]
        assert isinstance(definitions.readiness(by=ada, version=parent), ChildNotPublished)

    def test_keys_that_meet_are_not_ready(self, ada, parent):
        edit(ada, parent, "rename", "section:first-section", "disks")
        with pytest.raises(NotReady):
            definitions.publish(by=ada, definition=parent.definition)

    def test_a_copy_has_the_questions_of_the_children_and_no_children(self, ada, parent):
        draft = definitions.copy(by=ada, definition=parent.definition, name="Copy of the draft")
        assert shape(draft.document).children == ()
        assert definitions.publish(by=ada, definition=draft.definition).question_count == 1
        definition = definitions.publish(by=ada, definition=parent.definition).definition
        copy = definitions.copy(by=ada, definition=definition, name="Copy")
        assert (copy.question_count, shape(copy.document).children) == (3, ())
        assert definitions.publish(by=ada, definition=copy.definition).question_count == 3
        assert Definition.objects.filter(parent=definition).count() == 2

    def test_without_its_draft_a_parent_has_the_children_it_published(self, ada, parent):
        definition = definitions.publish(by=ada, definition=parent.definition).definition
        definitions.start_version(by=ada, definition=definition)
        links.unlink(by=ada, parent=definition, child=Definition.objects.get(key="disks"))
        assert [child.key for child in definition.children.all()] == ["tapes"]
        definitions.delete_draft(by=ada, definition=definition)
        assert {child.key for child in definition.children.all()} == {"disks", "tapes"}

    def test_an_import_of_what_was_published_is_not_doubled(self, ada, parent):
        version = definitions.publish(by=ada, definition=parent.definition)
        definitions.import_draft(by=ada, document=document_of(version))
        assert definitions.publish(by=ada, definition=parent.definition).question_count == 3


class TestOrder:
    def keys(self) -> list[str]:
        return list(Definition.objects.order_by("position", "name", "id").values_list("key", flat=True))

    def test_behind_in_front_and_first(self, sam):
        one, two, three = (created(sam, name).definition for name in ("One", "Two", "Three"))
        before = self.keys()[:-3]
        definitions.reorder(by=sam, definition=three, before=one)
        assert self.keys() == [*before, "three", "one", "two"]
        definitions.reorder(by=sam, definition=three, after=one)
        assert self.keys() == [*before, "one", "three", "two"]
        definitions.reorder(by=sam, definition=two)
        assert self.keys() == ["two", *before, "one", "three"]

    def test_where_it_stands_already(self, sam):
        one, two = (created(sam, name).definition for name in ("One", "Two"))
        before = self.keys()
        definitions.reorder(by=sam, definition=two, after=one)
        definitions.reorder(by=sam, definition=two, after=two)
        assert self.keys() == before
        assert not AuditEntry.objects.filter(verb="definition.moved").exists()

    def test_who_may(self, harbor, sam):
        with pytest.raises(PermissionDenied):
            definitions.reorder(by=cast.viewer("dana"), definition=created(sam).definition)


def test_nothing_of_another_organization_is_reached(ada):
    draft = created(ada)
    with cast.inside("sunny"):
        stranger = cast.system("sunny")
        for action in (definitions.start_version, definitions.publish, definitions.deprecate, definitions.delete_draft):
            with pytest.raises(Definition.DoesNotExist):
                action(by=stranger, definition=draft.definition)
        with pytest.raises(NotADraft):
            definitions.submit(by=stranger, version=draft, note="")


def test_parts_and_versions_agree_on_the_fingerprint(ada):
    """What a form carries was computed from a document that never was in the database, and from one that was."""
    draft = created(ada)
    assert parts.fingerprint(draft.document, "scoring") == parts.fingerprint(again(draft).document, "scoring")
