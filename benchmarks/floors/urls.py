"""The floors' addresses, and the addresses their pages link to."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks.floors import minimal, tuned

FLOORS = {"minimal": minimal.VIEWS, "tuned": tuned.VIEWS}
# What a floor of a page needs to know, by the page's key: names of `benchmarks.pages.facts`.
NEEDS = {
    "home": ("account",),
    "library": ("account",),
    "search": ("account",),
    "yours": ("account",),
    "question": ("Taking 90",),
    "question_long": ("Taking long",),
    "save": ("Saving 90",),
    "save_long": ("Saving long",),
    "results": ("Released 90",),
    "overview": ("executive",),
    "accounts": ("admin",),
    "account": ("account",),
    "assessments": ("account",),
    "yours_deep": ("deep_account",),
    "overview_wide": ("wide_executive",),
}


def address_of(floor: str, page: str, facts: Mapping[str, str]) -> str:
    """This will return where a floor serves its edition of a page, "" when it has none."""
    if page not in FLOORS[floor]:
        return ""
    return f"/{floor}/{page}/{'/'.join(facts[name] for name in NEEDS[page])}/"


def nowhere(request: HttpRequest, **parts: str) -> HttpResponse:
    """This will stand for the pages that are only linked to."""
    return HttpResponse("ok")


LINKED = {
    "home": "portal/<uuid:account>/",
    "library": "portal/<uuid:account>/library/",
    "library_card": "portal/<uuid:account>/library/<uuid:definition>/",
    "launch": "portal/<uuid:account>/library/<uuid:definition>/launch/",
    "yours": "portal/<uuid:account>/assessments/",
    "available": "portal/<uuid:account>/assessments/available/",
    "take": "portal/<uuid:account>/assessments/<uuid:assessment>/",
    "set_up": "portal/<uuid:account>/assessments/<uuid:assessment>/set-up/",
    "question": "portal/<uuid:account>/assessments/<uuid:assessment>/questions/<str:key>/",
    "results": "portal/<uuid:account>/assessments/<uuid:assessment>/results/",
    "overview": "staff/",
    "accounts": "staff/accounts/",
    "definitions": "staff/definitions/",
    "account": "staff/accounts/<uuid:account>/",
    "people": "staff/accounts/<uuid:account>/people/",
    "assessments": "staff/accounts/<uuid:account>/assessments/",
    "assessment": "staff/accounts/<uuid:account>/assessments/<uuid:assessment>/",
}

urlpatterns = [
    path("healthz", nowhere),
    *(path(route, nowhere, name=name) for name, route in LINKED.items()),
    *(path(f"{floor}/{page}/<uuid:pk>/", view) for floor, views in FLOORS.items() for page, view in views.items()),
]
