"""Whether a link lets somebody in at this moment, and whom. Asked on every request: what was ended counts at once."""

import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.roles import Role
from accounts.viewer import Guest, Viewer, viewer_of_guest
from assessments.models import Clarification, Power, Respondent, RespondentLink, Status


def leads_on(link: RespondentLink) -> bool:
    """This will say whether the link still leads to a run that is answered; reads `assessment`. How many uses are left
    is another question: who started with a link goes on when it is used up."""
    run = link.assessment
    stands = link.revoked_at is None and link.expires_at > timezone.now() and link.account.lets_people_in
    return stands and run.is_open and run.deleted_at is None


def answering(link: RespondentLink, respondent_id: uuid.UUID | None) -> Respondent | None:
    """This will return the respondent whom the link lets answer: its own person or, of a share link, somebody who came
    by it; never anybody done, stopped, or who lost the login they were asked as."""
    respondent = belonging(link, respondent_id)
    if respondent is None or respondent.submitted_at or respondent.stopped_at:
        return None
    return respondent


def asked_back(link: RespondentLink, respondent_id: uuid.UUID | None) -> Clarification | None:
    """This will return the question sent back to somebody who follows the link: it lets them reply, also when they are
    done or the run is under review; reads `assessment`. None when there is none, or the link or the run has ended."""
    run = link.assessment
    is_over = link.expires_at <= timezone.now() or run.deleted_at or run.status == Status.CLOSED or link.revoked_at
    if not link.account.lets_people_in or respondent_id is None or is_over or link.power != Power.ANSWER:
        return None
    respondent = belonging(link, respondent_id)
    if respondent is None or respondent.stopped_at:
        return None
    waiting = Clarification.objects.filter(assessment=run.pk, asked_of=respondent, resolved_at=None)
    return waiting.order_by("-replied_at", "created_at").first()


def belonging(link: RespondentLink, respondent_id: uuid.UUID | None) -> Respondent | None:
    """This will return the respondent when the link is theirs, done or not."""
    if respondent_id is None:
        return None
    rows = Respondent.objects.filter(pk=respondent_id, assessment=link.assessment_id).select_related("user")
    respondent: Respondent | None = rows.first()
    if respondent is None:
        return None
    theirs = link.respondent_id == respondent.pk if link.respondent_id else respondent.through_id == link.pk
    return respondent if theirs and _may_still(respondent) else None


def _may_still(respondent: Respondent) -> bool:
    """Somebody asked as a client of the account is one no more when they left it: a mail they still have changes that
    as little as an open session does."""
    user = respondent.user
    return user is None or (
        user.is_active
        and Membership.objects.filter(account_id=respondent.account_id, user=user, role=Role.CLIENT).exists()
    )


def sections_of(link: RespondentLink, respondent: Respondent | None) -> tuple[str, ...] | None:
    """This will return the sections both the link and the person are narrowed to: none means all; None when they have
    none in common, which is not the same."""
    of_link, of_person = link.sections, respondent.sections if respondent else []
    if not of_link or not of_person:
        return tuple(of_link or of_person)
    return tuple(key for key in of_person if key in of_link) or None


def viewer_through(link: RespondentLink, respondent: Respondent | None) -> Viewer | None:
    """This will build the viewer of who follows the link; None when it lets nobody in. `respondent` is None by a link
    that only shows and belongs to nobody."""
    sections = sections_of(link, respondent)
    if sections is None or not link.account.lets_people_in:
        return None
    guest = Guest(
        key=respondent.pk if respondent else link.pk,
        name=respondent.shown_name if respondent else _("Guest"),
        only=link.assessment_id,
        link=link.pk,
        may_answer=link.power == Power.ANSWER and respondent is not None,
        sections=sections,
    )
    return viewer_of_guest(link.organization, link.account, guest)
