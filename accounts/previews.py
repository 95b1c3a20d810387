"""View as Client: the client portal through a client's eyes, at /preview/<viewpoint>/portal/<account>/…

It changes nothing: only GET, on a login that may only read, after one audit row that says who looks as whom.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils import timezone

from . import viewpoints
from .models.audit import AuditEntry
from .roles import Can
from .viewer import Viewer

LASTS = timedelta(minutes=30)
STARTED = "preview.started"


def is_asked_for(request: HttpRequest) -> bool:
    """This will say whether the address stands under /preview/<viewpoint>/."""
    return bool(viewpoint_key(request))


def viewpoint_key(request: HttpRequest) -> str:
    return getattr(request, "preview_viewpoint", "")


def refuse_writing(request: HttpRequest) -> None:
    """This will refuse every method that is not a plain read, before anything else looks at the request."""
    if request.method not in ("GET", "HEAD"):
        raise PermissionDenied("a preview changes nothing")


def viewer_through(request: HttpRequest, viewer: Viewer) -> Viewer | None:
    """This will return the viewer looking through the address's viewpoint, or None when the preview must be started.

    Raises PermissionDenied for who may not preview this account.
    """
    viewer.require(Can.VIEW_AS_CLIENT)
    assert viewer.account is not None
    key = viewpoint_key(request)
    entry = running(viewer, key)
    eyes = viewpoints.read(key, viewer.account) if entry else None
    request.preview_entry = entry  # type: ignore[attr-defined]
    return viewer.as_client(*eyes) if eyes else None


def running(viewer: Viewer, key: str) -> AuditEntry | None:
    """This will return the audit row by which this person started this very preview less than 30 minutes ago."""
    recent = _started(viewer, key).filter(created_at__gt=timezone.now() - LASTS)
    return recent.order_by("-created_at").first()


def latest(viewer: Viewer, key: str) -> AuditEntry | None:
    """This will return the last time this person looked through these very eyes today, running or over."""
    today = timezone.now() - timedelta(days=1)
    return _started(viewer, key).filter(created_at__gt=today).order_by("-created_at").first()


def is_over(entry: AuditEntry) -> bool:
    """This will say whether a preview's 30 minutes are up."""
    return entry.created_at <= timezone.now() - LASTS


def minutes_left(entry: AuditEntry) -> int:
    """This will return how many minutes a running preview still lasts, at least one."""
    left = entry.created_at + LASTS - timezone.now()
    return max(1, -int(-left.total_seconds() // 60))


def _started(viewer: Viewer, key: str) -> QuerySet[AuditEntry]:
    found: QuerySet[AuditEntry] = AuditEntry.objects.filter(
        organization=viewer.organization,
        account=viewer.account,
        actor=viewer.user,
        verb=STARTED,
        details__viewpoint=key,
    )
    return found


def prefix(key: str) -> str:
    return f"/preview/{key}"


def outside(address: str) -> str:
    """This will take an address made inside a preview, or behind a link, out of it."""
    current = get_script_prefix()
    if current.startswith(("/preview/", "/with/")) and address.startswith(current):
        return "/" + address.removeprefix(current)
    return address
