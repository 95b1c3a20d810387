from django.apps import AppConfig


class ClientConfig(AppConfig):
    name = "portal.client"
    label = "portal_client"

    def ready(self) -> None:
        from . import components  # noqa: F401  (put what Home can show into the catalogue)
