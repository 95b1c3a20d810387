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
    "seal-audit": {
        "task": "accounts.tasks.seal_audit",
        "schedule": crontab(minute=25),
    },
    "sweep-mails": {
        "task": "accounts.tasks.sweep_mails",
        "schedule": 60.0,
    },
    "send-digests": {
        "task": "accounts.tasks.send_digests",
        "schedule": crontab(minute=15),
    },
    "tell-announcements": {
        "task": "accounts.tasks.tell_announcements",
        "schedule": crontab(minute=35),
    },
    "forget-notifications": {
        "task": "accounts.tasks.forget_notifications",
        "schedule": crontab(hour=3, minute=47),
    },
    "forget-old-intake": {
        "task": "accounts.tasks.forget_old_intake",
        "schedule": crontab(hour=3, minute=41),
    },
    "sweep-batches": {
        "task": "assessments.tasks.sweep_batches",
        "schedule": 120.0,
    },
    "start-campaigns": {
        "task": "assessments.tasks.start_campaigns",
        "schedule": crontab(minute=10),
    },
    "purge-accounts": {
        "task": "accounts.tasks.purge_accounts",
        "schedule": crontab(hour=3, minute=41),
    },
    "send-reminders": {
        "task": "assessments.tasks.send_reminders",
        "schedule": crontab(minute=5),
    },
}
