"""Conversations of a comparison sample stand apart: no table counts them beside the finds. Reads only.

How many finds and how many comparisons there are was decided by whoever drew them, so that a share of both
together is a share of nothing. They are compared by odds ratios (`comparison/`) and nowhere else.
"""

from __future__ import annotations

from ..models import ComparisonUnit, Study
from ..screening.found import found_in_study


def compared_only(study: Study) -> frozenset[int]:
    """Keys of conversations that are in a comparison sample and hold no find of any search of the study."""
    compared = ComparisonUnit.objects.filter(sample__screening__study=study)
    ids = set(compared.values_list("conversation_id", flat=True))
    if not ids:
        return frozenset()
    return frozenset(ids - found_in_study(study.pk, ids))
