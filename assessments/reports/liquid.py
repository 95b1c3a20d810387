"""What authors write into a report: Liquid, with the variables a report has."""

from collections.abc import Collection

from portal.web import liquid
from portal.web.liquid import FILTERS, LONGEST_VALUE, Problem, Unwritable, escaped, line, markdown

from . import variables

__all__ = ["FILTERS", "LONGEST_VALUE", "Problem", "Unwritable", "escaped", "line", "markdown", "problems_of"]


def problems_of(source: str, custom: Collection[str] | None = None) -> list[Problem]:
    """This will check a template without a run: syntax, tags, filters, variables, and that it renders in time.

    `custom` names the organization's own fields; without them, any field's name is taken for one.
    """
    return liquid.problems_of(source, variables.shape_with(custom), variables.sample())
