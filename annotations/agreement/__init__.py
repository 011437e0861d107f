"""Agreement between coders: coefficients and intervals. Needs numpy, scipy and krippendorff only.

>>> from annotations.agreement import reliability
>>> round(reliability([["a", "a"], ["a", "b"], ["b", "b"], ["b", None]], bootstrap=0).alpha, 3)
0.444

`drilldown` leads from a figure to the units behind it; `wording` holds reasons, warnings and verdicts in
English and Dutch; `sample_size` says how many units a reliability sample needs.
"""

from . import drilldown
from .bootstrap import Interval, hayes_krippendorff_interval
from .conditional import ConditionalReliability, agreed_units, conditional_reliability
from .data import ReliabilityData
from .reading import read_units
from .reliability import reliability
from .results import CategoryAgreement, CoderAgreement, PairAgreement, Reliability
from .sample_size import krippendorff_units, lacy_riffe_units
from .set_reliability import set_reliability
from .unitizing_reliability import unitizing_reliability
from .unitizing_results import SpanPairAgreement, TypeAgreement, UnitizingReliability
from .wording import Notice, reason, verdict, verdict_words

__all__ = [
    "CategoryAgreement",
    "CoderAgreement",
    "ConditionalReliability",
    "Interval",
    "Notice",
    "PairAgreement",
    "Reliability",
    "ReliabilityData",
    "SpanPairAgreement",
    "TypeAgreement",
    "UnitizingReliability",
    "agreed_units",
    "conditional_reliability",
    "drilldown",
    "hayes_krippendorff_interval",
    "krippendorff_units",
    "lacy_riffe_units",
    "read_units",
    "reason",
    "reliability",
    "set_reliability",
    "unitizing_reliability",
    "verdict",
    "verdict_words",
]
