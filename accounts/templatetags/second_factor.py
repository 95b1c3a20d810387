import json
from typing import Any

from django import template

from accounts import second_factors

register = template.Library()


@register.inclusion_tag("mfa/_code.html")
def qr_code(url: str, label: str) -> dict[str, Any]:
    """This will draw the QR code of an address as part of the page, named for who cannot see it."""
    return {"code": second_factors.code_of(url), "label": label}


@register.filter
def as_json(value: Any) -> str:
    """This will write data for an attribute of the page, where its script reads it."""
    return json.dumps(value)
