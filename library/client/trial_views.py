"""Trying a definition through a preview link: no sign-in, nothing saved, and nothing of the portal around it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.rules import public
from library import trial
from library.actions import preview_links
from library.previewed import version_behind
from library.versions import whole_document_of
from portal.web.pages import page


@public(methods=("GET", "POST"))
def public_trial(request: HttpRequest, token: str) -> HttpResponse:
    """This will let whoever has the link answer the definition as a respondent would."""
    organization = request.organization  # type: ignore[attr-defined]
    link = preview_links.found(organization, token) if organization else None
    if link is None:
        raise Http404
    version = version_behind(link)
    if link.revoked_at or link.expires_at <= timezone.now() or version is None:
        return _unlisted(render(request, "errors/410.html", status=410))
    document = whole_document_of(version)
    if request.method == "POST":
        taken = trial.step(document, request.POST)
    else:
        preview_links.note_opening(link)
        taken = trial.first(document)
    context = trial.page_of(taken, explained=False) | {"trial_url": request.path, "version": version}
    status = 422 if taken.error else 200
    return _unlisted(page(request, "library/trial.html", context, swap="trial", status=status))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
