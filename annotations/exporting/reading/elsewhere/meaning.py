"""What a cell of a coded column means for a variable: by key, code, label in any language, or yes and no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ....codebooks.conversion import parse_value
from ....codebooks.schema import VariableSpec
from ....codebooks.values import InvalidValue, Missing, Value

YES = frozenset({"yes", "y", "true", "ja", "j", "waar", "1", "x", "✓", "✔", "oui", "si"})
NO = frozenset({"no", "n", "false", "nee", "onwaar", "0", "-", "non"})
NOTHING = frozenset({"na", "n/a", "n.a.", "nan", "null", "none", "#n/a", "#n/b", "n.v.t.", "nvt", ".", "?"})
"""Words that stand for no answer wherever they fit no category."""
BETWEEN = (";", "|", ",")


@dataclass(frozen=True)
class Meaning:
    """`written`: what a file of codings holds for it, a string per row; none where there is no answer."""

    written: tuple[str, ...]
    value: Value | None


NO_ANSWER = Meaning((), None)


@dataclass
class Meanings:
    """Of the cells of one column. `empty`: the value that an empty cell stands for, if it is one.

    `labels`: of the values, where the file has them. `is_missing`: whether the file says that a cell stands
    for a missing answer.
    """

    variable: VariableSpec
    empty: str = ""
    _found: dict[tuple[str, str, bool], Meaning | None] = field(default_factory=dict)
    _words: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        words: dict[str, str] = {}
        for option in self.variable.options:
            for label in option.label.values():
                words.setdefault(_plain(label), option.key)
        for option in self.variable.options:
            words[str(option.code)] = option.key
        for option in self.variable.options:
            words[_plain(option.key)] = option.key
        if {option.key for option in self.variable.options} == {"yes", "no"}:
            words = dict.fromkeys(YES, "yes") | dict.fromkeys(NO, "no") | words
        self._words = words

    def of(self, cell: str, label: str = "", is_missing: bool = False) -> Meaning | None:
        """None for a cell that fits nothing."""
        key = (cell, label, is_missing)
        if key not in self._found:
            self._found[key] = self._of(cell.strip(), label, is_missing)
        return self._found[key]

    def _of(self, cell: str, label: str, is_missing: bool) -> Meaning | None:
        if not cell:
            return self._checked((self.empty,)) if self.empty else NO_ANSWER
        kind = self.variable.of_kind
        code = kind.read_missing(self.variable, cell)
        if code is None and cell.endswith(".0"):
            code = kind.read_missing(self.variable, cell[:-2])
        if code is not None:
            return self._checked((cell.removesuffix(".0"),))
        found = self._answer(cell, label)
        if found is not None:
            return found
        if is_missing or _plain(cell) in NOTHING:
            return self._checked((str(int(Missing.NOT_CODED)),)) if is_missing else NO_ANSWER
        return None

    def _answer(self, cell: str, label: str) -> Meaning | None:
        kind = self.variable.of_kind
        if kind.takes_several:
            return self._several(cell, label)
        if self.variable.options:
            key = (label and self._key(label)) or self._key(cell)
            return self._checked((key,)) if key else None
        if kind.is_free:
            return self._checked((label or cell,))
        return self._checked((cell,)) or self._checked((cell.replace(",", ".", 1),))

    def _several(self, cell: str, label: str) -> Meaning | None:
        for text in filter(None, (label, cell)):
            whole = self._key(text)
            if whole:
                return self._checked((whole,))
            for mark in BETWEEN:
                parts = [part for part in map(str.strip, text.split(mark)) if part]
                keys = [self._key(part) for part in parts]
                if len(parts) > 1 and all(keys):
                    return self._checked(tuple(dict.fromkeys(filter(None, keys))))
        return None

    def _key(self, text: str) -> str:
        plain = _plain(text)
        return self._words.get(plain) or self._words.get(plain.removesuffix(".0"), "")

    def _checked(self, written: tuple[str, ...]) -> Meaning | None:
        try:
            return Meaning(written, parse_value(self.variable, written))
        except InvalidValue:
            return None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
