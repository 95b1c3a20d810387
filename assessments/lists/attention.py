"""When an assessment waits for the provider's people: not started for too long, overdue, or with results to review."""

import datetime

from django.db.models import Q
from django.utils import timezone

from assessments.models import OPEN, Assessment, Status

NOT_STARTED_DAYS = 25


def not_started_too_long() -> Q:
    """This will match open assessments that nobody answered since they were created 25 days ago or earlier."""
    return Q(status__in=OPEN, answered_count=0, created_at__lte=_too_long_ago())


def overdue() -> Q:
    """This will match open assessments whose due date has passed."""
    return Q(status__in=OPEN, due_on__lt=timezone.localdate())


def to_review() -> Q:
    """This will match assessments whose results wait to be released."""
    return Q(status=Status.RESULTS_REVIEW)


def needed() -> Q:
    """This will match assessments that wait for any of these reasons."""
    return not_started_too_long() | overdue() | to_review()


def is_not_started_too_long(assessment: Assessment) -> bool:
    """This will say of one assessment already read what `not_started_too_long` asks the database."""
    return assessment.shown_status == "not_started" and assessment.created_at <= _too_long_ago()


def is_overdue(assessment: Assessment) -> bool:
    """This will say of one assessment already read what `overdue` asks the database."""
    return assessment.is_open and assessment.due_on is not None and assessment.due_on < timezone.localdate()


def _too_long_ago() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=NOT_STARTED_DAYS)
