"""The job queue: file-backed on one machine, Redis when REDIS_URL is set. Messages are JSON and carry ids only."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.embedded")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The timetable is code: reviewed, tested, the same everywhere. Times are UTC.
app.conf.beat_schedule = {
    "clear-expired-sessions": {
        "task": "portal.web.tasks.clear_expired_sessions",
        "schedule": crontab(hour=3, minute=17),
    },
}
