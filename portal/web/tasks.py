"""Housekeeping that belongs to no app."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_expired_sessions() -> None:
    """This will delete the sessions nobody can use any more; doing it twice does no harm."""
    call_command("clearsessions")
