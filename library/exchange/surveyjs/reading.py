"""A SurveyJS survey as a definition: pages and panels become sections, their questions ours, expressions conditions.

Read in two passes: first every element, so that conditions may look at what stands after them; then the conditions.
Nothing in the file is fetched, run or trusted; what is not taken is reported with the reason.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from library.consistency import DEEPEST_SECTIONS, MOST_QUESTIONS
from library.exchange import mean_scores
from library.exchange.cells import words_slug
from library.exchange.circles import break_circles, questions_in
from library.exchange.keys import Keys
from library.exchange.plain_words import (
    LONGEST_LINE,
    LONGEST_NAME,
    LONGEST_PROMPT,
    LONGEST_PROSE,
    cut,
    one_line,
    printable,
    without_markup,
)
from library.exchange.report import Imported, Line
from library.exchange.surveyjs import elements
from library.exchange.surveyjs.elements import Entry, NotTaken, Read
from library.exchange.surveyjs.expressions import ExpressionError, Node, holds, parse, variables
from library.exchange.surveyjs.expressions import step_into as named_in
from library.exchange.surveyjs.properties import LEFT_OUT, LOOKED_AT, LOOKS, SURVEY_LEFT_OUT
from library.exchange.surveyjs.translation import Subject, Untranslatable, to_condition
from library.problems import UnreadableFile, place

MOST_IN_SECTION = 500
MOST_SECTIONS = 100
# Panels inside panels, far beyond what any survey has.
DEEPEST_PANELS = 30
LONGEST_LANGUAGES = 20

type Json = dict[str, Any]
type Where = tuple[Any, ...]


def convert(content: Any) -> Imported:
    """This will turn a survey (what its JSON file says) into data for `document.parse`, and report on every element.

    Raises UnreadableFile with the place when there is no question to take, or more than a definition can hold.
    """
    if not isinstance(content, Mapping):
        raise UnreadableFile(_("is no SurveyJS survey: it must be one mapping."))
    return _Survey(dict(content)).imported()


@dataclass
class _Asked:
    """An expression to translate once every question is known: whose it is, and the field it becomes."""

    item: Json
    field: str
    expression: str
    entry: Entry


class _Survey:
    """The survey being read: keys given out, questions by the names expressions use, and the report so far."""

    def __init__(self, content: Json):
        self.content = content
        self.locale = str(content.get("locale") or "")
        self.languages: Counter[str] = Counter()
        self.entries: list[Entry] = []
        self.asked: list[_Asked] = []
        # Sections and questions whose condition cannot hold and names no question that was taken.
        self.never_shown: list[Json] = []
        self.subjects: dict[str, Subject] = {}
        self.question_keys, self.section_keys = Keys(), Keys()
        self.scored: set[str] = set()
        # Text of a section that holds nothing else, for the next one.
        self.text_to_place = ""

    def imported(self) -> Imported:
        """This will read the whole survey."""
        sections = self.sections()
        if not sections:
            raise UnreadableFile(_("holds no question that can be taken.") + self.first_reason(), "pages")
        self.check_sizes(sections)
        self.conditions(sections)
        name = one_line(printable(self.localized(self.content.get("title")))) or _("Imported survey")
        data: Json = {
            "format": "portal-definition/1",
            "key": words_slug(name, 60) or "survey",
            "name": name,
            "description": cut(printable(self.localized(self.content.get("description"))), LONGEST_PROSE),
            "language": self.locale if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", self.locale) else "en",
            "sections": [_tidy(section) for section in sections],
        }
        about_scores = self.score(data)
        report = [*self.settings(), *(entry.line() for entry in self.entries), about_scores]
        return Imported("surveyjs", data, report)

    def first_reason(self) -> str:
        """What became of the first element, so that a refusal can be understood."""
        first = next((entry for entry in self.entries if entry.refused), None)
        return f" {first.place}: {first.refused}" if first else ""

    def check_sizes(self, sections: list[Json]) -> None:
        count = sum(len(section["questions"]) for section in _all(sections))
        if count > MOST_QUESTIONS:
            message = _("hold %(count)s questions; at most %(limit)s can be.") % _sizes(count, MOST_QUESTIONS)
            raise UnreadableFile(message, "pages")

    # Texts

    def localized(self, value: Any) -> str:
        """One text of those in several languages: the survey's own, else the default, else English, else the first."""
        if isinstance(value, str):
            return value
        if not isinstance(value, Mapping):
            return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
        texts = {str(language): text for language, text in value.items() if isinstance(text, str) and text.strip()}
        chosen = next((language for language in (self.locale, "default", "en", *texts) if language in texts), "")
        self.languages.update(language for language in texts if language not in (chosen, "default"))
        return texts.get(chosen, "")

    def named(self, element: Json) -> str:
        """What an element is called in the report: its title, else its name, else its type."""
        candidates = (self.localized(element.get("title")), element.get("name"), element.get("type"))
        return one_line(next((text for item in candidates if item and (text := printable(item))), ""), LONGEST_LINE)

    # The survey's own settings

    def settings(self) -> Iterator[Line]:
        """One line for each setting of the survey that means something, and one for all that only change its looks."""
        looks = []
        for name, value in self.content.items():
            if name in ("title", "description", "locale"):
                yield Line(name, "taken", one_line(printable(self.localized(value)), LONGEST_LINE))
            elif name in SURVEY_LEFT_OUT:
                yield from self.setting(name, value)
            elif name not in ("pages", "elements", "questions", "sjsVersion", "$schema"):
                looks.append(one_line(printable(name), 60))
        if self.languages:
            found = ", ".join(one_line(language, 20) for language in sorted(self.languages)[:LONGEST_LANGUAGES])
            why = _("A definition has one language; texts in others are left out.")
            yield Line("locale", "not_taken", _("Other languages: %(languages)s") % {"languages": found}, why)
        if looks:
            why = _("How the survey looks and runs in SurveyJS means nothing here.")
            listed = one_line(", ".join(looks), LONGEST_LINE)
            yield Line("", "not_taken", _("Settings: %(names)s") % {"names": listed}, why)

    def setting(self, name: str, value: Any) -> Iterator[Line]:
        why = SURVEY_LEFT_OUT[name]()
        if not isinstance(value, list) or not value:
            yield Line(name, "not_taken", name, why)
        else:
            for number, item in enumerate(value):
                what = item.get("type") or item.get("name") if isinstance(item, Mapping) else item
                yield Line(place(name, number), "not_taken", one_line(printable(what or name), LONGEST_LINE), why)

    # Sections

    def sections(self) -> list[Json]:
        """The pages as sections; a survey without pages is one page."""
        pages = self.content.get("pages")
        if pages is None:
            field = "elements" if "elements" in self.content else "questions"
            page = {"name": "page1", "title": self.content.get("title"), field: self.content.get(field)}
            found = self.page(page, (), None, 1)
        else:
            found = self.pages(pages)
        if self.text_to_place and found:
            _describe(found[-1], self.text_to_place)
        return found

    def pages(self, pages: Any) -> list[Json]:
        if not isinstance(pages, list):
            raise UnreadableFile(_("must be a list of pages."), "pages")
        if len(pages) > MOST_SECTIONS:
            raise UnreadableFile(
                _("holds %(count)s pages; at most %(limit)s can be.") % _sizes(len(pages), 100), "pages"
            )
        found: list[Json] = []
        for number, page in enumerate(pages):
            where = ("pages", number)
            if not isinstance(page, Mapping):
                self.entries.append(Entry(place(*where), one_line(printable(page), 80), _("It is no page.")))
                continue
            entry = Entry(place(*where), self.named(dict(page)))
            self.entries.append(entry)
            found += self.page(dict(page), where, entry, 1)
        return found

    def page(self, page: Json, where: Where, entry: Entry | None, depth: int) -> list[Json]:
        """A page or panel as a list of one section; empty when nothing of it is taken."""
        field = "questions" if "elements" not in page and "questions" in page else "elements"
        inside = page.get(field)
        if entry and (why := _never_shown(page)):
            entry.refused = why
            self.refuse_all(inside, (*where, field), why, never_answered=True)
            return []
        title = one_line(printable(self.localized(page.get("title")))) or one_line(printable(page.get("name") or ""))
        section: Json = {
            "key": self.section_keys.give(page.get("name") or "", title, "section"),
            "name": title or _("Questions"),
            "description": cut(printable(self.localized(page.get("description"))), LONGEST_PROSE),
            "questions": [],
            "sections": [],
        }
        if entry:
            self.properties(page, entry)
            if page.get("isRequired") or page.get("requiredIf"):
                entry.change(_("Only single questions can be required."))
        text, self.text_to_place = self.text_to_place, ""
        _Filling(self, section, depth).fill(inside, (*where, field))
        if not section["questions"] and not section["sections"]:
            self.text_to_place = "\n\n".join(part for part in (text, section["description"]) if part)
            if entry:
                entry.change(_("It holds no question that is taken, so it is no section."))
            return []
        if text:
            section["description"] = cut(f"{text}\n\n{section['description']}".strip(), LONGEST_PROSE)
        if entry:
            self.ask(section, "show_if", page, "visibleIf", entry)
        return [section]

    def refuse_all(self, inside: Any, where: Where, why: str, *, never_answered: bool = False) -> None:
        """This will name everything inside an element that is not taken."""
        for number, element in enumerate(inside if isinstance(inside, list) else ()):
            item = dict(element) if isinstance(element, Mapping) else {}
            self.entries.append(Entry(place(*where, number), self.named(item) or one_line(printable(element), 80), why))
            if never_answered:
                self.name_as_open(item)
            for field in ("elements", "templateElements", "questions"):
                if len(where) < DEEPEST_PANELS * 2:
                    inner = never_answered and field == "elements"
                    self.refuse_all(item.get(field), (*where, number, field), why, never_answered=inner)

    def name_as_open(self, element: Json) -> None:
        """What is never shown is never answered, and conditions may look at it as such."""
        called = printable(element.get("valueName") or element.get("name") or "")
        if called and not element.keys() & {"defaultValue", "defaultValueExpression", "setValueExpression"}:
            self.subjects.setdefault(called, Subject("", "single_choice"))

    # Elements

    def question(self, element: Json, entry: Entry) -> Json | None:
        """An element as a question; None when it is not taken, which its entry says."""
        try:
            read = elements.read(element, self.localized, entry)
        except NotTaken as reason:
            entry.refused = str(reason)
            return None
        return self.completed(read, element, entry)

    def completed(self, read: Read, element: Json, entry: Entry) -> Json:
        """Everything a question has whatever its type is."""
        name = printable(element.get("name") or "")
        text = printable(self.localized(element.get("title"))) or name
        key = self.question_keys.give(name, text, element.get("type"))
        if len(text) > LONGEST_PROMPT:
            entry.change(_("Its text is cut at %(limit)s characters."), limit=f"{LONGEST_PROMPT:,}")
        question: Json = {
            "key": key,
            "text": cut(text, LONGEST_PROMPT) or key,
            "help": cut(printable(self.localized(element.get("description"))), LONGEST_PROSE),
            "required": element.get("isRequired") is True,
            **read.data,
        }
        if element.get("showCommentArea") is False:
            question["allow_comment"] = False
        self.name_subject(read.subject(key), element, entry, key)
        if read.has_scores:
            self.scored.add(key)
        self.properties(element, entry)
        self.ask(question, "show_if", element, "visibleIf", entry)
        self.ask(question, "require_if", element, "requiredIf", entry)
        return question

    def name_subject(self, subject: Subject, element: Json, entry: Entry, key: str) -> None:
        """Expressions name a question by what its value is called."""
        name = printable(element.get("name") or "")
        called = printable(element.get("valueName") or "") or name
        if not called:
            entry.change(_("It had no name; its key is “%(key)s”."), key=key)
        elif called in self.subjects:
            entry.change(
                _(
                    "“%(name)s” is the name of another question, too; conditions look at the first. Its key is “%(key)s”."
                ),
                name=one_line(called, 60),
                key=key,
            )
        else:
            self.subjects[called] = subject
            if key != name:
                entry.remarks.append(_("Its key is “%(key)s”.") % {"key": key})

    def properties(self, item: Json, entry: Entry) -> None:
        """Say what happens to properties that are not looked at."""
        looks = [name for name in item if name in LOOKS]
        unknown = [one_line(printable(name), 40) for name in item if name not in LOOKED_AT | LOOKS | LEFT_OUT.keys()]
        for name in item:
            if name in LEFT_OUT and item[name] not in (None, False, "", [], "none", "default", "initial"):
                entry.change(LEFT_OUT[name]())
        if unknown:
            entry.change(_("Left out, as it means nothing here: %(names)s."), names=one_line(", ".join(unknown), 300))
        if looks:
            entry.remarks.append(_("How it looks is left out (%(names)s).") % {"names": ", ".join(looks[:12])})

    # Conditions

    def ask(self, item: Json, field: str, element: Json, name: str, entry: Entry) -> None:
        """Remember an expression for when all questions are known."""
        expression = element.get(name)
        if isinstance(expression, str) and expression.strip():
            self.asked.append(_Asked(item, field, expression, entry))
        elif expression not in (None, "", False):
            entry.change(_("“%(name)s” is no expression and left out."), name=name)

    def conditions(self, sections: list[Json]) -> None:
        """Translate every expression, then open the circles they make."""
        for asked in self.asked:
            self.condition(asked)
        entries = {id(asked.item): asked.entry for asked in self.asked}
        for item in break_circles(sections):
            entries[id(item)].change(
                _("Always shown: whether it is shown depended, in a circle, on its own answer (“visibleIf”).")
            )
        self.hide_never_shown(sections)

    def hide_never_shown(self, sections: list[Json]) -> None:
        """What looks only at things nobody ever answers gets a condition that cannot hold, about a question always shown.

        Such a question makes no circle. Raises UnreadableFile when there is none: then nothing is ever shown.
        """
        if not self.never_shown:
            return
        hidden = {id(item) for item in self.never_shown}
        always = next(_always_shown(sections, hidden), None)
        if always is None:
            raise UnreadableFile(_("holds no question that is ever shown."), "pages")
        for item in self.never_shown:
            item["show_if"] = _never(always["key"])

    def condition(self, asked: _Asked) -> None:
        shown = one_line(printable(asked.expression), 160)
        about_showing = asked.field == "show_if"
        try:
            node = parse(asked.expression)
            translated = to_condition(node, self.subjects)
        except (ExpressionError, Untranslatable) as error:
            reason = error.reason if isinstance(error, Untranslatable) else str(error)
            words = (
                _("Always shown, because its condition (%(expression)s) cannot be taken: %(reason)s.")
                if about_showing
                else _("Not required, because the rule for it (%(expression)s) cannot be taken: %(reason)s.")
            )
            asked.entry.change(words, expression=shown, reason=reason)
            return
        truth = translated.truth
        if asked.field == "require_if" and asked.item["key"] in questions_in(truth):
            asked.entry.change(_("Not required: the rule for it looks at its own answer (%(shown)s)."), shown=shown)
        elif truth is False and about_showing:
            if key := _question_in(node, self.subjects):
                asked.item["show_if"] = _never(key)
            else:
                self.never_shown.append(asked.item)
            asked.entry.change(_("Never shown, as in the survey: its condition (%(shown)s) cannot hold."), shown=shown)
        elif truth is True and not about_showing:
            asked.item["required"] = True
        elif not isinstance(truth, bool):
            asked.item[asked.field] = truth
            for note in translated.notes:
                asked.entry.change("%(note)s (%(shown)s).", note=note, shown=shown)

    # Scores

    def score(self, data: Json) -> Line:
        """Sections with scored answers get weighted means; says what became of scores."""
        sections = []
        for section in _all(data["sections"]):
            keys = [question["key"] for question in section.get("questions", ()) if self.counts(question)]
            if keys:
                sections.append((section["key"], section["name"], [{"questions": keys}]))
        if not sections:
            what = _("Scores")
            if self.scored:
                return Line(
                    "", "not_taken", what, _("All scored answers of a question score alike, so nothing is scored.")
                )
            return Line("", "not_taken", what, _("No answer in the survey has a score, so nothing is scored."))
        overall = Keys()
        overall.used.update(key for key, __, __inputs in sections)
        data["scoring"] = mean_scores.scoring(sections, overall=overall.give("overall"))
        why = _(
            "Added: a weighted mean for each section with scored answers and their mean overall, in percent, with four "
            "zones. The survey does not say how scores are combined; change it in the editor."
        )
        return Line("", "changed", _("Scores"), why)

    def counts(self, question: Json) -> bool:
        if question["key"] not in self.scored:
            return False
        return len({option["value"] for option in question["options"] if "value" in option}) > 1


class _Filling:
    """Puts elements into a section in their order. Panels become sections inside it; as a section's questions come before
    its sections, questions behind a panel get a section of their own."""

    def __init__(self, survey: _Survey, section: Json, depth: int):
        self.survey = survey
        self.section = section
        self.depth = depth
        self.questions: list[Json] = section["questions"]
        self.text = ""

    def fill(self, inside: Any, where: Where, condition: str = "", level: int = 0) -> None:
        listed = [] if inside is None else inside
        if not isinstance(listed, list):
            raise UnreadableFile(_("must be a list of elements."), place(*where))
        if len(listed) > MOST_IN_SECTION:
            message = _("holds %(count)s elements; at most %(limit)s can be.") % _sizes(len(listed), MOST_IN_SECTION)
            raise UnreadableFile(message, place(*where))
        for number, element in enumerate(listed):
            here = (*where, number)
            if not isinstance(element, Mapping):
                refused = Entry(place(*here), one_line(printable(element), 80), _("It is no element."))
                self.survey.entries.append(refused)
                continue
            item = dict(element)
            if condition:
                own = item.get("visibleIf")
                item["visibleIf"] = f"({condition}) and ({own})" if isinstance(own, str) and own.strip() else condition
            self.element(item, here, level)
        if level == 0 and self.text:
            _describe(self.section, self.text)

    def element(self, item: Json, where: Where, level: int) -> None:
        entry = Entry(place(*where), self.survey.named(item))
        self.survey.entries.append(entry)
        if item.get("type") == "panel":
            self.panel(item, where, entry, level)
        elif why := _never_shown(item):
            entry.refused = why
            self.survey.name_as_open(item)
        elif item.get("type") == "html":
            self.html(item, entry)
        elif item.get("type") == "multipletext":
            self.fields(item, entry, where)
        else:
            self.take(self.survey.question(item, entry))
            self.survey.refuse_all(item.get("templateElements"), (*where, "templateElements"), entry.refused)

    def take(self, question: Json | None) -> None:
        if question is None:
            return
        if self.text:
            question["help"] = cut(f"{self.text}\n\n{question['help']}".strip(), LONGEST_PROSE)
            self.text = ""
        if len(self.questions) == MOST_IN_SECTION:
            self.go_on()
        self.questions.append(question)

    def go_on(self) -> None:
        """Open a section for questions that stand behind a panel."""
        name = one_line(_("%(name)s (continued)") % {"name": self.section["name"]}, LONGEST_NAME)
        more: Json = {
            "key": self.survey.section_keys.give(f"{self.section['key']}-continued"),
            "name": name,
            "description": "",
            "questions": [],
            "sections": [],
        }
        self.section["sections"].append(more)
        self.questions = more["questions"]

    def panel(self, item: Json, where: Where, entry: Entry, level: int) -> None:
        if self.depth + 1 >= DEEPEST_SECTIONS:
            self.flat(item, where, entry, level)
            return
        found = self.survey.page(item, where, entry, self.depth + 1)
        if found:
            if self.text:
                found[0]["description"] = cut(f"{self.text}\n\n{found[0]['description']}".strip(), LONGEST_PROSE)
                self.text = ""
            self.section["sections"] += found
            # What follows must not come before the panel.
            self.questions = _Late(self)
        elif self.survey.text_to_place:
            self.text = "\n\n".join(part for part in (self.text, self.survey.text_to_place) if part)
            self.survey.text_to_place = ""

    def flat(self, item: Json, where: Where, entry: Entry, level: int) -> None:
        """A panel nested too deeply: its questions stand in the section around it, under its condition."""
        if level >= DEEPEST_PANELS:
            entry.refused = _("It is nested too deeply.")
            return
        if why := _never_shown(item):
            entry.refused = why
            self.survey.refuse_all(item.get("elements"), (*where, "elements"), why, never_answered=True)
            return
        entry.change(
            _("Sections are nested at most %(limit)s deep: its questions stand in the one around it."),
            limit=DEEPEST_SECTIONS,
        )
        self.survey.properties(item, entry)
        condition = item.get("visibleIf")
        self.fill(
            item.get("elements"), (*where, "elements"), condition if isinstance(condition, str) else "", level + 1
        )

    def html(self, item: Json, entry: Entry) -> None:
        """Text between questions: the section's description while there is no question, then help of the next."""
        text = cut(without_markup(printable(self.survey.localized(item.get("html")))), LONGEST_PROSE)
        entry.what = one_line(text, LONGEST_LINE) or entry.what
        if not text:
            entry.refused = _("It is empty.")
            return
        if item.get("visibleIf"):
            entry.change(_("It is always shown."))
        if self.questions is self.section["questions"] and not self.questions and not self.section["sections"]:
            _describe(self.section, text)
            entry.change(_("Part of the description of the section, as plain text."))
        else:
            self.text = cut(f"{self.text}\n\n{text}".strip(), LONGEST_PROSE)
            entry.change(_("Help of the question below it, as plain text."))

    def fields(self, item: Json, entry: Entry, where: Where) -> None:
        """A list of text fields: a question for each."""
        fields = item.get("items")
        if not isinstance(fields, list) or not fields or len(fields) > MOST_IN_SECTION:
            entry.refused = _("It has no fields.")
            return
        entry.change(_("A question of its own for each field."))
        title = self.survey.named(item)
        for number, listed in enumerate(fields):
            field = dict(listed) if isinstance(listed, Mapping) else {"name": listed}
            inner = Entry(place(*where, "items", number), self.survey.named(field))
            self.survey.entries.append(inner)
            name = f"{item.get('name', '')}.{field.get('name', number)}"
            text = f"{title}: {inner.what}" if title else inner.what
            both: Json = {rule: item[rule] for rule in ("visibleIf", "isRequired", "requiredIf") if rule in item}
            self.take(self.survey.question({**both, **field, "type": "text", "name": name, "title": text}, inner))


class _Late(list[Json]):
    """Stands where questions go after a panel: the first one opens a section for them."""

    def __init__(self, filling: _Filling):
        super().__init__()
        self.filling = filling

    def append(self, question: Json) -> None:
        """This will open the section and put the question there."""
        self.filling.go_on()
        self.filling.questions.append(question)


def _never_shown(item: Json) -> str:
    """Why an element is never shown; nothing when it is, or may be."""
    expression = item.get("visibleIf")
    if isinstance(expression, str) and expression.strip():
        try:
            node = parse(expression)
            never = not variables(node) and not holds(node, {})
        except ExpressionError:
            return ""
        return _("It is never shown: its condition never holds.") if never else ""
    return _("It is never shown (“visible” is false).") if item.get("visible") is False else ""


def _question_in(node: Node, subjects: Mapping[str, Subject]) -> str:
    """The key of the first question an expression looks at; empty when all it looks at is never answered."""
    found = (named_in(subjects, variable.name)[0] for variable in variables(node))
    return next((subject.key for subject in found if isinstance(subject, Subject) and subject.key), "")


def _never(key: str) -> Json:
    """A condition that cannot hold, about the question with this key."""
    return {"all": [{"question": key, "operator": operator} for operator in ("answered", "not_answered")]}


def _always_shown(sections: list[Json], hidden: Collection[int]) -> Iterator[Json]:
    """Questions without a condition of their own or around them, and in nothing `hidden` (items by `id`)."""
    for section in sections:
        if "show_if" not in section and id(section) not in hidden:
            yield from (each for each in section["questions"] if "show_if" not in each and id(each) not in hidden)
            yield from _always_shown(section["sections"], hidden)


def _describe(section: Json, text: str) -> None:
    section["description"] = cut(f"{section['description']}\n\n{text}".strip(), LONGEST_PROSE)


def _all(sections: list[Json]) -> Iterator[Json]:
    for section in sections:
        yield section
        yield from _all(section.get("sections", []))


def _tidy(section: Json) -> Json:
    """The section without fields that say nothing."""
    inner = [_tidy(inside) for inside in section["sections"]]
    questions = [
        {name: value for name, value in question.items() if _says_something(name, value)}
        for question in section["questions"]
    ]
    return {
        name: value
        for name, value in {**section, "questions": questions, "sections": inner}.items()
        if value not in ("", [])
    }


def _says_something(name: str, value: Any) -> bool:
    # 0 is a value; only comments are allowed unless something says otherwise.
    return value != "" and (value is not False or name == "allow_comment")


def _sizes(count: int, limit: int) -> dict[str, str]:
    return {"count": f"{count:,}", "limit": f"{limit:,}"}
