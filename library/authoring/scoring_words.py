"""Scoring in plain words: what rules, their options, treatments, roundings and the colors of zones are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic import BaseModel, ValidationError

from library.scoring.registry import Rule
from library.scoring.rules import RULES

# The order in which rules are offered: the usual ones first. What another module registered comes after them.
USUAL = (
    "weighted_mean",
    "mean",
    "sum",
    "percent_of_achievable",
    "levels",
    "lowest",
    "highest",
    "subtractive",
    "count",
    "share_reached",
    "median",
    "limited_mean",
    "lowest_mean",
    "bands",
    "verdict",
    "product",
    "geometric_mean",
    "difference",
    "ratio",
    "risk_matrix",
    "constant",
)
RULE_TITLES: Mapping[str, Any] = {
    "weighted_mean": _("Weighted average"),
    "mean": _("Average"),
    "sum": _("Sum"),
    "percent_of_achievable": _("Percent of what is possible"),
    "levels": _("Levels, one after the other"),
    "lowest": _("Lowest"),
    "highest": _("Highest"),
    "subtractive": _("What is missing, from a start"),
    "count": _("How many are reached"),
    "bands": _("Bands of a sum"),
    "verdict": _("Verdict"),
    "product": _("Product"),
    "constant": _("Fixed value"),
    "share_reached": _("Share that is reached"),
    "median": _("Median"),
    "limited_mean": _("Average, held near the lowest"),
    "lowest_mean": _("Average of the lowest"),
    "ratio": _("Ratio of two"),
    "risk_matrix": _("Risk matrix"),
    "difference": _("Difference"),
    "geometric_mean": _("Geometric mean"),
}
# Said where a rule cannot describe itself before its options are chosen.
RULE_INTRODUCTIONS: Mapping[str, Any] = {
    "subtractive": _("From a start, the points missing to the full score of each input are subtracted."),
    "bands": _("The sum of the inputs, looked up in a table of bands."),
    "constant": _("Always the same value; cases and gates decide when it changes."),
    "limited_mean": _("The average, but not more than some points above the lowest input."),
    "lowest_mean": _("The average of the few lowest inputs; strong ones do not hide them."),
    "risk_matrix": _("Two inputs, such as likelihood and impact, choose row and column of a table."),
}
TREATMENTS: Mapping[str, Any] = {
    "zero": _("Counts as zero"),
    "lowest": _("Counts as its lowest score"),
    "full": _("Counts as its full score"),
    "exclude": _("Is left out"),
}
STATES: Mapping[str, tuple[Any, Any]] = {
    "unanswered": (_("A question without an answer"), ""),
    "dont_know": (_("“I’m not sure”"), ""),
    "not_applicable": (_("“Not applicable”"), ""),
    "no_score": (
        _("An input without a score"),
        _("An answer that carries no score, or a score of which nothing counts."),
    ),
}
ROUNDINGS: Mapping[str, Any] = {
    "nearest": _("To the nearest"),
    "down": _("Down"),
    "up": _("Up"),
    "truncate": _("Cut off"),
}
TONES: Mapping[str, Any] = {
    "b1": _("Red"),
    "b2": _("Amber"),
    "b3": _("Green"),
    "b4": _("Deep green"),
}
SEVERITIES: Mapping[str, Any] = {
    "": _("Advice only"),
    "low": pgettext_lazy("severity", "Low"),
    "medium": pgettext_lazy("severity", "Medium"),
    "high": pgettext_lazy("severity", "High"),
    "critical": pgettext_lazy("severity", "Critical"),
}


@dataclass(frozen=True)
class OptionField:
    """One option of a rule as a form field.

    `kind`: check, number, percent (kept as a share of 1), text, numbers (a list of them), grid (rows of numbers), or table
    (rows of fields, which `columns` describe).
    """

    name: str
    label: str
    hint: str
    kind: str
    required: bool
    default: Any
    columns: tuple["OptionField", ...] = ()


# (rule or row, option) → (label, hint); another rule's options are called by their names.
OPTION_WORDS: Mapping[tuple[str, str], tuple[Any, Any]] = {
    ("percent_of_achievable", "from_lowest"): (
        _("The fewest possible points are 0 %"),
        _("Otherwise no points at all are 0 %, also where every answer gives some."),
    ),
    ("levels", "reach"): (_("A level is reached at"), _("Percent of the level’s own range.")),
    ("levels", "partial"): (_("The first level not reached adds its share"), _("A climb half way counts half.")),
    ("levels", "gated"): (
        _("A level counts only after those below it"),
        _("Otherwise every reached level counts, whatever lies below it."),
    ),
    ("count", "reach"): (_("An input is reached at"), _("Percent of the input’s own range.")),
    ("subtractive", "from"): (_("Start"), _("The score when nothing is missing.")),
    ("constant", "value"): (_("Value"), ""),
    ("share_reached", "reach"): (_("An input is reached at"), _("Percent of the input’s own range.")),
    ("limited_mean", "above_lowest"): (_("At most this far above the lowest"), _("In points of the inputs.")),
    ("lowest_mean", "count"): (_("How many of the lowest"), ""),
    ("ratio", "times"): (_("Times"), _("100 for a percentage.")),
    ("risk_matrix", "rows"): (_("Rows begin at"), _("The first input chooses the row.")),
    ("risk_matrix", "columns"): (_("Columns begin at"), _("The second input chooses the column.")),
    ("risk_matrix", "values"): (_("Scores"), ""),
    ("verdict", "mixed"): (_("The score when some pass and some fail"), _("All at their best is 1, all at their worst 0.")),
    ("bands", "bands"): (_("Bands"), _("Each holds from its start up to the next one. The first may leave its start empty.")),
    ("ScoreBand", "from"): (_("From"), ""),
    ("ScoreBand", "value"): (_("Score"), ""),
    ("ScoreBand", "label"): (_("Name"), ""),
}  # fmt: skip
# Numbers from 0 to 1 that are no share of anything.
NO_SHARES = {("verdict", "mixed")}


def rule_names() -> list[str]:
    """This will list every registered rule, the usual ones first."""
    return [name for name in USUAL if name in RULES] + sorted(set(RULES) - set(USUAL))


def rule_title(name: str) -> str:
    """This will name a rule; an unknown one as it is written."""
    return str(RULE_TITLES.get(name) or name.replace("_", " ").capitalize())


def rule_explained(name: str, options: Mapping[str, Any] | None = None) -> str:
    """This will describe a rule in a sentence, with these options, or with its usual ones when they do not fit."""
    rule = RULES.get(name)
    if rule is None:
        return ""
    for given in (options, {}):
        if given is None:
            continue
        try:
            return str(rule.words(rule.options.model_validate(given)))
        except ValidationError:
            continue
    return str(RULE_INTRODUCTIONS.get(name, ""))


def option_fields(rule: Rule) -> list[OptionField]:
    """This will make form fields of the model of a rule's options."""
    return _fields(rule.options, rule.name)


def _fields(model: type[BaseModel], owner: str) -> list[OptionField]:
    return [_field(owner, info.alias or name, info) for name, info in model.model_fields.items()]


def _field(owner: str, name: str, info: Any) -> OptionField:
    label, hint = OPTION_WORDS.get((owner, name), (info.title or name.replace("_", " ").capitalize(), info.description or ""))  # fmt: skip
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    row = _row_model(info.annotation)
    columns = tuple(_fields(row, row.__name__)) if row else ()
    kind = "table" if row else _kind(owner, name, info)
    return OptionField(name, str(label), str(hint), kind, info.is_required(), default, columns)


def _kind(owner: str, name: str, info: Any) -> str:
    if get_origin(info.annotation) is tuple:
        inner = _plain(get_args(info.annotation)[0])
        return "grid" if get_origin(inner) is tuple else "numbers" if inner in (int, float) else "text"
    kinds = {info.annotation, *get_args(info.annotation)}
    if bool in kinds:
        return "check"
    if not kinds & {int, float}:
        return "text"
    most = next((limit.le for limit in info.metadata if hasattr(limit, "le")), None)
    return "percent" if most == 1 and (owner, name) not in NO_SHARES else "number"


def _plain(annotation: Any) -> Any:
    """An annotated type without its annotations."""
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _row_model(annotation: Any) -> type[BaseModel] | None:
    if get_origin(annotation) is not tuple:
        return None
    inner = _plain(get_args(annotation)[0])
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
