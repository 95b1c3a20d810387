"""Saving some fields of one part of a draft from a form that edits only these.

Several forms edit one part: its words, its conditions, its recommendations. Each carries a fingerprint of its own
fields only, so that saving one does not make the others stale.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.text import capfirst

from accounts.models import User
from accounts.viewer import Viewer
from library.actions import drafts as actions
from library.authoring.question_picker import Picker
from library.document import DefinitionDocument
from library.drafting import drafts, parts
from library.drafting.changes import Change, Refused
from library.models import DraftChange

TRIES = 3
# The button “Keep mine” of a conflict, and the buttons that ask to save what is there, complete or not.
MINE = "mine"
SAVES = ("save", MINE)

type Fields = Mapping[str, Any] | Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Conflict:
    """What somebody else made of the fields meanwhile. `seen` is the fingerprint of theirs.

    A form with a conflict keeps the fingerprint it had, so that typing on saves nothing; theirs goes with the button
    “Keep mine” alone, as `standing`.
    """

    theirs: Mapping[str, Any]
    changed_by: User | None
    changed_at: datetime | None
    seen: str
    is_gone: bool = False

    def notice(self, theirs: str) -> dict[str, Any]:
        """This will return what templates/library/staff/editor/_conflict_of_part.html shows; `theirs` in words."""
        return {
            "who": self.changed_by,
            "when": self.changed_at,
            "theirs": theirs,
            "is_gone": self.is_gone,
            "standing": self.seen,
        }


@dataclass(frozen=True)
class Saved:
    """What became of a form: `change` when it is stored, else why it is not. `draft` is the draft as it is now."""

    draft: drafts.Draft
    change: DraftChange | None = None
    refused: Refused | None = None
    conflict: Conflict | None = None

    @property
    def is_saved(self) -> bool:
        return self.refused is None and self.conflict is None


def seen_in(fields: QueryDict) -> str:
    """This will return the fingerprint that what was sent may save over.

    Only who says so after seeing both saves over what somebody else made of it (`standing`); typing on does not.
    """
    standing = fields.get("standing", "") if fields.get("do") == MINE else ""
    return standing or fields.get("seen", "")


def seen_of(content: Mapping[str, Any], names: Iterable[str]) -> str:
    """This will return the fingerprint of some fields of a part."""
    return parts.fingerprint_of({name: content[name] for name in names if name in content})


def save(*, by: Viewer, draft: drafts.Draft, part: str, fields: Fields, seen: str = "") -> Saved:
    """This will store these fields of a part, None for a field's default, unless they are no longer as they were `seen`.

    "" as `seen` saves whatever stands there now. What others do to the part's other fields meanwhile stays. `fields`
    may be a function of the part's content, for a change to something inside a field.
    """
    for _attempt in range(TRIES):
        try:
            content = draft.content(part)
            wanted = fields(content) if callable(fields) else dict(fields)
            if seen and seen_of(content, wanted) != seen:
                return Saved(draft, conflict=_conflict(by, draft, part, wanted))
            done = actions.change(
                by=by,
                version=draft.version,
                change=Change("update", part, wanted),
                seen=parts.fingerprint_of(content),
            )
            return Saved(drafts.read(done.version) if done.revision else draft, done)
        except actions.Stale:
            draft = _again(draft)
        except parts.NoSuchPart:
            return Saved(draft, conflict=Conflict({}, None, None, "", is_gone=True))
        except Refused as refused:
            return Saved(draft, refused=refused)
    return Saved(draft, conflict=_conflict(by, draft, part, () if callable(fields) else fields))


def _again(draft: drafts.Draft) -> drafts.Draft:
    version = draft.version
    version.refresh_from_db()
    return drafts.read(version)


def _conflict(by: Viewer, draft: drafts.Draft, part: str, names: Iterable[str]) -> Conflict:
    try:
        # No part has this fingerprint: asked to compare, the action says what stands there and whose it is.
        actions.change(by=by, version=draft.version, change=Change("update", part, {}), seen="-")
    except actions.Stale as stale:
        theirs = {name: (stale.theirs or {}).get(name) for name in names}
        known = {name: value for name, value in theirs.items() if value is not None}
        return Conflict(known, stale.changed_by, stale.changed_at, seen_of(known, names), stale.theirs is None)
    raise AssertionError("the fingerprint “-” was taken for a part’s own")


def in_words(document: DefinitionDocument, message: str) -> str:
    """This will turn a problem into a sentence for authors: questions by number and words instead of by key."""
    picker = Picker(document)

    def named(found: re.Match[str]) -> str:
        return f"“{picker.label_of(found[1])}”"

    return capfirst(re.sub(r"“([A-Za-z0-9][A-Za-z0-9._-]*)”", named, message))


def elsewhere(draft: drafts.Draft, refused: Refused) -> list[str]:
    """This will say what a refused change would break at other parts, one sentence each."""
    return [
        f"{parts.title(draft.data, found.part)}: {in_words(draft.document, found.message)}"
        for found in refused.elsewhere
    ]
