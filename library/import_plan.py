"""What committing an import would do to the library, as it stands now."""

from dataclasses import dataclass
from typing import Literal

from django.utils.text import slugify

from accounts.roles import Can
from accounts.viewer import Viewer
from library.document import DefinitionDocument
from library.models import Definition, DefinitionVersion

Kind = Literal["new", "version", "draft", "refused"]
# The longest key the library holds, with room for a number behind it.
LONGEST_KEY = 74


@dataclass(frozen=True, slots=True)
class Plan:
    """“new”: a definition of this key does not exist. “version”: a draft with `number` begins beside what is published.
    “draft”: the draft with `number` is replaced. “refused”: only an Admin may begin a draft of what is published.

    `same_as` names a version with exactly this content, 0 for none. `token` is another one as soon as something of it
    has changed.
    """

    kind: Kind
    definition: Definition | None
    number: int
    draft: DefinitionVersion | None
    same_as: int
    token: str


def plan(viewer: Viewer, document: DefinitionDocument) -> Plan:
    """This will say what importing the document would do, in at most two queries."""
    definition = Definition.objects.visible_to(viewer).filter(key=document.key).first()
    if definition is None:
        return Plan("new", None, 1, None, 0, "new")
    versions = list(
        DefinitionVersion.objects.visible_to(viewer)
        .filter(definition=definition)
        .select_related("created_by", "edited_by")
        .defer("document")
        .order_by("-number")
    )
    draft = next((version for version in versions if version.state == DefinitionVersion.State.DRAFT), None)
    content = document.content_hash()
    same_as = next((version.number for version in versions if version.content_hash == content), 0)
    number = draft.number if draft else (versions[0].number if versions else 0) + 1
    kind: Kind = "draft" if draft else "version"
    if kind == "version" and versions and not viewer.can(Can.PUBLISH_DEFINITIONS):
        kind = "refused"
    token = f"{kind}:{definition.pk}:{number}:{draft.content_hash if draft else ''}"
    return Plan(kind, definition, number, draft, same_as, token)


def unused_key(viewer: Viewer, name: str) -> str:
    """This will make a key from a name that no definition of the organization has."""
    wanted = slugify(name)[:LONGEST_KEY].strip("-_") or "definition"
    used = set(Definition.objects.visible_to(viewer).filter(key__startswith=wanted).values_list("key", flat=True))
    if wanted not in used:
        return wanted
    number = 2
    while f"{wanted}-{number}" in used:
        number += 1
    return f"{wanted}-{number}"
