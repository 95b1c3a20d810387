"""The styleguide: every component in every state on one page, for the people who build pages and for the tests.

Its words are examples, not part of the product, so they are not translated.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.web import charts, pagination, toasts
from portal.web.templatetags import ui

ZONES = (
    {"label": "At risk", "from": 0, "to": 40, "tone": "b1"},
    {"label": "Developing", "from": 40, "to": 60, "tone": "b2"},
    {"label": "Managed", "from": 60, "to": 80, "tone": "b3"},
    {"label": "Strong", "from": 80, "to": 100, "tone": "b4"},
)
MATURITY = (
    {"label": "Initial", "from": 0, "to": 1, "tone": "b1"},
    {"label": "Defined", "from": 1, "to": 2, "tone": "b2"},
    {"label": "Mature", "from": 2, "to": 3, "tone": "b4"},
)
AREAS = (
    {"label": "Governance & policy", "value": 72, "benchmark": 61},
    {"label": "Identity & access", "value": 58, "benchmark": 63},
    {"label": "Endpoint protection", "value": 81, "benchmark": 70},
    {"label": "Backup & recovery", "value": None, "benchmark": 58},
    {"label": "Network security", "value": 38, "benchmark": 60},
    {"label": "Email & phishing", "value": 77, "benchmark": None},
)
LONG_AREAS = tuple(
    {"label": label, "value": value, "benchmark": 1.5}
    for label, value in (
        ("Strategy and metrics", 2.1),
        ("Policy and compliance", 1.4),
        ("Education and guidance", 0.9),
        ("Threat assessment", 2.6),
        ("Security requirements", 1.8),
        ("Telecommunications infrastructure", 0.4),
        ("Implementation", None),
        ("Incident management", 2.9),
    )
)
COLOURS = (
    ("bg", "Page"),
    ("surface", "Surface"),
    ("surface-2", "Surface 2"),
    ("sunken", "Sunken"),
    ("brand-solid", "Brand"),
    ("brand-soft", "Brand soft"),
    ("info-soft", "Info"),
    ("success-soft", "Success"),
    ("warn-soft", "Warning"),
    ("danger-soft", "Danger"),
    ("review-soft", "Review"),
    ("neutral-soft", "Neutral"),
)


class SpecimenForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="Account name", help_text="As the client writes it.", max_length=60)
    email = forms.EmailField(label="Contact's email", required=False)
    password = forms.CharField(label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "off"}))
    industry = forms.ChoiceField(
        label="Industry",
        choices=[("", "Choose one"), ("62", "Health care"), ("52", "Finance")],
        help_text="NAICS 2022.",
    )
    size = forms.ChoiceField(
        label="Size", choices=[("s", "Up to 50 people"), ("m", "51 to 500"), ("l", "More")], widget=forms.RadioSelect
    )
    sites = forms.MultipleChoiceField(
        label="Sites",
        choices=[("leeds", "Leeds"), ("york", "York")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    due_on = forms.DateField(label="Due", widget=forms.DateInput(attrs={"placeholder": "2026-11-21"}))
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(label="I have told the client", help_text="They get a mail with the link.")
    weekly = forms.BooleanField(
        label="Weekly summary", widget=forms.CheckboxInput(attrs={"role": "switch"}), required=False
    )


def styleguide(request: HttpRequest) -> HttpResponse:
    """This will show the styleguide; asked by htmx for a toast, it answers only that."""
    if "toast" in request.GET and getattr(request, "htmx", None):
        return toasts.show(HttpResponse(status=204), "Reminder sent to 2 people.")
    return render(request, "styleguide/index.html", _specimens(request))


def _specimens(request: HttpRequest) -> dict[str, Any]:
    wrong = SpecimenForm({"name": "", "email": "priya@", "size": "s", "due_on": "soon"}, auto_id="wrong_%s")
    locked = SpecimenForm(initial={"name": "Northwind Dental", "size": "s", "weekly": True}, auto_id="locked_%s")
    for field in locked.fields.values():
        field.disabled = True
    return {
        "colours": COLOURS,
        "statuses": list(ui.STATUSES),
        "tones": ["neutral", "info", "success", "warn", "danger", "review", "brand"],
        "tiles": [("t0", "inbox"), ("t1", "shield-lock"), ("t2", "heartbeat"), ("t3", "users-group"), ("t4", "scale")]
        + [("t5", "cloud-lock"), ("t6", "restore")],
        "form": SpecimenForm(auto_id="plain_%s"),
        "wrong": wrong,
        "locked": locked,
        "has_errors": False,
        "times": _times(),
        "page": pagination.paginate(range(312), request),
        "rows": _rows(),
        "lines": _lines(),
        "charts": _charts(),
        "areas": AREAS,
        **_frame(),
    }


def _times() -> dict[str, Any]:
    now = timezone.now()
    return {
        "now": now,
        "minutes": now - timedelta(minutes=35),
        "hours": now - timedelta(hours=5),
        "days": now - timedelta(days=2),
        "months": now - timedelta(days=50),
    }


def _rows() -> list[dict[str, Any]]:
    now = timezone.now()
    names = (
        ("Cyber resilience", "shield-lock", "t1", "in_progress", 18, 42, None, 0),
        ("Phishing and security culture", "users-group", "t3", "not_started", 0, 18, None, 26),
        ("Ransomware readiness", "lock-exclamation", "t4", "results_review", 24, 24, 64, 18),
        ("HIPAA Security Rule", "heartbeat", "t2", "closed", 68, 68, 81, 50),
    )
    keys = ("title", "symbol", "tone", "status", "done", "total", "score")
    return [dict(zip(keys, row[:7], strict=True)) | {"updated": now - timedelta(days=row[7])} for row in names]


def _lines() -> list[dict[str, Any]]:
    return [
        {"what": "Firewall, installed", "quantity": 1, "each": Decimal("3900"), "sum": Decimal("3900")},
        {"what": "Support, per month", "quantity": 12, "each": Decimal("80"), "sum": Decimal("960")},
    ]


def _charts() -> dict[str, Any]:
    industry = {"value": 61, "label": "Industry"}
    trend = [49, 52, None, 57, 61, 60, 68]
    return {
        "gauge": charts.gauge(68, ZONES, label="Resilience score", benchmark=industry, uid="gauge-68"),
        "gauge_low": charts.gauge(0, ZONES, label="Lowest score", uid="gauge-low"),
        "gauge_high": charts.gauge(
            100, ZONES, label="Highest score", benchmark={"value": 97, "label": "Best of all"}, uid="gauge-high"
        ),
        "gauge_none": charts.gauge(None, ZONES, label="No score", benchmark=industry, uid="gauge-none"),
        "gauge_maturity": charts.gauge(1.42, MATURITY, label="Maturity", maximum=3, decimals=2, uid="gauge-maturity"),
        "bars": charts.area_bars(AREAS, ZONES, benchmark_label="industry average"),
        "radar": charts.radar(AREAS, label="Score by area", benchmark_label="industry average", uid="radar-six"),
        "radar_three": charts.radar(AREAS[:3], label="Three areas", uid="radar-three"),
        "radar_eight": charts.radar(LONG_AREAS, label="Eight areas", maximum=3, decimals=1, uid="radar-eight"),
        "spark": charts.sparkline(trend, label="Score over time"),
        "spark_wide": charts.sparkline(trend, label="Score over seven assessments", width=300, height=64),
        "rings": [charts.ring(share, label="Progress") for share in (0, 43, 100, None)],
    }


def _frame() -> dict[str, Any]:
    """This will be what the shells' pieces need, so that they can be shown without a signed-in person."""
    places = (("Home", "home", True), ("Library", "books", False), ("Your Assessments", "clipboard-check", False))
    items = [{"label": label, "icon": symbol, "url": "#main", "current": now} for label, symbol, now in places]
    waiting = {"label": "Tickets", "icon": "ticket", "url": "#main", "count": 1, "count_label": "waiting on you"}
    sections = (("Governance & policy", 8, 8), ("Endpoint protection", 2, 7), ("Backup & recovery", 0, 7))
    return {
        "navigation": [
            {"heading": "", "items": items[:1]},
            {"heading": "Assessments", "items": [items[1], items[2] | {"count": 2, "count_label": "open"}]},
            {"heading": "Support", "items": [waiting | {"alert": True}]},
        ],
        "tabbar": [*items, waiting | {"alert": True}],
        "breadcrumbs": [{"label": "Accounts", "url": "#main"}, {"label": "Northwind Dental", "url": ""}],
        "preview": {
            "account_name": "Northwind Dental",
            "viewpoint_label": "Priya Nair",
            "return_url": "#main",
            "minutes_left": 28,
        },
        "account_executive": {"name": "Sam Okafor", "email": "sam@harbor.example", "initials": "SO"},
        "palette": [{"label": label, "icon": symbol, "url": "#main"} for label, symbol, _ in places],
        "run": {
            "title": "Cyber resilience",
            "answered": 10,
            "total": 22,
            "others": [{"name": "Marcus Lee", "initials": "ML", "where": "on Backup"}],
            "sections": [
                {"label": label, "url": "#main", "answered": a, "total": t, "done": a == t, "current": 0 < a < t}
                for label, a, t in sections
            ],
        },
    }
