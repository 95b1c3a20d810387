"""Who is asked to answer an assessment: added, invited, reminded, given sections, stopped, taken out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import mails
from accounts.actions.mails import Wanted
from accounts.models import AuditEntry, Mail, Membership, User
from accounts.models.user import UserManager
from accounts.roles import Can, Role
from accounts.viewer import Viewer
from assessments.models import Answer, Assessment, Respondent, RespondentLink
from library.versions import document_of

from .steps import locked
from .submissions import recount

INVITATION, REMINDER = "assessments.invitation", "assessments.reminder"
REMOVED = "respondent.removed"
MOST_PEOPLE = 2000
# Whoever clicks twice, and whoever clicks in two windows, sends one mail.
NOT_AGAIN_FOR = timedelta(minutes=1)


class RunEnded(Exception):
    """Answering is over: nobody can be asked any more."""


class TooManyPeople(Exception):
    """More people than one assessment takes: `MOST_PEOPLE`."""


class HasAnswered(Exception):
    """The person gave answers, which would go as well: stop them instead."""


class UnknownSection(Exception):
    """The definition has no such section."""


@dataclass(frozen=True)
class Person:
    """Somebody to be asked: by email, or as the `user` picked from the account. `sections` are the keys of the
    top-level sections they are asked; none means all."""

    name: str = ""
    email: str = ""
    sections: tuple[str, ...] = ()
    user: User | None = None


@transaction.atomic
def add(*, by: Viewer, run: Assessment, people: Sequence[Person]) -> list[Respondent]:
    """This will make people respondents of a run and return them, one for each person named, in that order.

    The email of an active client of the account stands for that user; any other is somebody without a login. Who is a
    respondent already stays as they are. Raises RunEnded, TooManyPeople and UnknownSection.
    """
    by.require_on(Can.CREATE_ASSESSMENTS, run.account)
    if not run.is_open:
        raise RunEnded
    _check_sections(run, {key for person in people for key in person.sections})
    members = _clients_among(run, people)
    there = _by_address(run)
    missing: dict[str, Respondent] = {}
    for person in people:
        address = _address(person)
        member = members.get(address)
        found = there.get(address)
        if found is None and address not in missing:
            missing[address] = _row(by, run, person, member)
        elif found is not None and member is not None and found.user_id is None and found.through_id is None:
            # Met by mail at first, and a client of the account by now.
            Respondent.objects.filter(pk=found.pk, user=None).update(user=member.user, name=member.introduced_as)
    if len({row.pk for row in there.values()}) + len(missing) > MOST_PEOPLE:
        raise TooManyPeople
    if missing:
        Respondent.objects.bulk_create(missing.values(), ignore_conflicts=True)
        audit.record(by, "respondents.added", run, run.account, addresses=list(missing))
        recount(run)
        there = _by_address(run)
    return [there[_address(person)] for person in people]


def _address(person: Person) -> str:
    return person.user.email if person.user else UserManager.normalize(person.email)


def _clients_among(run: Assessment, people: Sequence[Person]) -> dict[str, Membership]:
    addresses = {_address(person) for person in people}
    members = Membership.objects.filter(
        account_id=run.account_id, role=Role.CLIENT, suspended_at=None, user__is_active=True, user__email__in=addresses
    )
    return {member.user.email: member for member in members.select_related("user")}


def _by_address(run: Assessment) -> dict[str, Respondent]:
    """Users come last: they win over somebody without a login who has the same address."""
    rows = Respondent.objects.filter(assessment=run, account_id=run.account_id).select_related("user")
    return {row.address.lower(): row for row in sorted(rows, key=lambda row: row.user_id is not None) if row.address}


def _row(by: Viewer, run: Assessment, person: Person, member: Membership | None) -> Respondent:
    return Respondent(
        organization=by.organization,
        account_id=run.account_id,
        assessment=run,
        user=member.user if member else None,
        name=member.introduced_as if member else person.name.strip()[:120],
        email="" if member else _address(person),
        sections=list(person.sections),
    )


def _check_sections(run: Assessment, keys: Iterable[str]) -> None:
    wanted = set(keys)
    if wanted and wanted - {section.key for section in document_of(run.version).sections}:
        raise UnknownSection


@transaction.atomic
def invite(*, by: Viewer, respondents: Sequence[Respondent], message: str = "", origin: str = "") -> list[Respondent]:
    """This will mail each person the way into the run, and return who is written to.

    Left out are people without an address, done, stopped, or invited a moment ago, and everybody of a run that is over.
    The link in the mail is made when it is sent, and ends the one before. `origin` is the address the portal is reached
    at; without it the organization's own is taken.
    """
    return _write_to(by, respondents, INVITATION, {"message": message, "origin": origin})


@transaction.atomic
def remind(*, by: Viewer, respondents: Sequence[Respondent], message: str = "", origin: str = "") -> list[Respondent]:
    """This will mail those who are not done that they are waited for, and return who is written to."""
    return _write_to(by, respondents, REMINDER, {"message": message, "origin": origin, "on_demand": True})


def _write_to(by: Viewer, respondents: Sequence[Respondent], kind: str, data: dict[str, object]) -> list[Respondent]:
    now = timezone.now()
    # The rows are locked: of two requests at once the second one waits, and finds that it was done.
    rows = (
        Respondent.objects.filter(pk__in=[one.pk for one in respondents], assessment__deleted_at=None)
        .answering()
        .select_for_update(of=("self",), no_key=True)
        .select_related("assessment__account", "user")
        .order_by("pk")
    )
    people = [one for one in rows if one.address and one.assessment.is_open]
    for account in {one.assessment.account for one in people}:
        by.require_on(Can.CREATE_ASSESSMENTS, account)
    recent = Mail.objects.filter(kind=kind, about__in=[one.pk for one in people], created_at__gt=now - NOT_AGAIN_FOR)
    lately = set(recent.values_list("about", flat=True))
    people = [one for one in people if one.pk not in lately]
    wanted = [
        Wanted(
            kind=kind,
            about=one,
            key=f"{kind}:{one.pk}:{now:%Y%m%d%H%M%S%f}",
            to_email=one.address,
            to_name=one.name or (one.user.name if one.user else ""),
            account=one.assessment.account,
            data=data,
            user=one.user,
        )
        for one in people
    ]
    mails.queue_all(by=by, wanted=wanted)
    if kind == INVITATION:
        Respondent.objects.filter(pk__in=[one.pk for one in people]).update(invited_at=now, invited_by=by.user)
    verb = "respondents.invited" if kind == INVITATION else "respondents.reminded"
    for run in {one.assessment for one in people}:
        names = [one.address for one in people if one.assessment_id == run.pk]
        audit.record(by, verb, run, run.account, addresses=names)
    return people


@transaction.atomic
def delegate(*, by: Viewer, respondent: Respondent, sections: Sequence[str]) -> Respondent:
    """This will choose the sections a person is asked; none means all. Raises RunEnded and UnknownSection."""
    run = respondent.assessment
    by.require_on(Can.CREATE_ASSESSMENTS, run.account)
    _check_sections(run, sections)
    order = [section.key for section in document_of(run.version).sections]
    chosen = sorted(set(sections), key=order.index)
    chosen = [] if len(chosen) == len(order) else chosen
    locked(run)  # before the person, as saving an answer does, or the two could wait for each other
    respondent = _locked(respondent)
    if not respondent.assessment.is_open or respondent.submitted_at:
        raise RunEnded
    if respondent.sections != chosen:
        before, respondent.sections = respondent.sections, chosen
        respondent.save(update_fields=["sections"])
        audit.record(by, "respondent.delegated", respondent, run.account, before=before, sections=chosen)
        recount(respondent.assessment)
    return respondent


@transaction.atomic
def stop(*, by: Viewer, respondent: Respondent) -> bool:
    """This will keep a person from answering any further; what they answered stays. False when they were stopped
    already or are done."""
    by.require_on(Can.CREATE_ASSESSMENTS, respondent.assessment.account)
    locked(respondent.assessment)
    rows = Respondent.objects.filter(pk=respondent.pk, account_id=respondent.account_id).answering()
    changed = bool(rows.update(stopped_at=timezone.now()))
    if changed:
        audit.record(by, "respondent.stopped", respondent, respondent.assessment.account)
        recount(respondent.assessment)
    return changed


@transaction.atomic
def resume(*, by: Viewer, respondent: Respondent) -> bool:
    """This will let a stopped person answer again; their link, if it did not expire, works as before."""
    by.require_on(Can.CREATE_ASSESSMENTS, respondent.assessment.account)
    locked(respondent.assessment)
    rows = Respondent.objects.filter(pk=respondent.pk, account_id=respondent.account_id, stopped_at__isnull=False)
    changed = bool(rows.update(stopped_at=None))
    if changed:
        audit.record(by, "respondent.resumed", respondent, respondent.assessment.account)
        recount(respondent.assessment)
    return changed


@transaction.atomic
def remove(*, by: Viewer, respondent: Respondent) -> AuditEntry:
    """This will take somebody out who answered nothing, with their links. `restore` takes the entry returned.

    Raises HasAnswered: nothing anybody answered is lost with a person.
    """
    account = respondent.assessment.account
    by.require_on(Can.CREATE_ASSESSMENTS, account)
    locked(respondent.assessment)
    respondent = _locked(respondent)
    if respondent.submitted_at or _left_something(respondent):
        raise HasAnswered
    entry = audit.record(
        by,
        REMOVED,
        respondent,
        account,
        run=str(respondent.assessment_id),
        name=respondent.shown_name,
        address=respondent.address,
        user=str(respondent.user_id or ""),
        sections=respondent.sections,
    )
    RespondentLink.objects.filter(respondent=respondent).delete()
    # Not by delete(), which would look for revisions to remove: those are never removed, and there are none.
    rows = Respondent.objects.filter(pk=respondent.pk)
    rows._raw_delete(rows.db)
    recount(respondent.assessment)
    return entry


def _left_something(respondent: Respondent) -> bool:
    """Whether anything hangs on the person but their links: answers, what became of them, files, questions asked back."""
    for relation in Respondent._meta.related_objects:
        model = relation.related_model
        if model is not RespondentLink and model._base_manager.filter(**{relation.field.name: respondent}).exists():
            return True
    given = Answer.objects.filter(assessment=respondent.assessment_id, answered_by=respondent.user_id)
    return respondent.user_id is not None and given.exists()


@transaction.atomic
def restore(*, by: Viewer, run: Assessment, removal: AuditEntry) -> Respondent:
    """This will take back a removal; the person's links stay ended. Raises RunEnded."""
    by.require_on(Can.CREATE_ASSESSMENTS, run.account)
    was = removal.details
    if removal.verb != REMOVED or was["run"] != str(run.pk):
        raise RunEnded
    known = {section.key for section in document_of(run.version).sections}
    sections = tuple(key for key in was["sections"] if key in known)
    if was["address"]:
        return add(by=by, run=run, people=[Person(was["name"], was["address"], sections)])[0]
    row = _row(by, run, Person(was["name"], "", sections), None)
    row.save(force_insert=True)
    audit.record(by, "respondents.added", run, run.account, addresses=[])
    recount(run)
    return row


def _locked(respondent: Respondent) -> Respondent:
    """This will read the person anew and keep everybody else from changing the row until the transaction ends."""
    rows = Respondent.objects.select_for_update(of=("self",)).select_related("assessment__account", "user")
    found: Respondent = rows.get(pk=respondent.pk, account_id=respondent.account_id)
    return found


def take_part(by: Viewer, assessment: Assessment) -> None:
    """This will record that the viewer answers this assessment; saying so twice changes nothing. A guest is a
    respondent already."""
    if by.user is None:
        return
    row = Respondent(
        organization=by.organization, account_id=assessment.account_id, assessment=assessment, user=by.user
    )
    Respondent.objects.bulk_create([row], ignore_conflicts=True)
