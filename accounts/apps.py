from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # Register what a leaver owns, the system checks, what one can ask about, and how mails are written.
        from accounts.brand import terminology

        from .intake import mail_wordings, words  # noqa: F401  (mails about intake, and what Admins are told)

        terminology.install()
