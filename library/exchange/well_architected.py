"""Custom lenses of the AWS Well-Architected Tool as definitions.

Pillars become sections, questions choices of several, the risk rules of a question a score: the first rule that holds
decides, as the tool does it. An improvement plan becomes the recommendation of that risk. No address is fetched.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from library.consistency import DEEPEST_CONDITION, MOST_QUESTIONS
from library.exchange import mean_scores
from library.exchange.cells import words_slug
from library.exchange.keys import Keys
from library.exchange.plain_words import (
    LONGEST_LINE,
    LONGEST_PROMPT,
    LONGEST_PROSE,
    cut,
    one_line,
    printable,
)
from library.exchange.report import Imported, Line, Verdict
from library.exchange.truths import Truth, all_of, any_of, depth, negated
from library.problems import UnreadableFile, place

MOST_IN_LIST = 500
MOST_PILLARS = 100
MOST_CHOICES = 199
MOST_RULES = 20
LONGEST_CONDITION = 4_000
DEEPEST_BRACKETS = 20

# What each risk is on the scale of a question's score.
RISKS = {"NO_RISK": 100, "MEDIUM_RISK": 50, "HIGH_RISK": 0}
ADDRESS = re.compile(r"https?://[^\s<>\"'`]+\Z")

type Json = dict[str, Any]
type Where = tuple[Any, ...]


def convert(content: Any) -> Imported:
    """This will turn a custom lens into data for `document.parse`.

    Raises UnreadableFile with the place when it holds no question, or more than a definition can.
    """
    if not isinstance(content, Mapping):
        raise UnreadableFile(_("is no custom lens: it must be one mapping."))
    return _Lens(content).imported()


class NotTaken(ValueError):
    """Why a rule cannot be taken, in plain words."""


@dataclass
class _Entry:
    """One thing of the file, and what is being found out about it."""

    place: str
    what: str
    refused: str = ""
    changes: list[str] = field(default_factory=list)

    def line(self) -> Line:
        verdict: Verdict = "not_taken" if self.refused else "changed" if self.changes else "taken"
        return Line(self.place, verdict, self.what, self.refused or " ".join(dict.fromkeys(self.changes)))


class _Lens:
    """The lens being read."""

    def __init__(self, content: Mapping[str, Any]):
        self.content = content
        self.entries: list[_Entry] = []
        self.section_keys, self.question_keys, self.score_keys = Keys(), Keys(), Keys()
        self.scores: list[Json] = []

    def imported(self) -> Imported:
        sections, means = [], []
        for number, pillar in enumerate(_listed(self.content.get("pillars"), ("pillars",), MOST_PILLARS)):
            where = ("pillars", number)
            if not isinstance(pillar, Mapping):
                self.refuse(where, pillar, _("It is no pillar."))
                continue
            section, scores = self.pillar(pillar, where)
            if section["questions"]:
                sections.append(section)
                if scores:
                    key = self.score_keys.give(section["key"])
                    means.append((section["key"], (key, section["name"], [{"scores": scores}])))
        count = sum(len(section["questions"]) for section in sections)
        if not count:
            raise UnreadableFile(_("hold no question that can be taken."), "pillars")
        if count > MOST_QUESTIONS:
            message = _("hold %(count)s questions; at most %(limit)s can be.") % _sizes(count, MOST_QUESTIONS)
            raise UnreadableFile(message, "pillars")
        name = one_line(_words(self.content.get("name"))) or _("Imported lens")
        data: Json = {
            "format": "portal-definition/1",
            "key": words_slug(name, 60) or "lens",
            "name": name,
            "description": cut(_words(self.content.get("description")), LONGEST_PROSE),
            "sections": sections,
        }
        if means:
            data["scoring"] = self.scoring(dict(means))
        return Imported("well_architected", data, [*self.settings(), *(entry.line() for entry in self.entries)])

    def scoring(self, means: dict[str, tuple[str, str, list[Json]]]) -> Json:
        """Pillars are the means of their questions, the lens that of its pillars."""
        made = mean_scores.scoring(
            list(means.values()),
            scores=self.scores,
            overall=self.score_keys.give("overall"),
            treatment={"unanswered": "exclude", "no_score": "exclude"},
            inputs_as="value",
        )
        return {**made, "sections": {section: mean[0] for section, mean in means.items()}, "zones": _zones()}

    def settings(self) -> Iterator[Line]:
        for name, value in self.content.items():
            if name in ("schemaVersion", "name", "description"):
                yield Line(name, "taken", one_line(_words(value), LONGEST_LINE))
            elif name != "pillars":
                what = one_line(_words(value), LONGEST_LINE)
                why = _("About the making of the lens, which has no place in a definition.")
                yield Line(one_line(printable(name), 80), "not_taken", what, why)

    def refuse(self, where: Where, found: Any, why: str) -> None:
        self.entries.append(_Entry(place(*where), one_line(printable(found), 80), why))

    # Pillars and questions

    def pillar(self, pillar: Mapping[str, Any], where: Where) -> tuple[Json, list[str]]:
        """A pillar as a section, with the keys of its questions' scores."""
        name = one_line(_words(pillar.get("name"))) or one_line(_words(pillar.get("id"))) or _("Pillar")
        entry = _Entry(place(*where), name)
        self.entries.append(entry)
        _extras(pillar, {"id", "name", "description", "questions"}, entry)
        key = self.section_keys.give(_words(pillar.get("id")), name.lower(), "pillar")
        description = cut(_words(pillar.get("description")), LONGEST_PROSE)
        section: Json = {"key": key, "name": name, "questions": []} | (
            {"description": description} if description else {}
        )
        scores = []
        for number, question in enumerate(_listed(pillar.get("questions"), (*where, "questions"), MOST_IN_LIST)):
            here = (*where, "questions", number)
            if not isinstance(question, Mapping):
                self.refuse(here, question, _("It is no question."))
                continue
            made, score = self.question(question, here)
            section["questions"] += [made] if made else []
            scores += [score] if score else []
        if not section["questions"]:
            entry.changes.append(_("It holds no question that is taken, so it is no section."))
        return section, scores

    def question(self, question: Mapping[str, Any], where: Where) -> tuple[Json | None, str]:
        """A question with its choices, and the key of the score its risk rules make; empty without any."""
        title = cut(_words(question.get("title")), LONGEST_PROMPT)
        entry = _Entry(place(*where), one_line(title or _words(question.get("id")), LONGEST_LINE))
        self.entries.append(entry)
        _extras(question, {"id", "title", "description", "choices", "riskRules", *RESOURCES}, entry)
        if question.get("choices") is not None and not isinstance(question.get("choices"), list):
            entry.refused = _("Its choices are no list.")
            return None, ""
        choices = _Choices(self, question.get("choices") or [], (*where, "choices"))
        if not choices.options:
            entry.refused = _("It offers no choices.")
            return None, ""
        if len(choices.options) > MOST_CHOICES:
            entry.refused = _("It offers %(count)s choices; at most %(limit)s can be.") % _sizes(
                len(choices.options), MOST_CHOICES
            )
            return None, ""
        key = self.question_keys.give(_words(question.get("id")), one_line(title, 60).lower(), "question")
        if not choices.has_none:
            choices.add_none(key)
            entry.changes.append(_("“None of these” is added, to tell it from no answer."))
        made: Json = {
            "key": key,
            "type": "multiple_choice",
            "text": title or key,
            "help": _paragraphs(_words(question.get("description")), *_resources(question)),
            "options": choices.options,
        }
        made = {name: value for name, value in made.items() if value != ""}
        return made, self.risk(question, where, made, choices, entry)

    # Risk

    def risk(self, question: Mapping[str, Any], where: Where, made: Json, choices: "_Choices", entry: _Entry) -> str:
        """The score that says how risky the answer is: the value of the first rule that holds."""
        rules = question.get("riskRules")
        if not isinstance(rules, list) or not rules:
            entry.changes.append(_("It has no risk rules, so it is not scored."))
            return ""
        cases: list[Json] = []
        default: int | None = None
        for number, rule in enumerate(rules):
            line = _Entry(place(*where, "riskRules", number), _rule_in_words(rule))
            self.entries.append(line)
            if default is not None:
                line.refused = _("It stands behind a rule that always holds.")
                continue
            try:
                truth, value = self.rule(rule, made, choices)
            except NotTaken as reason:
                # The rules below would decide what this one should have: a wrong score is worse than none.
                line.refused = _("It cannot be taken: %(reason)s.") % {"reason": reason}
                entry.changes.append(_("It is not scored, because one of its risk rules cannot be taken."))
                return ""
            if truth is True:
                default = value
            elif truth is False:
                line.refused = _("It never holds.")
            else:
                cases.append({"when": truth, "value": value, "label": _risk_in_words(value)})
        if len(cases) > MOST_RULES:
            entry.changes.append(_("It is not scored: it has more than %(limit)s risk rules.") % {"limit": MOST_RULES})
            return ""
        if default is None:
            entry.changes.append(_("When no risk rule holds it counts as high risk."))
        score = self.score(made, cases, RISKS["HIGH_RISK"] if default is None else default, choices)
        self.scores.append(score)
        return str(score["key"])

    def score(self, made: Json, cases: list[Json], default: int, choices: "_Choices") -> Json:
        reached = {default, *(case["value"] for case in cases)}
        recommended = [
            {"from": low, "to": high, "title": title, "text": choices.plan, "severity": severity}
            for value, low, high, title, severity in (
                (RISKS["HIGH_RISK"], 0, 25, _("High risk"), "high"),
                (RISKS["MEDIUM_RISK"], 25, 75, _("Medium risk"), "medium"),
            )
            if value in reached
        ]
        score: Json = {
            "key": self.score_keys.give(f"risk.{made['key']}"),
            "name": one_line(made["text"]),
            "rule": "constant",
            "options": {"value": default},
            "inputs": [{"questions": [made["key"]]}],
            "treatment": {"unanswered": "exclude"},
            "cases": cases,
            "scale": {"min": 0, "max": 100},
        }
        return score | ({"recommendations": recommended} if choices.plan and recommended else {})

    def rule(self, rule: Any, made: Json, choices: "_Choices") -> tuple[Truth, int]:
        if not isinstance(rule, Mapping) or not isinstance(rule.get("condition"), str):
            raise NotTaken(_("it has no condition"))
        risk = rule.get("risk")
        if risk not in RISKS:
            raise NotTaken(_("“%(risk)s” is no risk known here") % {"risk": one_line(printable(risk), 40)})
        return _truth(rule["condition"], made["key"], choices.keys), RISKS[risk]


class _Choices:
    """The choices of a question: options, their keys by the lens's ids, and what would improve matters."""

    def __init__(self, lens: _Lens, listed: list[Any], where: Where):
        self.options: list[Json] = []
        self.keys: dict[str, str] = {}
        self.has_none = False
        self.plans: list[str] = []
        self.used = Keys()
        for number, choice in enumerate(listed[: MOST_CHOICES + 1]):
            here = (*where, number)
            if isinstance(choice, Mapping):
                self.read(lens, choice, here)
            else:
                lens.refuse(here, choice, _("It is no choice."))

    @property
    def plan(self) -> str:
        """Every improvement the lens names for the question, as a list."""
        return cut("\n".join(self.plans), LONGEST_PROSE)

    def read(self, lens: _Lens, choice: Mapping[str, Any], where: Where) -> None:
        name = _words(choice.get("id"))
        title = cut(_words(choice.get("title")), LONGEST_PROMPT)
        entry = _Entry(place(*where), one_line(title or name, LONGEST_LINE))
        lens.entries.append(entry)
        _extras(choice, {"id", "title", "description", *RESOURCES}, entry)
        if not name and not title:
            entry.refused = _("It has neither id nor title.")
            return
        if name in self.keys:
            entry.refused = _("Its id “%(id)s” stands twice.") % {"id": one_line(name, 80)}
            return
        key = self.used.give(name, title, "choice")
        if name:
            self.keys[name] = key
        is_none = name.endswith("_no")
        named_none = is_none or re.fullmatch(r"none of (?:the )?(?:above|these)\.?", title.lower()) is not None
        self.has_none |= named_none
        description = _words(choice.get("description"))
        help_text = _paragraphs("" if description == title else description, *_resources(choice))
        option: Json = {"key": key, "text": title or key, "value": 0 if named_none else 1}
        if help_text:
            option["help"] = help_text
        if is_none:
            option["exclusive"] = True
        self.options.append(option)
        if plan := list(_of(choice, "improvementPlan", "IMPROVEMENT_PLAN")):
            self.plans.append(
                f"- {one_line(title, LONGEST_LINE)}: {' '.join(plan)}" if title else f"- {' '.join(plan)}"
            )

    def add_none(self, question: str) -> None:
        """The tool itself offers this under every question."""
        key = self.used.give(f"{question}_no")
        self.options.append({"key": key, "text": _("None of these"), "value": 0, "exclusive": True})


# Texts

RESOURCES = ("helpfulResource", "helpfulResources", "improvementPlan", "improvementPlans", "additionalResources")


def _words(value: Any) -> str:
    """A text of the lens; empty for anything that is none."""
    return printable(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _paragraphs(*parts: str) -> str:
    return cut("\n\n".join(part for part in parts if part), LONGEST_PROSE)


def _resources(item: Mapping[str, Any]) -> Iterator[str]:
    return _of(item, "helpfulResource", "HELPFUL_RESOURCE")


def _of(item: Mapping[str, Any], name: str, kind: str) -> Iterator[str]:
    """Texts of one kind, wherever the versions of the format keep them; those that say nothing are left out."""
    for found in (item.get(name), item.get(f"{name}s"), *_additional(item, kind)):
        for one in found if isinstance(found, list) else [found]:
            if isinstance(one, Mapping):
                text, address = _words(one.get("displayText")), _words(one.get("url"))
                written = " ".join(part for part in (text if text != "-" else "", _address(address)) if part)
                if written:
                    yield written


def _additional(item: Mapping[str, Any], kind: str) -> Iterator[Any]:
    listed = item.get("additionalResources")
    for resource in listed if isinstance(listed, list) else []:
        if isinstance(resource, Mapping) and resource.get("type") == kind:
            yield resource.get("content")


def _address(address: str) -> str:
    """An address to read, when it is one of the web; any other is left out."""
    return f"({address})" if ADDRESS.match(address) and len(address) <= 500 else ""


def _extras(item: Mapping[str, Any], known: set[str], entry: _Entry) -> None:
    unknown = [one_line(printable(name), 40) for name in item if name not in known]
    if unknown:
        listed = one_line(", ".join(unknown), LONGEST_LINE)
        entry.changes.append(_("Left out, as it means nothing here: %(names)s.") % {"names": listed})
    for name in RESOURCES:
        for one in item[name] if isinstance(item.get(name), list) else [item.get(name)]:
            address = _words(one.get("url")) if isinstance(one, Mapping) else ""
            if address and not _address(address):
                entry.changes.append(_("An address that is none of the web is left out."))


def _rule_in_words(rule: Any) -> str:
    if not isinstance(rule, Mapping):
        return one_line(printable(rule), 80)
    return one_line(f"{_words(rule.get('condition'))} → {_words(rule.get('risk'))}", LONGEST_LINE)


def _risk_in_words(value: int) -> str:
    return {100: _("No risk"), 50: _("Medium risk"), 0: _("High risk")}[value]


def _zones() -> list[Json]:
    return [
        {"label": _("High risk"), "from": 0, "to": 25, "tone": "b1"},
        {"label": _("Medium risk"), "from": 25, "to": 75, "tone": "b2"},
        {"label": _("Low risk"), "from": 75, "to": 100, "tone": "b4"},
    ]


def _listed(value: Any, where: Where, most: int) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise UnreadableFile(_("must be a list."), place(*where))
    found: list[Any] = value or []
    if len(found) > most:
        raise UnreadableFile(_("holds %(count)s; at most %(limit)s can be.") % _sizes(len(found), most), place(*where))
    return found


def _sizes(count: int, limit: int) -> dict[str, str]:
    return {"count": f"{count:,}", "limit": f"{limit:,}"}


# Conditions of risk rules: ids of choices, `!`, `&&` before `||`, brackets, and `default`

TOKEN = re.compile(r"\s*(?:(?P<sign>&&|\|\||[!()])|(?P<name>[A-Za-z0-9_.-]+))")


def _truth(condition: str, question: str, choices: Mapping[str, str]) -> Truth:
    """A risk rule's condition as one of ours. Raises NotTaken with the reason."""
    if condition.strip() == "default":
        return True
    if len(condition) > LONGEST_CONDITION:
        raise NotTaken(_("it is longer than %(limit)s characters") % {"limit": f"{LONGEST_CONDITION:,}"})
    found = _Reader(condition, question, choices).whole()
    if depth(found) > DEEPEST_CONDITION:
        raise NotTaken(_("it is nested deeper than conditions can be"))
    return found


class _Reader:
    """Reads one condition from left to right."""

    def __init__(self, text: str, question: str, choices: Mapping[str, str]):
        self.question = question
        self.choices = choices
        self.tokens = list(self.split(text))
        self.position = 0

    def split(self, text: str) -> Iterator[tuple[str, int]]:
        position = 0
        while found := TOKEN.match(text, position):
            yield found[found.lastgroup or 0], found.start(found.lastgroup or 0) + 1
            position = found.end()
        if text[position:].strip():
            column = position + len(text[position:]) - len(text[position:].lstrip()) + 1
            raise NotTaken(_("column %(column)s cannot be read") % {"column": column})
        yield "", position + 1

    def take(self) -> tuple[str, int]:
        token = self.tokens[self.position]
        self.position += bool(token[0])
        return token

    def whole(self) -> Truth:
        found = self.either(0)
        text, column = self.take()
        if text:
            raise NotTaken(_("“%(text)s” is not expected in column %(column)s") % {"text": text[:40], "column": column})
        return found

    def either(self, level: int) -> Truth:
        found = [self.both(level)]
        while self.tokens[self.position][0] == "||":
            self.take()
            found.append(self.both(level))
        return any_of(found)

    def both(self, level: int) -> Truth:
        found = [self.one(level)]
        while self.tokens[self.position][0] == "&&":
            self.take()
            found.append(self.one(level))
        return all_of(found)

    def one(self, level: int) -> Truth:
        if level > DEEPEST_BRACKETS:
            raise NotTaken(_("it is nested deeper than conditions can be"))
        text, column = self.take()
        if text == "!":
            return negated(self.one(level + 1))
        if text == "(":
            found = self.either(level + 1)
            if self.take()[0] != ")":
                raise NotTaken(_("a bracket is not closed (column %(column)s)") % {"column": column})
            return found
        if text in self.choices:
            return {"question": self.question, "operator": "contains", "value": self.choices[text]}
        if not text or text in ("&&", "||", ")"):
            raise NotTaken(_("something is missing in column %(column)s") % {"column": column})
        raise NotTaken(_("“%(id)s” is no choice of the question") % {"id": text[:80]})
