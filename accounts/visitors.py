"""Where a request of somebody without a login comes from."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def visitor(request: HttpRequest) -> str:
    """This will return where a request comes from, as far as the trusted proxies say: an IPv4 address, or the /64 network
    of an IPv6 one, of which everybody has as many addresses as they like."""
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
