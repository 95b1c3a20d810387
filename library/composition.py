"""A parent definition made one with its children: one document that is taken, scored and read like any other.

Pure. Publishing a parent freezes what `compose` returns; `parent_alone` takes it apart again for the next draft. Keys
of a child's parts get the child's key and a point in front, so that nothing of one child can mean something of another.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from library.document import DefinitionDocument, shape
from library.problems import InvalidDefinition, Problem, place

type Data = dict[str, Any]

OVERALL = "overall"


def compose(parent: DefinitionDocument, children: Mapping[str, DefinitionDocument]) -> DefinitionDocument:
    """This will put each child into its parent as a section of its own, in the order of `parent.children`.

    A child's scores are rewritten so that they come out as in the child alone: its own treatment of missing answers
    stands at each of them, its overall score keeps its scale and gets the weight of the link. `children: true` in the
    parent's inputs becomes these overall scores; a parent without scoring gets the weighted mean of their percentages,
    when any child is scored. A definition without children comes back as it is; what was composed before is composed
    anew. A parent's inputs by tags alone pick the children's questions as well.

    Raises InvalidDefinition when a child is not in `children` or has children that are not in it yet, when the parent
    uses keys that are the children's, and when the whole no longer has the shape of a definition. What the parts do to
    each other is for `consistency` to find.
    """
    if not parent.children:
        return parent
    parent = parent_alone(parent)
    problems = list(_problems(parent, children))
    if problems:
        raise InvalidDefinition(problems)
    data = parent.to_data()
    parts = [(link.key, float(link.weight), children[link.key]) for link in parent.children]
    scored = [key for key, __, child in parts if child.scoring is not None]
    for entry in data["children"]:
        entry["content_hash"] = children[entry["key"]].content_hash()
    data["answer_sets"] = data.get("answer_sets", []) + [
        prefixed for key, __, child in parts for prefixed in _answer_sets(key, child)
    ]
    data["sections"] = data.get("sections", []) + [_section(key, child) for key, __, child in parts]
    scoring = _scoring_of_parent(data.get("scoring"), parts)
    if scoring:
        for key, weight, child in parts:
            scoring["scores"] += _scores(key, weight, child)
            scoring.setdefault("sections", {}).update(_scored_sections(key, child))
        data["scoring"] = scoring
    data["reference_values"] = data.get("reference_values", []) + [
        {**value, "score": _prefixed(key, value["score"])}
        for key, __, child in parts
        if key in scored
        for value in child.to_data().get("reference_values", [])
    ]
    return shape(data)


def parent_alone(composed: DefinitionDocument) -> DefinitionDocument:
    """This will return the parent as it was before `compose`: what a new draft of a published parent starts from.

    A definition that was not composed comes back as it is.
    """
    if not composed.is_composed:
        return composed
    data = composed.to_data()
    keys = [child.key for child in composed.children]
    for child in data["children"]:
        child.pop("content_hash", None)
    data["sections"] = [section for section in data.get("sections", []) if section["key"] not in keys]
    data["answer_sets"] = _own(data.get("answer_sets", []), keys)
    data["reference_values"] = [
        value for value in data.get("reference_values", []) if not _is_of_child(value["score"], keys)
    ]
    scoring = data.get("scoring")
    if scoring:
        data["scoring"] = _own_scoring(scoring, keys)
        if data["scoring"] == _mean_of_children():
            del data["scoring"]
    return shape(data)


# Putting together


def _problems(parent: DefinitionDocument, children: Mapping[str, DefinitionDocument]) -> Iterator[Problem]:
    taken = {section.key for section in parent.all_sections()}
    for number, link in enumerate(parent.children):
        where = place("children", number)
        child = children.get(link.key)
        if child is None:
            yield Problem(where, _("there is no definition “%(key)s”") % {"key": link.key})
        elif child.children and not child.is_composed:
            yield Problem(where, _("“%(name)s” has children itself") % {"name": child.name})
        if link.key in taken:
            yield Problem(
                where,
                _("the section “%(key)s” exists already; give it another key, the child's section needs this one")
                % {"key": link.key},
            )
        theirs = sorted(key for key in _keys(parent) if _is_of_child(key, [link.key]))
        if theirs:
            yield Problem(
                where,
                _("keys that begin with “%(start)s” are the child's; give “%(key)s” another one")
                % {"start": f"{link.key}.", "key": theirs[0]},
            )


def _keys(document: DefinitionDocument) -> Iterator[str]:
    for parts in (document.all_sections(), document.questions(), document.answer_sets):
        yield from (part.key for part in parts)
    if document.scoring:
        yield from (score.key for score in document.scoring.scores)


def _prefixed(child_key: str, key: str) -> str:
    return f"{child_key}.{key}"


def _answer_sets(child_key: str, child: DefinitionDocument) -> list[Data]:
    return [
        {**answer_set, "key": _prefixed(child_key, answer_set["key"])}
        for answer_set in child.to_data().get("answer_sets", [])
    ]


def _section(child_key: str, child: DefinitionDocument) -> Data:
    """The child as one section: its name, what it is about and whose work it is, and its sections inside."""
    section: Data = {"key": child_key, "name": child.name}
    description = [child.summary]
    if child.attribution:
        description.append(" · ".join(filter(None, [child.attribution.text, child.attribution.licence])))
    if any(description):
        section["description"] = "\n\n".join(filter(None, description))
    section["sections"] = [_inner_section(child_key, inner) for inner in child.to_data().get("sections", [])]
    return section


def _inner_section(child_key: str, section: Data) -> Data:
    moved = {**section, "key": _prefixed(child_key, section["key"])}
    if "show_if" in section:
        moved["show_if"] = _condition(child_key, section["show_if"])
    if "questions" in section:
        moved["questions"] = [_question(child_key, question) for question in section["questions"]]
    if "sections" in section:
        moved["sections"] = [_inner_section(child_key, inner) for inner in section["sections"]]
    return moved


def _question(child_key: str, question: Data) -> Data:
    moved = {**question, "key": _prefixed(child_key, question["key"])}
    if "answer_set" in question:
        moved["answer_set"] = _prefixed(child_key, question["answer_set"])
    for field in ("show_if", "require_if"):
        if field in question:
            moved[field] = _condition(child_key, question[field])
    return moved


def _condition(child_key: str, condition: Data) -> Data:
    moved = dict(condition)
    if "question" in moved:
        moved["question"] = _prefixed(child_key, moved["question"])
    for form in ("all", "any"):
        if form in moved:
            moved[form] = [_condition(child_key, part) for part in moved[form]]
    if "not" in moved:
        moved["not"] = _condition(child_key, moved["not"])
    return moved


def _scores(child_key: str, weight: float, child: DefinitionDocument) -> list[Data]:
    if child.scoring is None:
        return []
    return [_score(child_key, weight, child, score) for score in child.to_data()["scoring"]["scores"]]


def _score(child_key: str, weight: float, child: DefinitionDocument, score: Data) -> Data:
    scoring = child.scoring
    assert scoring is not None
    moved = {**score, "key": _prefixed(child_key, score["key"])}
    moved["inputs"] = [pick for given in score["inputs"] for pick in _picks(child_key, child, given)]
    moved["treatment"] = {**dict(scoring.treatment), **score.get("treatment", {})}
    for field in ("gates", "cases"):
        if field in score:
            moved[field] = [{**item, "when": _condition(child_key, item["when"])} for item in score[field]]
    if score["key"] == scoring.overall:
        # Alone it is read on the definition's scale; as one score of many it brings this scale along, and is named
        # after what it is the score of.
        moved["name"] = child.name
        moved.setdefault("scale", child.to_data()["scoring"]["scale"])
        moved["weight"] = weight
    return moved


def _picks(child_key: str, child: DefinitionDocument, pick: Data) -> Iterator[Data]:
    scoring, scores = child.scoring, pick.get("scores", [])
    overall = child.score(scoring.overall) if scoring else None
    if overall is None or overall.key not in scores or "weight" in pick:
        yield _pick(child_key, pick)
        return
    # The overall score's weight is the link's from now on; where the child itself uses it, it keeps the one it had.
    at = scores.index(overall.key)
    parts: list[Data] = [{"scores": scores[:at]}, {"scores": [overall.key], "weight": overall.weight}]
    for part in [*parts, {"scores": scores[at + 1 :]}]:
        if part["scores"]:
            yield _pick(child_key, part)


def _pick(child_key: str, pick: Data) -> Data:
    moved = dict(pick)
    for field in ("questions", "sections", "scores"):
        if field in pick:
            moved[field] = [_prefixed(child_key, key) for key in pick[field]]
    if pick.get("tags") and not pick.get("sections"):
        # Tags alone mean every question of the definition, which is now the child's section.
        moved["sections"] = [child_key]
    return moved


def _scored_sections(child_key: str, child: DefinitionDocument) -> Data:
    scoring = child.scoring
    if scoring is None:
        return {}
    return {
        child_key: _prefixed(child_key, scoring.overall),
        **{_prefixed(child_key, section): _prefixed(child_key, key) for section, key in scoring.sections.items()},
    }


def _scoring_of_parent(scoring: Data | None, parts: list[tuple[str, float, DefinitionDocument]]) -> Data | None:
    """The parent's scoring with `children: true` written out; made up when the parent has none."""
    overall = [_prefixed(key, child.scoring.overall) for key, __, child in parts if child.scoring is not None]
    if scoring is None:
        if not overall:
            return None
        scoring = _mean_of_children()
    scores = [
        {**score, "inputs": [_written_out(pick, overall) for pick in score["inputs"]]} for score in scoring["scores"]
    ]
    return {**scoring, "scores": scores}


def _written_out(pick: Data, overall: list[str]) -> Data:
    if not pick.get("children"):
        return pick
    rest = {field: value for field, value in pick.items() if field != "children"}
    # Without a scored child nothing is left to pick, which `consistency` names.
    return {**rest, "scores": overall}


def _mean_of_children() -> Data:
    return {
        "scale": {"min": 0, "max": 100},
        "scores": [
            {
                "key": OVERALL,
                "name": "Overall",
                "rule": "weighted_mean",
                "inputs": [{"children": True}],
                "inputs_as": "percent",
            }
        ],
        "overall": OVERALL,
    }


# Taking apart


def _is_of_child(key: str, children: list[str]) -> bool:
    return any(key.startswith(f"{child}.") for child in children)


def _own(items: list[Data], children: list[str]) -> list[Data]:
    return [item for item in items if not _is_of_child(item["key"], children)]


def _own_scoring(scoring: Data, children: list[str]) -> Data:
    scores = []
    for score in _own(scoring["scores"], children):
        scores.append({**score, "inputs": [_taken_back(pick, children) for pick in score["inputs"]]})
    sections = {
        section: score for section, score in scoring.get("sections", {}).items() if not _is_of_child(score, children)
    }
    rest = {field: value for field, value in scoring.items() if field != "sections"}
    return {**rest, "scores": scores, **({"sections": sections} if sections else {})}


def _taken_back(pick: Data, children: list[str]) -> Data:
    scores = pick.get("scores")
    if not scores or not _is_of_child(scores[0], children):
        return pick
    return {**{field: value for field, value in pick.items() if field != "scores"}, "children": True}
