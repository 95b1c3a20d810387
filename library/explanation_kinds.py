"""What of the Library one can ask about: a definition, whether it stands there and whether it may be launched."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.membership import explanations
from accounts.membership.explanations import LAUNCH, SEE, Step, can, is_found, row_of
from accounts.roles import Can
from accounts.viewer import Viewer
from library import audiences, cards
from library.models import Definition, LibraryEntry


def is_seen(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask whether a definition stands in the Library for a client; staff see every definition."""
    if viewer.is_staff:
        yield can(viewer, Can.VIEW_DEFINITIONS)
        yield is_found(
            Definition.objects.visible_to(viewer), about, _("The definition exists."), _("There is no such definition.")
        )
        return
    yield can(viewer, Can.BROWSE_LIBRARY)
    yield _is_offered(viewer, about)
    entry = _entry(viewer, about)
    if entry is None:
        yield Step(False, _("It is not in the account’s Library. It may still stand in All Available Assessments."))
        return
    yield _is_for_them(viewer, entry)
    yield is_found(
        cards.library_of(viewer), about, _("It stands in their Library."), _("It does not stand in their Library.")
    )


def is_launched(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask whether a client may start it for the account, or staff for the client."""
    yield can(viewer, Can.CREATE_ASSESSMENTS if viewer.is_staff else Can.LAUNCH_ASSESSMENTS)
    yield _is_offered(viewer, about)
    if viewer.is_staff:
        return
    entry = _entry(viewer, about)
    if entry is not None:
        yield _is_for_them(viewer, entry)
    yield is_found(
        cards.available_to(viewer).filter(audiences.may_take(viewer)),
        about,
        _("They may start it."),
        _("It is kept for others of the account."),
    )


def _is_offered(viewer: Viewer, about: str) -> Step:
    definition = Definition.objects.filter(organization=viewer.organization, pk=about).first()
    if definition is not None and cards.available_to(viewer).filter(pk=about).exists():
        return Step(True, _("It is published and offered."), row_of(definition))
    if definition is None:
        return Step(False, _("There is no such definition."))
    if definition.deprecated_at is not None:
        return Step(False, _("It is deprecated: nobody can start it any more."), row_of(definition))
    if definition.published_version_id is None:
        return Step(False, _("It is a draft: nobody can start it yet."), row_of(definition))
    return Step(False, _("It is a part of another definition, and taken with that one only."), row_of(definition))


def _entry(viewer: Viewer, about: str) -> LibraryEntry | None:
    return LibraryEntry.objects.visible_to(viewer).filter(account=viewer.account, definition_id=about).first()


def _is_for_them(viewer: Viewer, entry: LibraryEntry) -> Step:
    says = audiences.entries_for(viewer).filter(pk=entry.pk).exists()
    words = {
        LibraryEntry.Audience.EVERYONE: _("The Library entry is for everyone of the account."),
        LibraryEntry.Audience.PEOPLE: _("The Library entry is for chosen people."),
        LibraryEntry.Audience.PORTAL_ROLES: _("The Library entry is for chosen portal roles."),
    }[LibraryEntry.Audience(entry.audience)]
    belongs = _("They are among them.") if says else _("They are not among them.")
    is_for_all = entry.audience == LibraryEntry.Audience.EVERYONE
    return Step(says, words if is_for_all else f"{words} {belongs}", row_of(entry))


def _definitions(asker: Viewer) -> Iterable[tuple[str, str]]:
    # Whoever knows no drafts is asked about what the organization offers.
    rows = Definition.objects.visible_to(asker).order_by("name", "id")[: explanations.MOST_THINGS]
    return [(str(row.pk), row.name) for row in rows]


explanations.thing(
    "definition",
    gettext_lazy("Something in the Library"),
    choices=_definitions,
    questions={SEE: is_seen, LAUNCH: is_launched},
)
