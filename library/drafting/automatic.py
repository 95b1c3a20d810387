"""The scoring a definition has as long as nobody made another by hand, kept in step while questions come and go.

The automatic shape: each top-level section has at most one score, which takes exactly that section; the overall score
takes exactly these scores and, when there are child definitions, theirs; there are no other scores. Names, rules,
weights, gates, treatments, the scale and the zones may be anything. In that shape

- a new top-level section gets its score, which counts in the overall score; a removed one loses it;
- a section whose questions are such that none can be scored any more loses its score, and gets one when one can;
- a section's score bears the section's new name when it bore the old one; scores stand in the order of their sections;
- the overall score takes children's scores when there are children.

Scoring of any other shape is made by hand. It is left alone: only mentions of what is gone are cut.
"""

from typing import Any

from django.utils.translation import gettext as _

from .keys import unused
from .mentions import rewrite, without
from .parts import Apart

# Parts of the document that decide what there is to score.
DECIDING = ("section", "question", "answer_set", "children")


def scoring(taken: Apart, name: str) -> None:
    """This will give a definition the automatic scoring: percent, four zones, sections that count alike."""
    tops = [key for key in taken.shelves.get(("section", ""), []) if _has_something_to_score(taken, key)]
    overall = unused("overall", tops)
    taken.contents["scoring"] = {
        "scale": {"min": 0, "max": 100},
        "overall": overall,
        "sections": {key: key for key in sorted(tops)},
        "zones": [
            {"label": _("At risk"), "from": 0, "to": 40, "tone": "b1"},
            {"label": _("Developing"), "from": 40, "to": 60, "tone": "b2"},
            {"label": _("Managed"), "from": 60, "to": 80, "tone": "b3"},
            {"label": _("Strong"), "from": 80, "to": 100, "tone": "b4"},
        ],
    }
    for key in tops:
        taken.insert(f"score:{key}", _score(key, key, taken.contents[f"section:{key}"]["name"]))
    taken.insert(
        f"score:{overall}",
        {
            "key": overall,
            "name": name,
            "rule": "weighted_mean",
            "inputs": _overall_inputs(tops, taken),
            "inputs_as": "percent",
        },
    )


def by_section(taken: Apart) -> dict[str, str] | None:
    """This will map top-level sections to their scores when the scoring has the automatic shape, else return None."""
    found = taken.contents.get("scoring")
    if found is None:
        return None
    tops = taken.shelves.get(("section", ""), [])
    scores: dict[str, str] = {}
    for key in taken.shelves.get(("score", ""), []):
        if key == found["overall"]:
            continue
        match taken.contents[f"score:{key}"]["inputs"]:
            case [{"sections": [section], **rest}] if section in tops and section not in scores and not rest:
                scores[section] = key
            case _:
                return None
    overall = taken.contents.get(f"score:{found['overall']}")
    fits = overall and _picked(overall["inputs"]) == (set(scores.values()), _has_children(taken))
    return scores if fits and found.get("sections", {}) == scores else None


def keep_up(before: Apart, after: Apart, like: str = "") -> int:
    """This will bring automatic scoring in step with a change to sections, questions or children.

    `like` is the key of the section that a new one duplicates; its score is duplicated too. Returns how many scores
    went; 0 as well when the scoring is made by hand.
    """
    scores = by_section(before)
    if scores is None or "scoring" not in after.contents:
        return 0
    dropped = 0
    tops_before, tops = before.shelves.get(("section", ""), []), after.shelves.get(("section", ""), [])
    for section, score in list(scores.items()):
        if section not in tops or (
            _has_something_to_score(before, section) and not _has_something_to_score(after, section)
        ):
            del scores[section]
            _drop(after, score)
            dropped += 1
        elif _name(before, section) == before.contents[f"score:{score}"]["name"]:
            _rename(after, score, _name(after, section))
    for section in tops:
        had_something = section in tops_before and _has_something_to_score(before, section)
        if section not in scores and not had_something and _has_something_to_score(after, section):
            scores[section] = _add(after, section, scores.get(like))
    settle(after, scores)
    return dropped


def settle(taken: Apart, scores: dict[str, str]) -> None:
    """This will let the overall score take these sections' scores, in the order of the sections."""
    order = [scores[key] for key in taken.shelves.get(("section", ""), []) if key in scores]
    found = taken.contents["scoring"]
    mapping = dict(sorted(scores.items()))
    if found.get("sections", {}) != mapping:
        taken.contents["scoring"] = {**found, "sections": mapping}
    overall = taken.contents[f"score:{found['overall']}"]
    wanted = _overall_inputs(order, taken, overall["inputs"])
    if overall["inputs"] != wanted:
        taken.contents[f"score:{found['overall']}"] = {**overall, "inputs": wanted}
    shelf = taken.shelves[("score", "")]
    in_order = iter(order)
    taken.shelves[("score", "")] = [next(in_order) if key in order else key for key in shelf]


def _overall_inputs(scores: list[str], taken: Apart, now: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """The picks of the overall score; those there are keep their weight. [{}] takes nothing, yet."""
    weights = {name: pick["weight"] for pick in now or () for name in pick if name != "weight" and "weight" in pick}
    picks: list[dict[str, Any]] = [{"scores": list(scores)}] if scores else []
    if _has_children(taken):
        picks.append({"children": True})
    for pick in picks:
        name = next(iter(pick))
        if name in weights:
            pick["weight"] = weights[name]
    return picks or [{}]


def _picked(inputs: list[dict[str, Any]]) -> tuple[set[str], bool] | None:
    scores: list[str] = []
    children = False
    for pick in inputs:
        match {name: value for name, value in pick.items() if name != "weight"}:
            case {"scores": keys, **rest} if not rest and not scores:
                scores = keys
            case {"children": True, **rest} if not rest and not children:
                children = True
            case {**rest} if not rest:
                pass
            case _:
                return None
    return set(scores), children


def _add(taken: Apart, section: str, model: str | None) -> str:
    key = unused(section, taken.shelves[("score", "")])
    if model is not None:
        score = {**taken.contents[f"score:{model}"], "key": key, "name": _name(taken, section)}
        score["inputs"] = [{"sections": [section]}]
    else:
        score = _score(key, section, _name(taken, section))
    # Before the overall score when that stands last, as it reads best.
    shelf = taken.shelves[("score", "")]
    last_is_overall = shelf and shelf[-1] == taken.contents["scoring"]["overall"]
    taken.insert(f"score:{key}", score, index=len(shelf) - 1 if last_is_overall else None)
    return key


def _drop(taken: Apart, score: str) -> None:
    if f"score:{score}" in taken.contents:
        rewrite(taken, without(scores=frozenset([score])))
        taken.take(f"score:{score}")


def _rename(taken: Apart, score: str, name: str) -> None:
    here = taken.contents[f"score:{score}"]
    if here["name"] != name:
        taken.contents[f"score:{score}"] = {**here, "name": name}


def _score(key: str, section: str, name: str) -> dict[str, Any]:
    return {
        "key": key,
        "name": name,
        "rule": "weighted_mean",
        "inputs": [{"sections": [section]}],
        "inputs_as": "percent",
    }


def _name(taken: Apart, section: str) -> str:
    return str(taken.contents[f"section:{section}"].get("name", ""))


def _has_children(taken: Apart) -> bool:
    return bool(taken.contents["children"]["children"])


def _has_something_to_score(taken: Apart, section: str) -> bool:
    """An empty section counts as one that will have something."""
    questions = [part for part in taken.within(section) if part.startswith("question:")]
    return not questions or any(is_scorable(taken, taken.contents[part]) for part in questions)


def is_scorable(taken: Apart, question: dict[str, Any]) -> bool:
    """As `scoring.values.bounds` decides it, and so that the score can vary; over plain data, before it is checked."""
    kind = question.get("type")
    if question.get("weight", 1) == 0:
        return False
    if kind in ("number", "scale"):
        ends = question.get("minimum"), question.get("maximum")
        return bool(question.get("bands")) or None not in ends
    if kind == "yes_no" and not question.get("options") and not question.get("answer_set"):
        return True
    if kind not in ("yes_no", "single_choice", "multiple_choice", "matrix"):
        return False
    shared = taken.contents.get(f"answer_set:{question.get('answer_set')}", {})
    options = question.get("options") or shared.get("options", [])
    values = [option["value"] for option in options if option.get("value") is not None]
    return len(set(values)) > 1 or (kind == "multiple_choice" and len(values) > 1)
