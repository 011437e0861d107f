"""Agreement between coders: coefficients and intervals. Needs numpy, scipy and krippendorff only.

>>> from annotations.agreement import reliability
>>> round(reliability([["a", "a"], ["a", "b"], ["b", "b"], ["b", None]], bootstrap=0).alpha, 3)
0.444
"""

from .data import ReliabilityData
from .reading import read_units
from .reliability import reliability
from .results import CategoryAgreement, CoderAgreement, PairAgreement, Reliability
from .set_reliability import set_reliability
from .unitizing_reliability import (
    SpanPairAgreement,
    TypeAgreement,
    UnitizingReliability,
    unitizing_reliability,
)

__all__ = [
    "CategoryAgreement",
    "CoderAgreement",
    "PairAgreement",
    "Reliability",
    "ReliabilityData",
    "SpanPairAgreement",
    "TypeAgreement",
    "UnitizingReliability",
    "read_units",
    "reliability",
    "set_reliability",
    "unitizing_reliability",
]
