"""What a score's own settings do to the result of its rule: rounding, then clamping."""

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from library.document import Rounding, Score

MODES = {"nearest": ROUND_HALF_UP, "down": ROUND_FLOOR, "up": ROUND_CEILING, "truncate": ROUND_DOWN}


def finished(score: "Score", value: float) -> float:
    """This will round and clamp a rule's result as the score says."""
    return clamped_value(score, rounded_value(score, value))


def rounded_value(score: "Score", value: float) -> float:
    """This will round a rule's result when the score says so."""
    return round_as(value, score.rounding) if score.rounding else value


def clamped_value(score: "Score", value: float) -> float:
    """This will hold a value within the score's limits when it has any."""
    return float(min(max(value, score.clamp.min), score.clamp.max)) if score.clamp else value


def round_as(value: float, rounding: "Rounding") -> float:
    """This will round a number the way people expect of its decimal form: 2.675 to 2.68, 9.999999999999998 to 10."""
    if abs(value) >= 1e15:
        return value
    # Twelve digits drop the noise of binary fractions, which truncating would turn into a whole point.
    written = Decimal(f"{value:.12g}")
    return float(written.quantize(Decimal(1).scaleb(-rounding.decimals), rounding=MODES[rounding.mode]))
