"""What each mail about assessments says, and to whom it still goes when it is sent."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import addresses, grants, time_zones
from accounts.mail import mailing
from accounts.mail.mailing import Addressee, Button, Content, Facts, Heading, Paragraph, Part, Quote
from accounts.models import Mail, Membership, User
from accounts.roles import Can, Role
from accounts.viewer import Viewer, viewer_of_account
from assessments import run_names
from assessments.actions import links
from assessments.actions.respondents import RunEnded
from assessments.models import Assessment, Clarification, ClarificationMessage, Respondent, Status
from library.versions import document_of

# Asking people to answer -------------------------------------------------------------------------------------------


@mailing.kind("assessments.invitation", asked_with=Can.CREATE_ASSESSMENTS)
def invitation(mail: Mail, by: Viewer) -> Content | None:
    """This will ask somebody to answer a run: who asks, for which company, how long it takes, by when, and what
    happens with the answers."""
    person = _answering(mail)
    if person is None:
        return None
    run, who = person.assessment, _who_asks(mail)
    way_in = _way_in(mail, by, person, ends_earlier=mail.data.get("ends_earlier", True))
    if way_in is None:
        return None
    names = {"who": who, "run": _called(mail, run), "account": run.account.name, "organization": mail.organization.name}
    return Content(
        subject=_("%(who)s asks you to answer “%(run)s” for %(account)s") % names,
        preview=_how_long(person) or _("Your answers are saved as you give them."),
        parts=(
            Heading(names["run"]),
            _hello(person),
            Paragraph(_opening(mail) % names),
            *_message(mail),
            Facts(_facts(person)),
            Button(_("Go to the questions"), way_in),
            Paragraph(_how_you_get_in(person), is_quiet=True),
            Paragraph(_what_happens(person, mail)),
        ),
        why=_("You get this mail because %(who)s asked for your answers. If it is not meant for you, write back.")
        % names,
        reply_to=_reply_to(mail),
        values=names
        | _values_of_facts(person)
        | {
            "is_named": mail.asked_by is not None and bool(mail.asked_by.name),
            "how_you_get_in": _how_you_get_in(person),
            "what_happens": _what_happens(person, mail),
        },
    )


@mailing.kind("assessments.reminder", asked_with=Can.CREATE_ASSESSMENTS)
def reminder(mail: Mail, by: Viewer) -> Content | None:
    """This will say to somebody who is not done that they are waited for; None when the date it speaks of changed."""
    person = _answering(mail)
    if person is None or not _is_still_the_day(mail, person.assessment):
        return None
    run = person.assessment
    # Whoever is answering at this moment goes on with the link they have.
    way_in = _way_in(mail, by, person, ends_earlier=False)
    if way_in is None:
        return None
    names = {"run": _called(mail, run), "account": run.account.name, "who": _who_asks(mail)}
    return Content(
        subject=_until(run, names["run"], _today(person)),
        preview=_so_far(person),
        parts=(
            Heading(names["run"]),
            _hello(person),
            Paragraph(
                (_("“%(run)s” for %(account)s waits for your answers.") if not _is_begun(person)
                 else _("“%(run)s” for %(account)s waits for the rest of your answers.")) % names
            ),
            *_message(mail),
            Facts((*_facts(person), (_("Answered"), _so_far(person)))),
            Button(_("Go on answering") if _is_begun(person) else _("Go to the questions"), way_in),
            Paragraph(_how_you_get_in(person), is_quiet=True),
        ),
        why=_("You get this mail because your answers are not handed in yet. Once they are, no more reminders come."),
        reply_to=_reply_to(mail),
        values=names | _values_of_facts(person) | {
            "headline": _until(run, names["run"], _today(person)), "is_begun": _is_begun(person), "so_far": _so_far(person),
            "how_you_get_in": _how_you_get_in(person),
        },
    )  # fmt: skip


def _values_of_facts(person: Respondent) -> dict[str, str]:
    run = person.assessment
    return {"sections": _sections(person), "time_needed": _how_long(person), "due_on": _day(run.due_on)}


def _answering(mail: Mail) -> Respondent | None:
    """The respondent the mail is about, while there is somebody to answer and something to be answered."""
    rows = Respondent.objects.filter(pk=mail.about, organization=mail.organization, assessment__deleted_at=None)
    person = (
        rows.answering()
        .select_related("user", "assessment__account__organization", "assessment__version", "assessment__definition")
        .defer("assessment__version__document")
        .first()
    )
    if person is None or not person.assessment.is_open or not _may_still(mail, person):
        return None
    return person


def _way_in(mail: Mail, by: Viewer, person: Respondent, *, ends_earlier: bool) -> str | None:
    """Who has a login goes to the run, past the sign-in page; anybody else gets a link of their own, made now."""
    origin = addresses.origin_of(mail.organization, mail.data.get("origin", ""))
    if not origin:
        return None
    if person.user:
        return origin + reverse("client:take", args=[person.account_id, person.assessment_id])
    try:
        _link, token = links.issue(by=by, respondent=person, ends_earlier=ends_earlier)
    except RunEnded:
        return None
    return origin + _start_page(token)


def _start_page(token: str) -> str:
    return reverse("guest_link", args=[token])


def _hello(person: Respondent) -> Part:
    name = mailing.one_line(person.user.get_short_name() if person.user else person.name.split(" ")[0])
    return Paragraph(_("Hello %(name)s,") % {"name": name} if name else _("Hello,"))


def _opening(mail: Mail) -> str:
    if mail.asked_by is not None and mail.asked_by.name:
        return _("%(who)s of %(organization)s asks you to answer “%(run)s” for %(account)s.")
    return _("%(organization)s asks you to answer “%(run)s” for %(account)s.")


def _who_asks(mail: Mail) -> str:
    return mail.asked_by.name if mail.asked_by is not None and mail.asked_by.name else mail.organization.name


def _reply_to(mail: Mail) -> str:
    return mail.asked_by.email if mail.asked_by is not None else ""


def _message(mail: Mail) -> list[Part]:
    words = str(mail.data.get("message", "")).strip()
    return [Quote(words, _who_asks(mail))] if words else []


def _facts(person: Respondent) -> tuple[tuple[str, str], ...]:
    run = person.assessment
    return (
        (_("Company"), run.account.name),
        (_("Your part"), _sections(person)),
        (_("Time needed"), _how_long(person)),
        (_("Due"), _day(run.due_on)),
    )


def _sections(person: Respondent) -> str:
    if not person.sections:
        return ""
    names = {section.key: section.name for section in document_of(person.assessment.version).sections}
    return ", ".join(names[key] for key in person.sections if key in names)


def _how_long(person: Respondent) -> str:
    if person.sections:
        return ""
    minutes = document_of(person.assessment.version).minutes
    return ngettext("About %(minutes)d minute", "About %(minutes)d minutes", minutes) % {"minutes": minutes}


def _so_far(person: Respondent) -> str:
    counted = person if person.assessment.is_independent else person.assessment
    if not counted.question_count or person.sections:
        return ""
    return _("%(answered)d of %(questions)d questions") % {
        "answered": counted.answered_count,
        "questions": counted.question_count,
    }


def _is_begun(person: Respondent) -> bool:
    return bool((person if person.assessment.is_independent else person.assessment).answered_count)


def _how_you_get_in(person: Respondent) -> str:
    if person.user:
        return _("You sign in with %(email)s and go straight to it.") % {"email": person.user.email}
    return _("You need no password: the link is yours alone, so keep it to yourself.")


def _what_happens(person: Respondent, mail: Mail) -> str:
    run, names = person.assessment, {"organization": mail.organization.name, "account": person.assessment.account.name}
    saved = _("Your answers are saved as you give them: you can stop and go on later.")
    if run.is_independent:
        seen = _("You answer alone. %(organization)s reads what you say; your colleagues do not.") % names
    else:
        seen = _("Those who answer with you see what you say, and so does %(organization)s.") % names
    if document_of(run.version).instant_results:
        then = _("%(account)s sees the results as soon as everything is handed in.") % names
    else:
        then = _("%(organization)s reviews it, and %(account)s sees the results once they are released.") % names
    return f"{saved} {seen} {then}"


def _until(run: Assessment, name: str, today: datetime.date) -> str:
    left = (run.due_on - today).days if run.due_on else None
    if left is None:
        words = _("Reminder: “%(run)s” waits for your answers")
    elif left < 0:
        words = _("Reminder: “%(run)s” was due on %(day)s")
    elif left == 0:
        words = _("Reminder: “%(run)s” is due today")
    elif left == 1:
        words = _("Reminder: “%(run)s” is due tomorrow")
    else:
        words = _("Reminder: “%(run)s” is due on %(day)s")
    return words % {"run": name, "day": _day(run.due_on)}


def _today(person: Respondent) -> datetime.date:
    zone = time_zones.first_known(person.user, person.assessment.account, person.assessment.account.organization)
    return timezone.now().astimezone(zone).date()


def _is_still_the_day(mail: Mail, run: Assessment) -> bool:
    """A reminder of the timetable speaks of one date; asked for by a person, it holds anyway."""
    due_on = mail.data.get("due_on")
    return due_on is None or (run.due_on is not None and run.due_on.isoformat() == due_on)


# Telling staff -----------------------------------------------------------------------------------------------------


def in_charge(mail: Mail, by: Viewer) -> Iterator[Addressee]:
    """This will name the account's Account Executives, or the organization's Admins where it has none; not who did it."""
    staff = Membership.objects.active().filter(organization=mail.organization).select_related("user")
    executives = list(staff.filter(account=mail.account, role=Role.ACCOUNT_EXECUTIVE))
    for membership in executives or staff.filter(account=None, role=Role.ADMIN):
        if membership.user_id != mail.asked_by_id:
            yield _addressee(membership.user)


@mailing.kind("assessments.submitted", to=in_charge)
def submitted(mail: Mail, by: Viewer) -> Content | None:
    """This will say to staff that a run was submitted and can be reviewed."""
    run = _run(mail)
    if run is None or run.submitted_at is None or run.is_open or not _may(mail, Can.FOLLOW_ANSWERS):
        return None
    origin, who = addresses.origin_of(mail.organization), mail.data.get("by_name") or _("The last respondent")
    names = {"who": who, "run": _called(mail, run), "account": run.account.name}
    is_out = run.is_released
    return Content(
        subject=_("%(account)s submitted “%(run)s”") % names,
        parts=(
            Heading(names["run"]),
            _hello_to(mail),
            Paragraph(_("%(who)s has submitted “%(run)s” for %(account)s.") % names),
            Facts(
                (
                    (_("Account"), run.account.name),
                    (_("Submitted"), _moment(mail, run.submitted_at)),
                    (_("Answered"), _("%(answered)d of %(questions)d questions")
                     % {"answered": run.answered_count, "questions": run.question_count}),
                )
            ),
            Paragraph(
                _("The definition gives instant results: the client sees them already.") if is_out
                else _("The client sees the results once you release them.")
            ),
            Button(
                _("See the answers") if is_out else _("Review the answers"),
                origin + _of_run("staff:assessment" if is_out else "staff:run_review", run),
            ),
        ),
        why=_why_staff(run),
        values=names | {
            "submitted_at": _moment(mail, run.submitted_at), "answered": str(run.answered_count),
            "questions": str(run.question_count), "is_released": is_out,
        },
    )  # fmt: skip


@mailing.kind("assessments.threshold", to=in_charge)
def threshold(mail: Mail, by: Viewer) -> Content | None:
    """This will say to staff that most respondents are done, and how many are missing."""
    run = _run(mail)
    if run is None or not run.is_open or not _may(mail, Can.FOLLOW_ANSWERS):
        return None
    people = Respondent.objects.filter(assessment=run, stopped_at=None)
    everybody, done = people.count(), people.exclude(submitted_at=None).count()
    if not everybody:
        return None
    called = _called(mail, run)
    names = {"done": done, "everybody": everybody, "run": called, "account": run.account.name}
    missing = everybody - done
    return Content(
        subject=_("%(done)d of %(everybody)d people are done with “%(run)s”") % names,
        parts=(
            Heading(called),
            _hello_to(mail),
            Paragraph(_("%(done)d of the %(everybody)d people asked have handed in “%(run)s” for %(account)s.") % names),
            Facts(
                (
                    (_("Account"), run.account.name),
                    (_("Done"), f"{done * 100 // everybody} %"),
                    (_("Missing"), ngettext("%(n)d person", "%(n)d people", missing) % {"n": missing} if missing else ""),
                    (_("Due"), _day(run.due_on)),
                )
            ),
            Button(_("See who is missing") if missing else _("See the answers"),
                   addresses.origin_of(mail.organization) + _of_run("staff:run_people", run)),
        ),
        why=_("You get this mail because you look after %(account)s. At which share it comes is part of the set-up.")
        % names,
        values={name: str(value) for name, value in names.items()} | {
            "missing": str(missing) if missing else "", "percent": str(done * 100 // everybody),
            "due_on": _day(run.due_on),
        },
    )  # fmt: skip


# Questions sent back -----------------------------------------------------------------------------------------------


def those_in_the_thread(mail: Mail, by: Viewer) -> Iterator[Addressee]:
    """This will name whom a line of a thread is for: of staff's, the respondent asked or everybody who answers; of a
    respondent's, who asked, or who is in charge when that person is no more."""
    message = _line(mail)
    if message is None:
        return
    if message.is_staff:
        yield from _those_asked(message.clarification)
        return
    asker = message.clarification.opened_by
    if asker is not None and _holds(mail, asker, Can.FOLLOW_ANSWERS):
        yield _addressee(asker)
    else:
        yield from in_charge(mail, by)


@mailing.kind("assessments.clarification", to=those_in_the_thread)
def clarification(mail: Mail, by: Viewer) -> Content | None:
    """This will bring a line of a thread about one answer to the other side, word for word."""
    message = _line(mail)
    if message is None or message.clarification.resolved_at or message.clarification.assessment.status == Status.CLOSED:
        return None
    return _question(mail, by, message) if message.is_staff else _reply(mail, message)


def _question(mail: Mail, by: Viewer, message: ClarificationMessage) -> Content | None:
    run, question = message.clarification.assessment, _question_text(message.clarification)
    person = _asked(mail, message.clarification)
    if person is None:
        return None
    who = message.author.name if message.author else mail.organization.name
    names = {"who": who, "organization": mail.organization.name, "run": _called(mail, run), "account": run.account.name}
    way_in = _way_to_reply(mail, by, person, message.clarification)
    if way_in is None:
        return None
    return Content(
        subject=_("%(organization)s has a question about your answer in “%(run)s”") % names,
        parts=(
            Heading(names["run"]),
            _hello(person),
            Paragraph(
                _("%(who)s of %(organization)s has a question about one of the answers in “%(run)s” for %(account)s.")
                % names
            ),
            Facts(((_("The question was"), question),)),
            Quote(message.text, who),
            Button(_("Reply"), way_in),
            Paragraph(_("You can change that one answer when you reply."), is_quiet=True),
        ),
        why=_("You get this mail because you took part in “%(run)s”.") % names,
        reply_to=message.author.email if message.author else "",
        values=names | {"question": question, "is_reply": False},
    )


def _reply(mail: Mail, message: ClarificationMessage) -> Content | None:
    if not _may(mail, Can.FOLLOW_ANSWERS):
        return None
    run = message.clarification.assessment
    who = message.author.name if message.author else message.guest.shown_name if message.guest else _("The respondent")
    names = {"who": who, "run": _called(mail, run), "account": run.account.name}
    return Content(
        subject=_("%(who)s replied about “%(run)s”") % names,
        parts=(
            Heading(names["run"]),
            _hello_to(mail),
            Paragraph(_("%(who)s replied to a question about an answer in “%(run)s” for %(account)s.") % names),
            Facts(((_("The question was"), _question_text(message.clarification)),)),
            Quote(message.text, who),
            Button(_("See the thread"), _in_review(mail, message.clarification)),
        ),
        why=_why_staff(run),
        values=names | {"question": _question_text(message.clarification), "is_reply": True},
    )


def _in_review(mail: Mail, row: Clarification) -> str:
    page = _of_run("staff:run_review", row.assessment)
    return f"{addresses.origin_of(mail.organization)}{page}#answer-{row.question_key}"


def _line(mail: Mail) -> ClarificationMessage | None:
    rows = ClarificationMessage.objects.filter(
        pk=mail.about, organization=mail.organization, clarification__assessment__deleted_at=None
    )
    return (
        rows.select_related(
            "author", "guest__user", "clarification__opened_by", "clarification__asked_of__user",
            "clarification__assessment__account__organization", "clarification__assessment__version",
        )
        .defer("clarification__assessment__version__document")
        .first()
    )  # fmt: skip


def _those_asked(row: Clarification) -> Iterator[Addressee]:
    people = Respondent.objects.filter(assessment=row.assessment, stopped_at=None).select_related("user")
    for person in people.filter(pk=row.asked_of_id) if row.asked_of_id else people.exclude(user=None):
        if person.address:
            yield Addressee(person.address, str(person.pk), person.shown_name, person.user)


def _asked(mail: Mail, row: Clarification) -> Respondent | None:
    """The respondent this copy of the mail goes to: its key ends with their id."""
    people = Respondent.objects.filter(assessment=row.assessment, stopped_at=None).select_related(
        "user", "assessment__account__organization", "assessment__version"
    )
    person = next((one for one in people if str(one.pk) == mail.key.rpartition(":")[2]), None)
    return person if person is not None and _may_still(mail, person) else None


def _way_to_reply(mail: Mail, by: Viewer, person: Respondent, row: Clarification) -> str | None:
    """The page to reply on; for somebody without a login a link of their own, which leads there."""
    if person.user:
        page = reverse("client:clarification", args=[row.account_id, row.assessment_id, row.pk])
        return addresses.origin_of(mail.organization) + page
    return _way_in(mail, by, person, ends_earlier=False)


def _question_text(row: Clarification) -> str:
    found = next((one for one in document_of(row.assessment.version).questions() if one.key == row.question_key), None)
    return found.text if found is not None else ""


# Results -----------------------------------------------------------------------------------------------------------


def who_may_see_results(mail: Mail, by: Viewer) -> Iterator[Addressee]:
    """This will name the account's clients who may see released results; not who released them."""
    ids = grants.user_ids_where(mail.account, Can.VIEW_RESULTS) if mail.account else []
    for user in User.objects.filter(pk__in=ids, is_active=True).exclude(pk=mail.asked_by_id).order_by("email"):
        yield _addressee(user)


@mailing.kind("assessments.released", to=who_may_see_results)
def released(mail: Mail, by: Viewer) -> Content | None:
    """This will say to a client that the results are there. What they are stays in the portal."""
    run = _run(mail)
    if run is None or not run.is_released or not _may(mail, Can.VIEW_RESULTS):
        return None
    names = {"organization": mail.organization.name, "run": _called(mail, run), "account": run.account.name}
    return Content(
        subject=_("The results of “%(run)s” are ready") % names,
        parts=(
            Heading(names["run"]),
            _hello_to(mail),
            Paragraph(_("%(organization)s has released the results of “%(run)s” for %(account)s.") % names),
            Facts(((_("Company"), run.account.name), (_("Released"), _moment(mail, run.released_at)))),
            Button(_("See the results"), addresses.origin_of(mail.organization) + _of_run("client:results", run)),
        ),
        why=_("You get this mail because you may see the results of %(account)s.") % names,
        values=names | {"released_at": _moment(mail, run.released_at)},
    )


# What they have in common ------------------------------------------------------------------------------------------


def _run(mail: Mail) -> Assessment | None:
    rows = Assessment.objects.filter(pk=mail.about, organization=mail.organization, deleted_at=None)
    return rows.select_related("account").first()


def _called(mail: Mail, run: Assessment) -> str:
    """The run's name, so that its reader does not take it for another one of their company."""
    return run_names.name_of(run, mail.organization)


def _may_still(mail: Mail, person: Respondent) -> bool:
    """Somebody asked as a client of the account is asked no more when they left it."""
    return person.user is None or _holds(mail, person.user, Can.ANSWER_ASSESSMENTS)


def _recipient(mail: Mail) -> User | None:
    return User.objects.filter(email=mail.to_email, is_active=True).first()


def _may(mail: Mail, ability: Can) -> bool:
    user = _recipient(mail)
    return user is not None and _holds(mail, user, ability)


def _holds(mail: Mail, user: User, ability: Can) -> bool:
    assert mail.account is not None
    viewer = viewer_of_account(user, mail.organization, mail.account.pk) if user.is_active else None
    return viewer is not None and viewer.can(ability)


def _addressee(user: User) -> Addressee:
    return Addressee(user.email, str(user.pk), user.name, user)


def _hello_to(mail: Mail) -> Part:
    name = mail.to_name.split(" ")[0]
    return Paragraph(_("Hello %(name)s,") % {"name": name} if name else _("Hello,"))


def _why_staff(run: Assessment) -> str:
    return _("You get this mail because you look after %(account)s.") % {"account": run.account.name}


def _of_run(name: str, run: Assessment) -> str:
    return reverse(name, args=[run.account_id, run.pk])


def _day(day: datetime.date | None) -> str:
    return date_format(day, "F j, Y") if day else ""


def _moment(mail: Mail, at: Any) -> str:
    zone = time_zones.first_known(_recipient(mail), mail.account, mail.organization)
    return date_format(at.astimezone(zone), "F j, Y, g:i A") if at else ""
