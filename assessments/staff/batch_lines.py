"""The lines of a batch as they are written: a template's every tag costs, and a page has 25 lines of them."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import MailState
from accounts.models.mail import TURNED_OFF, WITH_DAILY_MAIL
from assessments.batching import batch_people
from assessments.people.tracking import Tracked
from portal.web.templatetags import ui

_NONE = SafeString('<span class="muted">–</span>')
# What a mail's state looks like: tone and icon; the words are those of the file.
LOOKS: dict[str, tuple[str, str]] = {
    "": ("neutral", "circle-dashed"),
    MailState.QUEUED: ("neutral", "hourglass"),
    MailState.SENDING: ("info", "progress"),
    MailState.SENT: ("info", "mail"),
    MailState.DELIVERED: ("success", "check"),
    MailState.BOUNCED: ("danger", "alert-circle"),
    MailState.FAILED: ("danger", "alert-circle"),
    MailState.CANCELLED: ("neutral", "minus"),
    WITH_DAILY_MAIL: ("neutral", "mail"),
    TURNED_OFF: ("neutral", "minus"),
    MailState.UNKNOWN: ("warn", "help-circle"),
}
_SOMEBODY, _SOME_RUN, _SOME_ACCOUNT = (uuid.UUID(int=0xFEED_FACE_CAFE_0000 + number) for number in (1, 2, 3))


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the table, cell by cell. The addresses are the routes of the person's run."""

    key: str
    name: str
    address: str
    initials: str
    account: str
    run_url: str
    mail: SafeString
    mail_error: str
    invited: SafeString | str
    opened: SafeString | str
    percent: int
    seen: SafeString | str
    done: SafeString | str
    is_done: bool
    is_stopped: bool
    has_login: bool
    can_be_asked: bool
    resend_url: str
    stop_url: str
    resume_url: str
    link_url: str


def lines(people: Sequence[Tracked]) -> list[Line]:
    """This will write the people; what every line repeats is found once."""
    stopped = ui.badge(_("Stopped"), "neutral", "minus")
    at = {
        name: _addresses(f"staff:{route}", person)
        for name, route, person in (
            ("run", "run_people", False), ("resend", "run_invitations", False), ("stop", "run_person_stop", True),
            ("resume", "run_person_resumption", True), ("link", "run_person_link", True),
        )
    }  # fmt: skip
    return [_line(one, at, stopped) for one in people]


def _line(one: Tracked, at: dict[str, Callable[[Tracked], str]], stopped: SafeString) -> Line:
    tone, icon = LOOKS.get(one.mail_state, ("neutral", "mail"))
    done = ui.ago(one.done_at) if one.is_done else stopped if one.is_stopped else _NONE
    return Line(
        key=str(one.respondent.pk),
        name=one.name,
        address=one.address if one.address != one.name else "",
        initials=one.initials,
        account=one.respondent.account.name,
        run_url=at["run"](one),
        mail=ui.badge(batch_people.mail_word(one).capitalize(), tone, icon),
        mail_error=one.mail_error if one.mail_state in (MailState.BOUNCED, MailState.FAILED) else "",
        invited=ui.ago(one.invited_at),
        opened=format_html("{} {}", _("opened"), ui.ago(one.opened_at)) if one.opened_at else "",
        percent=100 if one.is_done else one.percent,
        seen=ui.ago(one.last_seen_at) or _NONE,
        done=done,
        is_done=one.is_done,
        is_stopped=one.is_stopped,
        has_login=one.has_login,
        can_be_asked=one.can_be_written_to,
        resend_url=at["resend"](one),
        stop_url=at["stop"](one),
        resume_url=at["resume"](one),
        link_url=at["link"](one),
    )


def _addresses(name: str, of_person: bool) -> Callable[[Tracked], str]:
    """One look-up in the URL configuration for all lines."""
    pattern = reverse(name, args=[_SOME_ACCOUNT, _SOME_RUN, *([_SOMEBODY] if of_person else [])])

    def address(one: Tracked) -> str:
        row = one.respondent
        found = pattern.replace(str(_SOME_ACCOUNT), str(row.account_id)).replace(str(_SOME_RUN), str(row.assessment_id))
        return found.replace(str(_SOMEBODY), str(row.pk))

    return address
