"""Host names of an organization: which records prove one, and whether they are there.

A name proves itself with two records. Its own leads visitors to the portal. A second one, under a label only this
organization was told, shows that whoever controls the name means this organization and no other. A third label, made up
for each check, must not resolve the same way: where everything under a name does, the second shows nothing.
"""

import datetime
import ipaddress
import re
import secrets
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http.request import validate_host
from django.utils import timezone
from django.utils.translation import gettext as _

MOST_SECONDS = 4.0
# A check that has said nothing for so long is none any more: its worker is gone, or there is none.
CHECK_TAKES = datetime.timedelta(seconds=30)
CHECK = "accounts.tasks.check_host"
POINTS_ELSEWHERE, NO_PROOF, PROVES_NOTHING, NO_ANSWER = "points_elsewhere", "no_proof", "proves_nothing", "no_answer"
CHECKING, UNUSABLE = "checking", "unusable"

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def cleaned(typed: str) -> str:
    """This will return a typed host name as it is stored: small letters, no address around it. Raises ValidationError."""
    host = typed.strip().lower().removeprefix("https://").removeprefix("http://").split("/")[0].rstrip(".")
    try:
        host = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        host = ""
    labels = host.split(".")
    if not host or len(host) > 200 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValidationError(_("Enter a host name such as portal.example.com."))
    if labels[-1].isdigit() or _is_address(host):
        raise ValidationError(_("Enter a name, not a number."))
    return host


def new_token() -> str:
    """This will make up the label that proves a claim."""
    return secrets.token_hex(12)


def proof_name(host: str, token: str) -> str:
    """This will return the name of the record that proves a claim."""
    return f"portal-{token}.{host}"


def is_served(host: str) -> bool:
    """This will say whether this installation answers under a name: the operator decides that, not an organization."""
    return validate_host(host, settings.ALLOWED_HOSTS)


def missing(host: str, token: str, lead_to: str) -> list[str]:
    """This will look the records of a claim up, and name what is missing; nothing when it is proven.

    `lead_to` is a host the portal already answers under. Asks the system's resolver, for at most some seconds.
    """
    stray = f"portal-{secrets.token_hex(12)}.{host}"
    names = (lead_to, host, proof_name(host, token), stray)
    with_answers = _addresses(names)
    if with_answers is None:
        return [NO_ANSWER]
    ours, theirs, proof, anything = with_answers
    if not ours:
        return [NO_ANSWER]
    found = []
    if not theirs or not theirs <= ours:
        found.append(POINTS_ELSEWHERE)
    if not proof or not proof <= ours:
        found.append(NO_PROOF)
    elif anything & ours:
        found.append(PROVES_NOTHING)
    return found


def is_checking(missing: list[str], since: datetime.datetime | None) -> bool:
    """This will say whether a check is under way that was begun at `since`."""
    return CHECKING in missing and since is not None and timezone.now() - since < CHECK_TAKES


def told(name: str, host: str) -> str:
    """This will say in words what a check missed."""
    return {
        POINTS_ELSEWHERE: _("%(host)s does not lead to the portal yet. New records can take some hours to be known."),
        NO_PROOF: _("The second record was not found yet, or leads elsewhere."),
        PROVES_NOTHING: _(
            "Every name under %(host)s leads here (a wildcard record), so the second record proves nothing."
        ),
        NO_ANSWER: _("The name service did not answer in time. Try again in a minute."),
        CHECKING: _("The check did not come to an end. Try again in a minute."),
        UNUSABLE: _("%(host)s cannot be used here."),
    }.get(name, name) % {"host": host}


def _addresses(names: tuple[str, ...]) -> list[frozenset[str]] | None:
    # A resolver that hangs must not hold up its worker: its threads are left behind, not waited for.
    pool = ThreadPoolExecutor(max_workers=len(names), thread_name_prefix="resolve")
    try:
        waiting = [pool.submit(resolve, name) for name in names]
        return [one.result(timeout=MOST_SECONDS) for one in waiting]
    except TookTooLong:
        return None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def resolve(name: str) -> frozenset[str]:
    """This will return the addresses of a name, none when it has none."""
    try:
        found = socket.getaddrinfo(name, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        return frozenset()
    return frozenset(str(one[4][0]) for one in found)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
