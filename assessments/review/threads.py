"""Questions sent back, read: their threads, and whom they wait for."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q
from django.urls import reverse

from accounts.viewer import Viewer
from assessments.models import Assessment, Clarification, ClarificationMessage, Status


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a thread; `initials` stand for who wrote it."""

    who: str
    initials: str
    when: datetime
    text: str
    is_staff: bool
    is_mine: bool


def latest_of(viewer: Viewer, run: Assessment) -> dict[str, Clarification]:
    """This will read the latest question sent back by question asked about, in two queries."""
    rows = Clarification.objects.visible_to(viewer).filter(assessment=run).prefetch_related(_messages())
    found: dict[str, Clarification] = {}
    for row in rows.select_related("asked_of__user", "opened_by").order_by("created_at"):
        if row.question_key not in found or row.resolved_at is None:
            found[row.question_key] = row
    return found


def all_of(viewer: Viewer, run: Assessment, question_key: str) -> list[Clarification]:
    """This will read everything that was ever asked about one answer, first things first, in two queries."""
    rows = Clarification.objects.visible_to(viewer).filter(assessment=run, question_key=question_key)
    return list(
        rows.prefetch_related(_messages())
        .select_related("asked_of__user", "opened_by", "resolved_by")
        .order_by("created_at")
    )


def waiting_for(viewer: Viewer) -> list[Clarification]:
    """This will list the questions sent back that wait for this client's reply, the oldest first, in one query."""
    mine = Q(asked_of=None)
    if viewer.guest:
        mine = Q(asked_of=viewer.guest.key)
    elif viewer.person:
        mine |= Q(asked_of__user=viewer.person)
    rows = (
        Clarification.objects.visible_to(viewer)
        .filter(mine, resolved_at=None, replied_at=None, assessment__deleted_at=None)
        .exclude(assessment__status=Status.CLOSED)
    )
    return list(rows.select_related("assessment").order_by("created_at")[:20])


def runs_waiting_for(viewer: Viewer) -> dict[uuid.UUID, str]:
    """This will name the runs in which a question sent back waits for this client, each with where to reply."""
    return {row.assessment_id: url_of(row) for row in reversed(waiting_for(viewer))}


def url_of(clarification: Clarification) -> str:
    """This will return the address at which the client replies."""
    run = [clarification.account_id, clarification.assessment_id]
    return reverse("client:clarification", args=[*run, clarification.pk])


def messages_of(viewer: Viewer, clarification: Clarification) -> list[Message]:
    """This will write the lines of a thread read by `latest_of` or `all_of`, the newest last."""
    return [_message(viewer, row) for row in clarification.messages.all()]


def _messages() -> Prefetch:
    rows = ClarificationMessage.objects.select_related("author", "guest__user").order_by("created_at")
    return Prefetch("messages", queryset=rows.defer("author__password"))


def _message(viewer: Viewer, row: ClarificationMessage) -> Message:
    who = row.author.name if row.author else row.guest.shown_name if row.guest else ""
    is_mine = (viewer.user is not None and row.author_id == viewer.user.pk) or (
        viewer.guest is not None and row.guest_id == viewer.guest.key
    )
    initials = "".join(word[0] for word in who.split()[:2]).upper() if who else ""
    return Message(who, initials, row.created_at, row.text, row.is_staff, is_mine)
