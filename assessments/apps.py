from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from . import mail_kinds  # noqa: F401  (registers how mails are written)
