"""Small frames made by hand: what stands in them can be counted on fingers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annotations.results.units.columns import add_multi, add_numbers, add_single
from annotations.results.units.frame import (
    ANY,
    CODE_OF,
    CONVERSATION,
    MESSAGE,
    MULTI,
    NUMBER,
    SINGLE,
    SPAN,
    TIME,
    Category,
    Field,
    Frame,
)


def frame_of_messages(conversations: Sequence[int]) -> Frame:
    """A message per number, which is the place of its conversation; every message of its own account."""
    size = len(conversations)
    return Frame(
        {
            CONVERSATION: np.arange(max(conversations) + 1) + 1000,
            MESSAGE: np.arange(size) + 1,
            SPAN: np.zeros(0, dtype=int),
            "account": np.arange(size) + 500,
        },
        {
            MESSAGE: {CONVERSATION: np.array(conversations), "account": np.arange(size)},
            SPAN: {MESSAGE: np.zeros(0, dtype=int)},
        },
        {},
        {},
    )


def field(key: str, kind: str, categories: str = "", level: str = MESSAGE, **more: object) -> Field:
    named = tuple(Category(name, {"en": name.title()}) for name in categories.split())
    return Field(key, {"en": key.title()}, level, kind, "test", named, **more)  # type: ignore[arg-type]


def answer(
    frame: Frame, key: str, values: Sequence[str | None], *, level: str = MESSAGE, **more: object
) -> None:
    """A coded answer per unit: a category, a set of them in one word (a+b), or a reason (!unresolved)."""
    valid = [value for value in values if value and not value.startswith("!")]
    is_multi = any("+" in value for value in valid)
    keys = sorted({part for value in valid for part in value.split("+")})
    reasons = [
        -1 if value is None else CODE_OF[value[1:]] if value.startswith("!") else 0 for value in values
    ]
    more = {"gather": ANY, "is_coded": True} | more
    made = field(key, MULTI if is_multi else SINGLE, " ".join(keys), level, **more)
    if is_multi:
        add_multi(frame, made, [(value or "").split("+") for value in values], reasons=reasons)
    else:
        add_single(frame, made, values, reasons=reasons)


def numbers(frame: Frame, key: str, values: Sequence[float | None], *, happened: Sequence[bool] = ()) -> None:
    made = field(key, TIME if happened else NUMBER, gather="first")
    add_numbers(frame, made, values, happened=happened or None)
