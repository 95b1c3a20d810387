"""Magic links: made, shared, revoked, and started by somebody without a login."""

import datetime
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts import audit, tenancy
from accounts.actions import mails, undoing
from accounts.links import LinkEnded, TooManyLinks
from accounts.models import AuditEntry, Membership, Organization
from accounts.models.user import UserManager
from accounts.roles import Can, Role
from accounts.viewer import Viewer, system_viewer
from assessments.models import Assessment, Clarification, Power, Respondent, RespondentLink, Status
from assessments.models.respondent import hash_of, new_token
from assessments.people import link_state
from library.versions import document_of

from .respondents import INVITATION, MOST_PEOPLE, RunEnded, UnknownSection
from .submissions import recount

LASTS = timedelta(days=30)
AFTER_DUE = timedelta(days=14)
LONGEST = timedelta(days=365)
MOST_SHARED = 50
REVOKED = "link.revoked"


class NothingToShow(Exception):
    """A link that only shows makes no sense where everybody answers alone: there are no common answers."""


class WrongPassword(Exception):
    """The link has a password, and this is not it."""


class NameMissing(Exception):
    """Who starts with a share link says a name."""


@transaction.atomic
def issue(
    *, by: Viewer, respondent: Respondent, power: str = Power.ANSWER, expires_at: datetime.datetime | None = None,
    most_uses: int | None = None, password: str = "", ends_earlier: bool = True,
) -> tuple[RespondentLink, str]:  # fmt: skip
    """This will make a person's own link, as (link, token). The token is kept nowhere: who needs it takes it now.

    The person's earlier links end, unless `ends_earlier` is False. Raises RunEnded when the run is over, or the person
    done or stopped.
    """
    run = respondent.assessment
    by.require_on(Can.CREATE_ASSESSMENTS, run.account)
    is_done = not run.is_open or respondent.submitted_at
    if run.deleted_at or respondent.stopped_at or (is_done and not _is_asked_back(respondent)):
        raise RunEnded
    if ends_earlier:
        # One after the other: of two links made at once, the later one is the only one.
        Respondent.objects.select_for_update(no_key=True).get(pk=respondent.pk)
        earlier = RespondentLink.objects.filter(respondent=respondent, revoked_at=None)
        earlier.update(revoked_at=timezone.now(), revoked_by=by.user)
    return _made(by, run, respondent, power, (), expires_at, most_uses, password)


@transaction.atomic
def share(
    *, by: Viewer, run: Assessment, power: str = Power.ANSWER, sections: Sequence[str] = (),
    expires_at: datetime.datetime | None = None, most_uses: int | None = None, password: str = "",
) -> tuple[RespondentLink, str]:  # fmt: skip
    """This will make a link that belongs to nobody, as (link, token): who starts with it says a name.

    Raises RunEnded, TooManyLinks, UnknownSection, and NothingToShow for a link that only shows an independent run.
    """
    by.require_on(Can.CREATE_ASSESSMENTS, run.account)
    run = Assessment.objects.select_for_update(no_key=True, of=("self",)).select_related("account", "version").get(
        pk=run.pk, account_id=run.account_id, deleted_at=None
    )  # fmt: skip
    if not run.is_open:
        raise RunEnded
    if power == Power.VIEW and run.is_independent:
        raise NothingToShow
    if set(sections) - {section.key for section in document_of(run.version).sections}:
        raise UnknownSection
    if RespondentLink.objects.filter(assessment=run, respondent=None).usable().count() >= MOST_SHARED:
        raise TooManyLinks(MOST_SHARED)
    return _made(by, run, None, power, sections, expires_at, most_uses, password)


def _is_asked_back(respondent: Respondent) -> bool:
    """Who is asked about an answer gets in to reply, done or not."""
    waiting = Clarification.objects.filter(asked_of=respondent, resolved_at=None)
    return waiting.exclude(assessment__status=Status.CLOSED).exists()


def _made(
    by: Viewer, run: Assessment, respondent: Respondent | None, power: str, sections: Sequence[str],
    expires_at: datetime.datetime | None, most_uses: int | None, password: str,
) -> tuple[RespondentLink, str]:  # fmt: skip
    token = new_token()
    link = RespondentLink.objects.create(
        organization=by.organization,
        account_id=run.account_id,
        assessment=run,
        respondent=respondent,
        token_hash=hash_of(token),
        power=Power(power),
        sections=list(sections),
        expires_at=min(expires_at or lasts_until(run), timezone.now() + LONGEST),
        most_uses=most_uses,
        password=make_password(password) if password else "",
        created_by=by.user,
    )
    details = {"power": str(link.power), "until": link.expires_at.isoformat(), "uses": most_uses}
    audit.record(by, "link.made" if respondent else "link.shared", run, run.account, link=str(link.pk), **details)
    return link, token


def lasts_until(run: Assessment) -> datetime.datetime:
    """This will return when a link ends of which nobody said when: in 30 days, or two weeks after the run is due; in a
    year at the latest."""
    now = timezone.now()
    end, latest = now + LASTS, now + LONGEST
    if run.due_on:
        # A run may be due on the last day there is.
        due = datetime.datetime.combine(min(run.due_on, latest.date()), datetime.time.max, tzinfo=datetime.UTC)
        end = max(end, due + AFTER_DUE)
    return min(end, latest)


@transaction.atomic
def revoke(*, by: Viewer, link: RespondentLink) -> AuditEntry | None:
    """This will end a link at once, also for who started with it. `restore` takes the returned step back; None when it
    was ended already."""
    by.require_on(Can.CREATE_ASSESSMENTS, link.account)
    rows = RespondentLink.objects.filter(pk=link.pk, account_id=link.account_id, revoked_at=None)
    if not rows.update(revoked_at=timezone.now(), revoked_by=by.user):
        return None
    return audit.record(by, REVOKED, link.assessment, link.account, link=str(link.pk))


@transaction.atomic
def restore(*, by: Viewer, link: RespondentLink, step: uuid.UUID) -> None:
    """This will let a link work again that this person has just revoked, as far as it would. Raises TooLate, also when
    the person it was for has got another one since, and TooManyLinks."""
    by.require_on(Can.CREATE_ASSESSMENTS, link.account)
    entry = undoing.revoked_link(by=by, verb=REVOKED, step=step, link=link.pk)
    Assessment.objects.select_for_update(no_key=True).get(pk=link.assessment_id)
    working = RespondentLink.objects.filter(assessment=link.assessment_id, respondent=link.respondent_id).usable()
    if link.respondent_id and working.exists():
        raise undoing.TooLate
    if not link.respondent_id and working.count() >= MOST_SHARED:
        raise TooManyLinks(MOST_SHARED)
    # Revoked once more since, it is that step which can be taken back.
    rows = RespondentLink.objects.filter(pk=link.pk, account_id=link.account_id, revoked_at__lte=entry.created_at)
    if not rows.update(revoked_at=None, revoked_by=None):
        raise undoing.TooLate
    audit.record(by, "link.restored", link.assessment, link.account, link=str(link.pk))


def find(organization: Organization | None, token: str) -> RespondentLink:
    """This will return the link of a token that still lets somebody in, or let in somebody once: whether it has a use
    left is said by `start`. Raises LinkEnded for every other token. Keeps the transaction to the link's account."""
    if organization is None:
        raise LinkEnded
    rows = RespondentLink.objects.filter(organization=organization, token_hash=hash_of(token))
    link: RespondentLink | None = rows.select_related(
        "organization", "assessment__definition", "account", "created_by", "respondent__user"
    ).first()
    if link is None:
        raise LinkEnded
    tenancy.narrow_to_account(link.account_id)
    lets_answer = link_state.leads_on(link) and (
        link.respondent_id is None or link_state.answering(link, link.respondent_id) is not None
    )
    if not lets_answer and link_state.asked_back(link, link.respondent_id) is None:
        raise LinkEnded
    return link


def has_use_left(link: RespondentLink) -> bool:
    """This will say whether one more may start with the link, as far as one can tell without starting."""
    return link.most_uses is None or link.uses < link.most_uses


@transaction.atomic
def start(
    *, organization: Organization | None, token: str, password: str = "", name: str = "", email: str = ""
) -> tuple[RespondentLink, Respondent | None]:  # fmt: skip
    """This will let somebody in by a link, as (link, respondent), and count one use of it.

    The respondent is the link's own; by a share link somebody new, and nobody when the link only shows. Raises
    LinkEnded whatever the reason, WrongPassword, and NameMissing when a share link is started without a name.
    """
    link = find(organization, token)
    if link.password and not check_password(password, link.password):
        raise WrongPassword
    name, email = " ".join(name.split())[:120], UserManager.normalize(email)
    asks_name = link.respondent_id is None and link.power == Power.ANSWER
    if asks_name and not name:
        raise NameMissing
    now = timezone.now()
    # One statement that looks and counts: of many at once, as many come in as the link has uses left.
    if not RespondentLink.objects.filter(pk=link.pk).usable().update(uses=F("uses") + 1, last_opened_at=now):
        raise LinkEnded
    respondent = None
    if link.respondent_id:
        respondent = _came(link)
    elif asks_name:
        respondent = _newcomer(link, name, email)
    if respondent:
        Respondent.objects.filter(pk=respondent.pk, opened_at=None).update(opened_at=now)
        Respondent.objects.filter(pk=respondent.pk).update(last_seen_at=now)
    by = link_state.viewer_through(link, respondent)
    if by is None:
        raise LinkEnded
    audit.record(by, "link.started", link.assessment, link.account, link=str(link.pk))
    return link, respondent


def _came(link: RespondentLink) -> Respondent:
    """The person the link was made for. From now on they come by it alone: who typed their address into a share link
    before, and was somebody else, does not see what they answer."""
    respondent = link_state.belonging(link, link.respondent_id)
    may_reply = link_state.asked_back(link, link.respondent_id) is not None
    if respondent is None or not (may_reply or link_state.answering(link, link.respondent_id)):
        raise LinkEnded
    if respondent.through_id:
        Respondent.objects.filter(pk=respondent.pk).update(through=None)
    return respondent


def _newcomer(link: RespondentLink, name: str, email: str) -> Respondent:
    """Somebody new, always: a share link proves nobody's address, so it leads into nobody else's answers. An address
    that is known is not kept; its owner is mailed the own way in. What the page says is the same in every case."""
    run = link.assessment
    people = Respondent.objects.filter(assessment=run)
    if people.count() >= MOST_PEOPLE:
        raise LinkEnded
    known = people.filter(Q(user=None, email__iexact=email) | Q(user__email=email)).first() if email else None
    is_member = (
        email and Membership.objects.filter(account_id=run.account_id, role=Role.CLIENT, user__email=email).exists()
    )
    if known is not None:
        _show_the_way_back(known)
    row = Respondent(
        organization_id=link.organization_id,
        account_id=link.account_id,
        assessment=run,
        name=name,
        email="" if known or is_member else email,
        through=link,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # through another link, somebody typed the same address this very moment
        row.email = ""
        row.save(force_insert=True)
    recount(run)
    return row


def _show_the_way_back(respondent: Respondent) -> None:
    """Once a day, and only to people staff asked: nobody is written to because a stranger typed their address."""
    if respondent.through_id or respondent.submitted_at or respondent.stopped_at:
        return
    mails.queue(
        by=system_viewer(respondent.assessment.organization),
        kind=INVITATION,
        about=respondent.pk,
        to_email=respondent.address,
        to_name=respondent.shown_name,
        account=respondent.assessment.account,
        key=f"{INVITATION}:{respondent.pk}:way-back:{timezone.now():%Y%m%d}",
        # The link they have goes on working: a stranger who types an address ends nothing.
        data={"ends_earlier": False},
    )
