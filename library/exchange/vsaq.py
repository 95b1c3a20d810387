"""Google's vendor security assessment questionnaires (VSAQ) as definitions.

Blocks become sections, groups of choices questions, `cond` conditions. A tip is advice for some answers: it becomes a
recommendation, and with `warn` a finding with its severity, of the question it is about; one that looks at several
choices or questions becomes a score of its own. Nothing in the file is fetched, and its HTML becomes plain text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _

from library.answers import LONGEST_LONG_TEXT, Answer, State
from library.conditions import holds
from library.consistency import DEEPEST_CONDITION, DEEPEST_SECTIONS, MOST_QUESTIONS
from library.document import Condition
from library.exchange import mean_scores
from library.exchange.cells import words_slug
from library.exchange.circles import break_circles, questions_in
from library.exchange.keys import Keys
from library.exchange.plain_words import (
    LONGEST_LINE,
    LONGEST_PROMPT,
    LONGEST_PROSE,
    cut,
    one_line,
    printable,
    without_markup,
)
from library.exchange.report import Imported, Line, Verdict
from library.exchange.truths import Truth, all_of, any_of, depth, negated
from library.problems import UnreadableFile, place

MOST_IN_BLOCK = 500
MOST_OPTIONS = 199
# One less than sections may be deep: questions behind a block get one more.
MOST_LEVELS = DEEPEST_SECTIONS - 1
DEEPEST_BLOCKS = 20
LONGEST_CONDITION = 4_000
DEEPEST_BRACKETS = 20
MOST_RECOMMENDATIONS = 20

type Json = dict[str, Any]
type Where = tuple[Any, ...]
type Severity = Literal["", "low", "medium", "high", "critical"]

# From none, which is advice only, to the gravest.
SEVERITIES: tuple[Severity, ...] = ("", "low", "medium", "high", "critical")


def convert(content: Any) -> Imported:
    """This will turn a questionnaire, or a file that extends one, into data for `document.parse`.

    Raises UnreadableFile with the place when it holds no question, or more than a definition can.
    """
    if not isinstance(content, Mapping):
        raise UnreadableFile(_("is no VSAQ questionnaire: it must be one mapping."))
    return _Questionnaire(content).imported()


class NotTaken(ValueError):
    """Why a condition or an item has no counterpart here, in plain words."""


@dataclass
class _Entry:
    """One item of the file, and what is being found out about it."""

    place: str
    what: str
    refused: str = ""
    changes: list[str] = field(default_factory=list)

    def line(self) -> Line:
        verdict: Verdict = "not_taken" if self.refused else "changed" if self.changes else "taken"
        return Line(self.place, verdict, self.what, self.refused or " ".join(dict.fromkeys(self.changes)))


@dataclass
class _Item:
    """One item: where it stands, what shows it, and the question or section it became."""

    name: str
    condition: str
    block: "_Item | None"
    entry: _Entry
    made: Json | None = None
    choice: str = ""
    # Whether asking for the item itself, not for one of its answers, asks whether it is answered.
    is_group: bool = False


@dataclass(frozen=True, eq=False)
class _Tip:
    """Advice, and when it applies. Two of the same words are still two."""

    item: _Item
    title: str
    text: str
    severity: Severity


class _Questionnaire:
    """The questionnaire being read."""

    def __init__(self, content: Mapping[str, Any]):
        self.content = content
        self.entries: list[_Entry] = []
        self.items: dict[str, _Item] = {}
        self.shown: list[_Item] = []
        self.tips: list[_Tip] = []
        self.question_keys, self.section_keys = Keys(), Keys()
        self.namespace = ""
        self.text_to_place = ""

    def imported(self) -> Imported:
        is_extension = "questionnaire" not in self.content
        name, sections = self.extension() if is_extension else self.questionnaire()
        questions = [question for section in _all(sections) for question in section["questions"]]
        if not questions:
            raise UnreadableFile(
                _("holds no question that can be taken."), "extensions" if is_extension else "questionnaire"
            )
        if len(questions) > MOST_QUESTIONS:
            message = _("holds %(count)s questions; at most %(limit)s can be.") % _sizes(len(questions), MOST_QUESTIONS)
            raise UnreadableFile(message, "extensions" if is_extension else "questionnaire")
        self.conditions(sections)
        advice = _Advice(self, sections, questions)
        data: Json = {
            "format": "portal-definition/1",
            "key": words_slug(name, 60) or "questionnaire",
            "name": name,
            "sections": sections,
        }
        about_scores = advice.place(data)
        data["sections"] = [_tidy(section) for section in sections]
        lines = [*self.settings(), *(entry.line() for entry in self.entries), about_scores]
        return Imported("vsaq", data, lines)

    def settings(self) -> Iterator[Line]:
        for name, value in self.content.items():
            if name in ("version", "namespace"):
                yield Line(name, "taken", one_line(printable(value), 80))
            elif name not in ("questionnaire", "extensions"):
                yield Line(one_line(printable(name), 80), "not_taken", "", _("It means nothing here."))

    # Blocks

    def questionnaire(self) -> tuple[str, list[Json]]:
        """The one block around everything names the definition; the blocks in it are its sections."""
        listed = self.content.get("questionnaire")
        items = listed if isinstance(listed, list) else [listed]
        roots = [item for item in items if isinstance(item, Mapping)]
        if len(roots) == 1 and len(items) == 1 and roots[0].get("type") == "block":
            item = self.item(roots[0], ("questionnaire", 0), None)
            name = item.entry.what or _("Imported questionnaire")
            section = self.section(roots[0], ("questionnaire", 0), item, 0)
            if not section["questions"] and not item.condition:
                if section["description"]:
                    self.hand_on(section["description"], section["sections"])
                return name, section["sections"]
            return name, [section]
        section = self.section({"questionnaire": items}, (), None, 0, field="questionnaire")
        return _("Imported questionnaire"), [section] if section["questions"] else section["sections"]

    def extension(self) -> tuple[str, list[Json]]:
        """What another questionnaire is extended with, each part as a section that says where it belongs."""
        self.namespace = one_line(printable(self.content.get("namespace") or ""), 80)
        name = _("Extension “%(name)s”") % {"name": self.namespace} if self.namespace else _("Extension")
        section = self.section(self.content, (), None, 0, field="extensions")
        return one_line(name), [section] if section["questions"] else section["sections"]

    def hand_on(self, text: str, sections: list[Json]) -> None:
        if sections:
            sections[0]["description"] = cut(f"{text}\n\n{sections[0]['description']}".strip(), LONGEST_PROSE)

    def section(
        self, block: Mapping[str, Any], where: Where, item: "_Item | None", level: int, field: str = "items"
    ) -> Json:
        """A block with everything in it."""
        name = item.entry.what if item else _("Questions")
        wanted = (block.get("id") or "", name.lower(), "section")
        key = self.section_keys.give(*wanted) if level else ""
        section: Json = {
            "key": key,
            "name": one_line(name) or _("Questions"),
            "description": "",
            "questions": [],
            "sections": [],
        }
        _Filling(self, section, item, level).fill(block.get(field), (*where, field))
        if not level and (section["questions"] or (item and item.condition)):
            section["key"] = self.section_keys.give(*wanted)
        if item:
            item.made = section
            if item.condition:
                self.shown.append(item)
        return section

    def item(self, raw: Mapping[str, Any], where: Where, block: "_Item | None") -> _Item:
        """Remember an item under its id, so that conditions find it."""
        text = without_markup(printable(raw.get("text") or ""))
        entry = _Entry(place(*where), one_line(text or printable(raw.get("id") or raw.get("type") or ""), LONGEST_LINE))
        self.entries.append(entry)
        condition = raw.get("cond")
        found = _Item(self.own(raw.get("id")), condition if isinstance(condition, str) else "", block, entry)
        if condition is not None and not isinstance(condition, str):
            entry.changes.append(_("Always shown: its condition is no text."))
        self.remember(found.name, found)
        return found

    def own(self, name: Any) -> str:
        """An id as conditions write it: in an extension, behind its namespace."""
        written = printable(name) if isinstance(name, str | int) and not isinstance(name, bool) else ""
        return f"{self.namespace}:{written}" if self.namespace and written else written

    def remember(self, name: str, item: _Item) -> None:
        if not name:
            return
        if name in self.items:
            item.entry.changes.append(
                _("Its id “%(id)s” stands twice; conditions look at the first.") % {"id": name[:80]}
            )
        else:
            self.items[name] = item

    # Conditions

    def conditions(self, sections: list[Json]) -> None:
        for item in self.shown:
            try:
                truth = self.truth(item.condition, ())
            except NotTaken as reason:
                item.entry.changes.append(
                    _("Always shown, because its condition (%(condition)s) cannot be taken: %(reason)s.")
                    % {"condition": one_line(printable(item.condition), 160), "reason": reason}
                )
                continue
            if item.made is None or truth is True:
                continue
            if truth is False:
                truth = self.never(item)
            item.made["show_if"] = truth
        entries = {id(item.made): item.entry for item in self.shown}
        for made in break_circles(sections):
            entries[id(made)].changes.append(_("Always shown: its condition depended, in a circle, on its own answer."))

    def never(self, item: _Item) -> Json:
        """A condition that cannot hold; it needs some question to look at."""
        item.entry.changes.append(_("Never shown, as in the file: its condition cannot hold."))
        made = next(other.made for other in self.items.values() if other.made is not None and "type" in other.made)
        return {"all": [{"question": made["key"], "operator": operator} for operator in ("answered", "not_answered")]}

    def truth(self, condition: str, seen: tuple[int, ...]) -> Truth:
        """A condition of the file as one of ours. Raises NotTaken with the reason."""
        found = _Reader(condition, lambda name: self.of_name(name, seen)).whole()
        if depth(found) > DEEPEST_CONDITION:
            raise NotTaken(_("it is nested deeper than conditions can be"))
        return found

    def of_name(self, name: str, seen: tuple[int, ...]) -> Truth:
        """What an id in a condition asks: whether a choice is made, a question answered with yes or no, an item shown."""
        if name == "false":
            return False
        plain = re.sub(r"/(yes|no|value)$", "", name.removeprefix("^"))
        item = self.items.get(plain)
        if item is None:
            raise NotTaken(_("it looks at “%(id)s”, which is not in the file") % {"id": one_line(plain, 80)})
        if name.startswith("^"):
            return self.visible(item, seen)
        made = item.made
        if made is None or "type" not in made:
            raise NotTaken(_("it looks at “%(id)s”, which is no question taken") % {"id": one_line(plain, 80)})
        asks = {"question": made["key"]}
        if item.choice:
            return {
                **asks,
                "operator": "contains" if made["type"] == "multiple_choice" else "equals",
                "value": item.choice,
            }
        if made["type"] == "yes_no":
            # A box that is ticked or not is asked for in any way; a yes/no question can be asked for its no.
            return {
                **asks,
                "operator": "equals",
                "value": "no" if name.endswith("/no") and not item.is_group else "yes",
            }
        return {**asks, "operator": "answered"}

    def visible(self, item: _Item | None, seen: tuple[int, ...] = ()) -> Truth:
        """When an item is shown: its condition and those of the blocks around it."""
        found: list[Truth] = []
        while item is not None:
            if id(item) in seen:
                raise NotTaken(_("it goes in a circle"))
            if item.condition:
                found.append(self.truth(item.condition, (*seen, id(item))))
            item = item.block
        return all_of(found)


class _Filling:
    """Puts the items of a block into its section in their order. As a section's questions come before its sections,
    questions behind a block get a section of their own; text stands with the question below it."""

    def __init__(self, questionnaire: _Questionnaire, section: Json, block: "_Item | None", level: int):
        self.all = questionnaire
        self.section = section
        self.block = block
        self.level = level
        self.questions: list[Json] = section["questions"]
        self.behind_block = False
        self.texts: list[tuple[_Entry, str]] = []

    def fill(self, items: Any, where: Where) -> None:
        if items is not None and not isinstance(items, list):
            raise UnreadableFile(_("must be a list of items."), place(*where))
        if len(items or []) > MOST_IN_BLOCK:
            message = _("holds %(count)s items; at most %(limit)s can be.") % _sizes(len(items or []), MOST_IN_BLOCK)
            raise UnreadableFile(message, place(*where))
        for number, raw in enumerate(items or []):
            here = (*where, number)
            if isinstance(raw, Mapping):
                self.one(raw, here)
            else:
                what = one_line(printable(raw), 80)
                self.all.entries.append(_Entry(place(*here), what, _("It is no item.")))
        self.describe()

    def one(self, raw: Mapping[str, Any], where: Where) -> None:
        item = self.all.item(raw, where, self.block)
        if raw.get("className") == "vsaq-invisible":
            item.entry.refused = _("It is never shown.")
            return
        for name, why in _EXTRAS.items():
            if raw.get(name):
                item.entry.changes.append(why())
        for name in ("insertAfter", "insertBefore"):
            if isinstance(raw.get(name), str):
                target = {"id": one_line(printable(raw[name]), 80)}
                after = _("Belongs after “%(id)s” of the questionnaire it extends.")
                before = _("Belongs before “%(id)s” of the questionnaire it extends.")
                note = (after if name == "insertAfter" else before) % target
                item.entry.changes.append(note)
                self.texts.append((item.entry, note))
        read = READERS.get(str(raw.get("type")))
        if raw.get("type") == "block":
            self.into(raw, where, item)
        elif read is None:
            kind = one_line(printable(raw.get("type") or ""), 60)
            item.entry.refused = (
                _("“%(type)s” is no type known here.") % {"type": kind} if kind else _("It has no type.")
            )
        else:
            read(self, raw, item)

    # Blocks

    def into(self, raw: Mapping[str, Any], where: Where, item: _Item) -> None:
        if self.level + 1 >= MOST_LEVELS:
            if self.level >= DEEPEST_BLOCKS:
                item.entry.refused = _("It is nested too deeply.")
                return
            item.entry.changes.append(
                _("It is nested too deeply for a section; its questions stand in the one around it.")
            )
            around, self.block, self.level = (self.block, self.level), item, self.level + 1
            self.fill(raw.get("items"), (*where, "items"))
            self.block, self.level = around
            return
        texts, self.texts = self.texts, []
        inner = self.all.section(raw, where, item, self.level + 1)
        if inner["questions"] or inner["sections"]:
            moved = "\n\n".join([*(text for __, text in texts), inner["description"]])
            inner["description"] = cut(moved.strip(), LONGEST_PROSE)
            for entry, __ in texts:
                entry.changes.append(_("Part of the description of a section, as plain text."))
            self.section["sections"].append(inner)
            self.behind_block = True
            return
        item.entry.changes.append(_("It holds no question that is taken, so it is no section."))
        self.all.shown = [other for other in self.all.shown if other is not item]
        item.made = None
        self.texts = [*texts, *([(item.entry, inner["description"])] if inner["description"] else [])]

    def describe(self) -> None:
        """Text that no question follows joins the description of the section."""
        for entry, text in self.texts:
            self.section["description"] = cut(f"{self.section['description']}\n\n{text}".strip(), LONGEST_PROSE)
            entry.changes.append(_("Part of the description of the section, as plain text."))
        self.texts = []

    # Questions

    def put(self, question: Json, item: _Item) -> None:
        if self.behind_block:
            self.behind_block = False
            more: Json = {
                "key": self.all.section_keys.give(f"{self.section['key'] or 'questions'}-continued"),
                "name": one_line(_("%(name)s (continued)") % {"name": self.section["name"]}),
                "description": "",
                "questions": [],
                "sections": [],
            }
            self.section["sections"].append(more)
            self.questions = more["questions"]
        first = self.questions is self.section["questions"] and not self.questions
        if first and question["text"]:
            self.describe()
        self.with_texts(question)
        item.made = question
        item.entry.what = one_line(question["text"], LONGEST_LINE)
        self.questions.append(question)
        if item.condition or self.flat_block():
            item.condition = self.condition_of(item)
            self.all.shown.append(item)

    def flat_block(self) -> bool:
        return self.level >= MOST_LEVELS and self.block is not None and bool(self.block.condition)

    def condition_of(self, item: _Item) -> str:
        """In a block that is no section of its own, its condition is that of each question in it."""
        outer: list[str] = []
        block = item.block
        for __ in range(self.level - MOST_LEVELS + 1):
            if block is None:
                break
            outer += [block.condition] if block.condition else []
            block = block.block
        written = [f"({condition})" for condition in [*outer, item.condition] if condition]
        return " && ".join(written) if outer else item.condition

    def with_texts(self, question: Json) -> None:
        """Text above a question is its help; a question without words of its own is asked with them."""
        texts = [text for __, text in self.texts]
        if texts and not question["text"]:
            *texts, question["text"] = [*texts[:-1], *_asked(texts[-1])]
            message = _("The words of the question below it.")
        else:
            message = _("Help of the question below it, as plain text.")
        for entry, __ in self.texts:
            entry.changes.append(message)
        self.texts = []
        question["help"] = cut("\n\n".join(part for part in [*texts, question["help"]] if part), LONGEST_PROSE)
        if not question["text"]:
            before = self.questions[-1]["text"] if self.questions else self.section["name"]
            question["text"] = one_line(_("%(text)s (continued)") % {"text": before}, LONGEST_PROMPT)
        question["text"] = cut(question["text"], LONGEST_PROMPT)

    def question(self, raw: Mapping[str, Any], item: _Item, **fields: Any) -> Json:
        text = without_markup(printable(raw.get("text") or ""))
        *before, asked = _asked(text)
        made = {
            "key": self.all.question_keys.give(item.name, one_line(asked, 60).lower(), raw.get("type")),
            "text": asked,
            "help": "\n\n".join(before),
            **fields,
        }
        if raw.get("required") in (True, "true", "yes", "required"):
            made["required"] = True
        return made


def _asked(text: str) -> list[str]:
    """A text in two: what leads to the question, and the question, which is the last paragraph that asks something."""
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    asking = next((number for number in reversed(range(len(paragraphs))) if paragraphs[number].endswith("?")), None)
    if len(paragraphs) < 2 or asking is None:
        return [text]
    rest = [part for number, part in enumerate(paragraphs) if number != asking]
    return ["\n\n".join(rest), paragraphs[asking]]


_EXTRAS: Mapping[str, Callable[[], str]] = {
    "inputPattern": lambda: _("Answers are checked for type and length only (“inputPattern” is left out)."),
    "default": lambda: _("Nothing is answered on someone's behalf, so the default is left out."),
    "choicesConds": lambda: _("All answers are always offered (“choicesConds” is left out)."),
    "auth": lambda: _("Who may see or change it is a matter of roles here (“auth” is left out)."),
    "todo": lambda: _("There is no list of tasks while answering (“todo” is left out)."),
}


# Items


def _line(filling: _Filling, raw: Mapping[str, Any], item: _Item) -> None:
    filling.put(filling.question(raw, item, type="text", **_length(raw.get("maxlength"))), item)


def _box(filling: _Filling, raw: Mapping[str, Any], item: _Item) -> None:
    filling.put(filling.question(raw, item, type="long_text", **_length(raw.get("maxlength"))), item)


def _length(most: Any) -> Json:
    is_length = isinstance(most, int) and not isinstance(most, bool) and most >= 1
    return {"max_length": min(most, LONGEST_LONG_TEXT)} if is_length else {}


def _upload(filling: _Filling, raw: Mapping[str, Any], item: _Item) -> None:
    filling.put(filling.question(raw, item, type="file", max_files=1), item)


def _check(filling: _Filling, raw: Mapping[str, Any], item: _Item) -> None:
    item.is_group = True
    item.entry.changes.append(_("A yes/no question: not ticked is no, or not answered."))
    filling.put(filling.question(raw, item, type="yes_no"), item)


def _yes_no(filling: _Filling, raw: Mapping[str, Any], item: _Item) -> None:
    texts = [without_markup(printable(raw.get(key) or "")) for key in ("yes", "no")]
    options = [
        {"key": key, "text": cut(text or default, LONGEST_PROMPT)}
        for key, text, default in zip(("yes", "no"), texts, (_("Yes"), _("No")), strict=True)
    ]
    filling.put(filling.question(raw, item, type="yes_no", options=options), item)


def _radiogroup(filling: _Filling, raw: Mapping[str, Any], item: _Item) -> None:
    _group(filling, raw, item, several=False)


def _checkgroup(filling: _Filling, raw: Mapping[str, Any], item: _Item) -> None:
    _group(filling, raw, item, several=True)


def _group(filling: _Filling, raw: Mapping[str, Any], item: _Item, *, several: bool) -> None:
    choices = list(_choices(raw.get("choices"), item.entry))
    if not choices:
        item.entry.refused = _("It offers no answers.")
        return
    if len(choices) > MOST_OPTIONS:
        item.entry.refused = _("It offers %(count)s answers; at most %(limit)s can be.") % _sizes(
            len(choices), MOST_OPTIONS
        )
        return
    keys = Keys()
    options: list[Json] = []
    for name, text in choices:
        key = keys.give(name, text, "choice")
        options.append({"key": key, "text": cut(text or key, LONGEST_PROMPT)})
        choice = _Item(filling.all.own(name), item.condition, item.block, item.entry, choice=key)
        filling.all.remember(choice.name, choice)
    if several or raw.get("defaultChoice") is True:
        none: Json = {"key": keys.give("none"), "text": _("None of the above")}
        options.append({**none, "exclusive": True} if several else none)
        if raw.get("defaultChoice") is not True:
            item.entry.changes.append(_("“None of the above” is added, to tell it from no answer."))
    item.is_group = True
    if not item.name:
        # The choices of a group are named for it: what they have in common is the best name there is.
        item.name = _common_start([name for name, __ in choices])
    made = filling.question(raw, item, type="multiple_choice" if several else "single_choice", options=options)
    filling.put(made, item)
    for name, __ in choices:
        found = filling.all.items.get(filling.all.own(name))
        if found is not None and found.entry is item.entry:
            found.made = made


def _choices(listed: Any, entry: _Entry) -> Iterator[tuple[str, str]]:
    """Each choice is a mapping of its id to its text."""
    for number, choice in enumerate(listed if isinstance(listed, list) else [], start=1):
        pairs = list(choice.items()) if isinstance(choice, Mapping) else []
        if len(pairs) != 1 or not isinstance(pairs[0][1], str | int | float):
            entry.changes.append(_("Answer %(number)s is no id with its text and left out.") % {"number": number})
            continue
        yield printable(pairs[0][0]), without_markup(printable(pairs[0][1]))


def _common_start(names: Sequence[str]) -> str:
    if len(names) < 2:
        return ""
    low, high = min(names), max(names)
    common = next((low[:place] for place, letter in enumerate(low) if high[place : place + 1] != letter), low)
    return common.rstrip("_-. ") if len(common.rstrip("_-. ")) > 2 else ""


def _info(filling: _Filling, raw: Mapping[str, Any], item: _Item) -> None:
    text = without_markup(printable(raw.get("text") or ""))
    if not text:
        item.entry.refused = _("It is empty.")
        return
    if item.condition:
        item.entry.changes.append(_("It is always shown."))
    filling.texts.append((item.entry, text))


def _tip(filling: _Filling, raw: Mapping[str, Any], item: _Item) -> None:
    text = without_markup(printable(raw.get("text") or ""))
    name = without_markup(printable(raw.get("name") or raw.get("customTitle") or ""))
    if not item.condition.strip():
        _info(filling, raw, item)
        return
    if not text and not name:
        item.entry.refused = _("It is empty.")
        return
    severity: Severity = next((known for known in SEVERITIES[1:] if known == raw.get("severity")), "medium")
    if raw.get("why"):
        item.entry.changes.append(_("What it asks to explain goes into the comment of the question."))
    filling.all.tips.append(
        _Tip(item, one_line(name, LONGEST_LINE), text or name, severity if raw.get("warn") == "yes" else "")
    )


def _spacer(filling: _Filling, raw: Mapping[str, Any], item: _Item) -> None:
    item.entry.refused = _("Empty space means nothing here.")


READERS: Mapping[str, Callable[[_Filling, Mapping[str, Any], _Item], None]] = {
    "line": _line,
    "box": _box,
    "upload": _upload,
    "check": _check,
    "yesno": _yes_no,
    "radiogroup": _radiogroup,
    "checkgroup": _checkgroup,
    "info": _info,
    "tip": _tip,
    "spacer": _spacer,
}


# Conditions as they are written

TOKEN = re.compile(r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<sign>&&|\|\||[!(),])|(?P<name>[^\s()!&|,"]+))', re.DOTALL)


class _Reader:
    """Reads a condition: ids, `!`, `&&` and `||` from left to right without precedence, as VSAQ itself does."""

    def __init__(self, text: str, resolve: Callable[[str], Truth]):
        if len(text) > LONGEST_CONDITION:
            raise NotTaken(_("it is longer than %(limit)s characters") % {"limit": f"{LONGEST_CONDITION:,}"})
        self.tokens = list(self.split(text))
        self.position = 0
        self.resolve = resolve

    def split(self, text: str) -> Iterator[tuple[str, str, int]]:
        position = 0
        while found := TOKEN.match(text, position):
            kind = str(found.lastgroup)
            yield kind, found[kind], found.start(kind) + 1
            position = found.end()
        if text[position:].strip():
            column = position + len(text[position:]) - len(text[position:].lstrip()) + 1
            raise NotTaken(_("column %(column)s cannot be read") % {"column": column})
        yield "end", "", position + 1

    @property
    def next(self) -> tuple[str, str, int]:
        return self.tokens[self.position]

    def take(self) -> tuple[str, str, int]:
        token = self.next
        self.position += token[0] != "end"
        return token

    def whole(self) -> Truth:
        if self.next[0] == "end":
            return True
        found = self.row(0)
        if self.next[0] != "end":
            raise self.unexpected(self.next)
        return found

    def row(self, level: int) -> Truth:
        found = self.operand(level)
        while self.next[1] in ("&&", "||") and self.next[0] == "sign":
            join = all_of if self.take()[1] == "&&" else any_of
            found = join([found, self.operand(level)])
            if depth(found) > DEEPEST_CONDITION * 2:
                raise NotTaken(_("it is nested deeper than conditions can be"))
        return found

    def operand(self, level: int) -> Truth:
        if level > DEEPEST_BRACKETS:
            raise NotTaken(_("it is nested deeper than conditions can be"))
        kind, text, column = token = self.take()
        if kind == "sign" and text == "!":
            return negated(self.operand(level + 1))
        if kind == "sign" and text == "(":
            found = self.row(level + 1)
            if self.take()[1] != ")":
                raise NotTaken(_("a bracket is not closed (column %(column)s)") % {"column": column})
            return found
        if kind != "name":
            raise self.unexpected(token)
        return self.call(text) if self.next[:2] == ("sign", "(") else self.resolve(text)

    def call(self, function: str) -> Truth:
        """`contains(id/value, "words")`; patterns are beyond conditions."""
        self.take()
        arguments = []
        while self.next[0] in ("name", "text") or self.next[1] == ",":
            arguments.append(self.take())
        named = [argument for argument in arguments if argument[1] != ","]
        if self.take()[1] != ")":
            raise NotTaken(_("a bracket is not closed"))
        if function != "contains" or [kind for kind, __, __column in named] != ["name", "text"]:
            raise NotTaken(_("it calls “%(function)s”") % {"function": one_line(function, 40)})
        asked = self.resolve(named[0][1])
        words = re.sub(r"\\(.)", r"\1", named[1][1][1:-1])
        if isinstance(asked, bool) or asked.get("operator") != "answered" or not words.strip():
            raise NotTaken(_("it looks for words in what is no text"))
        return {"question": asked["question"], "operator": "contains", "value": words}

    def unexpected(self, token: tuple[str, str, int]) -> NotTaken:
        if token[0] == "end":
            return NotTaken(_("it ends where something is expected"))
        return NotTaken(
            _("“%(text)s” is not expected in column %(column)s") % {"text": token[1][:40], "column": token[2]}
        )


# Advice


class _Advice:
    """Puts tips where they show with the results: at a question whose answers they are about, else at a score."""

    def __init__(self, questionnaire: _Questionnaire, sections: list[Json], questions: list[Json]):
        self.all = questionnaire
        self.sections = sections
        self.questions = {question["key"]: question for question in questions}
        self.at: dict[str, list[tuple[_Tip, frozenset[str]]]] = {}
        self.scores: list[Json] = []
        self.score_of: dict[int, str] = {}
        self.keys = Keys()

    def place(self, data: Json) -> Line:
        """This will put every tip somewhere, and scores beneath them; says what became of scores."""
        truths = [(tip, truth) for tip in self.all.tips if (truth := self.truth(tip)) is not None]
        beside = [(tip, truth) for tip, truth in truths if not self.at_question(tip, truth)]
        for key, tips in self.at.items():
            beside += self.graded(self.questions[key], tips)
        inputs: dict[str, list[str]] = {}
        for tip, truth in beside:
            if key := self.scored(tip, truth):
                inputs.setdefault(self.top_of(questions_in(truth)), []).append(key)
        return self.scoring(data, inputs)

    def truth(self, tip: _Tip) -> Truth | None:
        """When a tip applies; None, with the reason in the report, when it cannot be said."""
        try:
            truth = self.all.truth(tip.item.condition, ())
        except NotTaken as reason:
            condition = one_line(printable(tip.item.condition), 160)
            tip.item.entry.refused = _("Its condition (%(condition)s) cannot be taken: %(reason)s.") % {
                "condition": condition,
                "reason": reason,
            }
            return None
        if isinstance(truth, bool):
            tip.item.entry.refused = _("It applies never, or to every answer.")
            return None
        return truth

    # At a question

    def at_question(self, tip: _Tip, truth: Truth) -> bool:
        """Whether a tip is about the answers of one question, shown wherever that is; then it is kept for it."""
        keys = set(questions_in(truth))
        if len(keys) != 1 or isinstance(truth, bool):
            return False
        key = keys.pop()
        question = self.questions[key]
        if question["type"] not in ("single_choice", "yes_no"):
            return False
        asked = next(item for item in self.all.items.values() if item.made is question)
        if not set(map(id, _blocks(tip.item))) <= set(map(id, _blocks(asked))):
            return False
        condition = Condition.model_validate(truth)
        options = [option["key"] for option in question.get("options", ())] or ["yes", "no"]
        reached = frozenset(option for option in options if holds(condition, {key: Answer(State.ANSWERED, option)}))
        if holds(condition, {}) or not reached:
            return False
        self.at.setdefault(key, []).append((tip, reached))
        return True

    def graded(self, question: Json, tips: list[tuple[_Tip, frozenset[str]]]) -> list[tuple[_Tip, Truth]]:
        """Options get values by the advice they call for, the worst 0 and those without any 100; each step of that scale
        has its recommendation. Gives back tips that cannot be told apart so, because every answer calls for the same."""
        if "options" not in question:
            question["options"] = [{"key": "yes", "text": _("Yes")}, {"key": "no", "text": _("No")}]
        advice = {
            option["key"]: tuple(tip for tip, reached in tips if option["key"] in reached)
            for option in question["options"]
        }
        steps = sorted(dict.fromkeys(advice.values()), key=_gravity, reverse=True)
        if len(steps) < 2 or len(steps) > MOST_RECOMMENDATIONS:
            return [(tip, self.all.truth(tip.item.condition, ())) for tip, __ in tips]
        for option in question["options"]:
            option["value"] = round(100 * steps.index(advice[option["key"]]) / (len(steps) - 1), 4)
        question["recommendations"] = [_recommendation(step, low, high) for step, low, high in _bands(steps) if step]
        for tip, __ in tips:
            kind = _("a finding") if tip.severity else _("a recommendation")
            tip.item.entry.changes.insert(
                0,
                _("It is %(kind)s of the question “%(key)s”, shown with the results.")
                % {"kind": kind, "key": question["key"]},
            )
        return []

    # At a score of its own

    def scored(self, tip: _Tip, truth: Truth) -> str:
        """A score that is 0 while the tip applies and 100 otherwise; its key, or nothing when it cannot be."""
        asked = list(dict.fromkeys(questions_in(truth)))
        counted = [key for key in asked if self.can_count(self.questions[key])]
        if not counted:
            tip.item.entry.refused = _("It is about answers in words, which have no score a finding could hang on.")
            return ""
        title = tip.title or one_line(tip.text)
        key = self.keys.give(f"tip.{tip.item.name}" if tip.item.name else "tip", "tip")
        score: Json = {
            "key": key,
            "name": one_line(title),
            "rule": "constant",
            "options": {"value": 100},
            "inputs": [{"questions": counted}],
            "treatment": {"unanswered": "exclude"},
            "cases": [{"when": truth, "value": 0, "label": one_line(title, LONGEST_LINE)}],
            "scale": {"min": 0, "max": 100},
            "recommendations": [_recommendation((tip,), 0, 50)],
        }
        try:
            around = self.all.visible(tip.item.block)
        except NotTaken:
            around = True
        if isinstance(around, dict) and depth(around) <= DEEPEST_CONDITION:
            score["gates"] = [{"when": around, "reason": _("It is not asked about.")}]
        self.scores.append(score)
        self.score_of[id(tip)] = key
        kind = _("a finding") if tip.severity else _("a recommendation")
        tip.item.entry.changes.insert(
            0,
            _("It is %(kind)s of a score of its own (“%(key)s”), shown with the results.") % {"kind": kind, "key": key},
        )
        return key

    def can_count(self, question: Json) -> bool:
        """Scores need answers with values: options without any get the same one each, which changes no other score."""
        if question["type"] == "yes_no" and "options" not in question:
            return True
        if question["type"] not in ("single_choice", "multiple_choice", "yes_no"):
            return False
        for option in question["options"]:
            option.setdefault("value", 0)
        return True

    # The scores beneath

    def top_of(self, keys: Iterable[str]) -> str:
        """The top section that holds the first of some questions."""
        first = next(iter(keys))
        return next(
            section["key"]
            for section in self.sections
            if any(question["key"] == first for inner in _all([section]) for question in inner["questions"])
        )

    def scoring(self, data: Json, tips: Mapping[str, list[str]]) -> Line:
        what = _("Scores")
        sections = []
        for section in self.sections:
            asked = [question for inner in _all([section]) for question in inner["questions"]]
            graded = [question["key"] for question in asked if question.get("recommendations")]
            inputs: list[Json] = [{"questions": graded}] if graded else []
            inputs += [{"scores": tips[section["key"]]}] if section["key"] in tips else []
            if inputs:
                sections.append((self.keys.give(section["key"]), section["name"], inputs, section["key"]))
        if not sections:
            return Line("", "not_taken", what, _("No tip of the file is about an answer that can be scored."))
        made = mean_scores.scoring(
            [(key, name, inputs) for key, name, inputs, __ in sections],
            scores=self.scores,
            overall=self.keys.give("overall"),
        )
        made["sections"] = {section_key: key for key, __, __inputs, section_key in sections}
        data["scoring"] = made
        why = _(
            "Added: the file has no scores. What a tip is about counts 100 while no tip applies, and less by how grave it "
            "is; sections and the whole are means of that. Change it in the editor."
        )
        return Line("", "changed", what, why)


def _blocks(item: _Item) -> Iterator[_Item]:
    """The blocks with a condition around an item."""
    block = item.block
    while block is not None:
        if block.condition:
            yield block
        block = block.block


def _gravity(step: tuple[_Tip, ...]) -> tuple[int, int]:
    return max((SEVERITIES.index(tip.severity) + 1 for tip in step), default=0), len(step)


def _bands(steps: Sequence[tuple[_Tip, ...]]) -> Iterator[tuple[tuple[_Tip, ...], float, float]]:
    """Each step of a scale with the stretch around it, in percent."""
    width = 100 / (len(steps) - 1)
    for number, step in enumerate(steps):
        yield step, round(max((number - 0.5) * width, 0), 4), round(min((number + 0.5) * width, 100), 4)


def _recommendation(tips: Sequence[_Tip], low: float, high: float) -> Json:
    """What one step of a scale calls for; several tips at once are one recommendation."""
    worst = max(tips, key=lambda tip: SEVERITIES.index(tip.severity))
    titles = [tip.title for tip in tips if tip.title]
    made: Json = {
        "from": low,
        "to": high,
        "title": one_line("; ".join(dict.fromkeys(titles)), LONGEST_LINE),
        "text": cut("\n\n".join(dict.fromkeys(tip.text for tip in tips)), LONGEST_PROSE),
    }
    return {**made, "severity": worst.severity} if worst.severity else made


def _all(sections: Iterable[Json]) -> Iterator[Json]:
    for section in sections:
        yield section
        yield from _all(section.get("sections", ()))


def _tidy(section: Json) -> Json:
    """The section without fields that say nothing."""
    inner = [_tidy(inside) for inside in section["sections"]]
    questions = [{name: value for name, value in question.items() if value != ""} for question in section["questions"]]
    whole = {**section, "questions": questions, "sections": inner}
    return {name: value for name, value in whole.items() if value not in ("", [])}


def _sizes(count: int, limit: int) -> dict[str, str]:
    return {"count": f"{count:,}", "limit": f"{limit:,}"}
