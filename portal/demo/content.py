"""What the cast works with: our own definitions on the shelves, and a few assessments under way."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import tenancy
from accounts.models import Account, Organization, User
from accounts.viewer import Viewer, system_viewer, viewer_of_account
from assessments.actions import answers, assessments, report_templates, reports, uploads
from assessments.answering.stored_answers import answers_of
from assessments.models import Assessment, Purpose, Report, ReportTemplate
from assessments.reports import content
from library import exchange
from library.actions import definitions, library_entries
from library.answers import State
from library.conditions import visible_questions
from library.document import DefinitionDocument, Question
from library.models import Definition
from library.versions import document_of
from portal.demo import company, home, incoming, running

DEFINITIONS = Path(__file__).parent / "definitions"
SHELVES = {
    "Northwind Dental": (
        "business-resilience", "ransomware-readiness", "phishing-and-culture", "vendor-risk", "business-continuity",
    ),
    "Cobalt Logistics": ("business-resilience", "vendor-risk"),
    "Juniper Credit Union": ("business-resilience", "ransomware-readiness"),
    "Marigold Foods": ("business-resilience", "business-continuity"),
    "Granite Hardware": ("business-resilience",),
}  # fmt: skip

PLAN = (
    "plan-for-a-week-without-computers.md",
    "# A week without computers\n\n1. Orders are taken on paper.\n2. Ines decides.\n",
)
RECORD = (
    "exercise-in-march.txt",
    "Played through: no power for a day.\nLesson: the printed phone list was out of date.\n",
)


def furnish(organization: Organization) -> None:
    """This will import and publish the definitions, and put them into the accounts' libraries."""
    with tenancy.scope(organization.id):
        system = system_viewer(organization)
        documents = [exchange.load(path).document() for path in sorted(DEFINITIONS.glob("*.yaml"))]
        for document in sorted(documents, key=lambda document: len(document.children)):  # parents after their children
            version = definitions.import_draft(by=system, document=document)
            definitions.publish(by=system, definition=version.definition)
        for account in Account.objects.filter(organization=organization, name__in=SHELVES):
            shelf = Definition.objects.filter(organization=organization, key__in=SHELVES[account.name])
            library_entries.assign(by=system, account=account, definitions=list(shelf))
        report_templates.furnish(organization)


def play(organization: Organization) -> None:
    """This will let the people of the demo take some assessments: finished, under review, under way, and untouched."""
    with tenancy.scope(organization.id):
        if organization.name != "Harbor IT":
            _run(
                "Marigold Foods", "business-resilience", "mia@marigold.example", "jonas@sunnyridge.example", 9, days=12
            )
            return
        sam, lena = "sam@harbor.example", "lena@harbor.example"
        _run("Northwind Dental", "business-resilience", "priya@northwind.example", sam, 2, days=210, skill=0.45)
        _run("Northwind Dental", "business-resilience", "priya@northwind.example", sam, 3, days=98, skill=0.55)
        latest = _run(
            "Northwind Dental", "business-resilience", "marcus@northwind.example", sam, 4, days=21, skill=0.68,
            review=running.review,
        )  # fmt: skip
        _run(
            "Northwind Dental", "ransomware-readiness", "marcus@northwind.example", sam, 5, days=4, released=False,
            review=running.ask,
        )  # fmt: skip
        _run("Northwind Dental", "phishing-and-culture", "priya@northwind.example", sam, 6, days=1, share=0.45)
        _run(
            "Northwind Dental",
            "business-continuity",
            "marcus@northwind.example",
            sam,
            5,
            days=2,
            share=0.96,
            skill=0.75,
        )
        _assign("Northwind Dental", "vendor-risk", sam, days=27)
        _run("Cobalt Logistics", "business-resilience", "carla@cobalt.example", lena, 7, days=40, skill=0.5)
        _assign("Cobalt Logistics", "vendor-risk", lena, days=31)
        _run("Juniper Credit Union", "business-resilience", "iris@juniper.example", sam, 8, days=6, share=0.7)
        northwind, juniper = (
            Account.objects.select_related("organization").get(name=name)
            for name in ("Northwind Dental", "Juniper Credit Union")
        )
        running.come_back(latest, running.viewer(sam, northwind))
        running.answer_alone(running.viewer(sam, northwind), northwind)
        running.send_batch(running.viewer(sam, juniper), juniper)
        company.keep(system_viewer(organization), northwind)
        incoming.arrive(system_viewer(organization))
        home.arrange(
            system_viewer(organization), Account.objects.select_related("organization").get(name="Cobalt Logistics")
        )


def _run(
    account_name: str, key: str, client_email: str, executive_email: str, seed: int, *, days: int, share: float = 1.0,
    skill: float = 0.6, released: bool = True, review: Callable[[Assessment, Viewer], None] | None = None,
) -> Assessment:  # fmt: skip
    account = Account.objects.get(name=account_name)
    client, executive = _viewer(client_email, account), _viewer(executive_email, account)
    definition = Definition.objects.get(organization=account.organization, key=key)
    assessment = assessments.launch(by=client, definition=definition, another=True)
    document = document_of(assessment.version)
    _answer(client, assessment, document, random.Random(seed), share, skill)  # noqa: S311  (a demo, not a secret)
    if share == 1.0:
        assessment = assessments.submit(by=client, assessment=assessment)
        if review:
            review(assessment, executive)
        if released:
            for template in ReportTemplate.objects.filter(organization=account.organization, is_active=True):
                reports.enable(by=executive, account=account, template=template, enabled=True)
            assessments.release(by=executive, assessment=assessment)
    _backdate(assessment, days)
    if released and share == 1.0:
        _report(assessment)
    return assessment


def _report(assessment: Assessment) -> None:
    """The release made reports with today's date in them: write them as of the day the run was moved to."""
    related = ("account__organization", "version", "definition", "result")
    run = Assessment.objects.select_related(*related).get(pk=assessment.pk)
    for report in Report.objects.filter(assessment=run).select_related("template"):
        assert report.template is not None
        written = content.build(run, report.template)
        stamp = {"content_hash": content.content_hash(written), "created_at": run.released_at}
        Report.objects.filter(pk=report.pk).update(content=written, **stamp)


def _assign(account_name: str, key: str, executive_email: str, days: int) -> None:
    account = Account.objects.get(name=account_name)
    definition = Definition.objects.get(organization=account.organization, key=key)
    due = timezone.localdate() + timedelta(days=3)
    assessment = assessments.create(
        by=_viewer(executive_email, account), account=account, definition=definition, due_on=due
    )
    _backdate(assessment, days)


def _answer(
    by: Viewer, assessment: Assessment, document: DefinitionDocument, dice: random.Random, share: float, skill: float
) -> None:
    questions = document.questions()
    for question in questions[: round(len(questions) * share)]:
        if question.key not in visible_questions(document, answers_of(assessment)):
            continue
        if question.type == "file":
            _attach(by, assessment, question, Purpose.ANSWER, *RECORD)
            continue
        state, raw = _reply(question, dice, skill)
        answers.save(by=by, assessment=assessment, question_key=question.key, state=state, raw=raw)
        if question.allow_evidence:
            _attach(by, assessment, question, Purpose.EVIDENCE, *PLAN)


def _reply(question: Question, dice: random.Random, skill: float) -> tuple[str, object]:
    if question.allow_dont_know and dice.random() < 0.06:
        return State.DONT_KNOW, None
    if question.is_choice:
        chosen = _reply_of_choice(question, dice, skill)
        return State.ANSWERED, [chosen] if question.type == "multiple_choice" else chosen
    if question.type == "matrix":
        return State.ANSWERED, {row.key: _reply_of_choice(question, dice, skill) for row in question.rows}
    if question.type in ("number", "scale"):
        low, high = question.minimum or 0, question.maximum if question.maximum is not None else 10
        return State.ANSWERED, str(round(low + (high - low) * skill))
    if question.type == "date":
        return State.ANSWERED, "2026-03-02"
    return State.ANSWERED, "We review this every quarter with our managers."


def _reply_of_choice(question: Question, dice: random.Random, skill: float) -> str:
    ranked = sorted(question.choices, key=lambda option: option.value or 0)
    place = min(max(dice.gauss(skill, 0.22), 0), 0.999)
    return ranked[int(place * len(ranked))].key


def _attach(by: Viewer, assessment: Assessment, question: Question, purpose: str, name: str, text: str) -> None:
    file = SimpleUploadedFile(name, text.encode())
    uploads.add(by=by, assessment=assessment, question_key=question.key, purpose=purpose, file=file)


def _backdate(assessment: Assessment, days: int) -> None:
    """The demo did not happen this minute: move the run's moments into the past."""
    then = timezone.now() - timedelta(days=days)
    assessment.refresh_from_db()
    moments = {"created_at": then - timedelta(days=2), "updated_at": then}
    if assessment.submitted_at:
        moments["submitted_at"] = then - timedelta(days=1)
    if assessment.released_at:
        moments["released_at"] = then
    Assessment.objects.filter(pk=assessment.pk).update(**moments)


def _viewer(email: str, account: Account) -> Viewer:
    found = viewer_of_account(User.objects.get(email=email), account.organization, account.id)
    assert found is not None
    return found
