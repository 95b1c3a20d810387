"""Three screens as they would look with a brand that is not saved: the portal's own templates, for frames of the editor."""

import re
from typing import Any

from allauth.account.forms import LoginForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.brand import appearance
from accounts.mail import letters, mailing
from accounts.models import Organization
from accounts.viewer import Viewer
from portal.web import charts

# As the portal's own, but it may stand in a frame of the portal.
_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
# A mail is styled in its markup (docs/decisions/0016): here too it is a document in a sandbox that runs nothing.
_MAIL_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
# A preview is a picture: it runs nothing and takes no focus.
_MOVING = re.compile(rb"<script\b[^>]*></script>| autofocus\b")


def labels() -> list[tuple[str, str]]:
    """This will name the screens, in the order they stand in."""
    return [("home", _("Home of a client")), ("sign-in", _("Sign in")), ("mail", _("Email"))]


def draw(request: HttpRequest, viewer: Viewer, screen: str, shown: Organization, *, theme: str) -> HttpResponse:
    """This will draw a screen of an organization that is not saved. Raises Http404 for a screen there is not."""
    theme = "dark" if theme == "dark" else "light"
    if screen == "mail":
        return _framed(HttpResponse(_mail(shown, theme)), _MAIL_POLICY)
    look = appearance.of(shown)
    frame = {"organization": shown, "look": look, "brand_css_url": look.css_url, "theme": theme, "preview": None}
    if screen == "sign-in":
        context = {"form": LoginForm(request=request), "viewer": None}
        return _framed(render(request, "account/login.html", frame | context), _POLICY)
    if screen == "home":
        return _framed(render(request, "accounts/staff/branding_home.html", frame | _home(viewer)), _POLICY)
    raise Http404


def _framed(response: HttpResponse, policy: str) -> HttpResponse:
    response.content = _MOVING.sub(b"", response.content)
    response["Content-Security-Policy"] = policy
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "no-store, private"
    return response


def _home(viewer: Viewer) -> dict[str, Any]:
    rooms = [
        _item(_("Library"), "books"),
        _item(_("Your assessments"), "clipboard-check") | {"count": 2},
        _item(_("Findings"), "shield-check"),
        _item(_("Reports"), "report-analytics"),
    ]
    home = _item(_("Home"), "home") | {"current": True}
    person = viewer.user
    return {
        "viewer": {"shown_name": _("Alex Morgan")},
        "account": {"name": _("Sample company")},
        "home_url": "#",
        "navigation": [{"heading": "", "items": [home]}, {"heading": _("Assessments"), "items": rooms}],
        "tabbar": [],
        "palette": [home],
        "user_menu": [],
        "account_executive": {"name": person.name, "email": person.email, "initials": person.initials}
        if person
        else None,
        "gauge": _gauge(),
        "radar": _radar(),
    }


def _gauge() -> SafeString:
    zones = [
        {"label": _("At risk"), "from": 0, "to": 40, "tone": "b1"},
        {"label": _("Developing"), "from": 40, "to": 60, "tone": "b2"},
        {"label": _("Managed"), "from": 60, "to": 80, "tone": "b3"},
        {"label": _("Strong"), "from": 80, "to": 100, "tone": "b4"},
    ]
    benchmark = {"label": _("Industry"), "value": 61}
    return charts.gauge(68, zones, label=_("Overall score"), benchmark=benchmark)


def _radar() -> SafeString:
    areas = (
        (_("Governance"), 72, 61),
        (_("Access"), 58, 74),
        (_("Endpoints"), 81, 66),
        (_("Backup"), 66, 60),
        (_("Network"), 48, 62),
        (_("Email"), 77, 70),
    )
    rows = [{"label": name, "value": own, "benchmark": other} for name, own, other in areas]
    return charts.radar(rows, label=_("Score by area"), benchmark_label=_("Industry"))


def _item(label: str, icon: str) -> dict[str, Any]:
    return {"label": label, "url": "#", "icon": icon, "current": False, "count": 0, "count_label": ""}


def _mail(shown: Organization, theme: str) -> str:
    content = mailing.Content(
        subject=_("An assessment waits for you"),
        parts=(
            mailing.Heading(_("Your assessment is ready")),
            mailing.Paragraph(
                _("Hello Alex, your Account Executive has prepared an assessment. It takes about 15 minutes.")
            ),
            mailing.Facts(((_("Assessment"), _("Cyber resilience")), (_("Due"), _("In two weeks")))),
            mailing.Button(_("Start the assessment"), "https://portal.example/assessment"),
        ),
        why=_("You get this because you are asked to answer."),
    )
    html = letters.as_html(shown, content, origin="")
    # A frame cannot ask for the other theme: what a mail says for dark screens is said for all of them, or for none.
    return html.replace("(prefers-color-scheme: dark)", "all" if theme == "dark" else "not all")
