"""Handing a job to the workers from a page: by its name, after the transaction, and never at the page's expense."""

import time
from functools import partial
from typing import Any

import structlog
from celery import signature
from django.db import transaction
from kombu.exceptions import OperationalError

from .routers import current_alias

log = structlog.get_logger(__name__)

# Nobody waits for a broker that just did not answer. What was not handed over stands in the database; the timetable
# finds it.
PAUSE_SECONDS = 30
_quiet_until = 0.0


def hand_over_after_commit(name: str, *arguments: Any) -> None:
    """This will give a job to the workers once the running transaction is certain. Nothing is raised when it fails."""
    transaction.on_commit(partial(hand_over, name, *arguments), using=current_alias(), robust=True)


def hand_over(name: str, *arguments: Any) -> bool:
    """This will give a job to the workers now and say whether the broker took it.

    The job is named, not imported: a page knows which jobs there are, not how they are done.
    """
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return False
    try:
        signature(name, args=arguments).apply_async()
    except (OperationalError, ConnectionError) as error:
        _quiet_until = time.monotonic() + PAUSE_SECONDS
        log.warning("job_not_handed_over", job=name, error=str(error)[:200])
        return False
    return True
