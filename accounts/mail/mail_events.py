"""What a mail service reports of the mails it was given: delivered, bounced. Its reports come with a shared secret."""

import uuid
from functools import cache

import structlog
from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from accounts import tenancy
from accounts.actions import mails
from accounts.models import Mail, Organization
from accounts.rules import public
from accounts.viewer import system_viewer

log = structlog.get_logger(__name__)

_CAME_BACK = (EventType.BOUNCED, EventType.REJECTED, EventType.FAILED)


@csrf_exempt
@public(methods=("HEAD", "POST"))
def mail_events(request: HttpRequest) -> HttpResponse:
    """This will take the reports of the mail service that is set up. Others, and those without its secret, are refused."""
    return _service_view()(request)


@cache
def _service_view():
    from anymail.urls import urlpatterns

    wanted = (f"{settings.MAIL_SERVICE}_tracking_webhook", f"{settings.MAIL_SERVICE}_webhook")
    return next(route.callback for route in urlpatterns if route.name in wanted)


def take(sender: object, event: AnymailTrackingEvent, **also: object) -> None:
    """This will write down one report, in the tenant the mail was sent for. A report of something that is not a mail of
    that tenant, or went to another address, says nothing."""
    if event.event_type != EventType.DELIVERED and event.event_type not in _CAME_BACK:
        return
    found = _ids(event.metadata)
    if found is None:
        log.warning("mail_event_of_nobody", kind=event.event_type)
        return
    organization_id, mail_id = found
    with tenancy.scope(organization_id):
        _note(organization_id, mail_id, event)


def _note(organization_id: uuid.UUID, mail_id: uuid.UUID, event: AnymailTrackingEvent) -> None:
    organization = Organization.objects.filter(pk=organization_id).first()
    mail = Mail.objects.select_related("account").filter(pk=mail_id, organization=organization).first()
    if organization is None or mail is None or not _same(event.recipient, mail.to_email):
        log.warning("mail_event_of_nobody", kind=event.event_type)
        return
    by = system_viewer(organization)
    if event.event_type == EventType.DELIVERED:
        mails.delivered(by=by, mail=mail)
    else:
        mails.bounced(by=by, mail=mail, reason=_reason(event))


def _ids(metadata: object) -> tuple[uuid.UUID, uuid.UUID] | None:
    try:
        return uuid.UUID(metadata["organization"]), uuid.UUID(metadata["mail"])  # type: ignore[index]
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _same(recipient: str | None, address: str) -> bool:
    return recipient is None or recipient.strip().lower() == address.lower()


def _reason(event: AnymailTrackingEvent) -> str:
    return str(event.mta_response or event.description or event.reject_reason or event.event_type)


tracking.connect(take, dispatch_uid="accounts.mail.mail_events")
