"""What of the Library one can ask about: a definition, whether it stands there and whether it may be launched."""

from collections.abc import Iterable, Iterator

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.membership import explanations
from accounts.membership.explanations import LAUNCH, SEE, Step, can, day_of, is_found, row_of
from accounts.roles import Can, PortalRole
from accounts.viewer import Viewer
from library import audiences, cards
from library.models import Definition, LibraryEntry


def is_seen(viewer: Viewer, about: str) -> Iterator[Step]:
    """This will ask whether a definition stands in the Library for a client; staff see every definition."""
    if viewer.is_staff:
        yield can(viewer, Can.VIEW_DEFINITIONS)
        names = _names(viewer, about)
        yield is_found(
            Definition.objects.visible_to(viewer),
            about,
            _("“%(definition)s” is one of the definitions of %(organization)s.") % names,
            _("There is no such definition in %(organization)s.") % names,
        )
        return
    yield can(viewer, Can.BROWSE_LIBRARY)
    yield _is_offered(viewer, about)
    entry = _entry(viewer, about)
    if entry is None:
        yield _is_missing(viewer, about)
        return
    yield _is_for_them(viewer, entry)
    names = _names(viewer, about)
    yield is_found(
        cards.library_of(viewer),
        about,
        _("“%(definition)s” stands in the Library of %(name)s.") % names,
        _("“%(definition)s” does not stand in the Library of %(name)s.") % names,
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
    elif audiences.is_narrowed(viewer):
        yield _is_missing(viewer, about)
    names = _names(viewer, about)
    yield is_found(
        cards.available_to(viewer).filter(audiences.may_take(viewer)),
        about,
        _("%(name)s may start “%(definition)s” for %(account)s.") % names,
        _("“%(definition)s” is kept for others of %(account)s.") % names,
    )


def _is_offered(viewer: Viewer, about: str) -> Step:
    names = _names(viewer, about)
    definition = Definition.objects.filter(organization=viewer.organization, pk=about).first()
    if definition is None:
        return Step(False, _("There is no such definition in %(organization)s.") % names)
    row = row_of(definition)
    if Definition.objects.launchable().top_level().filter(pk=definition.pk).exists():
        return Step(True, _("“%(definition)s” is published, and not deprecated.") % names, row)
    if definition.deprecated_at is not None:
        names["day"] = day_of(definition.deprecated_at)
        return Step(
            False, _("“%(definition)s” was deprecated on %(day)s, so nobody can start it any more.") % names, row
        )
    if definition.published_version_id is None:
        return Step(False, _("“%(definition)s” is a draft, so nobody can start it yet.") % names, row)
    words = _("“%(definition)s” is a part of another definition, and is taken with that one only.")
    return Step(False, words % names, row)


def _entry(viewer: Viewer, about: str) -> LibraryEntry | None:
    return LibraryEntry.objects.visible_to(viewer).filter(account=viewer.account, definition_id=about).first()


def _is_missing(viewer: Viewer, about: str) -> Step:
    names = _names(viewer, about)
    if audiences.is_narrowed(viewer):
        words = _(
            "“%(definition)s” is not in the Library of %(account)s, and %(organization)s offers clients nothing else."
        )
        return Step(False, words % names, row_of(viewer.organization))
    words = _("“%(definition)s” is not in the Library of %(account)s. It may still stand in All Available Assessments.")
    return Step(False, words % names)


def _is_for_them(viewer: Viewer, entry: LibraryEntry) -> Step:
    says = audiences.entries_for(viewer).filter(pk=entry.pk).exists()
    roles = [str(PortalRole(role).label) for role in entry.portal_roles]
    names = _names(viewer, str(entry.definition_id)) | {"roles": get_text_list(roles, _("and"))}
    if entry.audience == LibraryEntry.Audience.EVERYONE:
        words = _("“%(definition)s” is in the Library of %(account)s for everyone.")
    elif entry.audience == LibraryEntry.Audience.PORTAL_ROLES:
        words = _for_roles(len(roles), says)
    elif says:
        words = _("“%(definition)s” is in the Library of %(account)s for chosen people, and %(name)s is one of them.")
    else:
        words = _(
            "“%(definition)s” is in the Library of %(account)s for chosen people, and %(name)s is not one of them."
        )
    return Step(says, words % names, row_of(entry))


def _for_roles(many: int, says: bool) -> str:
    if says:
        return ngettext(
            "“%(definition)s” is in the Library of %(account)s for the portal role %(roles)s and people chosen beside it, "
            "and %(name)s is among them.",
            "“%(definition)s” is in the Library of %(account)s for the portal roles %(roles)s and people chosen beside "
            "them, and %(name)s is among them.",
            many,
        )
    return ngettext(
        "“%(definition)s” is in the Library of %(account)s for the portal role %(roles)s. %(name)s does not have it, and "
        "was not chosen beside it.",
        "“%(definition)s” is in the Library of %(account)s for the portal roles %(roles)s. %(name)s has none of them, and "
        "was not chosen beside them.",
        many,
    )


def _names(viewer: Viewer, about: str) -> dict[str, str]:
    known = Definition.objects.filter(organization=viewer.organization, pk=about).values_list("name", flat=True)
    return {
        "name": str(viewer.user),
        "account": str(viewer.account),
        "organization": viewer.organization.name,
        "definition": known.first() or "",
    }


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
