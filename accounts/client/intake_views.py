"""The public pages of intake: a company fills in a form, nobody signs in, and nothing but the submission is stored."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.actions import intake
from accounts.intake import guards, walking
from accounts.models import IntakeForm
from accounts.rules import public
from accounts.visitors import visitor
from portal.web.pages import go

TEMPLATE = "accounts/intake/form.html"


@public(methods=("GET", "POST"))
def intake_form(request: HttpRequest, slug: str = "") -> HttpResponse:
    """This will show a form step by step and take what is sent: the default one, or the one with this address."""
    form = _form(request, slug)
    if not form.is_open:
        return render(request, "accounts/intake/closed.html", status=410)
    if request.method != "POST":
        return _page(request, walking.begin(form))
    walk = walking.step(form, request.POST)
    return _take(request, walk) if walk.wants_sending else _page(request, walk)


@public()
def intake_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """This will thank for what was sent, the same for everybody."""
    return render(request, "accounts/intake/sent.html", {"intake_form": _form(request, slug)})


def _form(request: HttpRequest, slug: str) -> IntakeForm:
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None:
        raise Http404
    form = walking.form_at(organization, slug)
    if form is None:
        raise Http404
    return form


def _page(request: HttpRequest, walk: walking.Walk, too_many: guards.TooMany | None = None) -> HttpResponse:
    context = walk.context() | {"url": reverse("intake_form", args=[walk.form.slug]), "too_many": too_many}
    status = 429 if too_many else 422 if walk.has_mistakes else 200
    response = render(request, TEMPLATE, context, status=status)
    # Going back with the browser finds what was typed; nothing here is anybody else's.
    response["Cache-Control"] = "private, max-age=0"
    if too_many:
        response["Retry-After"] = str(too_many.seconds)
    return response


def _take(request: HttpRequest, walk: walking.Walk) -> HttpResponse:
    form = walk.form
    sent = intake.Sent(
        values=walk.fields.values(),
        opened=walk.opened,
        trap=walk.trap,
        mark=guards.mark_of(form.organization, visitor(request)),
        consent=walking.read_consent(form, walk.fields.cleaned_data),
    )
    try:
        intake.receive(form=form, sent=sent)
    except guards.TooMany as error:
        return _page(request, walk, error)
    return go(request, "intake_sent", slug=form.slug)
