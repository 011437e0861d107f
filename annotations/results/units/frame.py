"""The units of a study with their values, in columns: conversations, messages, fragments and accounts. Pure.

A field belongs to one level. Asked for at another its values go down (a message has its conversation's
organisation) or are gathered upwards, as the field says: any value that occurs, the first in reading order,
or the largest.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

CONVERSATION, MESSAGE, SPAN, ACCOUNT = LEVELS = ("conversation", "message", "span", "account")
SINGLE, MULTI, NUMBER, TIME = "single", "multi", "number", "time"
ANY, FIRST, LARGEST = "any", "first", "largest"

ABSENT = -1
"""The question does not apply to the unit at all: it is in no table that asks it, and is not left out."""
VALID = 0
REASONS = (
    "",
    "unresolved",
    "not_applicable",
    "undetermined",
    "not_coded",
    "no_kind",
    "other_kinds",
    "unknown",
    "earlier_version",
)
"""Why a unit has no value, by number; 0 is a valid value."""
CODE_OF = {reason: code for code, reason in enumerate(REASONS)}


@dataclass(frozen=True)
class Category:
    key: str
    label: Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """What a table can ask. `group`: under which heading it is offered; `categories`: none for numbers.

    `gather`: how it goes up a level. `is_coded`: coders gave it, so that a unit without it was not coded.
    `is_ordered`: its categories have an order, or it is a number.
    """

    key: str
    label: Mapping[str, str]
    level: str
    kind: str
    group: str
    categories: tuple[Category, ...] = ()
    gather: str = ANY
    is_coded: bool = False
    is_ordered: bool = False
    unit: str = ""

    @cached_property
    def index(self) -> dict[str, int]:
        return {category.key: at for at, category in enumerate(self.categories)}


@dataclass(frozen=True)
class Values:
    """The values of some units. `reasons`: one of REASONS per unit by number, or ABSENT.

    `chosen` (units x categories, bool) for categories; `numbers` for numbers and times, where `happened` says
    whether the time ended with the event or with the end of looking.
    """

    reasons: np.ndarray
    chosen: np.ndarray | None = None
    numbers: np.ndarray | None = None
    happened: np.ndarray | None = None

    @property
    def valid(self) -> np.ndarray:
        return self.reasons == VALID


@dataclass
class Frame:
    """`ids`: level -> keys in the database, in reading order. `parents`: level -> level above -> place there.

    `columns`: field key -> {"reasons", "codes" | "bits" | "numbers", "happened"}: an array per name.
    `places`: start and end of each fragment in its message, whose key is the fragment's id.
    """

    ids: dict[str, np.ndarray]
    parents: dict[str, dict[str, np.ndarray]]
    fields: dict[str, Field]
    columns: dict[str, dict[str, np.ndarray]]
    places: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))

    def size(self, level: str) -> int:
        return len(self.ids[level])

    def clusters(self, level: str) -> np.ndarray:
        """Per unit the place of its conversation; an account, which may be in several, stands alone."""
        way = self._way(CONVERSATION, level)
        return np.arange(self.size(level)) if way is None else way

    def values(self, key: str, level: str) -> Values:
        """A field's values at a level. Raises KeyError for an unknown field."""
        asked = self.fields[key]
        own = self._own(asked)
        if asked.level == level:
            return own
        way = self._way(asked.level, level)
        if way is not None:
            return _down(own, way)
        return self._up(asked, own, level)

    def _own(self, asked: Field) -> Values:
        column = self.columns[asked.key]
        reasons = column["reasons"]
        if asked.kind in (NUMBER, TIME):
            return Values(reasons, numbers=column["numbers"], happened=column.get("happened"))
        size = len(asked.categories)
        if asked.kind == MULTI:
            chosen = (column["bits"][:, None] >> np.arange(size, dtype=np.int64)) & 1 > 0
        else:
            chosen = column["codes"][:, None] == np.arange(size)
        return Values(reasons, chosen & (reasons == VALID)[:, None])

    def _way(self, above: str, level: str) -> np.ndarray | None:
        """Per unit of a level the place of the unit above it; None where it has none above of that kind."""
        if level == MESSAGE:
            return self.parents[MESSAGE].get(above)
        if level == SPAN:
            message = self.parents[SPAN][MESSAGE]
            return message if above == MESSAGE else self.parents[MESSAGE][above][message]
        return None

    def _up(self, asked: Field, own: Values, level: str) -> Values:
        """Gathered over the units that lie in, or belong to, each unit of the level."""
        if asked.level == SPAN:
            to = self._way(level, SPAN)
        else:
            if asked.level != MESSAGE:  # conversations and accounts meet in messages
                own = _down(own, self.parents[MESSAGE][asked.level])
            to = self.parents[MESSAGE][level]
        assert to is not None
        return _gathered(own, to, self.size(level), asked.gather)


def _down(own: Values, way: np.ndarray) -> Values:
    """Values of the units above; a place of -1 is nobody's."""
    lost = way < 0
    reasons = np.where(lost, ABSENT, own.reasons[way]) if len(own.reasons) else np.full(len(way), ABSENT)
    if not len(own.reasons):
        way = np.zeros(0, dtype=int)
    pick = lambda array: None if array is None else array[way]  # noqa: E731
    return Values(reasons, pick(own.chosen), pick(own.numbers), pick(own.happened))


def _gathered(own: Values, to: np.ndarray, size: int, gather: str) -> Values:
    kept = (to >= 0) & (own.reasons != ABSENT)
    valid = kept & own.valid
    reasons = np.full(size, ABSENT, dtype=np.int8)
    # The last written stands: in reverse, so that it is the first unit's reason.
    others = np.flatnonzero(kept & ~valid)[::-1]
    reasons[to[others]] = own.reasons[others]
    reasons[to[valid]] = VALID
    places = np.flatnonzero(valid)
    if own.chosen is not None and gather == ANY:
        chosen = np.zeros((size, own.chosen.shape[1]), dtype=bool)
        unit, category = np.nonzero(own.chosen[places])
        chosen[to[places[unit]], category] = True
        return Values(reasons, chosen)
    if gather == LARGEST:
        rank = own.numbers if own.chosen is None else own.chosen.argmax(1)
        assert rank is not None
        places = places[np.argsort(rank[places], kind="stable")]
    else:
        places = places[::-1]
    taken = np.zeros(size, dtype=int)
    taken[to[places]] = places
    pick = lambda array: None if array is None else array[taken]  # noqa: E731
    if own.chosen is not None:
        return Values(reasons, own.chosen[taken] & (reasons == VALID)[:, None])
    return Values(reasons, None, pick(own.numbers), pick(own.happened))


def packed(frame: Frame) -> bytes:
    """The frame as bytes: arrays and a description, no code; `unpacked` reads it back."""
    arrays: dict[str, Any] = {f"ids/{level}": ids for level, ids in frame.ids.items()}
    for level, above in frame.parents.items():
        arrays |= {f"parents/{level}/{name}": places for name, places in above.items()}
    for key, column in frame.columns.items():
        arrays |= {f"columns/{key}/{name}": values for name, values in column.items()}
    arrays["places"] = frame.places
    about = [asdict(each) for each in frame.fields.values()]
    described = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    written = io.BytesIO()
    np.savez(written, about=described, **arrays)
    return zlib.compress(written.getvalue(), 1)


def unpacked(content: bytes) -> Frame:
    with np.load(io.BytesIO(zlib.decompress(content)), allow_pickle=False) as arrays:
        about = json.loads(arrays["about"].tobytes().decode())
        frame = Frame({}, {}, {}, {}, arrays["places"])
        for written in about:
            categories = tuple(Category(**each) for each in written["categories"])
            frame.fields[written["key"]] = Field(**{**written, "categories": categories})
        for name in arrays.files:
            kind, *rest = name.split("/")
            if kind == "ids":
                frame.ids[rest[0]] = arrays[name]
            elif kind == "parents":
                frame.parents.setdefault(rest[0], {})[rest[1]] = arrays[name]
            elif kind == "columns":
                frame.columns.setdefault(rest[0], {})[rest[1]] = arrays[name]
    return frame
