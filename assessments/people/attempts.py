"""Limits on how often something may be tried: opening links, guessing the password of one."""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Organization
from accounts.visitors import visitor as visitor
from assessments.models import Attempt
from portal.web.routers import current_alias


@dataclass(frozen=True)
class Limit:
    """So many of something, by its name, in a window of time."""

    name: str
    most: int
    window: timedelta


class TooMany(Exception):
    """The limit is reached; after `seconds` it is not any more."""

    def __init__(self, seconds: int):
        self.seconds = seconds
        super().__init__(seconds)


# One statement that counts, and begins anew when the window is over: exact however many processes count.
_COUNT = """
    INSERT INTO assessments_attempt AS stored (id, created_at, organization_id, what, count, since)
    VALUES (gen_random_uuid(), now(), %(organization)s, %(what)s, 1, %(now)s)
    ON CONFLICT (organization_id, what) DO UPDATE SET
        count = CASE WHEN stored.since <= %(begins)s THEN 1 ELSE stored.count + 1 END,
        since = CASE WHEN stored.since <= %(begins)s THEN %(now)s ELSE stored.since END
    RETURNING xmax = 0
"""
_FORGET = """
    DELETE FROM assessments_attempt WHERE id IN (
        SELECT id FROM assessments_attempt WHERE since < %(before)s LIMIT 500 FOR UPDATE SKIP LOCKED
    )
"""


def check(organization: Organization, limit: Limit, *who: object) -> None:
    """This will raise TooMany when there were as many attempts of `who` as may be; it counts none."""
    now = timezone.now()
    row = Attempt.objects.filter(
        organization=organization, what=_hash_of(limit, who), since__gt=now - limit.window, count__gte=limit.most
    ).first()
    if row:
        raise TooMany(max(1, math.ceil((row.since + limit.window - now).total_seconds())))


def note(organization: Organization, limit: Limit, *who: object) -> None:
    """This will count one attempt of `who`. Call it last: until the transaction ends, others who count the same wait."""
    now = timezone.now()
    values: dict[str, Any] = {
        "organization": organization.pk,
        "what": _hash_of(limit, who),
        "now": now,
        "begins": now - limit.window,
    }
    with connections[current_alias()].cursor() as cursor:
        cursor.execute(_COUNT, values)
        [is_new] = cursor.fetchone()
        if is_new:  # each newcomer takes the ones of yesterday along
            cursor.execute(_FORGET, {"before": now - timedelta(days=1)})


def refused(request: HttpRequest, error: TooMany) -> HttpResponse:
    """This will answer 429 and say when to try again."""
    minutes = math.ceil(error.seconds / 60)
    request.viewer = None  # type: ignore[attr-defined]
    response = render(request, "assessments/guests/too_many.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(error.seconds)
    return response


def _hash_of(limit: Limit, who: tuple[object, ...]) -> str:
    """Where people come from is not written down, only whether it is the same place again."""
    return salted_hmac("assessments.attempts", "\n".join([limit.name, *map(str, who)]), algorithm="sha256").hexdigest()
