"""SESSION_ENGINE: sessions in the database, of which a request on the read-only login changes none."""

from typing import Any

from django.contrib.sessions.backends import db

from .routers import current_alias


class SessionStore(db.SessionStore):
    """Django ends or renews a session while it finds out who asks. In a preview that waits for the next other page."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """This will store the session."""
        if current_alias() != "readonly":
            super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> None:
        """This will remove the session."""
        if current_alias() != "readonly":
            super().delete(*args, **kwargs)

    def cycle_key(self) -> None:
        """This will give the session another key."""
        if current_alias() != "readonly":
            super().cycle_key()
