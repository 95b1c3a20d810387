"""A small definition with every kind of question, and runs of it."""

import copy
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.viewer import Viewer
from assessments.actions import answers, assessments, uploads
from assessments.models import Assessment, Upload
from library.actions import definitions, library_entries
from library.document import parse
from library.models import Definition
from tests import cast

EVERY_KIND: dict[str, Any] = {
    "format": "portal-definition/1",
    "key": "every-kind",
    "name": "Every kind",
    "sections": [
        {
            "key": "basics",
            "name": "Basics",
            "questions": [
                {"key": "motto", "type": "text", "text": "What is your motto?", "help": "A **short** one.", "max_length": 80},
                {
                    "key": "story", "type": "long_text", "text": "Tell us how it began", "allow_not_applicable": True,
                    "allow_dont_know": True,
                },
                {
                    "key": "share", "type": "number", "text": "Which share is done?", "unit": "%", "minimum": 0,
                    "maximum": 100, "decimals": 0, "allow_dont_know": True,
                },
                {
                    "key": "edr", "type": "single_choice", "text": "Is it running on all computers?", "required": True,
                    "why": "Stolen laptops are the most common way in.", "allow_not_applicable": True,
                    "allow_dont_know": True,
                    "options": [
                        {"key": "all", "text": "On all", "help": "Servers, too", "value": 100},
                        {"key": "most", "text": "On most", "value": 50},
                        {"key": "none", "text": "On none", "value": 0},
                    ],
                },
                {
                    "key": "who", "type": "multiple_choice", "text": "Who looks after it?", "combine": "highest",
                    "options": [
                        {"key": "us", "text": "We do", "value": 100},
                        {"key": "provider", "text": "Our provider", "value": 80},
                        {"key": "nobody", "text": "Nobody", "value": 0, "exclusive": True},
                    ],
                },
            ],
        },
        {
            "key": "more",
            "name": "More",
            "questions": [
                {"key": "backup", "type": "yes_no", "text": "Do you keep backups?", "required": True},
                {
                    "key": "tested", "type": "scale", "text": "How sure are you that they work?", "minimum": 0, "maximum": 5,
                    "low_label": "Not at all", "high_label": "Fully",
                    "show_if": {"question": "backup", "operator": "equals", "value": "yes"},
                },
                {"key": "since", "type": "date", "text": "Since when?"},
            ],
        },
    ],
    "scoring": {
        "scale": {"min": 0, "max": 100},
        "overall": "overall",
        "sections": {"basics": "basics", "more": "more"},
        "scores": [
            {"key": "basics", "name": "Basics", "rule": "mean", "inputs": [{"sections": ["basics"]}], "inputs_as": "percent"},
            {"key": "more", "name": "More", "rule": "mean", "inputs": [{"sections": ["more"]}], "inputs_as": "percent"},
            {"key": "overall", "name": "Overall", "rule": "mean", "inputs": [{"scores": ["basics", "more"]}]},
        ],
        "zones": [
            {"label": "At risk", "from": 0, "to": 40, "tone": "b1"},
            {"label": "Developing", "from": 40, "to": 60, "tone": "b2"},
            {"label": "Managed", "from": 60, "to": 80, "tone": "b3"},
            {"label": "Strong", "from": 80, "to": 100, "tone": "b4"},
        ],
    },
    "reference_values": [
        {
            "score": "overall", "value": 61, "label": "All organizations", "n": "1,204 organizations",
            "source": "The Yearbook", "year": 2025,
        },
        {
            "score": "overall", "value": 64, "label": "Health care", "n": "214 organizations", "source": "The Yearbook",
            "year": 2025, "industry": "62",
        },
        {
            "score": "basics", "value": 55, "label": "All organizations", "n": "1,204 organizations",
            "source": "The Yearbook", "year": 2025,
        },
    ],
}  # fmt: skip


def publish(data: dict[str, Any] | None = None, account: str = "Northwind") -> Definition:
    """This will publish a definition and put it into an account's Library. Call it inside a scope."""
    system = cast.system()
    version = definitions.import_draft(by=system, document=parse(data or EVERY_KIND))
    definitions.publish(by=system, definition=version.definition)
    definition = Definition.objects.get(pk=version.definition_id)
    library_entries.assign(by=system, account=cast.account(account), definitions=[definition])
    return definition


def launched(name: str = "priya", definition: Definition | None = None) -> Assessment:
    """This will start a run for Northwind Dental. Call it inside a scope."""
    by = cast.viewer(name, "Northwind")
    return assessments.launch(by=by, definition=definition or publish(), another=True)


def say(by: Viewer, run: Assessment, key: str, raw: Any = None, **more: Any) -> answers.Saved:
    """This will save one answer."""
    state = more.pop("state", "answered")
    return answers.save(by=by, assessment=run, question_key=key, state=state, raw=raw, **more)


def completed(name: str = "priya", run: Assessment | None = None) -> Assessment:
    """This will answer what is required and a little more: 100 on basics, 100 on more."""
    by, run = cast.viewer(name, "Northwind"), run or launched(name)
    for key, raw in {"share": "100", "edr": "all", "who": ["us"], "backup": "yes", "tested": "5"}.items():
        say(by, run, key, raw)
    return Assessment.objects.get(pk=run.pk)


def submitted(name: str = "priya", run: Assessment | None = None) -> Assessment:
    return assessments.submit(by=cast.viewer(name, "Northwind"), assessment=completed(name, run))


def released(name: str = "priya", run: Assessment | None = None) -> Assessment:
    return assessments.release(by=cast.viewer("sam", "Northwind"), assessment=submitted(name, run))


def address(page: str, run: Assessment, *more: str) -> str:
    return reverse(page, args=[run.account_id, run.pk, *more])


AUTOSAVE = {"HX-Request": "true", "X-Autosave": "1", "HX-Current-URL": "http://harbor.localhost/portal/"}


def autosave(visitor: Client, run: Assessment, key: str, **data: Any) -> HttpResponse:
    """This will post an answer the way the page's script does."""
    return visitor.post(address("client:question", run, key), data, headers=AUTOSAVE)


RICH: dict[str, Any] = {
    "format": "portal-definition/1",
    "key": "rich",
    "name": "Rich",
    "sections": [
        {
            "key": "all",
            "name": "All",
            "questions": [
                {
                    "key": "quick", "type": "matrix", "text": "How quickly is it back?", "required": True, "combine": "mean",
                    "allow_not_applicable": True,
                    "rows": [
                        {"key": "mail", "text": "Email"}, {"key": "phone", "text": "Phone"}, {"key": "door", "text": "Doors"},
                    ],
                    "options": [
                        {"key": "day", "text": "In a day", "value": 100},
                        {"key": "week", "text": "In a week", "value": 50},
                        {"key": "later", "text": "Later", "value": 0},
                    ],
                },
                {
                    "key": "tested", "type": "yes_no", "text": "Was it tried?", "allow_evidence": True,
                    "allow_comment": False, "allow_dont_know": True,
                },
                {
                    "key": "record", "type": "file", "text": "Attach the record.", "max_files": 2, "weight": 0,
                    "allow_not_applicable": True,
                    "require_if": {"question": "tested", "operator": "equals", "value": "yes"},
                },
                {"key": "words", "type": "text", "text": "Anything else?"},
            ],
        }
    ],
    "scoring": {
        "scale": {"min": 0, "max": 100},
        "overall": "overall",
        "scores": [
            {"key": "overall", "name": "Overall", "rule": "mean", "inputs": [{"questions": ["quick", "tested"]}],
             "inputs_as": "percent"},
        ],
        "zones": [{"label": "Any", "from": 0, "to": 100, "tone": "b3"}],
    },
}  # fmt: skip
QUICK = {"mail": "day", "phone": "week", "door": "later"}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def file(name: str = "record.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """This will make a file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def attach(
    by: Viewer,
    run: Assessment,
    key: str = "record",
    purpose: str = "answer",
    name: str = "record.pdf",
    content: bytes = PDF,
) -> Upload:
    """This will add one file to a question."""
    return uploads.add(by=by, assessment=run, question_key=key, purpose=purpose, file=file(name, content))


def advised() -> dict[str, Any]:
    """This will make a definition whose bands are findings: of two questions and of the score Basics."""
    data = copy.deepcopy(EVERY_KIND) | {"key": "advised", "name": "Advised"}
    for question in data["sections"][0]["questions"]:
        if question["key"] == "edr":
            question["recommendations"] = [
                {
                    "from": 0,
                    "to": 60,
                    "title": "Cover all computers",
                    "text": "Begin with **laptops**.",
                    "severity": "high",
                },
                {"from": 60, "to": 100, "text": "Keep it so."},
            ]
        if question["key"] == "share":
            question["recommendations"] = [{"from": 0, "to": 50, "text": "Do more.", "severity": "low"}]
    for own in data["scoring"]["scores"]:
        if own["key"] == "basics":
            own["recommendations"] = [
                {"from": 0, "to": 90, "title": "See to the basics", "text": "<b>Now</b> or [later](https://example.org).",
                 "severity": "critical"},
                {"from": 90, "to": 100, "title": "Well done", "text": "Nothing to do."},
            ]  # fmt: skip
    return data


def found_out(name: str = "priya", definition: Definition | None = None, **answered: str) -> Assessment:
    """This will submit a run of `advised`: on most computers and a share of 20, so that three bands hold."""
    by, run = cast.viewer(name, "Northwind"), launched(name, definition or publish(advised()))
    for key, raw in {"share": "20", "edr": "most", "backup": "yes", **answered}.items():
        say(by, run, key, raw)
    return assessments.submit(by=by, assessment=run)
