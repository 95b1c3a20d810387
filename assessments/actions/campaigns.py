"""Runs that come back: set up, changed, ended, and started when their day has come."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Membership
from accounts.roles import Can, Role
from accounts.viewer import Viewer
from assessments.answering.carrying import carry
from assessments.batching.recurrence import months_after, next_after
from assessments.models import Assessment, Campaign, Respondent
from library.versions import document_of

from . import assessments, respondents

# Invitations are to arrive in the morning of the account's day.
STARTS_AT_HOUR = 7
DUE_IN_DAYS = 30
LONGEST_DUE = 365


class HasEnded(Exception):
    """The campaign is over: it cannot be changed any more."""


class IsRepeated(Exception):
    """The run comes back already: `campaign`."""

    def __init__(self, campaign: Campaign):
        self.campaign = campaign
        super().__init__(str(campaign))


@dataclass(frozen=True)
class Terms:
    """What may be changed of a campaign while it runs."""

    name: str
    every_months: int
    next_on: datetime.date
    due_in_days: int = DUE_IN_DAYS
    carries_over: bool = True
    message: str = ""


def days_had(run: Assessment) -> int:
    """This will return how many days a run gave to answer, within what a campaign may give."""
    had = (run.due_on - timezone.localdate(run.created_at)).days if run.due_on else DUE_IN_DAYS
    return min(max(had, 1), LONGEST_DUE)


@transaction.atomic
def begin(
    *, by: Viewer, run: Assessment, every_months: int, carries_over: bool = True, message: str = "",
    next_on: datetime.date | None = None, due_in_days: int | None = None, name: str = "",
) -> Campaign:  # fmt: skip
    """This will make a run come back every so many months, for the same people. Raises IsRepeated when it does already.

    Without `next_on` the months are counted from today; without `due_in_days` there is as much time as this run had.
    """
    by.require_on(Can.CREATE_ASSESSMENTS, run.account)
    # Of two who ask at once, the second one waits and finds what the first one made.
    there = (
        Assessment.objects.select_for_update(of=("self",)).only("campaign").get(pk=run.pk, account_id=run.account_id)
    )
    standing = Campaign.objects.filter(pk=there.campaign_id, ended_at=None).first() if there.campaign_id else None
    if standing:
        raise IsRepeated(standing)
    today = _today(run.account.time_zone, timezone.now())
    upcoming = next_on or months_after(today, every_months)
    campaign = Campaign.objects.create(
        organization=by.organization,
        account=run.account,
        definition_id=run.definition_id,
        name=name or run.name,
        mode=run.mode,
        every_months=every_months,
        next_on=upcoming,
        day_of_month=(next_on or today).day,
        due_in_days=due_in_days if due_in_days is not None else days_had(run),
        carries_over=carries_over,
        message=message,
        created_by=by.user,
    )
    Assessment.objects.filter(pk=run.pk, account=run.account).update(campaign=campaign)
    audit.record(by, "campaign.begun", campaign, run.account, every_months=every_months, next_on=str(upcoming))
    return campaign


@transaction.atomic
def change(*, by: Viewer, campaign: Campaign, terms: Terms) -> Campaign:
    """This will change a campaign that goes on. Raises HasEnded."""
    by.require_on(Can.CREATE_ASSESSMENTS, campaign.account)
    campaign = _locked(campaign)
    if campaign.ended_at:
        raise HasEnded
    if campaign.next_on != terms.next_on:
        campaign.next_on, campaign.day_of_month = terms.next_on, terms.next_on.day
    campaign.name, campaign.every_months, campaign.due_in_days = terms.name, terms.every_months, terms.due_in_days
    campaign.carries_over, campaign.message = terms.carries_over, terms.message
    campaign.save()
    audit.record(
        by, "campaign.changed", campaign, campaign.account, every_months=terms.every_months, next_on=str(terms.next_on)
    )
    return campaign


@transaction.atomic
def end(*, by: Viewer, campaign: Campaign) -> bool:
    """This will let a campaign not come back; its runs stay. False when it had ended already."""
    by.require_on(Can.CREATE_ASSESSMENTS, campaign.account)
    changed = bool(
        Campaign.objects.filter(pk=campaign.pk, account_id=campaign.account_id, ended_at=None).update(
            ended_at=timezone.now()
        )
    )
    if changed:
        audit.record(by, "campaign.ended", campaign, campaign.account)
    return changed


@transaction.atomic
def resume(*, by: Viewer, campaign: Campaign) -> bool:
    """This will take the end of a campaign back. A day that has passed meanwhile is not made up for. False when the
    campaign goes on already."""
    by.require_on(Can.CREATE_ASSESSMENTS, campaign.account)
    campaign = _locked(campaign)
    if not campaign.ended_at:
        return False
    today = _today(campaign.account.time_zone, timezone.now())
    if campaign.next_on <= today:
        campaign.next_on = next_after(today, campaign.next_on, campaign.every_months, campaign.day_of_month)
    campaign.ended_at = None
    campaign.save(update_fields=["ended_at", "next_on"])
    audit.record(by, "campaign.resumed", campaign, campaign.account, next_on=str(campaign.next_on))
    return True


def due(now: datetime.datetime) -> list[Campaign]:
    """This will return the campaigns of the organization in scope whose day has come and whose morning has begun, where
    the account is; what cannot be launched just now waits."""
    # A day begins first at UTC+14.
    latest = (now + datetime.timedelta(hours=14)).date()
    waiting = Campaign.objects.filter(ended_at=None, next_on__lte=latest).select_related("account", "definition")
    waiting = waiting.filter(definition__published_version__isnull=False, definition__deprecated_at=None)
    waiting = waiting.filter(account__deleted_at=None, account__archived_at=None)
    return [
        campaign for campaign in waiting.filter(definition__is_part=False).order_by("next_on", "id")
        if campaign.next_on <= _morning(campaign.account.time_zone, now)
    ]  # fmt: skip


@transaction.atomic
def start(*, by: Viewer, campaign: Campaign, now: datetime.datetime) -> Assessment | None:
    """This will start a campaign's next run for the people of the last, with their answers where it carries them over.

    Exactly once for a day: None when another worker was quicker, or the day was changed. However many days were missed,
    one run is started, and the next is due on the first day still to come.
    """
    by.require_on(Can.CREATE_ASSESSMENTS, campaign.account)
    today = _today(campaign.account.time_zone, now)
    upcoming = next_after(today, campaign.next_on, campaign.every_months, campaign.day_of_month)
    # Whoever moves the day on starts the run; the others find it moved.
    mine = Campaign.objects.filter(pk=campaign.pk, next_on=campaign.next_on, ended_at=None).update(next_on=upcoming)
    if not mine:
        return None
    last = _last_run(campaign)
    run = assessments.create(
        by=by,
        account=campaign.account,
        definition=campaign.definition,
        name=campaign.name,
        due_on=today + datetime.timedelta(days=campaign.due_in_days) if campaign.due_in_days else None,
        another=True,
    )
    _set_up(run, campaign, last)
    added = _same_people(by, last, run) if last else {}
    carried = _carried(campaign, last, run, added) if last else 0
    respondents.invite(by=by, respondents=list(added.values()), message=campaign.message)
    audit.record(
        by, "campaign.started", run, campaign.account,
        campaign=str(campaign.pk), due=str(campaign.next_on), people=len(added), carried_over=carried,
    )  # fmt: skip
    return run


def _last_run(campaign: Campaign) -> Assessment | None:
    runs = Assessment.objects.filter(campaign=campaign, account_id=campaign.account_id, deleted_at=None)
    runs = runs.select_related("account", "version", "definition").defer("version__document")
    return runs.order_by("-created_at", "-id").first()


def _set_up(run: Assessment, campaign: Campaign, last: Assessment | None) -> None:
    run.campaign, run.mode, run.previous = campaign, campaign.mode, last
    if last:
        run.combination, run.review_rule = last.combination, last.review_rule
        run.notify_at_percent = last.notify_at_percent
    run.save(update_fields=["campaign", "mode", "previous", "combination", "review_rule", "notify_at_percent"])


def _same_people(by: Viewer, last: Assessment, run: Assessment) -> dict[Respondent, Respondent]:
    """Whoever answered last time and can still be reached: {then: now}. Who has left the account is not asked again, nor
    who was stopped."""
    before = (
        Respondent.objects.filter(assessment=last, stopped_at=None).select_related("user").order_by("created_at", "id")
    )
    members = set(_members(last, before))
    asked = {section.key for section in document_of(run.version).sections}
    # Whose every section is gone has nothing to answer.
    staying = [
        one for one in before
        if one.address and (one.user_id is None or one.user_id in members) and (not one.sections or asked & set(one.sections))
    ]  # fmt: skip
    people = [
        respondents.Person(one.name, one.address, tuple(key for key in one.sections if key in asked), one.user)
        for one in staying
    ]
    return dict(zip(staying, respondents.add(by=by, run=run, people=people), strict=True)) if people else {}


def _members(run: Assessment, people: Iterable[Respondent]) -> Iterable[Any]:
    users = [one.user_id for one in people if one.user_id]
    clients = Membership.objects.filter(
        account_id=run.account_id, role=Role.CLIENT, suspended_at=None, user__is_active=True, user_id__in=users
    )
    return clients.values_list("user_id", flat=True)


def _carried(campaign: Campaign, last: Assessment, run: Assessment, added: dict[Respondent, Respondent]) -> int:
    if not campaign.carries_over:
        return 0
    if not run.is_independent:
        return carry(old=last, new=run, sets={None: None})
    return carry(old=last, new=run, sets=dict(added))


def _locked(campaign: Campaign) -> Campaign:
    rows = Campaign.objects.select_for_update(of=("self",)).select_related("account")
    found: Campaign = rows.get(pk=campaign.pk, account_id=campaign.account_id)
    return found


def _today(time_zone: str, now: datetime.datetime) -> datetime.date:
    return timezone.localdate(now, ZoneInfo(time_zone))


def _morning(time_zone: str, now: datetime.datetime) -> datetime.date:
    """The latest day whose morning has begun there."""
    return timezone.localdate(now - datetime.timedelta(hours=STARTS_AT_HOUR), ZoneInfo(time_zone))
