"""The assessor's notes as people read them: by section, in the order of the assessment."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from assessments.models import Assessment, NoteKind, SectionNote
from library.document import DefinitionDocument
from portal.web import markdown

ICONS = {
    "strengths": "circle-check",
    "gaps": "alert-triangle",
    "root_causes": "search",
    "insights": "eye",
    "plan": "list-check",
}


@dataclass(frozen=True, slots=True)
class Note:
    """One note: what kind it is, and its text as HTML."""

    label: str
    icon: str
    text: SafeString


@dataclass(frozen=True, slots=True)
class Area:
    """The notes on one section, or on the whole (`key` "")."""

    key: str
    name: str
    notes: list[Note]


def of_run(viewer: Viewer, run: Assessment, document: DefinitionDocument) -> list[Area]:
    """This will read the notes of a run in one query: on the whole first, then section by section.

    A client reads them when the result is released; what is empty is left out.
    """
    if not viewer.is_staff and not run.is_released:
        return []
    found: dict[str, dict[str, str]] = {}
    for key, kind, text in (
        SectionNote.objects.visible_to(viewer).filter(assessment=run).values_list("section_key", "kind", "text")
    ):
        if text.strip():
            found.setdefault(key, {})[kind] = text
    names = {"": _("Overall"), **{section.key: section.name for section in document.all_sections()}}
    return [Area(key, name, _notes(found[key])) for key, name in names.items() if key in found]


def _notes(texts: dict[str, str]) -> list[Note]:
    return [
        Note(str(NoteKind(kind).label), ICONS[kind], markdown.render(texts[kind]))
        for kind in NoteKind.values
        if kind in texts
    ]
