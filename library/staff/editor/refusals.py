"""What a page of the editor answers when the draft is gone or has changed under it: 409, in words, nothing lost."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from library.actions.drafts import ChangedSince, NoSuchPart, NotADraft, Refused, Stale
from portal.web.pages import wants_fragment


class RefusalsMiddleware:
    """This will turn what the actions on drafts refuse into an answer, where a view has nothing better to say."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        explanation = _words(exception)
        if not explanation:
            return None
        if not wants_fragment(request):
            return render(request, "errors/409.html", {"explanation": explanation}, status=409)
        # What was typed stays on the page; the reason is shown above it.
        context = {"explanation": explanation, "is_gone": isinstance(exception, NotADraft)}
        response = render(request, "library/staff/editor/_refusal.html", context, status=409)
        response["HX-Retarget"], response["HX-Reswap"] = "#editor-refusal", "outerHTML"
        response["HX-Reselect"] = "#editor-refusal"
        return response


def _words(exception: Exception) -> str:
    if isinstance(exception, NotADraft):
        return _("There is no draft of this definition any more. Somebody may have published or deleted it.")
    if isinstance(exception, NoSuchPart | Stale):
        return _("Somebody removed this from the draft meanwhile. Nothing was changed.")
    if isinstance(exception, ChangedSince):
        return _("This was changed again since, so it cannot be undone any more.")
    if isinstance(exception, Refused):
        return " ".join(problem.message for problem in exception.problems)
    return ""
