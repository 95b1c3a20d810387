"""What every Undo of a removal answers."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.actions.undoing import TooLate


def take_back(request: HttpRequest, act: Callable[[], Any], answer: Callable[[Any], HttpResponse]) -> HttpResponse:
    """This will do an undo and answer what it brought back; when that is no longer possible, 409 with the reason."""
    try:
        brought_back = act()
    except TooLate:
        words = _("This cannot be taken back any more: it is too long ago, or it has changed since.")
    except ValidationError as error:
        words = " ".join(error.messages)
    else:
        return answer(brought_back)
    return render(request, "errors/409.html", {"explanation": words}, status=409)
