"""How far each person asked is: written to, reached, opened, answering, done. One line per person, few queries."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils import timezone

from accounts.models import Mail
from accounts.viewer import Viewer
from assessments.models import Assessment, Respondent, RespondentLink

ABOUT_THE_WAY_IN = ("assessments.invitation", "assessments.reminder")
# A link of one's own: none yet, one that works, one that did and does not any more.
NO_LINK, WORKS, ENDED = "none", "works", "ended"


@dataclass(frozen=True)
class Tracked:
    """One person of a run. `mail_state` is that of the last mail sent to them about it, as people read it ("" for none),
    `mail_error` what their server said; `link_state` one of "none", "works", "ended"; `state` the one word for where they stand."""

    respondent: Respondent
    name: str
    address: str
    initials: str
    has_login: bool
    came_by_share_link: bool
    sections: tuple[str, ...]
    invited_at: datetime.datetime | None
    mail_state: str
    mail_error: str
    mail_at: datetime.datetime | None
    opened_at: datetime.datetime | None
    last_seen_at: datetime.datetime | None
    percent: int
    has_answered: bool
    is_done: bool
    done_at: datetime.datetime | None
    is_stopped: bool
    link_state: str
    link_until: datetime.datetime | None

    @property
    def state(self) -> str:
        """This will return where the person stands: stopped, done, answering, opened, unreachable, invited or added."""
        for name, holds in (
            ("stopped", self.is_stopped),
            ("done", self.is_done),
            ("answering", self.has_answered),
            ("opened", self.opened_at is not None),
            ("unreachable", self.mail_state in ("bounced", "failed")),
            ("invited", self.invited_at is not None),
        ):
            if holds:
                return name
        return "added"

    @property
    def can_be_written_to(self) -> bool:
        """This will say whether an invitation or a reminder would reach somebody who is still to answer."""
        return bool(self.address) and not self.is_done and not self.is_stopped


def rows(viewer: Viewer, respondents: Sequence[Respondent]) -> list[Tracked]:
    """This will write respondents as lines, in the order given, with two queries for all of them.

    Read them with `assessment` and `user`, or it takes a query for each.
    """
    mails, links = _last_mails(viewer, respondents), _own_links(viewer, respondents)
    return [_line(one, mails.get(one.pk), links.get(one.pk)) for one in respondents]


def _last_mails(viewer: Viewer, respondents: Sequence[Respondent]) -> dict[uuid.UUID, Mail]:
    found = Mail.objects.visible_to(viewer).filter(about__in=[one.pk for one in respondents], kind__in=ABOUT_THE_WAY_IN)
    last = found.order_by("about", "-created_at").distinct("about")
    return {mail.about: mail for mail in last.only("about", "state", "error", "data", "sent_at", "created_at")}


def _own_links(viewer: Viewer, respondents: Sequence[Respondent]) -> dict[uuid.UUID, RespondentLink]:
    found = RespondentLink.objects.visible_to(viewer).filter(respondent__in=[one.pk for one in respondents])
    last = found.order_by("respondent_id", F("revoked_at").desc(nulls_first=True), "-created_at")
    found = last.distinct("respondent_id").defer("password", "token_hash")
    return {link.respondent_id: link for link in found if link.respondent_id}


def _line(one: Respondent, mail: Mail | None, link: RespondentLink | None) -> Tracked:
    run = one.assessment
    done_at = one.submitted_at or (None if run.is_open or run.is_independent else run.submitted_at)
    name = one.shown_name
    return Tracked(
        respondent=one,
        name=name,
        address=one.address,
        initials="".join(word[0] for word in name.split()[:2]).upper(),
        has_login=one.user_id is not None,
        came_by_share_link=one.through_id is not None,
        sections=tuple(one.sections),
        invited_at=one.invited_at,
        mail_state=mail.shown_state if mail else "",
        mail_error=mail.error if mail else "",
        mail_at=(mail.sent_at or mail.created_at) if mail else None,
        opened_at=one.opened_at,
        last_seen_at=one.last_seen_at,
        percent=percent_of(run, one),
        # In a shared run answers belong to nobody alone; who is at work there has been seen since coming in.
        has_answered=bool(one.answered_count if run.is_independent else one.last_seen_at),
        is_done=done_at is not None,
        done_at=done_at,
        is_stopped=one.stopped_at is not None,
        link_state=_link_state(link),
        link_until=link.expires_at if link else None,
    )


def percent_of(run: Assessment, one: Respondent) -> int:
    """This will return how much of what a person is asked has an answer: their own set's in an independent run, that of
    their sections in a shared one, whoever gave it."""
    if run.is_independent:
        return one.percent
    counts = run.progress.get("sections", {})
    mine = [counts[key] for key in one.sections if key in counts]
    if not mine:
        return run.percent
    answered, asked = sum(count[0] for count in mine), sum(count[1] for count in mine)
    return answered * 100 // asked if asked else 0


def _link_state(link: RespondentLink | None) -> str:
    if link is None:
        return NO_LINK
    used_up = link.most_uses is not None and link.uses >= link.most_uses
    return ENDED if link.revoked_at or link.expires_at <= timezone.now() or used_up else WORKS
