from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from . import checks, mail_kinds  # noqa: F401  (register the system checks, and how mails are written)
