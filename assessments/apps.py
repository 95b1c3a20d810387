from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        # Register what a purge removes, what a leaver owns, what one can ask about, who gets in without a login, how
        # mails are written, what people are told.
        from . import (  # noqa: F401
            account_files,
            after_intake,
            belonging_kinds,
            explanation_kinds,
            guest_access,
            mail_kinds,
            mail_wordings,
            notification_kinds,
        )
