"""What clients can find: of their own account, and of that what their abilities open. The same in a preview."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy, ngettext

from accounts.register import company
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.lists import standing
from assessments.models import Assessment
from assessments.reports import editions
from assessments.results import findings
from library import access_requests, cards
from library.models import Definition
from portal.web.templatetags import ui

from .matching import best_first, day_of, matching
from .registry import CLIENT, Hit, search_provider


def _list_of(name: str):
    def url(viewer: Viewer, words: Sequence[str]) -> str:
        assert viewer.account is not None
        return f"{reverse(name, args=[viewer.account.id])}?{urlencode({'q': ' '.join(words)})}"

    return url


@search_provider(CLIENT, gettext_lazy("Your assessments"), position=10, more=_list_of("client:your_assessments"))
def assessments(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find the account's runs: an open one leads on, a released one to its results."""
    rows = matching(Assessment.objects.visible_to(viewer), words, "name").select_related("definition")
    rows = rows.defer("progress", "definition__summary").order_by("-updated_at", "-id")
    step, listed = standing.next_steps(viewer), _list_of("client:your_assessments")
    return [
        Hit(
            run.name, way.url if (way := step(run)) else listed(viewer, [run.name]), run.definition.icon,
            f"{way.label if way else ui.STATUSES[run.status][2]} · {day_of(run.updated_at)}",
        )
        for run in standing.as_answered_by(viewer, rows[:most])
    ]  # fmt: skip


@search_provider(CLIENT, gettext_lazy("Library"), position=20, more=_list_of("client:library"))
def library(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find the cards of the viewer's Library by their name or what they are about."""
    if not viewer.can(Can.BROWSE_LIBRARY):
        return []
    rows = matching(cards.library_of(viewer), words, "name", "summary", "group__name").select_related("group")
    return [
        Hit(
            row.name, reverse("client:library_card", args=[viewer.account.id, row.id]), row.icon,  # type: ignore[union-attr]
            _questions(row),
        )
        for row in best_first(rows, words, "name")[:most]
    ]  # fmt: skip


@search_provider(CLIENT, gettext_lazy("All Available Assessments"), position=25)
def available(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find what the viewer may see beside the Library, and say of what is kept for others how to get it."""
    if not viewer.can(Can.BROWSE_LIBRARY):
        return []
    beside = cards.available_to(viewer).exclude(pk__in=cards.library_of(viewer).values("pk"))
    found = matching(beside, words, "name", "summary", "group__name").select_related("group")
    rows = list(best_first(found, words, "name")[:most])
    kept = access_requests.standings(viewer, [row.id for row in rows]) if rows else {}
    return [
        Hit(
            row.name, reverse("client:available_card", args=[viewer.account.id, row.id]), row.icon,  # type: ignore[union-attr]
            kept[row.id].label if row.id in kept else _questions(row),
        )
        for row in rows
    ]  # fmt: skip


def _questions(row: Definition) -> str:
    return ngettext("%(count)d question", "%(count)d questions", row.question_count) % {"count": row.question_count}


@search_provider(CLIENT, gettext_lazy("Findings"), position=30)
def found_weaknesses(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find findings of released results by their title, the worst first."""
    if not viewer.can(Can.VIEW_RESULTS):
        return []
    rows = matching(findings.of_account(viewer), words, "title").select_related("assessment")
    page = reverse("client:findings", args=[viewer.account.id])  # type: ignore[union-attr]
    return [
        Hit(
            row.title, f"{page}?{urlencode({'view': 'all', 'run': row.assessment_id})}#finding-{row.id}",
            "shield-check", row.assessment.name,
        )
        for row in rows.defer("assessment__progress")[:most]
    ]  # fmt: skip


@search_provider(CLIENT, gettext_lazy("Reports"), position=40)
def reports(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find the newest edition of each report the account may read, by its name and the run it is about."""
    if not viewer.can(Can.VIEW_REPORTS):
        return []
    newest = editions.latest_of(editions.for_client(viewer).order_by()).values("pk")
    rows = matching(editions.for_client(viewer).filter(pk__in=newest), words, "template_name", "assessment__name")
    return [
        Hit(
            row.template_name, reverse("client:report", args=[row.account_id, row.id]), "report-analytics",
            f"{row.assessment.name} · {day_of(row.created_at)}",
        )
        for row in rows.defer("content", "assessment__progress")[:most]
    ]  # fmt: skip


@search_provider(CLIENT, gettext_lazy("Colleagues"), position=50, more=_list_of("client:colleagues"))
def colleagues(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find the people of the company, for who may see them all."""
    if not viewer.can(Can.VIEW_COLLEAGUES):
        return []
    listed = _list_of("client:colleagues")
    rows = matching(company.colleagues_of(viewer, ""), words, "called", emails="user__email")
    return [
        Hit(row.user.name, listed(viewer, [row.user.name]), "user", row.user.email)
        for row in best_first(rows, words, "called")[:most]
    ]


@search_provider(CLIENT, gettext_lazy("Sites"), position=60)
def sites(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find the company's sites, or those one oversees."""
    if not viewer.can(Can.VIEW_OWN_SITES):
        return []
    rows = matching(company.sites_of(viewer), words, "name", "city")
    return [
        Hit(row.name, reverse("client:site", args=[row.account_id, row.id]), "map-pin", row.city)
        for row in best_first(rows, words, "name")[:most]
    ]
