"""Figures as people read them: grouped, in the reader's format, with a true minus sign."""

from decimal import ROUND_HALF_UP, Context, Decimal

from django.utils import formats

NOTHING = "–"
CURRENCY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$"}

Figure = int | float | Decimal | None

# Rounded as on paper, and wide enough for the largest float there is.
_PAPER = Context(prec=400, rounding=ROUND_HALF_UP)


def number(value: Figure, decimals: int = 0) -> str:
    """This will write a figure with that many decimals; an en dash for None."""
    if value is None or value == "":
        return NOTHING
    text = formats.number_format(_rounded(value, decimals), decimals, force_grouping=True)
    return text.replace("-", "−")


def signed(value: Figure, decimals: int = 0) -> str:
    """This will write a difference: as `number`, with a plus sign above zero."""
    text = number(value, decimals)
    rises = value is not None and value != "" and _rounded(value, decimals) > 0
    return f"+{text}" if rises else text


def price(amount: Decimal | int | str | None, currency: str = "USD") -> str:
    """This will write an amount with two decimals and its currency's sign, or its code where there is no sign."""
    if amount is None or amount == "":
        return NOTHING
    exact = Decimal(str(amount))
    text = formats.number_format(abs(exact), 2, force_grouping=True)
    minus = "−" if exact < 0 else ""
    sign = CURRENCY_SIGNS.get(currency)
    return f"{minus}{sign}{text}" if sign else f"{minus}{text} {currency}"


def _rounded(value: int | float | Decimal, decimals: int) -> Decimal:
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), context=_PAPER)
    # A tiny negative figure rounds to zero and would keep its sign.
    return rounded if rounded else abs(rounded)
