"""What is wrong with a codebook, where, and what was expected.

A problem keeps its sentence and the parts to fill in apart, so that the pages can translate the sentence;
``str()`` gives it in English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
# Parameters that hold a phrase of ours; all others hold something from the file.
WORDS = frozenset({"thing", "wanted"})


class OneOf(tuple[str, ...]):
    """Names of which any will do."""

    def in_words(self, translate: Callable[[str], str]) -> str:
        return translate(" or ").join(self)

    def __str__(self) -> str:
        return " or ".join(self)


@dataclass(frozen=True)
class Fault:
    """Something wrong at a path of the codebook, such as ``("variables", 3, "show_if", "in_scope")``."""

    path: Path
    sentence: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """A fault with its place in the file. ``line`` and ``column`` count from 1."""

    line: int
    column: int
    key: str
    sentence: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return self.sentence % self.params

    def in_words(self, translate: Callable[[str], str]) -> str:
        """The message through ``translate`` (gettext), with the parts that are words and not names."""
        parts = {
            name: translate(part)
            if name in WORDS and isinstance(part, str)
            else part.in_words(translate)
            if isinstance(part, OneOf)
            else part
            for name, part in self.params.items()
        }
        return translate(self.sentence) % parts

    def as_sentence(self, translate: Callable[[str], str]) -> str:
        """`in_words` as a whole sentence; a name at its beginning keeps its small letter."""
        words = self.in_words(translate)
        starts_with_name = translate(self.sentence).startswith("%(")
        return f"{words if starts_with_name else words[:1].upper() + words[1:]}."

    def __str__(self) -> str:
        key = f", {self.key}" if self.key else ""
        return f"line {self.line}, column {self.column}{key}: {self.message}"


class CodebookError(ValueError):
    """The codebook cannot be used. ``problems`` names each fault, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.line, problem.column))
        super().__init__("\n".join(str(problem) for problem in self.problems))
