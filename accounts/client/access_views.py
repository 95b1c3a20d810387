"""Who can see our account: the access review as the account's Company Admins read it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.actions import access_reviews
from accounts.membership import access_review
from accounts.roles import Can
from accounts.rules import client_view
from accounts.viewer import Viewer
from portal.web.csv_export import attachment
from portal.web.pages import go, page
from portal.web.pagination import paginate

from .company_views import tabs


@client_view(Can.VIEW_COLLEAGUES, hidden=True)
def review(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list who can see the account, the provider's people too."""
    context = {
        "page": paginate(access_review.people(viewer), request),
        "guests": access_review.ways_in(viewer),
        "looks": access_review.looks(viewer),
        "last": access_review.last_review(viewer),
        "tabs": tabs(viewer, "access_review"),
    }
    return page(request, "accounts/client/access_review.html", context)


@client_view(Can.VIEW_COLLEAGUES, hidden=True)
def review_csv(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will give the list as a file."""
    name = access_review.name_of(viewer.account)
    return attachment(name, access_review.table_head(viewer), access_review.table(viewer))


@client_view(Can.VIEW_COLLEAGUES, methods=("POST",), hidden=True)
def review_confirmation(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will write down that the list was gone through."""
    access_reviews.confirm(by=viewer)
    return go(request, "client:access_review", toast=_("The review is noted."), account=viewer.account.id)
