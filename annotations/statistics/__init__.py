"""PURE: the figures of a content analysis, a module per family, each with its source.

Everything takes counts and gives plain numbers; what is undefined is None. Intervals are of 95 percent.
"""

from .differences import Comparison, newcombe
from .proportions import Interval, Proportion, clopper_pearson, wilson
from .ratios import odds_ratio, odds_ratio_interval
from .tables import fisher_p

__all__ = [
    "Comparison",
    "Interval",
    "Proportion",
    "clopper_pearson",
    "fisher_p",
    "newcombe",
    "odds_ratio",
    "odds_ratio_interval",
    "wilson",
]
