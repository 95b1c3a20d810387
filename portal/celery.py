"""The job queue: file-backed on one machine, Redis when REDIS_URL is set. Messages are JSON and carry ids only."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.embedded")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["assessments.reports"])

# The timetable is code: reviewed, tested, the same everywhere. Times are UTC.
app.conf.beat_schedule = {
    "draw-waiting-reports": {
        "task": "assessments.reports.tasks.draw_waiting",
        "schedule": 120.0,
    },
    "clear-expired-sessions": {
        "task": "portal.web.tasks.clear_expired_sessions",
        "schedule": crontab(hour=3, minute=17),
    },
    "sweep-mails": {
        "task": "accounts.tasks.sweep_mails",
        "schedule": 60.0,
    },
    "sweep-batches": {
        "task": "assessments.tasks.sweep_batches",
        "schedule": 120.0,
    },
    "start-campaigns": {
        "task": "assessments.tasks.start_campaigns",
        "schedule": crontab(minute=10),
    },
    "send-reminders": {
        "task": "assessments.tasks.send_reminders",
        "schedule": crontab(minute=5),
    },
}
