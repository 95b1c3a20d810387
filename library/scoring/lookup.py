"""A rule that looks two inputs up in a table: a risk matrix of likelihood and impact."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import Field, field_validator, model_validator

from library.scoring.registry import Inputs, RuleOptions, figure, rule

type Starts = tuple[float, ...]
Cell = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]


class MatrixOptions(RuleOptions):
    """`rows` and `columns`: where each begins, rising; the first also holds below its start. `values`: row by row."""

    rows: tuple[Cell, ...] = Field(strict=False, min_length=1, max_length=20)
    columns: tuple[Cell, ...] = Field(strict=False, min_length=1, max_length=20)
    values: tuple[Annotated[tuple[Cell, ...], Field(strict=False)], ...] = Field(strict=False, min_length=1)

    @field_validator("rows", "columns")
    @classmethod
    def _rising(cls, starts: Starts) -> Starts:
        if any(low >= high for low, high in pairwise(starts)):
            raise ValueError(_("must be in rising order"))
        return starts

    @model_validator(mode="after")
    def _rectangular(self) -> "MatrixOptions":
        if len(self.values) != len(self.rows) or any(len(row) != len(self.columns) for row in self.values):
            raise ValueError(
                _("must hold %(rows)s rows of %(columns)s values")
                % {"rows": len(self.rows), "columns": len(self.columns)}
            )
        return self


def _index(value: float, starts: Sequence[float]) -> int:
    return max(sum(value >= start - 1e-9 for start in starts) - 1, 0)


def _matrix_bounds(inputs: Inputs, options: MatrixOptions) -> tuple[float, float] | None:
    if len(inputs) != 2:
        return None
    first, second = inputs
    cells = [
        value
        for row in options.values[_index(first.floor, options.rows) : _index(first.ceiling, options.rows) + 1]
        for value in row[_index(second.floor, options.columns) : _index(second.ceiling, options.columns) + 1]
    ]
    return min(cells), max(cells)


def _matrix_figures(inputs: Inputs, options: MatrixOptions) -> str:
    if len(inputs) != 2:
        return _("needs two inputs")
    return _("row %(row)s (%(first)s), column %(column)s (%(second)s)") % {
        "row": _index(inputs[0].value, options.rows) + 1,
        "first": figure(inputs[0].value),
        "column": _index(inputs[1].value, options.columns) + 1,
        "second": figure(inputs[1].value),
    }


@rule(
    "risk_matrix",
    words=lambda options: (
        _("The first input chooses the row and the second the column of a table, %(rows)s by %(columns)s.")
        % {"rows": len(options.rows), "columns": len(options.columns)}
    ),
    figures=_matrix_figures,
    options=MatrixOptions,
    bounds=_matrix_bounds,
    takes=2,
)
def risk_matrix(inputs: Inputs, options: MatrixOptions) -> float | None:
    """This will return the cell for the first input's row and the second's column; None unless both count."""
    if len(inputs) != 2:
        return None
    first, second = inputs
    return options.values[_index(first.value, options.rows)][_index(second.value, options.columns)]
