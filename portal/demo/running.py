"""Assessments in the middle of their life: reviewed with notes and actions, a question sent back, people answering alone,
a batch on its way, a run that comes back every half year."""

import random
from datetime import timedelta

from django.utils import timezone

from accounts.models import Account, User
from accounts.viewer import Guest, Viewer, viewer_of_account, viewer_of_guest
from assessments.actions import (
    answers,
    assessments,
    batches,
    campaigns,
    clarifications,
    finding_actions,
    findings,
    notes,
    respondents,
    reviews,
    submissions,
)  # fmt: skip
from assessments.actions.respondents import Person
from assessments.batching import batch_plan
from assessments.batching.batch_input import Row
from assessments.batching.batch_plan import Setup
from assessments.models import Answer, Assessment, Mode, NoteKind, Respondent, Severity, Verdict
from library.answers import State
from library.document import Question
from library.models import Definition
from library.versions import document_of

NOTES = {
    NoteKind.STRENGTHS: "Backups are made every night and **one copy is out of reach** of the network. People know whom to call.",
    NoteKind.GAPS: "Nobody has restored a whole server yet, and the plan for a week without computers has no owner.",
    NoteKind.ROOT_CAUSES: "Continuity belongs to everybody and so to nobody: there is no hour for it in anyone's week.",
    NoteKind.PLAN: "1. Restore one server on a Saturday in spring.\n2. Name an owner for the plan.\n3. Play it through in autumn.",
}
TEAM = (
    ("Bruno Adler", 0.9), ("Chloe Park", 0.8), ("Emil Novak", 0.75), ("Gita Rao", 0.7), ("Hugo Stein", 0.15),
    ("Ivy Chen", 0.85), ("Jonas Falk", 0.65),
)  # fmt: skip
BRANCH_TEAM = ("Kim Larsen", "Leo Duarte", "Mona Weiss", "Nils Berg")


def review(run: Assessment, executive: Viewer) -> None:
    """This will review a submitted run: notes, one answer scored differently, a finding by hand, actions on two."""
    for kind, text in NOTES.items():
        notes.save(by=executive, assessment=run, section_key="", kind=kind, text=text, seen_revision=0)
    document = document_of(run.version)
    answer = Answer.objects.filter(assessment=run, respondent=None, state=State.ANSWERED).order_by("created_at").first()
    question = document.question(answer.question_key) if answer else None
    if answer and question and question.type == "single_choice":
        lower = min(question.choices, key=lambda option: option.value or 0)
        reviews.judge(
            by=executive, assessment=run, question_key=question.key, verdict=Verdict.CHANGED,
            seen_revision=answer.revision, state=State.ANSWERED, raw=lower.key,
            reason="The written rule exists; nobody could show that it is followed.",
        )  # fmt: skip
    priya, today = User.objects.get(email="priya@northwind.example"), timezone.localdate()
    restored = findings.create(
        by=executive, assessment=run, title="No one has restored a whole server", severity=Severity.HIGH,
        text="Backups are only worth what has been restored from them.",
    )  # fmt: skip
    finding_actions.add(
        by=executive, finding=restored, title="Restore the practice server from backup", owner=priya,
        due_on=today + timedelta(days=18),
    )  # fmt: skip
    unowned = findings.create(
        by=executive, assessment=run, title="The plan for a week without computers has no owner",
        severity=Severity.MEDIUM, text="It was last opened two years ago.",
    )  # fmt: skip
    finding_actions.add(
        by=executive, finding=unowned, title="Agree who owns the continuity plan", owner_name="Practice management",
        due_on=today - timedelta(days=3),
    )  # fmt: skip


def ask(run: Assessment, executive: Viewer) -> None:
    """This will accept the first section of a run in review, and send one question back."""
    document = document_of(run.version)
    reviews.accept_section(by=executive, assessment=run, section_key=document.sections[0].key, as_of=timezone.now())
    answer = Answer.objects.filter(assessment=run, state=State.ANSWERED).order_by("-created_at").first()
    if answer:
        words = "You say this is done. When was it last tried, and by whom?"
        clarifications.ask(by=executive, assessment=run, question_key=answer.question_key, text=words)


def answer_alone(executive: Viewer, account: Account) -> None:
    """This will let a team without logins answer one by one; most have finished, one sees things differently."""
    definition = Definition.objects.get(organization=account.organization, key="vendor-risk")
    run = assessments.create(
        by=executive, account=account, definition=definition, name="Vendor risk, seen by every team",
        due_on=timezone.localdate() + timedelta(days=7), another=True,
    )  # fmt: skip
    run = assessments.change_setup(
        by=executive, assessment=run, name=run.name, due_on=run.due_on, mode=Mode.INDEPENDENT
    )
    people = [Person(name, f"{name.split()[0].lower()}@northwind.example") for name, _skill in TEAM]
    for place, (row, (_name, skill)) in enumerate(
        zip(respondents.add(by=executive, run=run, people=people), TEAM, strict=True)
    ):
        _answer_as(row, run, skill, share=0.4 if place == len(TEAM) - 1 else 1.0)


def send_batch(executive: Viewer, account: Account) -> None:
    """This will write to four people at once; the worker sends the mails when it starts."""
    definition = Definition.objects.get(organization=account.organization, key="phishing-and-culture")
    setup = Setup(
        definition=str(definition.pk), name="Security culture, branch teams", mode=Mode.INDEPENDENT,
        due_on=timezone.localdate() + timedelta(days=21), message="Ten minutes, and nobody sees who said what.", who="paste",
    )  # fmt: skip
    rows = [Row(at, name, f"{name.split()[0].lower()}@juniper.example") for at, name in enumerate(BRANCH_TEAM, start=1)]
    draft = batches.keep(by=executive, account=account, setup=setup, rows=rows)
    plan = batch_plan.plan(executive.of_organization(), draft)
    batches.create(by=executive.of_organization(), draft=draft, seen=plan.token)


def come_back(run: Assessment, executive: Viewer) -> None:
    """This will ask the same again every half year."""
    campaigns.begin(by=executive, run=run, every_months=6)


def _answer_as(respondent: Respondent, run: Assessment, skill: float, share: float) -> None:
    guest = Guest(key=respondent.pk, name=respondent.shown_name, only=run.pk, link=run.pk)
    by = viewer_of_guest(run.organization, run.account, guest)
    dice = random.Random(respondent.name)  # noqa: S311  (a demo, not a secret)
    questions = document_of(run.version).questions()
    for question in questions[: round(len(questions) * share)]:
        if question.type == "file":
            continue
        try:
            answers.save(
                by=by,
                assessment=run,
                question_key=question.key,
                state=State.ANSWERED,
                raw=_reply(question, dice, skill),
            )
        except answers.NotAsked:
            continue  # a condition took it away
    if share == 1.0:
        submissions.submit(by=by, assessment=run)


def _reply(question: Question, dice: random.Random, skill: float) -> object:
    if question.is_choice or question.type == "matrix":
        ranked = sorted(question.choices, key=lambda option: option.value or 0)
        chosen = ranked[int(min(max(dice.gauss(skill, 0.12), 0), 0.999) * len(ranked))].key
        if question.type == "matrix":
            return {row.key: chosen for row in question.rows}
        return [chosen] if question.type == "multiple_choice" else chosen
    if question.type in ("number", "scale"):
        low, high = question.minimum or 0, question.maximum if question.maximum is not None else 10
        return str(round(low + (high - low) * skill))
    return "2026-03-02" if question.type == "date" else "As far as I can see from my desk."


def viewer(email: str, account: Account) -> Viewer:
    """This will build the viewer of a person of the cast on an account's page."""
    found = viewer_of_account(User.objects.get(email=email), account.organization, account.id)
    assert found is not None
    return found
