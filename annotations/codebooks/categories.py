"""A category of a codebook: plain, frozen data that kinds and variables share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Text = Mapping[str, str]
MISSING_CODES = (97, 98, 99)
"""97 not applicable, 98 cannot be determined, 99 not coded."""


@dataclass(frozen=True)
class CategorySpec:
    """One value of a variable with categories. ``code`` is the number in SPSS and other data files."""

    key: str
    code: int
    label: Text
    definition: Text = field(default_factory=dict)
    include: Text = field(default_factory=dict)
    exclude: Text = field(default_factory=dict)
    example: Text = field(default_factory=dict)
    shortcut: str = ""
    exclusive: bool = False
    seed_definition: bool | None = None

    @property
    def is_missing(self) -> bool:
        """Whether choosing this category is a missing value for the analysis (97 or 98)."""
        return self.code in MISSING_CODES


def text_in(text: Text, language: str) -> str:
    """A text of the codebook in a language, else in the first that it has."""
    return text.get(language[:2]) or next(iter(text.values()), "")
