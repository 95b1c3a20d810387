"""What a leaver still owns in assessments: runs they started, answer or asked back about, what they promised to do, what
comes back in their name, links they made.

Everything changes hands account by account: whoever takes it over has to be somebody of that account.
"""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from accounts.membership import belongings, successors
from accounts.membership.belongings import Belonging, Choice
from accounts.models import Account, Membership, User
from accounts.roles import Role
from accounts.viewer import Viewer
from assessments.actions import links, report_links, respondents
from assessments.actions.respondents import Person
from assessments.models import (
    OPEN,
    Assessment,
    BatchDraft,
    Campaign,
    Clarification,
    FindingAction,
    ReportLink,
    Respondent,
    RespondentLink,
)
from assessments.results.findings import UNFINISHED

REVOKE = "revoke"
Rows = Callable[[Viewer, User], QuerySet[Any]]


def started(viewer: Viewer, user: User) -> QuerySet[Assessment]:
    """This will return the open runs the person started: their set-up is the starter's."""
    return Assessment.objects.filter(
        organization=viewer.organization, created_by=user, status__in=OPEN, deleted_at=None, account__deleted_at=None
    )


def to_answer(viewer: Viewer, user: User) -> QuerySet[Respondent]:
    """This will return the person's places in open runs that they have not handed in."""
    rows = Respondent.objects.filter(organization=viewer.organization, user=user).answering()
    return rows.filter(
        assessment__status__in=OPEN, assessment__deleted_at=None, account__deleted_at=None
    ).select_related("assessment__account")


def asked_back(viewer: Viewer, user: User) -> QuerySet[Clarification]:
    """This will return the questions the person sent back and that are not settled."""
    return Clarification.objects.filter(
        organization=viewer.organization, opened_by=user, resolved_at=None, assessment__deleted_at=None,
        account__deleted_at=None,
    )  # fmt: skip


def to_do(viewer: Viewer, user: User) -> QuerySet[FindingAction]:
    """This will return what the person owns and has not done."""
    return FindingAction.objects.filter(
        organization=viewer.organization, owner=user, state__in=UNFINISHED, finding__assessment__deleted_at=None,
        account__deleted_at=None,
    )  # fmt: skip


def coming_back(viewer: Viewer, user: User) -> QuerySet[Campaign]:
    """This will return the repetitions the person set up and that go on."""
    return Campaign.objects.filter(
        organization=viewer.organization, created_by=user, ended_at=None, account__deleted_at=None
    )


def shared(viewer: Viewer, user: User) -> QuerySet[RespondentLink]:
    """This will return the links into runs the person made to be shared, and that still work: whoever has copied one
    needs no login."""
    rows = RespondentLink.objects.filter(organization=viewer.organization, created_by=user, respondent=None)
    return rows.usable().filter(assessment__deleted_at=None).select_related("account", "assessment")


def shared_reports(viewer: Viewer, user: User) -> QuerySet[ReportLink]:
    """This will return the links to reports the person made, and that still work."""
    rows = ReportLink.objects.filter(organization=viewer.organization, created_by=user, revoked_at=None)
    return rows.filter(expires_at__gt=timezone.now()).select_related("account", "report__assessment")


def _pass_on_started(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    started(by, user).filter(account=belonging.account).update(
        created_by=choice, created_by_client=_is_client(belonging, choice)
    )


def _pass_on_places(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    """Whoever takes over answers the same sections; what was answered stays, under the leaver's name."""
    successor = User.objects.get(pk=choice)
    for place in to_answer(by, user).filter(account=belonging.account):
        run = place.assessment
        [new] = respondents.add(by=by, run=run, people=[Person(user=successor, sections=tuple(place.sections))])
        Clarification.objects.filter(assessment=run, asked_of=place, resolved_at=None).update(asked_of=new)
        respondents.stop(by=by, respondent=place)


def _pass_on_questions(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    asked_back(by, user).filter(account=belonging.account).update(opened_by=choice)


def _pass_on_actions(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    to_do(by, user).filter(account=belonging.account).update(owner=choice, owner_name="", updated_at=timezone.now())


def _pass_on_campaigns(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    coming_back(by, user).filter(account=belonging.account).update(created_by=choice)


def _revoke_links(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    for link in shared(by, user).filter(account=belonging.account):
        links.revoke(by=by, link=link)


def _revoke_report_links(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    for link in shared_reports(by, user).filter(account=belonging.account):
        report_links.revoke(by=by, link=link)


def _drafts(viewer: Viewer, user: User) -> Iterable[Belonging]:
    count = _unsent(viewer, user).count()
    if count:
        yield Belonging(
            key="assessments.batch_drafts:all",
            label=_DRAFTS % {"count": count},
            account=None,
            choices=[("", _("Leave them, to be forgotten")), *successors.staff(viewer, user)],
        )


def _unsent(viewer: Viewer, user: User) -> QuerySet[BatchDraft]:
    return BatchDraft.objects.filter(organization=viewer.organization, created_by=user, batch=None)


def _pass_on_drafts(by: Viewer, user: User, belonging: Belonging, choice: str) -> None:
    _unsent(by, user).update(created_by=choice)


_DRAFTS = ngettext_lazy("%(count)d batch not sent yet", "%(count)d batches not sent yet", "count")


def _by_account(name: str, rows: Rows, words: Any, page: str, *, may_revoke: bool = False) -> Callable:
    """One belonging for each account in which the person has such rows."""

    def find(viewer: Viewer, user: User) -> Iterable[Belonging]:
        found = rows(viewer, user).select_related("account").order_by("account__name", "account_id", "created_at")
        for account, group in groupby(found, key=lambda row: row.account):
            count = len(list(group))
            yield Belonging(
                key=f"{name}:{account.pk}",
                label=words % {"count": count},
                account=account,
                choices=[(REVOKE, _("Revoke")), ("", _("Let them work"))] if may_revoke
                else [("", _("Leave it as it is")), *_somebody_like(viewer, user, account)],
                initial=REVOKE if may_revoke else "",
                url=reverse(page, args=[account.pk]),
            )  # fmt: skip

    return find


def _somebody_like(viewer: Viewer, user: User, account: Account) -> list[Choice]:
    """A client's things go to a client of the account, those of staff to its staff."""
    is_client = Membership.objects.filter(account=account, user=user, role=Role.CLIENT).exists()
    return (successors.clients if is_client else successors.staff_of)(viewer, user, account.pk)


def _is_client(belonging: Belonging, choice: str) -> bool:
    return Membership.objects.filter(account=belonging.account, user_id=choice, role=Role.CLIENT).exists()


for _name, _rows, _words, _page, _hand_over in (
    (
        "assessments.started", started,
        ngettext_lazy("Started %(count)d open assessment", "Started %(count)d open assessments", "count"),
        "staff:account_assessments", _pass_on_started,
    ),
    (
        "assessments.to_answer", to_answer,
        ngettext_lazy("Is asked to answer %(count)d assessment", "Is asked to answer %(count)d assessments", "count"),
        "staff:account_assessments", _pass_on_places,
    ),
    (
        "assessments.asked_back", asked_back,
        ngettext_lazy("Waits for %(count)d reply about an answer", "Waits for %(count)d replies about answers", "count"),
        "staff:account_assessments", _pass_on_questions,
    ),
    (
        "assessments.to_do", to_do,
        ngettext_lazy("Owns %(count)d action to be done", "Owns %(count)d actions to be done", "count"),
        "staff:account_findings", _pass_on_actions,
    ),
    (
        "assessments.coming_back", coming_back,
        ngettext_lazy("Set up %(count)d repetition", "Set up %(count)d repetitions", "count"),
        "staff:campaigns", _pass_on_campaigns,
    ),
):  # fmt: skip
    belongings.kind(_name, find=_by_account(_name, _rows, _words, _page), hand_over=_hand_over)

belongings.kind("assessments.batch_drafts", find=_drafts, hand_over=_pass_on_drafts)

for _name, _links, _words, _page, _hand_over in (
    (
        "assessments.shared", shared,
        ngettext_lazy(
            "%(count)d link into an assessment still works", "%(count)d links into assessments still work", "count"
        ),
        "staff:account_assessments", _revoke_links,
    ),
    (
        "assessments.shared_reports", shared_reports,
        ngettext_lazy("%(count)d link to a report still works", "%(count)d links to reports still work", "count"),
        "staff:account_reports", _revoke_report_links,
    ),
):  # fmt: skip
    belongings.kind(_name, find=_by_account(_name, _links, _words, _page, may_revoke=True), hand_over=_hand_over)
