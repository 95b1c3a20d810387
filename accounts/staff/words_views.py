"""Settings → Words: what the organization calls what we call otherwise."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.actions import words as actions
from accounts.brand import terminology
from accounts.roles import Can
from accounts.rules import organization_view
from accounts.viewer import Viewer
from portal.web.pages import go, page

from .brand_forms import WordsForm
from .settings_frame import frame

TEMPLATE = "accounts/staff/words.html"


@organization_view(Can.MANAGE_SETTINGS, ("GET", "POST"), hidden=True)
def words(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will show each term with a sentence it stands in, and save the organization's own words for them."""
    stored = viewer.organization.terminology
    if request.method == "GET":
        return _page(request, viewer, WordsForm(words=stored), stored, actions.mark_of(stored))
    form, seen = WordsForm(request.POST, words=stored), request.POST.get("seen", "")
    typed = {} if "reset" in request.POST else form.typed()
    try:
        shown = terminology.cleaned(typed)
        if "save" not in request.POST and "reset" not in request.POST:
            return _page(request, viewer, form, shown, seen)
        actions.save(by=viewer, seen=seen, typed=typed)
    except ValidationError as error:
        form.is_valid()
        for field, messages in error.message_dict.items():
            form.add_error(field, messages)
        return _page(request, viewer, form, stored, seen, status=422)
    except actions.WordsChanged as changed:
        return _page(request, viewer, form, shown, actions.mark_of(changed.standing), changed.standing, status=409)
    toast = (
        _("Our words are back everywhere.")
        if "reset" in request.POST
        else _("The words are saved, and used everywhere.")
    )
    return go(request, "staff:words", toast=toast)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    form: WordsForm,
    shown: dict[str, list[str]],
    seen: str,
    conflict: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "rows": form.rows(shown),
        "seen": seen,
        "has_own": bool(viewer.organization.terminology),
        "is_conflict": conflict is not None,
        "conflict": [(terminology.BY_KEY[key].one, " / ".join(said)) for key, said in (conflict or {}).items()],
        "is_unsaved": form.is_bound,
        **frame(viewer, "staff:words"),
    }
    return page(request, TEMPLATE, context, swap="words-list", status=status)
