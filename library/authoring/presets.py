"""Answers that are ready to use: the scales that questionnaires keep needing, in our own words, each with scores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from library.drafting import fresh

# What stands for "the best answer first" in every preset: authors read down from good to bad, as on a form.
type Scored = tuple[Any, float | None]


@dataclass(frozen=True, slots=True)
class Preset:
    """One ready-made list of answers, from the best to the worst. None as a score: it is not scored at all."""

    key: str
    name: Any
    answers: tuple[Scored, ...]

    @property
    def words(self) -> str:
        """This will show the answers on one line."""
        return " · ".join(str(text) for text, _value in self.answers)


def _preset(key: str, name: Any, *answers: Any, values: Iterable[float | None] | None = None) -> Preset:
    steps = list(values) if values is not None else list(range(len(answers) - 1, -1, -1))
    return Preset(key, name, tuple(zip(answers, steps, strict=True)))


PRESETS: Mapping[str, Preset] = {
    preset.key: preset
    for preset in (
        _preset("yes_no", _("Yes or no"), _("Yes"), _("No")),
        _preset("yes_partly_no", _("Yes, partly, no"), _("Yes"), _("Partly"), _("No")),
        _preset(
            "agreement",
            _("Agreement"),
            _("Agree completely"),
            _("Agree"),
            _("Neither agree nor disagree"),
            _("Disagree"),
            _("Disagree completely"),
        ),
        _preset("frequency", _("Frequency"), _("Always"), _("Often"), _("Sometimes"), _("Seldom"), _("Never")),
        _preset(
            "interval",
            _("How often"),
            _("Daily"),
            _("Weekly"),
            _("Monthly"),
            _("Once a year"),
            _("Less often or never"),
        ),
        _preset("quality", _("Quality"), _("Excellent"), _("Good"), _("Fair"), _("Weak"), _("Bad")),
        _preset(
            "confidence",
            _("Confidence"),
            _("Completely sure"),
            _("Fairly sure"),
            _("Half sure"),
            _("Rather unsure"),
            _("Not sure at all"),
        ),
        _preset(
            "clarity",
            _("Clarity"),
            _("Perfectly clear"),
            _("Mostly clear"),
            _("Partly clear"),
            _("Rather unclear"),
            _("Not clear at all"),
        ),
        _preset(
            "maturity",
            _("Maturity"),
            _("Improved continually"),
            _("Measured and steered"),
            _("Defined and followed"),
            _("Repeated, but not written down"),
            _("Ad hoc"),
            _("Not done"),
        ),
        _preset(
            "implementation",
            _("State of implementation"),
            _("In place and checked"),
            _("In place"),
            _("Partly in place"),
            _("Planned"),
            _("Not planned"),
        ),
        _preset(
            "coverage",
            _("Coverage"),
            _("Everywhere"),
            _("In most places"),
            _("In about half"),
            _("In a few places"),
            _("Nowhere"),
        ),
        _preset(
            "compliance",
            _("Compliance"),
            _("Fully met"),
            _("Met with small gaps"),
            _("Met in part"),
            _("Not met"),
        ),
        _preset(
            "effectiveness",
            _("Effectiveness"),
            _("Very effective"),
            _("Effective"),
            _("Somewhat effective"),
            _("Hardly effective"),
            _("Without effect"),
        ),
        _preset(
            "likelihood",
            _("Likelihood (unlikely is good)"),
            _("Very unlikely"),
            _("Unlikely"),
            _("Possible"),
            _("Likely"),
            _("Almost certain"),
        ),
        _preset(
            "impact",
            _("Impact (small is good)"),
            _("None worth naming"),
            _("Small"),
            _("Medium"),
            _("Large"),
            _("Threatens the business"),
        ),
        _preset("severity", _("Severity (low is good)"), _("None"), _("Low"), _("Medium"), _("High"), _("Critical")),
        _preset(
            "importance",
            _("Importance"),
            _("Essential"),
            _("Very important"),
            _("Important"),
            _("Less important"),
            _("Unimportant"),
        ),
        _preset("priority", _("Priority"), _("At once"), _("High"), _("Medium"), _("Low"), _("None")),
        _preset(
            "satisfaction",
            _("Satisfaction"),
            _("Very satisfied"),
            _("Satisfied"),
            _("Neither satisfied nor dissatisfied"),
            _("Dissatisfied"),
            _("Very dissatisfied"),
        ),
        _preset(
            "difficulty",
            _("Difficulty (easy is good)"),
            _("Very easy"),
            _("Easy"),
            _("Neither easy nor hard"),
            _("Hard"),
            _("Very hard"),
        ),
        _preset(
            "knowledge",
            _("Knowledge"),
            _("Could teach it"),
            _("Know it well"),
            _("Know the basics"),
            _("Have heard of it"),
            _("New to me"),
        ),
        _preset(
            "progress",
            _("Progress in percent"),
            _("100%: done"),
            _("75%: nearly done"),
            _("50%: halfway"),
            _("25%: begun"),
            _("0%: not begun"),
            values=(100, 75, 50, 25, 0),
        ),
        _preset(
            "ownership",
            _("Ownership"),
            _("One named person, with a deputy"),
            _("One named person"),
            _("A team"),
            _("Nobody in particular"),
        ),
        _preset(
            "documentation",
            _("Documentation"),
            _("Written, current and known"),
            _("Written, but out of date"),
            _("Known, but not written"),
            _("Neither written nor known"),
        ),
    )
}


def options_of(preset: Preset) -> list[dict[str, Any]]:
    """This will make the options of a preset, as a definition holds them, with keys made of their words."""
    made: list[dict[str, Any]] = []
    for text, value in preset.answers:
        made.append(fresh.option(made, str(text), value))
    return made
