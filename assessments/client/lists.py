"""Your Assessments and All Available Assessments: two tabs, each with its own address."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from assessments.lists import run_list
from assessments.models import Status
from library import access_requests, audiences, cards
from library.versions import document_of
from portal.web import addresses, markdown
from portal.web.addresses import origin_of
from portal.web.csv_export import attachment
from portal.web.pages import page
from portal.web.pagination import paginate
from portal.web.sorting import headings

CARDS = 60


@client_view(Can.USE_PORTAL)
def your_assessments(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list the account's assessments, 25 to a page."""
    chosen = run_list.Filter.of_query(request.GET)
    listed = paginate(run_list.runs_of(viewer, chosen), request)
    context = {
        "chosen": chosen,
        "statuses": Status.choices,
        "listed": listed,
        "rows": run_list.rows(viewer, listed),
        "headings": headings(request.GET, chosen.order, run_list.SORTABLE),
        "tabs": run_list.Tabs(viewer),
        "csv_query": request.GET.urlencode(),
        "origin": origin_of(request),
    }
    return page(request, "assessments/client/your_assessments.html", context)


@client_view(Can.USE_PORTAL)
def your_assessments_csv(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will give the assessments of the present filter as a file."""
    chosen = run_list.Filter.of_query(request.GET)
    name = f"assessments_{timezone.localdate():%Y-%m-%d}.csv"
    return attachment(name, run_list.table_head(), run_list.table(viewer, chosen))


@client_view(Can.BROWSE_LIBRARY)
def available(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show a card for everything the organization offers."""
    listed = paginate(cards.available_to(viewer).select_related("group"), request, CARDS)
    address = addresses.of_each("client:available_card", viewer.account.id)
    kept = access_requests.standings(viewer, [definition.id for definition in listed])
    context = {
        "listed": listed,
        "cards": [(definition, address(definition.id), kept.get(definition.id)) for definition in listed],
        "is_narrowed": audiences.is_narrowed(viewer),
        "tabs": run_list.Tabs(viewer),
    }
    return page(request, "assessments/client/available.html", context, swap="cards")


@client_view(Can.BROWSE_LIBRARY)
def available_card(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will describe one of them: a dialog over the cards, or a page of its own."""
    versions = cards.available_to(viewer).select_related("group", "published_version")
    card = get_object_or_404(versions.defer("published_version__document"), pk=definition)
    document = document_of(card.published_version)
    context = {
        "card": card,
        "description": markdown.render(document.description or document.summary),
        "attribution": document.attribution,
        "sample_report": document.sample_report,
        "may_launch": viewer.can(Can.LAUNCH_ASSESSMENTS),
        "access": access_requests.standing(viewer, card.id),
        "create_url": reverse("client:create_available", args=[viewer.account.id, card.id]),
        "breadcrumbs": _way_to(viewer, card.name),
    }
    return page(request, "assessments/client/available_card.html", context, swap="dialog")


def _way_to(viewer: Viewer, name: str) -> list[dict[str, str]]:
    everything = reverse("client:available", args=[viewer.account.id])
    return [{"label": _("All Available Assessments"), "url": everything}, {"label": name, "url": ""}]
