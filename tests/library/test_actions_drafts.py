"""Editing a draft: saved at once, never over somebody else's work, always to be undone."""

import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from library.actions import definitions, drafts, groups
from library.actions.drafts import Change, ChangedSince, NoSuchPart, NotADraft, Refused, Stale
from library.document import shape
from library.drafting import drafts as reading
from library.drafting import fresh, parts
from library.drafting.changes import Place
from library.models import DefinitionVersion, DraftChange, Group
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


@pytest.fixture
def draft(ada) -> DefinitionVersion:
    return definitions.create(by=ada, name="Backups")


def now(draft: DefinitionVersion) -> DefinitionVersion:
    return DefinitionVersion.objects.select_related("definition").get(pk=draft.pk)


def seen(draft: DefinitionVersion, part: str = QUESTION) -> str:
    return parts.fingerprint(now(draft).document, part)


def edit(by, draft: DefinitionVersion, kind: Any, part: str, value: Any = None, place: Any = None, seen: str = ""):
    return drafts.change(by=by, version=draft, change=Change(kind, part, value, place), seen=seen)


class TestChanging:
    def test_a_change_is_saved_and_remembered(self, sam, draft):
        done = edit(sam, draft, "update", QUESTION, {"text": "Is there a copy?"}, seen=seen(draft))
        after = now(draft)
        assert parts.content(after.document, QUESTION)["text"] == "Is there a copy?"
        assert (after.revision, after.edited_by) == (1, sam.user)
        assert after.content_hash == shape(after.document).content_hash()
        assert (done.revision, done.kind, done.part, done.changed_by) == (1, "update", QUESTION, sam.user)
        assert done.label == "Question “First question” changed"
        assert done.before == {"parts": [{"part": QUESTION, "content": {"key": "first-question", "type": "yes_no", "text": "First question"}}]}  # fmt: skip
        entry = AuditEntry.objects.get(verb="definition.edited", object_id=draft.definition_id)
        assert entry.details == {"version": 1, "revision": 1, "kind": "update", "part": QUESTION, "change": done.label}

    def test_the_draft_that_comes_back_is_read_without_work(self, ada, draft, django_assert_num_queries):
        done = edit(ada, draft, "update", QUESTION, {"text": "New"})
        with django_assert_num_queries(0):
            read = reading.read(done.version)
        assert read.content(QUESTION)["text"] == "New"
        assert read.version.definition.name == "Backups"

    def test_the_card_of_an_unpublished_definition_follows(self, ada, draft):
        edit(
            ada,
            draft,
            "update",
            "settings",
            {"name": "Copies", "icon": "restore", "tags": ["a", "b"], "group": "Shelf"},
        )
        edit(
            ada, draft, "add", "question:x", fresh.question(draft.document, "long_text", "Why?"), Place("first-section")
        )
        definition = now(draft).definition
        assert (definition.name, definition.icon, definition.tags) == ("Copies", "restore", ["a", "b"])
        assert definition.group.name == "Shelf"
        assert (definition.question_count, definition.minutes) == (2, 2)
        assert now(draft).question_count == 2

    def test_the_card_of_a_published_one_stays(self, ada, draft):
        definition = definitions.publish(by=ada, definition=draft.definition).definition
        second = definitions.start_version(by=ada, definition=definition)
        edit(ada, second, "update", "settings", {"name": "Copies"})
        definition.refresh_from_db()
        assert definition.name == "Backups"

    def test_nothing_different_is_not_stored(self, ada, draft):
        done = edit(ada, draft, "update", QUESTION, {"text": "First question"})
        assert done.revision == 0
        assert now(draft).revision == 0
        assert not DraftChange.objects.filter(version=draft).exists()

    def test_what_is_refused_changes_nothing(self, ada, draft):
        with pytest.raises(Refused):
            edit(ada, draft, "update", QUESTION, {"show_if": {"question": "nobody", "operator": "answered"}})
        assert now(draft).revision == 0

    def test_two_new_questions_of_the_same_words(self, ada, sam, draft):
        question = fresh.question(draft.document, "yes_no", "New question")
        keys = [edit(by, draft, "add", f"question:{question['key']}", question, Place("first-section")).part for by in (ada, sam)]  # fmt: skip
        assert keys == ["question:new-question", "question:new-question-2"]

    def test_a_published_version_is_no_draft(self, ada, draft):
        definitions.publish(by=ada, definition=draft.definition)
        with pytest.raises(NotADraft):
            edit(ada, draft, "update", QUESTION, {"text": "New"})

    def test_who_may(self, harbor, draft):
        for name in ("dana", "priya"):
            with pytest.raises(PermissionDenied):
                edit(cast.viewer(name), draft, "update", QUESTION, {"text": "New"})

    def test_a_draft_of_somebody_else_is_not_found(self, draft):
        with cast.inside("sunny"), pytest.raises(NotADraft):
            edit(cast.system("sunny"), draft, "update", QUESTION, {"text": "New"})

    def test_the_number_of_queries_does_not_grow(self, ada, draft):
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as counted:
                edit(ada, draft, "update", QUESTION, {"text": f"New {now(draft).revision}"}, seen=seen(draft))
            return len(counted)

        few = queries()
        for number in range(20):
            edit(ada, draft, "add", f"section:s{number}", {"name": f"S{number}"})
        assert queries() == few


class TestTwoAuthors:
    def test_on_different_questions_they_never_meet(self, ada, sam, draft):
        edit(ada, draft, "add", "question:other", {"type": "text", "text": "Other"}, Place("first-section"))
        first, second = seen(draft), seen(draft, "question:other")
        edit(ada, draft, "update", QUESTION, {"text": "Ada's"}, seen=first)
        edit(sam, draft, "update", "question:other", {"text": "Sam's"}, seen=second)
        document = now(draft).document
        assert parts.content(document, QUESTION)["text"] == "Ada's"
        assert parts.content(document, "question:other")["text"] == "Sam's"

    def test_on_the_same_question_the_second_is_told(self, ada, sam, draft):
        before = seen(draft)
        done = edit(ada, draft, "update", QUESTION, {"text": "Ada's"}, seen=before)
        with pytest.raises(Stale) as stale:
            edit(sam, draft, "update", QUESTION, {"text": "Sam's"}, seen=before)
        assert stale.value.theirs["text"] == "Ada's"
        assert (stale.value.changed_by, stale.value.changed_at) == (ada.user, done.created_at)
        edit(sam, draft, "update", QUESTION, {"text": "Sam's"}, seen=stale.value.seen)
        assert parts.content(now(draft).document, QUESTION)["text"] == "Sam's"

    def test_what_went_with_another_change_is_noticed_too(self, ada, sam, draft):
        follow = {"type": "text", "text": "Why?", "show_if": {"question": "first-question", "operator": "answered"}}
        edit(ada, draft, "add", "question:why", follow, Place("first-section"))
        before = seen(draft, "question:why")
        edit(ada, draft, "remove", QUESTION)
        with pytest.raises(Stale) as stale:
            edit(sam, draft, "update", "question:why", {"text": "How?"}, seen=before)
        assert stale.value.changed_by == ada.user
        assert "show_if" not in stale.value.theirs

    @pytest.mark.parametrize("with_seen", [True, False])
    def test_what_was_removed_meanwhile(self, ada, sam, draft, with_seen: bool):
        before = seen(draft)
        edit(ada, draft, "remove", QUESTION)
        with pytest.raises(Stale) as stale:
            edit(sam, draft, "update", QUESTION, {"text": "Sam's"}, seen=before if with_seen else "")
        assert (stale.value.theirs, stale.value.seen, stale.value.changed_by) == (None, "", ada.user)

    def test_a_key_that_was_changed_meanwhile(self, ada, sam, draft):
        before = seen(draft)
        edit(ada, draft, "rename", QUESTION, "copies")
        with pytest.raises(Stale) as stale:
            edit(sam, draft, "update", QUESTION, {"text": "Sam's"}, seen=before)
        assert stale.value.changed_by == ada.user

    def test_into_a_section_that_was_removed_meanwhile(self, ada, sam, draft):
        edit(ada, draft, "remove", "section:first-section")
        with pytest.raises(Stale) as stale:
            edit(sam, draft, "add", "question:new", {"type": "text", "text": "New"}, Place("first-section"))
        assert stale.value.part == "section:first-section"

    def test_what_never_was(self, ada, draft):
        with pytest.raises(NoSuchPart):
            edit(ada, draft, "update", "question:nobody", {"text": "New"})


class TestUndoing:
    def test_it_is_a_change_of_its_own(self, ada, sam, draft):
        before = draft.content_hash
        done = edit(ada, draft, "remove", QUESTION)
        undone = drafts.undo(by=sam, version=draft, change=done)
        assert now(draft).content_hash == before
        assert (undone.kind, undone.revision, undone.part) == ("undo", 2, QUESTION)
        assert undone.label == "Undone: Question “First question” removed"
        done.refresh_from_db()
        assert done.undone_at is not None
        drafts.undo(by=ada, version=draft, change=undone)
        assert not parts.exists(now(draft).document, QUESTION)

    def test_not_when_somebody_went_on(self, ada, sam, draft):
        done = edit(ada, draft, "update", QUESTION, {"text": "Ada's"})
        edit(sam, draft, "update", QUESTION, {"text": "Sam's"})
        with pytest.raises(ChangedSince):
            drafts.undo(by=ada, version=draft, change=done)
        assert parts.content(now(draft).document, QUESTION)["text"] == "Sam's"

    def test_once(self, ada, draft):
        done = edit(ada, draft, "remove", QUESTION)
        drafts.undo(by=ada, version=draft, change=done)
        with pytest.raises(ChangedSince):
            drafts.undo(by=ada, version=draft, change=done)

    def test_a_change_of_another_draft(self, ada, draft):
        done = edit(ada, draft, "update", QUESTION, {"text": "Ada's"})
        other = definitions.create(by=ada, name="Other")
        with pytest.raises(ChangedSince):
            drafts.undo(by=ada, version=other, change=done)

    def test_who_may(self, harbor, ada, draft):
        done = edit(ada, draft, "remove", QUESTION)
        with pytest.raises(PermissionDenied):
            drafts.undo(by=cast.viewer("dana"), version=draft, change=done)

    def test_every_change_of_a_session_backwards(self, ada, draft):
        before = draft.content_hash
        done = [
            edit(ada, draft, "update", "settings", {"name": "Copies", "description": "**Long**"}),
            edit(ada, draft, "add", "section:two", {"name": "Two"}),
            edit(ada, draft, "add", "question:deep", {"type": "scale", "text": "Deep", "minimum": 0, "maximum": 0.5e1}, Place("two")),
            edit(ada, draft, "update", "score:two", {"weight": 0.1 + 0.2, "clamp": {"min": 0, "max": 1e6}}),
            edit(ada, draft, "rename", "section:two", "second"),
            edit(ada, draft, "move", "section:second", place=Place("", 0)),
            edit(ada, draft, "set", "reference_values", [{"score": "overall", "value": 54.5, "label": "L", "n": "1", "source": "S", "year": 2025}]),
            edit(ada, draft, "remove", "section:second"),
        ]  # fmt: skip
        assert [change.revision for change in done] == list(range(1, 9))
        for change in reversed(done):
            drafts.undo(by=ada, version=draft, change=change)
        assert now(draft).content_hash == before


class TestKeysThatWerePublished:
    @pytest.fixture
    def second(self, ada, draft) -> DefinitionVersion:
        options = {"type": "single_choice", "options": [{"key": "a", "text": "A", "value": 1}, {"key": "b", "text": "B", "value": 0}]}  # fmt: skip
        edit(ada, draft, "update", QUESTION, options)
        definitions.publish(by=ada, definition=draft.definition)
        return definitions.start_version(by=ada, definition=draft.definition)

    @pytest.mark.parametrize(
        ("part", "value", "key"),
        [
            (QUESTION, "copies", "first-question"),
            ("section:first-section", "basics", "first-section"),
            ("score:overall", "total", "overall"),
            (QUESTION, {"option": "a", "to": "always"}, "a"),
        ],
    )
    def test_stay_because_answers_hang_on_them(self, ada, second, part: str, value: Any, key: str):
        with pytest.raises(Refused) as refused:
            edit(ada, second, "rename", part, value)
        assert refused.value.here == {
            "key": [f"Answers hang on the key “{key}” since version 1. It stays; the words can be changed."]
        }

    def test_new_ones_may_change(self, ada, second):
        edit(ada, second, "add", "question:new", {"type": "text", "text": "New"}, Place("first-section"))
        edit(ada, second, "rename", "question:new", "newer")
        option = {"key": "c", "text": "C"}
        options = [*parts.content(now(second).document, QUESTION)["options"], option]
        edit(ada, second, "update", QUESTION, {"options": options})
        edit(ada, second, "rename", QUESTION, {"option": "c", "to": "never"})
        assert [one["key"] for one in parts.content(now(second).document, QUESTION)["options"]] == ["a", "b", "never"]


# Really at the same time: each thread has a connection of its own.


def at_once(*jobs) -> list:
    """This will run the jobs in threads that start together, each inside Harbor IT, and return what each returned."""
    start, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def work(at: int, job) -> None:
        try:
            start.wait(30)
            with cast.inside("harbor"):
                results[at] = job()
        except Exception as error:
            results[at] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(at, job)) for at, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


def test_50_changes_at_once_are_all_there(fresh_database):
    """New questions of the same words, new sections, and each author's own question: nothing is lost."""
    with cast.inside("harbor"):
        people = [cast.viewer("ada"), cast.viewer("sam")]
        draft = definitions.create(by=people[0], name="Busy")
        for number in range(20):
            edit(
                people[0],
                draft,
                "add",
                f"question:own{number}",
                {"type": "text", "text": "Own"},
                Place("first-section"),
            )
        before = now(draft)

    def job(number: int):
        by = people[number % 2]
        if number < 20:
            part = f"question:own{number}"
            return edit(
                by, draft, "update", part, {"text": f"Text {number}"}, seen=parts.fingerprint(before.document, part)
            )
        if number < 40:
            return edit(
                by, draft, "add", "question:new", {"type": "yes_no", "text": f"New {number}"}, Place("first-section", 0)
            )
        return edit(by, draft, "add", "section:new", {"name": f"Section {number}"}, Place("", 0))

    results = at_once(*(lambda number=number: job(number) for number in range(50)))
    assert [result for result in results if not isinstance(result, DraftChange)] == []
    with cast.inside("harbor"):
        after = now(draft)
        document = shape(after.document)
        texts = {question.text for question in document.questions()}
        assert {f"Text {number}" for number in range(20)} | {f"New {number}" for number in range(20, 40)} <= texts
        assert {f"Section {number}" for number in range(40, 50)} <= {section.name for section in document.sections}
        assert document.scoring is not None
        assert len(document.scoring.scores) == 12
        assert after.content_hash == document.content_hash()
        assert after.revision == before.revision + 50
        changes = DraftChange.objects.filter(version=draft, revision__gt=before.revision)
        assert sorted(changes.values_list("revision", flat=True)) == list(
            range(before.revision + 1, before.revision + 51)
        )


def test_of_two_changes_to_one_question_at_once_one_stands(fresh_database):
    with cast.inside("harbor"):
        people = [cast.viewer("ada"), cast.viewer("sam")]
        draft = definitions.create(by=people[0], name="Busy")
    for number in range(10):
        with cast.inside("harbor"):
            fingerprint = seen(draft)
        texts = [f"{by.user.name} {number}" for by in people]
        results = at_once(*(
            lambda by=by, text=text, fingerprint=fingerprint: edit(by, draft, "update", QUESTION, {"text": text}, seen=fingerprint)
            for by, text in zip(people, texts, strict=True)
        ))  # fmt: skip
        assert sorted(type(result).__name__ for result in results) == ["DraftChange", "Stale"]
        with cast.inside("harbor"):
            stands = parts.content(now(draft).document, QUESTION)["text"]
        won = next(at for at, result in enumerate(results) if isinstance(result, DraftChange))
        assert stands == texts[won]


def test_a_change_and_a_publication_at_once(fresh_database):
    """Whichever comes first: either the change is published, or it is told that there is no draft. Never a third."""
    with cast.inside("harbor"):
        ada, sam = cast.viewer("ada"), cast.viewer("sam")
    for number in range(5):
        with cast.inside("harbor"):
            draft = definitions.create(by=ada, name=f"Busy {number}", group="Shelf")
        changed, published, renamed = at_once(
            lambda draft=draft: edit(sam, draft, "update", QUESTION, {"text": "Sam's"}),
            lambda draft=draft: definitions.publish(by=ada, definition=draft.definition),
            lambda draft=draft, name=f"Shelf {number}": groups.rename(by=ada, group=draft.definition.group, name=name),
        )
        assert isinstance(published, DefinitionVersion), published
        assert isinstance(changed, DraftChange | NotADraft), changed
        assert isinstance(renamed, Group), renamed
        with cast.inside("harbor"):
            after = now(draft)
            text = parts.content(after.document, QUESTION)["text"]
            assert (text == "Sam's") == isinstance(changed, DraftChange)
            assert after.definition.group == renamed
