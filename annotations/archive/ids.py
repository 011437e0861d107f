"""Which id a row gets here: others have the old one, so all are drawn anew, in the same order."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from django.db import models

from ..common.bulk import next_ids

Model = type[models.Model]


class Ids:
    """Old id -> new id, per model. Two numbers a row are kept: memory is no matter for millions."""

    def __init__(self, old: Mapping[Model, array[int]]) -> None:
        self._old = old
        self._new: dict[Model, Sequence[int]] = {}
        self._given: dict[Model, dict[int, int]] = {}

    def draw(self, model: Model) -> None:
        """New ids for all rows of a model. Call it in the transaction that stores them."""
        self._new[model] = array("q", next_ids(model, len(self._old.get(model, ()))))

    def give(self, model: Model, old: int, new: int) -> None:
        """This one is that row here: a person or a codebook that was here already."""
        self._given.setdefault(model, {})[old] = new

    def of_row(self, model: Model, old: int) -> int:
        """Raises LookupError for a row that the archive lacks."""
        if model in self._given:
            return self._given[model][old]
        rows = self._old[model]
        place = bisect_left(rows, old)
        if place == len(rows) or rows[place] != old:
            raise LookupError(f"{model.__name__} {old}")
        return self._new[model][place]

    def remembered(self, model: Model, old: int) -> int:
        """The same of what is only remembered: a row that is there no more gets a number that no row has."""
        try:
            return self.of_row(model, old)
        except LookupError:
            return -abs(old)

    def up_to(self, model: Model, old: int) -> int:
        """The new id of the last row up to this one, 0 where there is none."""
        place = bisect_right(self._old.get(model, array("q")), old)
        return self._new[model][place - 1] if place else 0
