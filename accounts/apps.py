from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # Register what a leaver owns, the system checks, what one can ask about, and how mails are written.
        from . import (  # noqa: F401  # noqa: F401  (mails, and what people are told)
            announcement_notices,
            belonging_kinds,
            checks,
            digests,
            email_template_previews,
            explanation_kinds,
            mail_kinds,
            notices,
            terminology,
        )
        from .intake import mail_wordings, words  # noqa: F401  (mails about intake, and what Admins are told)

        terminology.install()
