"""Figures as people read them."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.web import figures


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567, 0, "1,234,567"),
        (62.5, 0, "63"),
        (2.675, 2, "2.68"),
        (Decimal("1.425"), 2, "1.43"),
        (-22, 0, "−22"),
        (-0.4, 0, "0"),
        (0, 0, "0"),
        (None, 0, "–"),
        ("", 0, "–"),
        (1e28, 0, "10,000,000,000,000,000,000,000,000,000"),
    ],
)
def test_number(value: figures.Figure, decimals: int, text: str) -> None:
    assert figures.number(value, decimals) == text


@pytest.mark.parametrize(("value", "text"), [(7, "+7"), (0, "0"), (0.2, "0"), (-22, "−22"), (None, "–")])
def test_signed(value: figures.Figure, text: str) -> None:
    assert figures.signed(value) == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (Decimal("4860"), "USD", "$4,860.00"),
        ("12.5", "EUR", "€12.50"),
        (Decimal("-3"), "GBP", "−£3.00"),
        (Decimal("99"), "CHF", "99.00 CHF"),
        (None, "USD", "–"),
    ],
)
def test_price(amount: Decimal | str | None, currency: str, text: str) -> None:
    assert figures.price(amount, currency) == text


def test_figures_follow_the_readers_language() -> None:
    with translation.override("de"):
        assert figures.number(1234.5, 1) == "1.234,5"


@given(
    st.none()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
)
def test_every_figure_can_be_written(value: figures.Figure) -> None:
    assert figures.number(value)
    assert figures.signed(value, 2)
