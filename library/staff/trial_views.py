"""Preview as respondent, and the links that let others do the same."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.links import TooManyLinks
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.staff.taking_back import take_back
from accounts.viewer import Viewer
from library import trial
from library.actions import preview_links
from library.models import Definition, DefinitionVersion, PreviewLink
from library.versions import whole_document_of
from portal.web import toasts
from portal.web.pages import go, page

from .trial_forms import PreviewLinkForm


@organization_view(Can.VIEW_DEFINITIONS, methods=("GET", "POST"))
def definition_trial(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will let one answer a version as a respondent would, with scores; nothing is saved."""
    versions = DefinitionVersion.objects.visible_to(viewer).filter(definition_id=definition).order_by("-number")
    number = request.GET.get("version", "")
    version = versions.filter(number=int(number[:6])).first() if number.isdecimal() else versions.first()
    if version is None:
        raise Http404
    document = whole_document_of(version)
    taken = trial.step(document, request.POST) if request.method == "POST" else trial.first(document)
    context = trial.page_of(taken, explained=True) | {
        "trial_url": request.get_full_path(),
        "exit_url": reverse("staff:definition", args=[definition]),
        "version": version,
        "explained": True,
    }
    return page(request, "library/trial.html", context, swap="trial", status=422 if taken.error else 200)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("GET", "POST"))
def definition_preview_links(request: HttpRequest, viewer: Viewer, definition: uuid.UUID) -> HttpResponse:
    """This will list the preview links of a definition, and make one."""
    found = get_object_or_404(Definition.objects.visible_to(viewer), pk=definition)
    form, token, status = PreviewLinkForm(request.POST or None), "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _link, token = preview_links.create(by=viewer, definition=found, days=form.cleaned_data["days"])
                form, status = PreviewLinkForm(), 200
            except TooManyLinks:
                form.add_error(None, _("Too many links of this definition work already. Revoke one of them first."))
    context = {
        "definition": found,
        "links": PreviewLink.objects.visible_to(viewer)
        .filter(definition=found)
        .select_related("created_by")
        .order_by("-created_at")[:100],
        "now": timezone.now(),
        "form": form,
        "new_url": request.build_absolute_uri(reverse("public_trial", args=[token])) if token else "",
        "breadcrumbs": [
            {"label": _("Assessment library"), "url": reverse("staff:definitions")},
            {"label": found.name, "url": reverse("staff:definition", args=[definition])},
            {"label": _("Preview links")},
        ],
    }
    response = page(request, "library/staff/preview_links.html", context, swap="links", status=status)
    # The token stands on this page only.
    response["Cache-Control"] = "no-store"
    return response


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def preview_link_revocation(
    request: HttpRequest, viewer: Viewer, definition: uuid.UUID, link: uuid.UUID
) -> HttpResponse:
    """This will end a preview link at once."""
    step = preview_links.revoke(by=viewer, link=_link_at(viewer, definition, link))
    ids = [definition, link]
    undo = toasts.Undo(reverse("staff:preview_link_return", args=[*ids, step.pk])) if step else None
    toasts.keep(request, _("The link no longer works."), undo=undo)
    return go(request, "staff:preview_links", definition=definition)


@organization_view(Can.DRAFT_DEFINITIONS, methods=("POST",))
def preview_link_return(
    request: HttpRequest, viewer: Viewer, definition: uuid.UUID, link: uuid.UUID, step: uuid.UUID
) -> HttpResponse:  # fmt: skip
    """This will let a preview link work again that was just revoked."""
    return take_back(
        request,
        lambda: preview_links.restore(by=viewer, link=_link_at(viewer, definition, link), step=step),
        lambda _none: go(request, "staff:preview_links", toast=_("The link works again."), definition=definition),
    )


def _link_at(viewer: Viewer, definition: uuid.UUID, link: uuid.UUID) -> PreviewLink:
    links = PreviewLink.objects.visible_to(viewer).filter(definition_id=definition).select_related("definition")
    return get_object_or_404(links, pk=link)
