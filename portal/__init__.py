"""The Django project: settings, addresses, jobs and the pages that compose the apps. It owns no table."""

from .celery import app as celery_app

__all__ = ["celery_app"]
