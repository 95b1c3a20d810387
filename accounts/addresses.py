"""Addresses of an organization's portal outside of a request: what mails lead to."""

from urllib.parse import urlsplit

from django.conf import settings

from accounts.models import Organization, OrganizationHost


def origin_of(organization: Organization, wished: str = "") -> str:
    """This will return the address the organization's portal is reached at, such as https://acme.example, without a
    slash; "" for an organization without a host.

    `wished` is the address of the request that asks for a mail: kept when it is one of the organization's own, so that
    a mail leads to where its sender works. Anything else is never written into a mail.
    """
    hosts = list(
        OrganizationHost.objects.filter(organization=organization)
        .order_by("created_at", "id")
        .values_list("host", flat=True)
    )
    return _own(wished, hosts) or (_usual(hosts[0]) if hosts else "")


def _usual(host: str) -> str:
    return f"{settings.PUBLIC_SCHEME}://{host}{f':{settings.PUBLIC_PORT}' if settings.PUBLIC_PORT else ''}"


def _own(origin: str, hosts: list[str]) -> str:
    try:
        parts = urlsplit(origin)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or host not in hosts:
        return ""
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"
