"""The door of Django's own admin: for operators of the installation, who are nobody's tenant."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

View = Callable[..., HttpResponse]


def guard(site: AdminSite) -> None:
    """This will make operators sign in where everybody does: Django's own form would take any number of guesses. For
    everybody else who is signed in, there is no such place."""
    views = site.admin_view
    site.login = secure_admin_login(_only(site.login))  # type: ignore[method-assign]
    site.admin_view = lambda view, cacheable=False: _only(views(view, cacheable))  # type: ignore


def _only(view: View) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped
