"""Pairwise F1 of spans, which needs no count of what nobody marked.

Source: Hripcsak & Rothschild (2005), JAMIA 12(3): kappa tends to it as the negatives grow.
"""

from __future__ import annotations

from collections.abc import Sequence

Span = tuple[int, int, int]


def span_matches(one: Sequence[Span], other: Sequence[Span], *, exact: bool) -> int:
    """How many spans of `one` can be paired with a span of `other` of the same type, each used once.

    exact: same start and end; else they share at least one character. Spans of one type may not overlap
    within a coder, so that walking through both in order finds the most pairs there are.
    """
    if exact:
        return len(set(one) & set(other))
    matches = 0
    for category in {span[2] for span in one}:
        left = sorted(span for span in one if span[2] == category)
        right = sorted(span for span in other if span[2] == category)
        i = j = 0
        while i < len(left) and j < len(right):
            if left[i][1] > right[j][0] and right[j][1] > left[i][0]:
                matches, i, j = matches + 1, i + 1, j + 1
            elif left[i][1] <= right[j][0]:
                i += 1
            else:
                j += 1
    return matches
