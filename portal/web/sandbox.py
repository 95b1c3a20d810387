"""A document that may do nothing: a mail as it looks, shown in a frame (decision 16)."""

from django.http import HttpResponse

POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


def document(html: str, status: int = 200) -> HttpResponse:
    """This will send HTML as a document without an origin: no script, no form, nothing fetched but this host's pictures (a
    brand's logo), styles in the markup."""
    response = HttpResponse(html, status=status)
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response
