"""Giving one definition to many people or many accounts at once: a draft first, then the runs, then the invitations."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import mails
from accounts.models import Account, Mail
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.batching import batch_plan
from assessments.batching.batch_input import Row
from assessments.batching.batch_plan import Plan, Setup
from assessments.models import OPEN, Assessment, Batch, BatchDraft, Respondent
from portal.web import jobs

from . import assessments, assignments, campaigns, respondents, schedules

INVITE = "assessments.tasks.invite_batch"
# How many are invited in one transaction: few enough that a killed worker repeats little.
IN_ONE_GO = 50
DRAFTS_STAY = datetime.timedelta(days=14)


class Overtaken(Exception):
    """Something has changed since the plan was shown; it has to be looked at again."""


class NothingToSend(Exception):
    """Nobody is left to invite, or there are more people or accounts than a batch takes."""


@transaction.atomic
def keep(
    *, by: Viewer, setup: Setup, account: Account | None = None, rows: Sequence[Row] | None = None,
    file_name: str = "", draft: BatchDraft | None = None,
) -> BatchDraft:  # fmt: skip
    """This will write down what a batch shall be, as a new draft or over an earlier one of the same person.

    `rows` None leaves the rows of the earlier draft. Nobody is written to, and no assessment is made.
    """
    if account is not None:
        by.require_on(Can.CREATE_ASSESSMENTS, account)
    else:
        by.of_organization().require(Can.VIEW_DEFINITIONS)
    assert by.user is not None
    kept = _own(by, draft) if draft else None
    if kept is None or kept.batch_id:
        kept = BatchDraft(organization=by.organization, created_by=by.user)
    kept.account, kept.values = account, setup.as_json()
    if rows is not None:
        kept.rows, kept.file_name = [row.as_list() for row in rows], file_name[:200]
    kept.save()
    return kept


@transaction.atomic
def create(*, by: Viewer, draft: BatchDraft, seen: str, origin: str = "") -> Batch:
    """This will turn a draft into a batch: one run for each account, its people in it, their invitations handed to a
    worker. Asked twice, the first batch is returned.

    `seen` is the token of the plan that was looked at. Raises Overtaken when the plan says something else by now,
    NothingToSend, and assessments.NotLaunchable.
    """
    draft = BatchDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.created_by_id != (by.user.id if by.user else None):
        raise BatchDraft.DoesNotExist
    if draft.batch_id:
        # Read by itself: joined to the row that was waited for, the batch made meanwhile would be missing.
        return Batch.objects.get(pk=draft.batch_id)
    plan = batch_plan.plan(by, draft)
    if plan.token != seen:
        raise Overtaken
    if not plan.can_be_sent:
        raise NothingToSend
    schedules.require_on_each(by, Can.CREATE_ASSESSMENTS, {account.id for account in plan.accounts})
    batch = _batch(by, plan)
    for account in plan.accounts:
        _give(by, batch, plan, account)
    draft.batch, draft.values = batch, {**draft.values, "origin": origin}
    draft.handed_over_at = timezone.now() if plan.setup.is_without_people else None
    draft.save()
    if not draft.handed_over_at:
        _hand_over(by, batch)
    return batch


def _batch(by: Viewer, plan: Plan) -> Batch:
    setup = plan.setup
    assert plan.definition is not None
    return Batch.objects.create(
        organization=by.organization,
        definition=plan.definition,
        name=setup.name or plan.definition.name,
        mode=setup.mode,
        due_on=setup.due_on,
        message=setup.message,
        created_by=by.user,
    )


def _give(by: Viewer, batch: Batch, plan: Plan, account: Account) -> None:
    setup, definition = plan.setup, batch.definition
    if setup.is_without_people:
        work = assignments.Work(setup.name, setup.due_on, another=True)
        _entries, (run,) = assignments.assign(by=by, account=account, definitions=[definition], work=work)
    else:
        run = assessments.create(
            by=by, account=account, definition=definition, name=setup.name, due_on=setup.due_on, another=True
        )
    run.batch, run.mode, run.notify_at_percent = batch, setup.mode, setup.notify_at_percent
    if setup.every_months:
        run.campaign = campaigns.begin(
            by=by, run=run, every_months=setup.every_months, carries_over=setup.carries_over, message=setup.message
        )
    run.save(update_fields=["batch", "mode", "notify_at_percent", "campaign"])
    people = [respondents.Person(one.row.name, one.email, one.sections) for one in plan.people_of(account)]
    if people:
        respondents.add(by=by, run=run, people=people)
    audit.record(by, "batch.created", batch, account, people=len(people), assessment=str(run.pk))


def _hand_over(by: Viewer, batch: Batch) -> None:
    """This will leave the inviting to a worker; a job that gets lost is found by the clock (see `unfinished`)."""
    jobs.hand_over_after_commit(INVITE, str(by.organization.id), str(batch.pk))


@transaction.atomic
def invite_some(*, by: Viewer, batch: Batch) -> int:
    """This will queue the invitations of some people of a batch who have none yet, and return how many; with 0 all are
    queued. Two workers at once take turns, and invite nobody twice."""
    draft = BatchDraft.objects.select_for_update().filter(batch=batch, handed_over_at=None).first()
    if draft is None:
        return 0
    waiting = (
        # Who may no longer start assessments for an account invites nobody there, though it was asked before.
        Respondent.objects.filter(assessment__batch=batch, account__in=batch_plan.usable_accounts(by), invited_at=None)
        .filter(assessment__status__in=OPEN, assessment__deleted_at=None)
        .answering()
        .select_related("assessment__account", "user")
        .order_by("pk")
    )
    people = [one for one in waiting[:IN_ONE_GO] if one.address]
    invited = respondents.invite(
        by=by, respondents=people, message=batch.message, origin=str(draft.values.get("origin", ""))
    ) if people else []  # fmt: skip
    if not invited:
        draft.handed_over_at = timezone.now()
        draft.save(update_fields=["handed_over_at"])
    return len(invited)


def unfinished(older_than: datetime.timedelta) -> list[Batch]:
    """This will return the batches of the organization in scope whose invitations are not all queued for this long: the
    job was lost, or its worker killed."""
    since = timezone.now() - older_than
    drafts = BatchDraft.objects.filter(batch__isnull=False, handed_over_at=None, updated_at__lt=since)
    return [draft.batch for draft in drafts.select_related("batch__created_by")]


@transaction.atomic
def forget_drafts() -> int:
    """This will delete the drafts nobody touched for two weeks: they hold names and addresses of people."""
    old = BatchDraft.objects.filter(updated_at__lt=timezone.now() - DRAFTS_STAY)
    deleted, _of_each = old.exclude(batch__isnull=False, handed_over_at=None).delete()
    return deleted


@transaction.atomic
def discard(*, by: Viewer, draft: BatchDraft) -> None:
    """This will forget a draft. One that has become a batch stays."""
    kept = _own(by, draft)
    if kept is not None and not kept.batch_id:
        kept.delete()


@transaction.atomic
def remind(*, by: Viewer, batch: Batch, origin: str = "", only: Sequence[Respondent] | None = None) -> list[Respondent]:
    """This will remind the people of a batch who are not done, or `only` some of them, and return who is written to.

    Those who were never invited are left out, and so is every account the viewer may not start assessments for.
    """
    rows = Respondent.objects.filter(assessment__in=_runs(by, batch), invited_at__isnull=False).answering()
    if only is not None:
        rows = rows.filter(pk__in=[one.pk for one in only])
    return respondents.remind(by=by, respondents=list(rows), message="", origin=origin)


@transaction.atomic
def set_due(*, by: Viewer, batch: Batch, due_on: datetime.date | None) -> int:
    """This will set the day the batch's open runs are due, those of the viewer's accounts, and return how many changed."""
    runs = list(_runs(by, batch).select_related("account"))
    changed = schedules.set_due(by=by, assessments=runs, due_on=due_on)
    # The batch's own day is everybody's: it changes with the last account.
    if len(runs) == Assessment.objects.filter(batch=batch, deleted_at=None).count():
        Batch.objects.filter(pk=batch.pk).update(due_on=due_on)
    return changed


@transaction.atomic
def send_again(*, by: Viewer, mail: Mail) -> Mail:
    """This will send a mail anew of which nobody knows whether it arrived, because a person says so."""
    assert mail.account is not None
    by.require_on(Can.CREATE_ASSESSMENTS, mail.account)
    return mails.send_again(by=by, mail=mail)


def _runs(by: Viewer, batch: Batch) -> Any:
    accounts = batch_plan.usable_accounts(by)
    return Assessment.objects.visible_to(by).filter(batch=batch, account__in=accounts)


def _own(by: Viewer, draft: BatchDraft) -> BatchDraft | None:
    return BatchDraft.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=draft.pk).first()
