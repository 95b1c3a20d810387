from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "library"

    def ready(self) -> None:
        # Register what a leaver owns, what one can ask about, what people are told, where reference values are.
        from . import belonging_kinds, explanation_kinds, keepsake_kinds, mail_wordings, notice_kinds, reference_sources  # noqa: F401
