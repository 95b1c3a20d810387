"""What differs in how answers become scores, how scores are read, and what they are compared with."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from library.condition_words import sentence
from library.differences.change import Change, Sides, by_key, reordered, words_changed
from library.differences.of_questions import recommendations
from library.document import Case, DefinitionDocument, Gate, Rounding, Score, Scoring, Zone
from library.outline import TREATMENTS
from library.scoring.plan import PlannedScore
from library.scoring.registry import figure
from library.scoring.rules import RULES

STATES = ("unanswered", "not_applicable", "dont_know", "no_score")


def changes(sides: Sides) -> Iterator[Change]:
    """This will yield what differs: scoring as a whole, each score, zones, figures to compare with."""
    before, after = sides.old.scoring, sides.new.scoring
    if before is None and after is not None:
        yield Change("added", "scoring", _("Answers are now scored."), _everything(sides))
    elif before is not None and after is None:
        yield Change("removed", "scoring", _("Answers are no longer scored."), _everything(sides))
    elif before is not None and after is not None:
        yield from _scoring(sides, before, after)
        yield from _scores(sides, before, after)
        yield from _zones(before.zones, after.zones)
    yield from _reference_values(sides)


def _everything(sides: Sides) -> frozenset[str]:
    scorings = [document.scoring for document in (sides.old, sides.new) if document.scoring]
    return frozenset(f"score:{score.key}" for scoring in scorings for score in scoring.scores)


def _scoring(sides: Sides, before: Scoring, after: Scoring) -> Iterator[Change]:
    if (before.scale.min, before.scale.max) != (after.scale.min, after.scale.max):
        words = _("The scale is now %(now)s instead of %(then)s.") % {
            "now": _span(after.scale.min, after.scale.max),
            "then": _span(before.scale.min, before.scale.max),
        }
        yield Change("changed", "scoring", words, frozenset({"scale"}))
    if (before.scale.unit, before.scale.decimals) != (after.scale.unit, after.scale.decimals):
        yield Change("changed", "scoring", _("Scores are written with another unit or other decimals."))
    if before.overall != after.overall:
        words = _("The overall result is now “%(now)s” instead of “%(then)s”.") % {
            "now": _score_name(sides.new, after.overall),
            "then": _score_name(sides.old, before.overall),
        }
        yield Change("changed", "scoring", words, frozenset({"overall"}))
    for state in STATES:
        then, now = getattr(before.treatment, state), getattr(after.treatment, state)
        if then != now:
            words = _("%(what)s now %(now)s. Before: %(then)s.") % {
                "what": _state(state),
                "now": TREATMENTS[now],
                "then": TREATMENTS[then],
            }
            yield Change("changed", "scoring", words, _everything(sides))
    yield from _section_scores(sides, before, after)


def _section_scores(sides: Sides, before: Scoring, after: Scoring) -> Iterator[Change]:
    touches = frozenset({"sections"})
    for key in dict.fromkeys([*before.sections, *after.sections]):
        then, now = before.sections.get(key), after.sections.get(key)
        if then == now:
            continue
        section = sides.new.section(key) or sides.old.section(key)
        fill = {
            "section": section.name if section else key,
            "now": _score_name(sides.new, now or ""),
            "then": _score_name(sides.old, then or ""),
        }
        if now is None:
            words = _("Section “%(section)s” has no result of its own any more.")
        elif then is None:
            words = _("Section “%(section)s” now has a result of its own: “%(now)s”.")
        else:
            words = _("The result of section “%(section)s” is now “%(now)s” instead of “%(then)s”.")
        yield Change("changed", "scoring", words % fill, touches)


def _score_name(document: DefinitionDocument, key: str) -> str:
    score = document.score(key)
    return score.name if score else key


def _span(low: float, high: float) -> str:
    return _("%(low)s to %(high)s") % {"low": figure(low), "high": figure(high)}


def _state(state: str) -> str:
    return {
        "unanswered": _("A question without an answer"),
        "not_applicable": _("“Not applicable”"),
        "dont_know": _("“I’m not sure”"),
        "no_score": _("An input without a score"),
    }[state]


# Scores


def _scores(sides: Sides, before: Scoring, after: Scoring) -> Iterator[Change]:
    was, now = by_key(before.scores), by_key(after.scores)
    for key, score in was.items():
        if key not in now:
            words = _("Score “%(name)s” was removed.") % {"name": score.name}
            yield Change("removed", f"score:{key}", words, frozenset({f"score:{key}"}))
    planned = {node.score.key: node for node in sides.new.scoring_plan.nodes}
    planned_before = {node.score.key: node for node in sides.old.scoring_plan.nodes}
    for key, score in now.items():
        if key not in was:
            words = _("Score “%(name)s” is new.") % {"name": score.name}
            yield Change("added", f"score:{key}", words, frozenset({f"score:{key}"}))
            continue
        if was[key] != score:
            yield from _score(sides, was[key], score)
        if key in planned and key in planned_before:
            yield from _inputs(sides, planned_before[key], planned[key])
    if reordered(was, now):
        yield Change("moved", "scoring", _("The scores stand in another order."))


def _score(sides: Sides, before: Score, after: Score) -> Iterator[Change]:
    where = f"score:{after.key}"
    touches = frozenset({where})
    subject = _("Score “%(name)s”") % {"name": after.name}
    if before.name != after.name:
        words = _("Score “%(then)s” is now called “%(now)s”.") % {"then": before.name, "now": after.name}
        yield Change("changed", where, words)
    if (before.rule, before.options) != (after.rule, after.options):
        words = _("%(score)s is now computed like this: %(now)s Before: %(then)s") % {
            "score": subject,
            "now": _rule(after),
            "then": _rule(before),
        }
        yield Change("changed", where, words, touches)
    if before.weight != after.weight:
        words = _("%(score)s now has the weight %(now)s instead of %(then)s.") % {
            "score": subject,
            "now": figure(after.weight),
            "then": figure(before.weight),
        }
        yield Change("changed", where, words, _parents(sides, after.key))
    if before.inputs_as != after.inputs_as:
        words = (
            _("%(score)s now takes its inputs as percentages of their ranges.")
            if after.inputs_as == "percent"
            else _("%(score)s now takes its inputs as they are, not as percentages.")
        )
        yield Change("changed", where, words % {"score": subject}, touches)
    if before.needs_every_answer != after.needs_every_answer:
        words = (
            _("%(score)s is now given only when every question is answered.")
            if after.needs_every_answer
            else _("%(score)s is now given also while questions are unanswered.")
        )
        yield Change("changed", where, words % {"score": subject}, touches)
    yield from _own_treatment(subject, where, before, after)
    yield from _finish(subject, where, before, after)
    yield from _ordered(sides, subject, where, before, after)
    yield from recommendations(subject, where, before.recommendations, after.recommendations)


def _parents(sides: Sides, key: str) -> frozenset[str]:
    """A score's weight matters to the scores it goes into."""
    nodes = [*sides.old.scoring_plan.nodes, *sides.new.scoring_plan.nodes]
    return frozenset(
        f"score:{node.score.key}" for node in nodes if any(key in pick.scores for pick in node.score.inputs)
    )


def _rule(score: Score) -> str:
    rule = RULES.get(score.rule)
    return str(rule.words(rule.options.model_validate(score.options))) if rule else score.rule


def _own_treatment(subject: str, where: str, before: Score, after: Score) -> Iterator[Change]:
    for state in STATES:
        then, now = getattr(before.treatment, state), getattr(after.treatment, state)
        if then == now:
            continue
        if now is None:
            words = _("%(score)s: %(what)s is now treated as everywhere else.")
        else:
            words = _("%(score)s: %(what)s now %(now)s.")
        fill = {"score": subject, "what": _state(state), "now": TREATMENTS.get(now or "", "")}
        yield Change("changed", where, words % fill, frozenset({where}))


def _finish(subject: str, where: str, before: Score, after: Score) -> Iterator[Change]:
    touches = frozenset({where})
    if before.rounding != after.rounding:
        words = _("%(score)s: the result is now %(now)s; it was %(then)s.")
        fill = {"score": subject, "now": _rounding(after.rounding), "then": _rounding(before.rounding)}
        yield Change("changed", where, words % fill, touches)
    for field, what in (("clamp", _("the limits of the result")), ("scale", _("the scale of its own"))):
        then, now = getattr(before, field), getattr(after, field)
        if then != now:
            words = _("%(score)s: %(what)s: now %(now)s, before %(then)s.")
            fill = {"score": subject, "what": what, "now": _ends(now), "then": _ends(then)}
            yield Change("changed", where, words % fill, touches)


def _ends(span: Any) -> str:
    return _("none") if span is None else _span(span.min, span.max)


def _rounding(rounding: Rounding | None) -> str:
    if rounding is None:
        return _("not rounded")
    how = {
        "nearest": _("rounded to the nearest with %(decimals)s decimals"),
        "down": _("rounded down to %(decimals)s decimals"),
        "up": _("rounded up to %(decimals)s decimals"),
        "truncate": _("cut off after %(decimals)s decimals"),
    }[rounding.mode]
    return how % {"decimals": rounding.decimals}


def _ordered(sides: Sides, subject: str, where: str, before: Score, after: Score) -> Iterator[Change]:
    """Cases and gates have no keys: they are told whole."""
    touches = frozenset({where})
    if before.cases != after.cases:
        if [(case.when, case.value) for case in before.cases] == [(case.when, case.value) for case in after.cases]:
            words = _("%(score)s: the labels of its cases were changed.") % {"score": subject}
        else:
            words = _("%(score)s: its cases are now: %(now)s. Before: %(then)s.") % {
                "score": subject,
                "now": _cases(sides.new, after.cases, sides.new_numbers),
                "then": _cases(sides.old, before.cases, sides.old_numbers),
            }
        yield Change("changed", where, words, touches)
    if before.gates != after.gates:
        if [_effect(gate) for gate in before.gates] == [_effect(gate) for gate in after.gates]:
            words = _("%(score)s: the reasons given for its gates were changed.") % {"score": subject}
        else:
            words = _("%(score)s: its gates are now: %(now)s. Before: %(then)s.") % {
                "score": subject,
                "now": _gates(sides.new, after.gates, sides.new_numbers),
                "then": _gates(sides.old, before.gates, sides.old_numbers),
            }
        yield Change("changed", where, words, touches)


def _effect(gate: Gate) -> tuple[Any, ...]:
    return gate.when, gate.otherwise, gate.at_most


def _value(value: float | None) -> str:
    return _("no score") if value is None else figure(value)


def _cases(document: DefinitionDocument, cases: tuple[Case, ...], numbers: Any) -> str:
    written = [
        _("%(value)s when %(condition)s")
        % {"value": _value(case.value), "condition": sentence(document, case.when, numbers)}
        for case in cases
    ]
    return "; ".join(written) or _("none")


def _gates(document: DefinitionDocument, gates: tuple[Gate, ...], numbers: Any) -> str:
    written = []
    for gate in gates:
        words = (
            _("unless %(condition)s, %(value)s")
            if gate.at_most is None
            else _("unless %(condition)s, at most %(value)s")
        )
        limit = gate.otherwise if gate.at_most is None else gate.at_most
        written.append(words % {"condition": sentence(document, gate.when, numbers), "value": _value(limit)})
    return "; ".join(written) or _("none")


# What goes into a score


def _inputs(sides: Sides, before: PlannedScore, after: PlannedScore) -> Iterator[Change]:
    """Inputs are compared as they turn out, so that a pick by section written as a list of questions is no change."""
    where = f"score:{after.score.key}"
    was = {(item.question is None, item.key): item for item in before.inputs}
    now = {(item.question is None, item.key): item for item in after.inputs}
    gone = [_input(sides.old, sides.old_numbers, *key) for key in was if key not in now]
    come = [_input(sides.new, sides.new_numbers, *key) for key in now if key not in was]
    name = _("Score “%(name)s”") % {"name": after.score.name}
    touches = frozenset({where, *(f"question:{key}" for is_score, key in was.keys() ^ now.keys() if not is_score)})
    if come:
        words = _("%(score)s now also counts %(inputs)s.") % {"score": name, "inputs": _listed(come)}
        yield Change("changed", where, words, touches)
    if gone:
        words = _("%(score)s no longer counts %(inputs)s.") % {"score": name, "inputs": _listed(gone)}
        yield Change("changed", where, words, touches)
    weights = [key for key in now if key in was and now[key].weight != was[key].weight]
    if weights:
        shown = [
            _("%(input)s with weight %(now)s instead of %(then)s")
            % {
                "input": _input(sides.new, sides.new_numbers, *key),
                "now": figure(now[key].weight),
                "then": figure(was[key].weight),
            }
            for key in weights
        ]
        touched = frozenset({where, *(f"question:{key}" for is_score, key in weights if not is_score)})
        words = _("%(score)s now counts %(inputs)s.") % {"score": name, "inputs": _listed(shown)}
        yield Change("changed", where, words, touched)
    if not come and not gone and list(was) != list(now):
        words = _("%(score)s takes its inputs in another order.") % {"score": name}
        yield Change("moved", where, words, frozenset({where}))


def _input(document: DefinitionDocument, numbers: Any, is_score: bool, key: str) -> str:
    if is_score:
        return _("score “%(name)s”") % {"name": _score_name(document, key)}
    return _("question %(number)s") % {"number": numbers.get(key, "?")}


def _listed(items: list[str], most: int = 8) -> str:
    if len(items) <= most:
        return ", ".join(items)
    return _("%(items)s and %(count)s more") % {"items": ", ".join(items[:most]), "count": len(items) - most}


# Zones and figures to compare with


def _zones(before: tuple[Zone, ...], after: tuple[Zone, ...]) -> Iterator[Change]:
    if before == after:
        return
    if [(zone.start, zone.end, zone.label) for zone in before] != [
        (zone.start, zone.end, zone.label) for zone in after
    ]:
        words = _("The zones are now %(now)s; they were %(then)s. Scores stay as they are but may read differently.")
        yield Change("changed", "zones", words % {"now": _named_zones(after), "then": _named_zones(before)})
        return
    for then, now in zip(before, after, strict=True):
        if then.tone != now.tone:
            yield Change("changed", "zones", _("Zone “%(zone)s” has another color.") % {"zone": now.label})
        subject = _("Zone “%(zone)s”") % {"zone": now.label}
        yield from words_changed(subject, "zones", [(_("the description"), then.description, now.description)])


def _named_zones(zones: tuple[Zone, ...]) -> str:
    return ", ".join(f"“{zone.label}” {_span(zone.start, zone.end)}" for zone in zones) or _("none")


def _reference_values(sides: Sides) -> Iterator[Change]:
    before, after = sides.old.reference_values, sides.new.reference_values
    for value in before:
        if value not in after:
            words = _("The figure to compare “%(score)s” with, %(value)s (%(label)s, %(source)s), was removed.")
            yield Change("removed", "reference_values", words % _reference(sides.old, value))
    for value in after:
        if value not in before:
            words = _("A figure to compare “%(score)s” with is new: %(value)s (%(label)s, %(source)s).")
            yield Change("added", "reference_values", words % _reference(sides.new, value))
    common = [value for value in before if value in after]
    if common != [value for value in after if value in before]:
        yield Change("moved", "reference_values", _("The figures to compare with stand in another order."))


def _reference(document: DefinitionDocument, value: Any) -> dict[str, Any]:
    return {
        "score": _score_name(document, value.score),
        "value": figure(value.value),
        "label": value.label,
        "source": value.source,
    }
