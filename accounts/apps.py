from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # Register the system checks, what a leaver owns, what one can ask about, how mails are written, what people are told.
        from . import checks  # noqa: F401
        from .brand import terminology
        from .intake import mail_wordings, words  # noqa: F401
        from .mail import email_template_previews, mail_kinds  # noqa: F401
        from .membership import belonging_kinds, explanation_kinds  # noqa: F401
        from .notices import announcement_notices, digests, notices  # noqa: F401

        terminology.install()
