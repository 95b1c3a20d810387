"""What a seal over the audit trail is made of, and whether the trail still matches its seals.

A seal covers the rows of a span of time, account by account: how many there were, and a digest of them in order. It holds
the digest of the seal before. The rows of an account that was purged are gone, all at once, and the organization's own
rows say so; whatever else is missing, was added or reads otherwise no longer matches.
"""

import datetime
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accounts.models import Account, AuditEntry, AuditSeal, Organization

PURGED = "account.purged"
_FIELDS = (
    "id", "created_at", "account_id", "actor_id", "actor_name", "verb", "object_type", "object_id", "object_label",
    "details", "seen_as", "ip", "program", "request_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """Where the trail and a seal differ. `what` is "changed", "added or removed", "purged", "seal" or "chain"."""

    seal: AuditSeal
    what: str
    account: str = ""
    sealed: int = 0
    found: int = 0

    @property
    def is_lawful(self) -> bool:
        """This will say whether nothing is wrong: an account was purged, as the trail itself says."""
        return self.what == "purged"


def parts_of(
    organization: Organization, after: datetime.datetime | None, until: datetime.datetime
) -> dict[str, list[Any]]:
    """This will read the rows of a span and return, for each account and "" for none, how many and their digest."""
    rows = AuditEntry.objects.filter(organization=organization, created_at__lte=until)
    if after is not None:
        rows = rows.filter(created_at__gt=after)
    counts: dict[str, int] = {}
    digests: dict[str, Any] = {}
    for row in rows.order_by("created_at", "id").values_list(*_FIELDS).iterator(chunk_size=2000):
        key = str(row[2] or "")
        counts[key] = counts.get(key, 0) + 1
        digests.setdefault(key, hashlib.sha256()).update(_line(row))
    return {key: [counts[key], digests[key].hexdigest()] for key in sorted(counts)}


def digest_of(seal: AuditSeal) -> str:
    """This will compute the digest a seal must have."""
    words = [seal.number, seal.until.astimezone(datetime.UTC).isoformat(), seal.rows, seal.parts, seal.previous]
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()


def findings(organization: Organization) -> Iterator[Finding]:
    """This will compare every seal of an organization with the one before it and with the rows it covers."""
    purged = _purged(organization)
    before: AuditSeal | None = None
    for seal in AuditSeal.objects.filter(organization=organization).order_by("number"):
        if seal.number != (before.number + 1 if before else 1) or seal.previous != (before.digest if before else ""):
            yield Finding(seal, "chain")
        if seal.digest != digest_of(seal) or seal.rows != sum(count for count, _digest in seal.parts.values()):
            yield Finding(seal, "seal")
        now = parts_of(organization, before.until if before else None, seal.until)
        yield from _compared(seal, now, purged)
        before = seal


def _compared(seal: AuditSeal, now: dict[str, list[Any]], purged: set[str]) -> Iterator[Finding]:
    for key in sorted(seal.parts.keys() | now.keys()):
        (sealed, then), (found, digest) = seal.parts.get(key, [0, ""]), now.get(key, [0, ""])
        if digest == then:
            continue
        if not found and key in purged:
            yield Finding(seal, "purged", key, sealed)
        else:
            yield Finding(seal, "changed" if found == sealed else "added or removed", key, sealed, found)


def _purged(organization: Organization) -> set[str]:
    """The accounts that are gone, and of which the organization's own rows, sealed like all others, say so."""
    said = AuditEntry.objects.filter(organization=organization, account=None, verb=PURGED)
    ids = {one for one in said.values_list("object_id", flat=True) if one}
    still = set(Account.objects.filter(organization=organization, pk__in=ids).values_list("pk", flat=True))
    return {str(one) for one in ids - still}


def _line(row: tuple[Any, ...]) -> bytes:
    written = [
        value.astimezone(datetime.UTC).isoformat() if isinstance(value, datetime.datetime) else value for value in row
    ]
    return json.dumps(written, sort_keys=True, default=str, ensure_ascii=False).encode() + b"\n"
