"""Who can see the account and why: the question about one person and one thing, and the review of everybody."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts import breadcrumbs
from accounts.actions import access_reviews
from accounts.membership import access_review
from accounts.roles import Can
from accounts.rules import staff_view
from accounts.viewer import Viewer
from portal.web.csv_export import attachment
from portal.web.pages import go, page
from portal.web.pagination import paginate

from .access_question import Question
from .people_views import people_crumb


@staff_view(Can.VIEW_PEOPLE)
def access_question(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will answer why a person can or cannot see a thing of the account, once both are chosen."""
    way = breadcrumbs.to_account(viewer.account, people_crumb(viewer), _("Why can or can’t"))
    context = {"question": Question.of_query(viewer, request.GET), "breadcrumbs": way}
    return page(request, "accounts/staff/access_question.html", context, swap="question")


@staff_view(Can.VIEW_PEOPLE)
def review(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will list who can see the account, and why."""
    found = paginate(access_review.people(viewer), request)
    context = {
        "page": found,
        "guests": access_review.ways_in(viewer),
        "looks": access_review.looks(viewer),
        "last": access_review.last_review(viewer),
        "may_confirm": viewer.can(Can.MANAGE_ACCESS),
        "breadcrumbs": breadcrumbs.to_account(viewer.account, people_crumb(viewer), _("Access review")),
    }
    return page(request, "accounts/staff/access_review.html", context)


@staff_view(Can.VIEW_PEOPLE)
def review_csv(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will give the whole review as a file."""
    name = access_review.name_of(viewer.account)
    return attachment(name, access_review.table_head(viewer), access_review.table(viewer))


@staff_view(Can.MANAGE_ACCESS, methods=("POST",))
def review_confirmation(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """This will write down that the review was gone through."""
    access_reviews.confirm(by=viewer)
    return go(request, "staff:access_review", toast=_("The review is noted."), account=viewer.account.id)
