"""Several tests at once: the more of them, the likelier one is significant by chance."""

from __future__ import annotations

from collections.abc import Sequence


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """The p values adjusted so that one false finding in the whole family is as unlikely as in one test.

    In the order given. An undefined p stays None and does not count in the family. Holm (1979), A simple
    sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 65-70.

    >>> holm([0.01, 0.04, 0.03, 0.005])
    [0.03, 0.06, 0.06, 0.02]
    """
    adjusted: list[float | None] = [None] * len(p_values)
    defined = sorted((p, at) for at, p in enumerate(p_values) if p is not None)
    largest = 0.0
    for rank, (p, at) in enumerate(defined):
        largest = max(largest, min(1.0, p * (len(defined) - rank)))
        adjusted[at] = largest
    return adjusted
