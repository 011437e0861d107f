"""What an edit changed in the text of a draft, so that it can be taken back and done again. Pure.

A step is one stretch of the text that became another. An edit touches a field or a few, so that a step is
short however long the codebook is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stretch:
    """At this place of the text `removed` became `inserted`."""

    at: int
    removed: str
    inserted: str


def stretch_between(before: str, after: str) -> Stretch:
    at = _alike(before, after)
    end = _alike(before[at:][::-1], after[at:][::-1])
    return Stretch(at, before[at : len(before) - end], after[at : len(after) - end])


def replaced(text: str, at: int, stands: str, becomes: str) -> str:
    """The text with another stretch at this place. Raises ValueError where something else stands there."""
    if not text.startswith(stands, at):
        raise ValueError("this is not the text that the step was made in")
    return text[:at] + becomes + text[at + len(stands) :]


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
