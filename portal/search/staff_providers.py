"""What staff can find: of the accounts they look after, and of the organization what their abilities open."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account, Contact, Membership
from accounts.roles import Can, Role
from accounts.staff import settings_frame
from accounts.viewer import Viewer
from assessments.models import Assessment, ReportTemplate
from assessments.results import findings
from library.models import Definition
from portal.web.templatetags import ui

from .matching import best_first, day_of, matching, where
from .registry import STAFF, Hit, search_provider


def _list_of(name: str):
    return lambda _viewer, words: f"{reverse(name)}?{urlencode({'q': ' '.join(words)})}"


@search_provider(STAFF, gettext_lazy("Accounts"), position=10, more=_list_of("staff:accounts"))
def accounts(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find accounts by their name."""
    rows = matching(Account.objects.visible_to(viewer), words, "name")
    return [
        Hit(row.name, row.get_absolute_url(), "building", _("Archived") if row.archived_at else row.industry_label)
        for row in best_first(rows, words, "name")[:most]
    ]


@search_provider(STAFF, gettext_lazy("People"), position=20)
def people(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find people of the accounts by their name or email."""
    rows: Any = Membership.objects.visible_to(viewer).filter(where(viewer, Can.VIEW_PEOPLE), account__deleted_at=None)
    rows = matching(rows.filter(account__isnull=False).named(), words, "called", emails="user__email")
    rows = best_first(rows.select_related("user", "account").defer("user__password"), words, "called")
    may_open = Can.MANAGE_PEOPLE.value in viewer.organization_abilities
    return [
        Hit(
            row.user.name,
            reverse("staff:person", args=[row.account_id, row.id]) if may_open
            else reverse("staff:people", args=[row.account_id]),
            "user",
            f"{row.account.name} · {Role(row.role).label}",
        )
        for row in rows[:most]
    ]  # fmt: skip


@search_provider(STAFF, gettext_lazy("Contacts"), position=30)
def contacts(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find contacts without a login; who has one is found among the people."""
    rows: QuerySet = Contact.objects.visible_to(viewer).current().filter(where(viewer, Can.VIEW_PEOPLE), user=None)
    rows = matching(rows.filter(account__deleted_at=None), words, "name", "phone", emails="email")
    return [
        Hit(row.name, reverse("staff:contacts", args=[row.account_id]) + f"?{urlencode({'q': row.name})}", "id",
            " · ".join(part for part in (row.account.name, row.job_title) if part))
        for row in best_first(rows.select_related("account"), words, "name")[:most]
    ]  # fmt: skip


@search_provider(STAFF, gettext_lazy("Assessments"), position=40, more=_list_of("staff:assessments"))
def runs(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find runs by their name, those that changed last on top.

    Which they are is read from the index assessments_to_search alone, whole rows only of those.
    """
    rows = Assessment.objects.visible_to(viewer).filter(where(viewer, Can.FOLLOW_ANSWERS))
    latest = matching(rows, words, "name").order_by("-updated_at", "-id").values("pk")[:most]
    rows = Assessment.objects.visible_to(viewer).filter(pk__in=latest).select_related("account", "definition")
    rows = rows.defer("progress", "definition__summary").order_by("-updated_at", "-id")
    return [
        Hit(
            row.name, reverse("staff:assessment", args=[row.account_id, row.id]), row.definition.icon,
            f"{row.account.name} · {ui.STATUSES[row.shown_status][2]} · {day_of(row.updated_at)}",
        )
        for row in rows
    ]  # fmt: skip


@search_provider(STAFF, gettext_lazy("Findings"), position=50)
def found_weaknesses(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find findings by their title, the worst first."""
    rows = findings.of_account(viewer).filter(where(viewer, Can.FOLLOW_ANSWERS))
    rows = matching(rows, words, "title").select_related("account", "assessment").defer("assessment__progress")
    return [
        Hit(
            row.title,
            f"{reverse('staff:run_findings', args=[row.account_id, row.assessment_id])}#finding-{row.id}",
            "shield-check",
            f"{row.account.name} · {row.assessment.name}",
        )
        for row in rows[:most]
    ]


@search_provider(STAFF, gettext_lazy("Assessment library"), position=60, more=_list_of("staff:definitions"))
def definitions(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find definitions by their name."""
    if Can.VIEW_DEFINITIONS.value not in viewer.organization_abilities:
        return []
    rows = matching(Definition.objects.visible_to(viewer), words, "name")
    return [
        Hit(row.name, reverse("staff:definition", args=[row.id]), row.icon, str(ui.STATUSES[row.state][2]))
        for row in best_first(rows, words, "name")[:most]
    ]


@search_provider(STAFF, gettext_lazy("Report templates"), position=70)
def report_templates(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find report templates by their name."""
    if Can.MANAGE_REPORT_TEMPLATES.value not in viewer.organization_abilities:
        return []
    rows = matching(ReportTemplate.objects.visible_to(viewer), words, "name")
    return [
        Hit(row.name, reverse("staff:report_template", args=[row.id]), "report-analytics", row.get_kind_display())
        for row in best_first(rows, words, "name")[:most]
    ]


@search_provider(STAFF, gettext_lazy("Settings"), position=80)
def settings(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will find pages of the settings by their name."""
    pages = [
        Hit(str(label), reverse(name), icon, _("Settings"))
        for name, label, icon, ability in settings_frame.PAGES
        if ability.value in viewer.organization_abilities
    ]
    return [page for page in pages if all(word.lower() in page.label.lower() for word in words)][:most]


@search_provider(STAFF, gettext_lazy("Actions"), position=90)
def actions(viewer: Viewer, words: Sequence[str], most: int) -> list[Hit]:
    """This will offer to view the portal as the client of an account that was named."""
    rows = Account.objects.visible_to(viewer).current().filter(where(viewer, Can.VIEW_AS_CLIENT, "id"))
    label = _("View as Client: %(account)s")
    return [
        Hit(label % {"account": row.name}, reverse("staff:preview", args=[row.id]), "eye")
        for row in best_first(matching(rows, words, "name"), words, "name")[: min(most, 3)]
    ]
