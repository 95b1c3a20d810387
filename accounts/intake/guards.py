"""What stands between a public form and the world: how often, how fast, and what looks like spam.

Nothing is dropped in silence. Too much is refused with the time to try again; what looks like spam is marked and waits
for a person like everything else, only that no mail answers it.
"""

import hashlib
import math
import re
import time
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import connections
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import IntakeForm, IntakeSubmission, Organization
from portal.web.routers import current_alias

_SALT = "accounts.intake"
# A form somebody leaves open over the weekend is still theirs on Monday.
OPEN_FOR = timedelta(days=7)
# Nobody reads the questions and types a name and an address faster.
FASTEST = 4
SAME_TEXT_WITHIN = timedelta(days=30)
MOST_LINKS = 2

_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)
_MARKUP = re.compile(r"<\s*/?\s*[a-z!][^>]*>|\[/?(?:url|link|img)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Limit:
    """So many submissions in a window of time."""

    most: int
    window: timedelta


# An office behind one address sends a few forms; a script sends hundreds.
FROM_ONE_PLACE = (Limit(5, timedelta(hours=1)), Limit(20, timedelta(days=1)))
OF_ONE_EMAIL = (Limit(5, timedelta(days=1)),)
# Of a whole organization: so that its form cannot be made to write to any number of strangers.
RECEIPTS = Limit(40, timedelta(hours=1))


class TooMany(Exception):
    """The limit is reached; after `seconds` it is not any more."""

    def __init__(self, seconds: int):
        self.seconds = seconds
        super().__init__(seconds)

    @property
    def minutes(self) -> int:
        """This will be the time to wait, rounded up."""
        return math.ceil(self.seconds / 60)


@dataclass(frozen=True)
class Opening:
    """When a form was opened and the key that makes sending it twice one submission."""

    key: uuid.UUID
    opened: float

    @property
    def seconds(self) -> int:
        """This will be how long ago it was opened."""
        return max(0, int(time.time() - self.opened))


def opening() -> Opening:
    """This will note that a form is opened now."""
    return Opening(uuid.uuid4(), time.time())


def sealed(form: IntakeForm, opened: Opening) -> str:
    """This will write an opening so that nobody can change it: what the form carries along."""
    return signing.dumps({"form": str(form.pk), "key": str(opened.key), "at": opened.opened}, salt=_SALT)


def unsealed(form: IntakeForm, text: str) -> Opening | None:
    """This will read what the form carried along; None when it is not ours, another form's, or too old."""
    try:
        said = signing.loads(text, salt=_SALT, max_age=OPEN_FOR)
        if said["form"] != str(form.pk):
            return None
        return Opening(uuid.UUID(said["key"]), float(said["at"]))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def mark_of(organization: Organization, visitor: str) -> str:
    """This will make a mark of where somebody comes from: the same place has the same mark, and no mark tells which."""
    return salted_hmac(f"{_SALT}.visitor", f"{organization.pk}\n{visitor}", algorithm="sha256").hexdigest()


def fingerprint_of(values: Mapping[str, Any]) -> str:
    """This will make a mark of what was written, however it is spaced, in capitals or signed with another address."""
    told = [
        f"{key}={_plain(value)}"
        for key, value in sorted(values.items())
        if not key.startswith("contact.") and _plain(value)
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _plain(value: Any) -> str:
    text = unicodedata.normalize("NFKC", str(value)).casefold()
    return re.sub(r"[\W_]+", " ", text).strip()


def refuse_too_many(organization: Organization, mark: str, email: str) -> None:
    """This will raise TooMany when there came as many from one place, or in the name of one address, as may come.

    Those who send at the same moment are counted one after the other.
    """
    with connections[current_alias()].cursor() as cursor:
        for name in sorted((f"intake:{mark}", f"intake:{organization.pk}:{email.lower()}")):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    sent = IntakeSubmission.objects.filter(organization=organization)
    for limit in FROM_ONE_PLACE:
        _refuse(sent.filter(visitor=mark), limit)
    for limit in OF_ONE_EMAIL:
        _refuse(sent.filter(contact_email__iexact=email), limit)


def _refuse(rows: Any, limit: Limit) -> None:
    now = timezone.now()
    times = list(
        rows.filter(created_at__gt=now - limit.window)
        .order_by("-created_at")
        .values_list("created_at", flat=True)[: limit.most]
    )
    if len(times) >= limit.most:
        raise TooMany(max(1, math.ceil((times[-1] + limit.window - now).total_seconds())))


def suspicions_of(
    *, form: IntakeForm, values: Mapping[str, Any], fingerprint: str, trap: str, seconds: int
) -> list[dict[str, Any]]:
    """This will list what speaks for spam, as codes with figures; `words` says them."""
    found: list[dict[str, Any]] = []
    if trap.strip():
        found.append({"code": "trap"})
    if seconds < FASTEST:
        found.append({"code": "fast", "seconds": seconds})
    long = " ".join(str(value) for key, value in values.items() if key == "message" or key.startswith("custom:"))
    links = len(_LINK.findall(long))
    if links > MOST_LINKS:
        found.append({"code": "links", "count": links})
    short = " ".join(_texts(values, ("account.name", "contact.name", "contact.job_title", "site.name", "sites")))
    if _LINK.search(short):
        found.append({"code": "links_in_names"})
    if _MARKUP.search(f"{short} {long}"):
        found.append({"code": "markup"})
    since = timezone.now() - SAME_TEXT_WITHIN
    same = IntakeSubmission.objects.filter(
        organization=form.organization_id, fingerprint=fingerprint, created_at__gt=since
    )
    if count := same.count():
        found.append({"code": "repeated", "count": count})
    return found


def _texts(values: Mapping[str, Any], keys: Iterable[str]) -> list[str]:
    found = [values[key] for key in keys if key in values]
    return [" ".join(map(str, one)) if isinstance(one, list) else str(one) for one in found]


def words(suspicion: Mapping[str, Any]) -> str:
    """This will say one suspicion to the reviewer."""
    code, count = suspicion.get("code", ""), int(suspicion.get("count", 0))
    if code == "fast":
        seconds = int(suspicion.get("seconds", 0))
        said = ngettext(
            "Sent %(count)d second after the form was opened.", "Sent %(count)d seconds after the form was opened.", seconds
        )  # fmt: skip
        return said % {"count": seconds}
    if code == "links":
        return ngettext("%(count)d link in the text.", "%(count)d links in the text.", count) % {"count": count}
    if code == "repeated":
        said = ngettext(
            "The same was sent %(count)d time before in the last 30 days.",
            "The same was sent %(count)d times before in the last 30 days.",
            count,
        )
        return said % {"count": count}
    return {
        "trap": _("A field that people do not see was filled in."),
        "links_in_names": _("A web address stands where a name belongs."),
        "markup": _("The text contains code for web pages."),
    }.get(code, str(code))


def may_be_answered(organization: Organization) -> bool:
    """This will say whether a mail may confirm what came now: only so many in an hour, whoever sends them."""
    since = timezone.now() - RECEIPTS.window
    lately = IntakeSubmission.objects.filter(organization=organization, created_at__gt=since, suspicions=[])
    return lately.count() <= RECEIPTS.most
