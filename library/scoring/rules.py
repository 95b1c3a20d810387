"""All scoring rules by name. A rule of one's own is registered by importing its module before definitions are read."""

from library.scoring import bands, extremes, fixed, levels, lookup, means, totals
from library.scoring.registry import REGISTRY as RULES

__all__ = ["RULES", "bands", "extremes", "fixed", "levels", "lookup", "means", "totals"]
