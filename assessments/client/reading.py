"""One question at a time or whole sections: which a person reads, remembered in a cookie as the theme is."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from assessments.models import Assessment

COOKIE = "answering"
WHOLE, SINGLE = "section", "question"
_A_YEAR = 60 * 60 * 24 * 365


def is_whole(request: HttpRequest) -> bool:
    """This will say whether the person chose to see whole sections."""
    return request.COOKIES.get(COOKIE) == WHOLE


def remembered(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """This will keep the choice that a link with `?view=` made."""
    chosen = request.GET.get("view", "")
    if chosen in (WHOLE, SINGLE):
        response.set_cookie(
            COOKIE, chosen, max_age=_A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )  # fmt: skip
    return response


def ahead_url(run: Assessment, section: str) -> str:
    """This will return where the forms of a section are fetched for when the network is gone."""
    return reverse("client:ahead", args=[run.account_id, run.pk, section])


def flag_url(run: Assessment, key: str) -> str:
    return reverse("client:flag", args=[run.account_id, run.pk, key])
