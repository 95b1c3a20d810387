"""What differs in sections, questions and answers."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from library.condition_words import sentence, shortened
from library.differences.basis import IN_ANY_ORDER
from library.differences.change import (
    Change,
    Sides,
    by_key,
    named,
    out_of_order,
    reordered,
    titled,
    words_changed,
)
from library.document import Band, Condition, Option, Question, Recommendation, Section
from library.outline import TYPES
from library.scoring.registry import figure


def changes(sides: Sides) -> Iterator[Change]:
    """This will yield what differs: sections, answers several questions share, then questions in the order asked."""
    yield from _sections(sides)
    yield from _answer_sets(sides)
    yield from _questions(sides)


# Sections


def _sections(sides: Sides) -> Iterator[Change]:
    before, after = by_key(sides.old.all_sections()), by_key(sides.new.all_sections())
    for key, section in before.items():
        if key not in after:
            yield Change("removed", f"section:{key}", _("%(section)s was removed.") % {"section": titled(section)})
    for key, section in after.items():
        if key not in before:
            yield Change("added", f"section:{key}", _("%(section)s is new.") % {"section": titled(section)})
        else:
            yield from _section(sides, before[key], section)
    yield from _moved_sections(sides, before, after)


def _section(sides: Sides, before: Section, after: Section) -> Iterator[Change]:
    where = f"section:{after.key}"
    if before.name != after.name:
        words = _("%(section)s is now called “%(name)s”.") % {"section": titled(before), "name": after.name}
        yield Change("changed", where, words)
    subject = titled(after)
    yield from words_changed(subject, where, [(_("the description"), before.description, after.description)])
    if before.show_if != after.show_if:
        touches = frozenset(f"question:{question.key}" for question in after.all_questions())
        touches |= {f"question:{question.key}" for question in before.all_questions()}
        words = _condition_changed(sides, subject, before.show_if, after.show_if, _SHOWN)
        yield Change("changed", where, words, touches)


def _moved_sections(sides: Sides, before: dict[str, Section], after: dict[str, Section]) -> Iterator[Change]:
    outer_before = {key: sides.old.places.sections[key][1] for key in before}
    outer_after = {key: sides.new.places.sections[key][1] for key in after}
    common = [key for key in after if key in before]
    away = [key for key in common if outer_before[key] != outer_after[key]]
    stayed = [key for key in common if outer_before[key] == outer_after[key]]
    for key in away:
        outer = outer_after[key]
        words = (
            _("%(section)s now stands at the top level.") % {"section": titled(after[key])}
            if outer is None
            else _("%(section)s now stands inside “%(outer)s”.")
            % {"section": titled(after[key]), "outer": after[outer].name}
        )
        yield Change("moved", f"section:{key}", words, _all_questions(sides, key))
    kept = set(stayed)
    for key in out_of_order([key for key in before if key in kept], stayed):
        words = _("%(section)s stands at another place.") % {"section": titled(after[key])}
        yield Change("moved", f"section:{key}", words, _all_questions(sides, key))


def _all_questions(sides: Sides, section_key: str) -> frozenset[str]:
    found = [document.section(section_key) for document in (sides.old, sides.new)]
    return frozenset(f"question:{question.key}" for section in found if section for question in section.all_questions())


# Answers


def _answer_sets(sides: Sides) -> Iterator[Change]:
    before, after = by_key(sides.old.answer_sets), by_key(sides.new.answer_sets)
    for key in before.keys() & after.keys():
        if before[key].options == after[key].options:
            continue
        users = [question for question in sides.new.questions() if question.answer_set == key]
        touches = frozenset(f"question:{question.key}" for question in users)
        numbers = ", ".join(str(sides.new_numbers[question.key]) for question in users)
        name = after[key].name or key
        subject = (
            _("Answers “%(name)s” of questions %(numbers)s") % {"name": name, "numbers": numbers}
            if numbers
            else _("Answers “%(name)s”") % {"name": name}
        )
        yield from _options(subject, f"answer_set:{key}", before[key].options, after[key].options, touches)


def _options(
    subject: str, where: str, before: tuple[Option, ...], after: tuple[Option, ...], touches: frozenset[str]
) -> Iterator[Change]:
    was, now = by_key(before), by_key(after)
    for key, option in was.items():
        if key not in now:
            words = _("%(subject)s: answer “%(option)s” was removed.")
            yield Change("removed", where, words % {"subject": subject, "option": shortened(option.text)}, touches)
    for key, option in now.items():
        if key not in was:
            words = _("%(subject)s: answer “%(option)s” is new and %(scores)s.")
            yield Change(
                "added",
                where,
                words % {"subject": subject, "option": shortened(option.text), "scores": _scores(option)},
                touches,
            )
        else:
            yield from _option(subject, where, was[key], option, touches)
    if reordered(was, now):
        yield Change("moved", where, _("%(subject)s: the answers stand in another order.") % {"subject": subject})


def _option(subject: str, where: str, before: Option, after: Option, touches: frozenset[str]) -> Iterator[Change]:
    fill = {"subject": subject, "option": shortened(after.text), "before": shortened(before.text)}
    if before.text != after.text:
        yield Change("changed", where, _("%(subject)s: answer “%(before)s” now reads “%(option)s”.") % fill)
    if before.help != after.help:
        yield Change("changed", where, _("%(subject)s: the help of answer “%(option)s” was changed.") % fill)
    if before.value != after.value:
        words = _("%(subject)s: answer “%(option)s” now %(now)s instead of %(then)s.")
        scored = {"now": _scores(after), "then": _no_score() if before.value is None else figure(before.value)}
        yield Change("changed", where, words % (fill | scored), touches)
    if before.exclusive != after.exclusive:
        words = (
            _("%(subject)s: answer “%(option)s” can no longer be combined with others.")
            if after.exclusive
            else _("%(subject)s: answer “%(option)s” can now be combined with others.")
        )
        yield Change("changed", where, words % fill, touches)


def _scores(option: Option) -> str:
    return _("carries no score") if option.value is None else _("scores %(value)s") % {"value": figure(option.value)}


def _no_score() -> str:
    return _("none")


# Questions


def _questions(sides: Sides) -> Iterator[Change]:
    before, after = by_key(sides.old.questions()), by_key(sides.new.questions())
    for key, question in before.items():
        if key not in after:
            words = _("%(question)s was removed.") % {"question": sides.was_asked(question)}
            yield Change("removed", f"question:{key}", words, frozenset({f"question:{key}"}))
    for key, question in after.items():
        if key not in before:
            words = _("%(question)s is new.") % {"question": sides.asked(question)}
            yield Change("added", f"question:{key}", words, frozenset({f"question:{key}"}))
        elif before[key] != question or before[key].choices != question.choices:
            yield from _question(sides, before[key], question)
    yield from _moved_questions(sides, before, after)


def _moved_questions(sides: Sides, before: dict[str, Question], after: dict[str, Question]) -> Iterator[Change]:
    section_before = {key: sides.old.places.questions[key][1] for key in before}
    section_after = {key: sides.new.places.questions[key][1] for key in after}
    common = [key for key in after if key in before]
    for key in common:
        if section_before[key] != section_after[key]:
            section = sides.new.section(section_after[key])
            words = _("%(question)s now stands in section “%(section)s”.") % {
                "question": sides.asked(after[key]),
                "section": section.name if section else "",
            }
            yield Change("moved", f"question:{key}", words, _touching(key, sides))
    for section_key in dict.fromkeys(section_after[key] for key in common):
        here = [key for key in common if section_before[key] == section_after[key] == section_key]
        kept = set(here)
        for key in out_of_order([key for key in before if key in kept], here):
            words = _("%(question)s stands at another place; it was question %(number)s.") % {
                "question": sides.asked(after[key]),
                "number": sides.old_numbers[key],
            }
            yield Change("moved", f"question:{key}", words, _touching(key, sides))


def _touching(key: str, sides: Sides) -> frozenset[str]:
    # Where a question stands decides which scores it goes into and, for some rules, in which order.
    nodes = [*sides.old.scoring_plan.nodes, *sides.new.scoring_plan.nodes]
    ordered = [node for node in nodes if node.rule.name not in IN_ANY_ORDER]
    scores = {f"score:{node.score.key}" for node in ordered if any(item.key == key for item in node.inputs)}
    return frozenset({f"question:{key}", *scores})


def _question(sides: Sides, before: Question, after: Question) -> Iterator[Change]:
    where, subject = f"question:{after.key}", sides.asked(after)
    touches = frozenset({where})
    if before.text != after.text:
        words = _("%(before)s now reads “%(text)s”.") % {
            "before": named(sides.new_numbers[after.key], before),
            "text": shortened(after.text, 200),
        }
        yield Change("changed", where, words)
    yield from words_changed(
        subject,
        where,
        [
            (_("the help"), before.help, after.help),
            (_("why it is asked"), before.why, after.why),
            (_("the label at the low end"), before.low_label, after.low_label),
            (_("the label at the high end"), before.high_label, after.high_label),
            (_("the unit"), before.unit, after.unit),
        ],
    )
    if before.type != after.type:
        words = _("%(question)s is now answered with “%(now)s” instead of “%(then)s”.") % {
            "question": subject,
            "now": TYPES[after.type],
            "then": TYPES[before.type],
        }
        yield Change("changed", where, words, touches)
    yield from _answers_of(sides, subject, before, after)
    yield from _rows(subject, before, after)
    yield from _numbers(subject, before, after)
    yield from _switches(subject, before, after)
    yield from _obligations(sides, subject, before, after)
    yield from recommendations(subject, where, before.recommendations, after.recommendations)


def _answers_of(sides: Sides, subject: str, before: Question, after: Question) -> Iterator[Change]:
    where = f"question:{after.key}"
    if before.answer_set is not None and before.answer_set == after.answer_set:
        # Said once for all questions that share them, unless the shared answers came or went as a whole.
        shared = [by_key(document.answer_sets) for document in (sides.old, sides.new)]
        if all(after.answer_set in sets for sets in shared):
            return
    yield from _options(subject, where, before.choices, after.choices, frozenset({where}))


def _rows(subject: str, before: Question, after: Question) -> Iterator[Change]:
    where = f"question:{after.key}"
    was, now = by_key(before.rows), by_key(after.rows)
    touches = frozenset({where})
    for key, row in was.items():
        if key not in now:
            words = _("%(subject)s: row “%(row)s” was removed.")
            yield Change("removed", where, words % {"subject": subject, "row": shortened(row.text)}, touches)
    for key, row in now.items():
        if key not in was:
            words = _("%(subject)s: row “%(row)s” is new.")
            yield Change("added", where, words % {"subject": subject, "row": shortened(row.text)}, touches)
        elif was[key].text != row.text:
            words = _("%(subject)s: row “%(before)s” now reads “%(row)s”.")
            fill = {"subject": subject, "before": shortened(was[key].text), "row": shortened(row.text)}
            yield Change("changed", where, words % fill)
    if reordered(was, now):
        yield Change("moved", where, _("%(subject)s: the rows stand in another order.") % {"subject": subject})


def _numbers(subject: str, before: Question, after: Question) -> Iterator[Change]:
    where = f"question:{after.key}"
    touches = frozenset({where})
    called = {
        "minimum": _("the lowest number"),
        "maximum": _("the highest number"),
        "decimals": _("the number of decimals"),
        "max_length": _("the most characters"),
        "max_files": _("the most files"),
        "weight": _("the weight"),
    }
    for field, what in called.items():
        then, now = getattr(before, field), getattr(after, field)
        if then != now:
            words = _("%(subject)s: %(what)s is now %(now)s instead of %(then)s.")
            fill = {"subject": subject, "what": what, "now": _figure(now), "then": _figure(then)}
            yield Change("changed", where, words % fill, touches)
    if before.combine != after.combine:
        words = _("%(subject)s: several answers are now combined by %(now)s instead of %(then)s.")
        fill = {"subject": subject, "now": COMBINED[after.combine](), "then": COMBINED[before.combine]()}
        yield Change("changed", where, words % fill, touches)
    if before.bands != after.bands:
        words = _("%(subject)s: the bands are now %(now)s; they were %(then)s.")
        fill = {"subject": subject, "now": _bands(after.bands), "then": _bands(before.bands)}
        yield Change("changed", where, words % fill, touches)
    if before.tags != after.tags:
        words = _("%(subject)s: the tags are now %(now)s; they were %(then)s.")
        fill = {"subject": subject, "now": _tags(after), "then": _tags(before)}
        yield Change("changed", where, words % fill, touches)


def _figure(value: float | None) -> str:
    return _("not set") if value is None else figure(value)


def _bands(bands: tuple[Band, ...]) -> str:
    starts = [
        _("below") if band.start is None else _("from %(start)s") % {"start": figure(band.start)} for band in bands
    ]
    return ", ".join(f"{start} → {figure(band.value)}" for start, band in zip(starts, bands, strict=True)) or _("none")


def _tags(question: Question) -> str:
    return ", ".join(f"{tag}: {value}" for tag, value in question.tags.items()) or _("none")


def _switches(subject: str, before: Question, after: Question) -> Iterator[Change]:
    where = f"question:{after.key}"
    for field, (on, off) in SWITCHES.items():
        now = getattr(after, field)
        if getattr(before, field) != now:
            scored = field in ("allow_not_applicable", "allow_dont_know")
            touches = frozenset({where}) if scored else frozenset()
            yield Change("changed", where, (on if now else off)() % {"question": subject}, touches)


def _obligations(sides: Sides, subject: str, before: Question, after: Question) -> Iterator[Change]:
    where = f"question:{after.key}"
    if before.show_if != after.show_if:
        words = _condition_changed(sides, subject, before.show_if, after.show_if, _ASKED)
        yield Change("changed", where, words, frozenset({where}))
    if before.require_if != after.require_if:
        words = _condition_changed(sides, subject, before.require_if, after.require_if, _REQUIRED)
        yield Change("changed", where, words)


def recommendations(
    subject: str, where: str, before: tuple[Recommendation, ...], after: tuple[Recommendation, ...]
) -> Iterator[Change]:
    """This will report recommendations that came, went or were changed; they never change a score."""
    if before == after:
        return
    if not before or not after:
        words = (
            _("%(subject)s: recommendations were added.") if after else _("%(subject)s: recommendations were removed.")
        )
    else:
        words = _("%(subject)s: recommendations were changed.")
    yield Change("changed", where, words % {"subject": subject})


# Conditions

_ASKED = (
    lambda: _("%(subject)s is now asked when %(now)s; it was asked when %(then)s."),
    lambda: _("%(subject)s is now asked only when %(now)s."),
    lambda: _("%(subject)s is now always asked; it was asked when %(then)s."),
)
_SHOWN = (
    lambda: _("%(subject)s is now shown when %(now)s; it was shown when %(then)s."),
    lambda: _("%(subject)s is now shown only when %(now)s."),
    lambda: _("%(subject)s is now always shown; it was shown when %(then)s."),
)
_REQUIRED = (
    lambda: _("%(subject)s must now be answered when %(now)s; it was when %(then)s."),
    lambda: _("%(subject)s must now be answered when %(now)s."),
    lambda: _("%(subject)s no longer must be answered when %(then)s."),
)


def _condition_changed(
    sides: Sides,
    subject: str,
    before: Condition | None,
    after: Condition | None,
    phrases: tuple[Callable[[], str], Callable[[], str], Callable[[], str]],
) -> str:
    both, added, removed = phrases
    now = sentence(sides.new, after, sides.new_numbers) if after else ""
    then = sentence(sides.old, before, sides.old_numbers) if before else ""
    phrase = both if before and after else added if after else removed
    return phrase() % {"subject": subject, "now": now, "then": then}


SWITCHES = {
    "required": (
        lambda: _("%(question)s must now be answered."),
        lambda: _("%(question)s no longer must be answered."),
    ),
    "allow_not_applicable": (
        lambda: _("%(question)s can now be “not applicable”."),
        lambda: _("%(question)s can no longer be “not applicable”."),
    ),
    "allow_dont_know": (
        lambda: _("%(question)s can now be answered with “I’m not sure”."),
        lambda: _("%(question)s can no longer be answered with “I’m not sure”."),
    ),
    "allow_comment": (
        lambda: _("%(question)s now takes a comment."),
        lambda: _("%(question)s no longer takes a comment."),
    ),
    "allow_evidence": (
        lambda: _("%(question)s now takes evidence."),
        lambda: _("%(question)s no longer takes evidence."),
    ),
}
COMBINED = {
    "sum": lambda: _("their sum"),
    "mean": lambda: _("their mean"),
    "highest": lambda: _("the highest"),
    "lowest": lambda: _("the lowest"),
}
