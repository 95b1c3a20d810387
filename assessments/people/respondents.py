"""Who answers, and who answered, an assessment."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import Mail, Membership, User
from accounts.models.mail import MailState
from accounts.roles import Role
from accounts.viewer import Viewer
from assessments.models import Assessment, Respondent, RespondentLink
from assessments.people.tracking import ABOUT_THE_WAY_IN

ALL, MISSING, DONE, UNREACHED = "all", "missing", "done", "unreached"
_LOST = (MailState.BOUNCED, MailState.FAILED, MailState.UNKNOWN)


def people_of(viewer: Viewer, assessment: Assessment) -> list[User]:
    """This will list the users who took part, first come first, in one query."""
    rows = Respondent.objects.visible_to(viewer).filter(assessment=assessment, user__isnull=False)
    return [row.user for row in rows.select_related("user").order_by("created_at") if row.user]


def of_run(viewer: Viewer, run: Assessment, which: str = ALL, words: str = "") -> QuerySet[Respondent]:
    """This will find a run's respondents, first added first: all, or only those missing, done or not reached by mail."""
    found = Respondent.objects.visible_to(viewer).filter(assessment=run).select_related("assessment", "user")
    for word in words.split()[:8]:
        found = found.search(word)
    if which == MISSING:
        found = found.answering()
    elif which == DONE:
        found = found.filter(submitted_at__isnull=False)
    elif which == UNREACHED:
        mails = Mail.objects.filter(about=OuterRef("pk"), kind__in=ABOUT_THE_WAY_IN).order_by("-created_at")
        found = found.alias(mail_state=Subquery(mails.values("state")[:1])).filter(mail_state__in=_LOST)
    return found.order_by("created_at", "pk")


def count_of_run(viewer: Viewer, run: Assessment) -> dict[str, int]:
    """This will count a run's respondents: all, those missing, done and not reached by mail."""
    return {which: of_run(viewer, run, which).count() for which in (ALL, MISSING, DONE, UNREACHED)}


def could_be_asked(viewer: Viewer, run: Assessment) -> QuerySet[User]:
    """This will find the active clients of the run's account who are not asked yet, by name."""
    clients = Membership.objects.visible_to(viewer).filter(account=run.account_id, role=Role.CLIENT)
    asked = Respondent.objects.visible_to(viewer).filter(assessment=run, user__isnull=False)
    found: Any = User.objects.filter(is_active=True, pk__in=clients.values("user"))
    return found.exclude(pk__in=asked.values("user")).named(viewer.organization).order_by("called", "email")


def share_links_of(viewer: Viewer, run: Assessment) -> list[RespondentLink]:
    """This will list the links of a run that belong to nobody, newest first."""
    found = RespondentLink.objects.visible_to(viewer).filter(assessment=run, respondent=None)
    return list(found.select_related("created_by", "revoked_by").defer("token_hash").order_by("-created_at")[:100])
