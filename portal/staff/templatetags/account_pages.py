"""The head that all pages of one account share: names and facts, actions, tabs. Pages of every app load it."""

from typing import Any

from django import template
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.industry import industries
from accounts.models import Account, Contact, Membership, Site
from accounts.register import coverage
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import Assessment

register = template.Library()

# By sector of NAICS 2022.
INDUSTRY_ICONS = {
    "11": "tractor",
    "21": "pick",
    "22": "plug-connected",
    "23": "building",
    "31-33": "building-factory-2",
    "42": "truck-delivery",
    "44-45": "building-store",
    "48-49": "truck-delivery",
    "52": "building-bank",
    "53": "building",
    "54": "scale",
    "61": "school",
    "62": "stethoscope",
}


@register.inclusion_tag("portal/staff/_account_head.html", takes_context=True)
def account_head(context: dict[str, Any], current: str) -> dict[str, Any]:
    """This will draw the head of the viewer's account with the tab `current` marked, in two queries."""
    viewer: Viewer = context["viewer"]
    account = viewer.account
    assert account is not None
    counts = _counts(viewer, account)
    executives = coverage.executives_of(viewer, [account.id])[account.id]
    return {
        "account": account,
        "industry": account.industry_label,
        "industry_icon": _icon(account.industry),
        "sites": counts["sites"],
        "executive": executives[0].name if executives else "",
        "is_own": viewer.user in executives,
        "tabs": _tabs(viewer, account, current, counts),
        "may_preview": viewer.can(Can.VIEW_AS_CLIENT),
        "may_assign": viewer.can(Can.ASSIGN_DEFINITIONS),
        "may_edit": viewer.can(Can.EDIT_ACCOUNT),
        "may_manage_people": viewer.can(Can.MANAGE_PEOPLE),
        "may_delete": viewer.can(Can.DELETE_ACCOUNTS),
        "csrf_token": context.get("csrf_token"),
    }


def _icon(industry: str) -> str:
    return (
        INDUSTRY_ICONS.get(industries.sector(industry), "briefcase") if industries.is_valid(industry) else "briefcase"
    )


def _tabs(viewer: Viewer, account: Account, current: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    tabs = [_tab("overview", _("Overview"), "staff:account_overview", account)]
    if viewer.can(Can.FOLLOW_ANSWERS):
        tabs.append(_tab("assessments", _("Assessments"), "staff:account_assessments", account, counts["assessments"]))
        tabs.append(_tab("findings", _("Findings"), "staff:account_findings", account))
    if viewer.can(Can.PREPARE_REPORTS):
        tabs.append(_tab("reports", _("Reports"), "staff:account_reports", account))
    if viewer.can(Can.ASSIGN_DEFINITIONS):
        tabs.append(_tab("library", _("Library"), "staff:account_library", account))
    if viewer.can(Can.VIEW_PEOPLE):
        tabs.append(_tab("contacts", _("Contacts"), "staff:contacts", account, counts["contacts"]))
        tabs.append(_tab("people", _("People & permissions"), "staff:people", account, counts["people"]))
    if viewer.can(Can.CONFIGURE_DASHBOARD):
        tabs.append(_tab("dashboard", _("Dashboard"), "staff:dashboard", account))
    if viewer.can(Can.VIEW_PEOPLE):
        tabs.append(_tab("activity", _("Activity"), "staff:account_activity", account))
    return [tab | {"current": tab["key"] == current} for tab in tabs]


def _tab(key: str, label: str, name: str, account: Account, count: int | None = None) -> dict[str, Any]:
    return {"key": key, "label": label, "url": reverse(name, args=[account.id]), "count": count}


def _counts(viewer: Viewer, account: Account) -> dict[str, int]:
    tables = {"sites": Site, "people": Membership, "assessments": Assessment, "contacts": Contact}
    row = Account.objects.visible_to(viewer).filter(pk=account.pk)
    return row.values(**{name: _count(viewer, model) for name, model in tables.items()}).get()


def _count(viewer: Viewer, model: Any) -> Coalesce:
    rows = model.objects.visible_to(viewer).filter(account_id=OuterRef("pk")).order_by()
    rows = (rows.current() if model is Contact else rows).values("account_id")
    return Coalesce(Subquery(rows.annotate(count=Count("*")).values("count")), 0)
