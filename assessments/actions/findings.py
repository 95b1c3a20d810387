"""Findings: taken from a result, written by hand, decided about; and taking such a change back."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.models import Account, AuditEntry
from accounts.roles import Can
from accounts.viewer import Viewer
from assessments.models import Assessment, Finding, FindingState, Result
from assessments.results.findings import Wanted, wanted_by
from library.versions import document_of

UNDO_FOR = timedelta(hours=1)
_OF_BAND = ("title", "text", "severity", "question_key", "section_key")


class Changed(Exception):
    """Somebody changed it since it was shown: `finding` as it stands now."""

    def __init__(self, finding: Finding):
        self.finding = finding
        super().__init__(str(finding))


class ReasonMissing(Exception):
    """A risk is accepted for a stated reason."""


class NotDeletable(Exception):
    """It comes from the result, or an action hangs on it."""


class TooLate(Exception):
    """The change was taken back already, is too old, or something else has happened since."""


@transaction.atomic
def take_from_result(*, by: Viewer, assessment: Assessment) -> None:
    """This will make the findings those that the run's stored result calls for.

    Doing it again changes nothing. What people have edited keeps their words; what the result no longer calls for is
    marked outdated, and comes back with its actions when it does so again.
    """
    by.require_on(Can.RELEASE_RESULTS if by.is_staff else Can.ANSWER_ASSESSMENTS, assessment.account)
    # One computing at a time, else two would both add the same finding.
    Assessment.objects.select_for_update(of=("self",)).only("pk").get(pk=assessment.pk)
    result = Result.objects.get(assessment=assessment)
    wanted = {one.source: one for one in wanted_by(result, document_of(assessment.version))}
    stored = {row.source: row for row in Finding.objects.filter(assessment=assessment).exclude(source="")}
    added = [_of_band(assessment, one) for source, one in wanted.items() if source not in stored]
    changed = [row for source, row in stored.items() if _brought_in_line(row, wanted.get(source))]
    Finding.objects.bulk_create(added)
    Finding.objects.bulk_update(changed, [*_OF_BAND, "is_outdated", "updated_at"])
    if added or changed:
        outdated = sum(row.is_outdated for row in changed)
        audit.record(
            by, "findings.computed", assessment, assessment.account, added=len(added), changed=len(changed), outdated=outdated
        )  # fmt: skip


def _of_band(assessment: Assessment, wanted: Wanted) -> Finding:
    return Finding(
        organization_id=assessment.organization_id,
        account_id=assessment.account_id,
        assessment=assessment,
        source=wanted.source,
        **{name: getattr(wanted, name) for name in _OF_BAND},
    )


def _brought_in_line(row: Finding, wanted: Wanted | None) -> bool:
    """Whether the row had to be changed to say what the result says now."""
    before = [getattr(row, name) for name in (*_OF_BAND, "is_outdated")]
    row.is_outdated = wanted is None
    if wanted is not None and not row.is_edited:
        for name in _OF_BAND:
            setattr(row, name, getattr(wanted, name))
    row.updated_at = timezone.now()
    return before != [getattr(row, name) for name in (*_OF_BAND, "is_outdated")]


@transaction.atomic
def create(
    *, by: Viewer, assessment: Assessment, title: str, text: str = "", severity: str, question_key: str = "",
    section_key: str = "",
) -> Finding:  # fmt: skip
    """This will add a finding by hand, about a question, a section or the whole run."""
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    finding = Finding.objects.create(
        organization_id=assessment.organization_id,
        account_id=assessment.account_id,
        assessment=assessment,
        title=title,
        text=text,
        severity=severity,
        created_by=by.user,
        **_place(assessment, question_key, section_key),
    )
    audit.record(by, "finding.added", finding, assessment.account, assessment=str(assessment.pk), severity=severity)
    return finding


@transaction.atomic
def edit(
    *, by: Viewer, finding: Finding, seen: datetime, title: str, text: str, severity: str, question_key: str = "",
    section_key: str = "",
) -> Finding:  # fmt: skip
    """This will change what a finding says. `seen` is its `updated_at` as it was shown; raises Changed for another.

    One from a band then keeps these words, whatever is computed later.
    """
    by.require_on(Can.RELEASE_RESULTS, finding.account)
    finding = _locked(finding)
    if finding.updated_at != seen:
        raise Changed(finding)
    wanted = {"title": title, "text": text, "severity": severity}
    wanted |= _place(finding.assessment, question_key, section_key)
    before = {name: getattr(finding, name) for name in wanted}
    if before == wanted:
        return finding
    for name, value in wanted.items():
        setattr(finding, name, value)
    finding.is_edited = True
    finding.save()
    changed = sorted(name for name in wanted if before[name] != wanted[name])
    audit.record(by, "finding.edited", finding, finding.account, changed=changed)
    return finding


@transaction.atomic
def set_state(
    *, by: Viewer, assessment: Assessment, findings: Collection[Finding], state: str, reason: str = ""
) -> uuid.UUID | None:
    """This will decide about findings of one run. Returns what `undo` takes, None when nothing had to change.

    A risk is accepted for a reason only: raises ReasonMissing. An open or resolved finding has none.
    """
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    reason = reason.strip() if state in (FindingState.ACCEPTED, FindingState.DISMISSED) else ""
    if state == FindingState.ACCEPTED and not reason:
        raise ReasonMissing
    rows = Finding.objects.select_for_update(of=("self",)).filter(assessment=assessment).order_by("pk")
    change, now = uuid.uuid4(), timezone.now()
    moved = []
    for row in rows.filter(pk__in=[one.pk for one in findings]):
        if (row.state, row.reason) == (FindingState(state), reason):
            continue
        before = {"state": row.state, "reason": row.reason, "state_at": row.state_at and row.state_at.isoformat()}
        row.state, row.reason, row.state_at, row.updated_at = state, reason, now, now
        moved.append((row, before))
    Finding.objects.bulk_update([row for row, _before in moved], ["state", "reason", "state_at", "updated_at"])
    for row, before in moved:
        audit.record(
            by, "finding.state_changed", row, assessment.account, before=before, state=state, reason=reason[:500],
            change=str(change),
        )  # fmt: skip
    return change if moved else None


@transaction.atomic
def delete(*, by: Viewer, finding: Finding) -> uuid.UUID:
    """This will remove a finding somebody wrote by hand. Returns what `undo` takes. Raises NotDeletable."""
    by.require_on(Can.RELEASE_RESULTS, finding.account)
    finding = _locked(finding)
    if finding.source or finding.actions.exists():
        raise NotDeletable
    change = uuid.uuid4()
    columns = [column.attname for column in Finding._meta.concrete_fields if column.attname != "updated_at"]
    row = {name: _plain(getattr(finding, name)) for name in columns}
    audit.record(by, "finding.removed", finding, finding.account, row=row, change=str(change))
    finding.delete()
    return change


@transaction.atomic
def undo(*, by: Viewer, assessment: Assessment, change: uuid.UUID) -> list[str]:
    """This will take back a change of findings by the same person, and return the titles. Raises TooLate."""
    by.require_on(Can.RELEASE_RESULTS, assessment.account)
    entries = recent_changes(by, assessment.account, ("finding.state_changed", "finding.removed"), change)
    titles = [title for entry in entries if (title := _taken_back(assessment, entry))]
    if not titles:
        raise TooLate
    audit.record(by, "finding.undone", assessment, assessment.account, change=str(change), count=len(titles))
    return titles


def recent_changes(by: Viewer, account: Account, verbs: Iterable[str], change: uuid.UUID) -> list[AuditEntry]:
    """This will read what a person did in the last hour under one change. Nobody takes back what another person did."""
    if by.user is None:
        raise PermissionDenied("nobody there")
    rows = AuditEntry.objects.filter(
        organization=by.organization, account=account, actor=by.user, verb__in=list(verbs),
        created_at__gte=timezone.now() - UNDO_FOR, details__change=str(change),
    )  # fmt: skip
    return list(rows)


def _taken_back(assessment: Assessment, entry: AuditEntry) -> str:
    details = entry.details
    if entry.verb == "finding.removed":
        if details["row"]["assessment_id"] != str(assessment.pk):
            return ""
        Finding.objects.bulk_create([Finding(**details["row"])], ignore_conflicts=True)
        Finding.objects.filter(pk=details["row"]["id"]).update(created_at=details["row"]["created_at"])
        return entry.object_label
    # Only when it still stands as that change left it.
    left = Finding.objects.filter(pk=_id(entry), assessment=assessment)
    left = left.filter(state=details["state"], state_at__lte=entry.created_at)
    return entry.object_label if left.update(**details["before"], updated_at=timezone.now()) else ""


def _id(entry: AuditEntry) -> uuid.UUID:
    assert entry.object_id is not None
    return entry.object_id


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _locked(finding: Finding) -> Finding:
    rows = Finding.objects.select_for_update(of=("self",)).select_related("account", "assessment__version")
    return rows.defer("assessment__version__document").get(pk=finding.pk, account_id=finding.account_id)


def _place(assessment: Assessment, question_key: str, section_key: str) -> dict[str, str]:
    """Keys that the run's version knows; a question brings its own section."""
    document = document_of(assessment.version)
    top = document.section_of(question_key) if question_key else None
    if top is not None:
        return {"question_key": question_key, "section_key": top.key}
    return {"question_key": "", "section_key": section_key if section_key in document.places.sections else ""}
