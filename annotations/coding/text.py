"""A stored text as it is shown: cut in segments, with every stored code point accounted for.

Pure: no Django, no database. HTML entities are shown resolved (`&amp;` as `&`), characters that cannot be
seen are shown by their number, addresses of pages, handles and hashtags are recognised but lead nowhere,
and marks (spans, candidates) become nested segments. Offsets are code points of the stored text. A leaf
shows its stored characters one to one, or it is an atom: it stands for its stored characters as a whole.
"""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from annotations.common.masking import mask

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_TOKEN = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]+|\bwww\.[^\s<>\"]+)"
    r"|(?<![\w@])(?P<mention>@[A-Za-z0-9_]{1,50})"
    r"|(?<![\w&#])(?P<hashtag>#\w*[^\W\d_]\w*)"
)
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_ZWJ = "\u200d"
_ZWNJ = "\u200c"
_VIRAMA = 9  # the canonical combining class
_BLACK_FLAG = "\U0001f3f4"


@dataclass(frozen=True)
class Mark:
    """A stretch to be marked; `css` and `tag` are for the one who draws it."""

    key: str
    start: int
    end: int
    css: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Leaf:
    """`kind`: "" (plain), "entity", "odd" or "masked". `token`: "", "url", "mention" or "hashtag"."""

    start: int
    stored: str
    shown: str
    kind: str = ""
    token: str = ""

    @property
    def is_atom(self) -> bool:
        return self.kind in {"entity", "odd"}


@dataclass(frozen=True)
class Marked:
    """A piece of a mark; `first` and `last` tell whether the mark begins and ends with this piece."""

    mark: Mark
    first: bool
    last: bool
    children: list[Segment] = field(default_factory=list)


Segment = Leaf | Marked
Range = tuple[int, int]


def segments(text: str, marks: Iterable[Mark] = (), masked: Iterable[Range] = ()) -> list[Segment]:
    """Cut a stored text in segments.

    A mark that ends inside an entity is drawn around the whole of it. `masked` stretches are shown as as
    many bullets as they have code points. Joining `stored` of all leaves gives `text` again.
    """
    hidden = _merged(masked, len(text))
    atoms = [atom for atom in _atoms(text) if not _touches(hidden, atom[0], atom[1])]
    around = _Around(atoms)
    drawn = sorted(
        (
            Mark(mark.key, around.start_of(mark.start), around.end_of(mark.end), mark.css, mark.tag)
            for mark in marks
            if 0 <= mark.start < mark.end <= len(text)
        ),
        key=lambda mark: (mark.start, -mark.end, mark.key),
    )
    tokens = [
        (around.start_of(match.start()), around.end_of(match.end()), match.lastgroup or "")
        for match in _TOKEN.finditer(text)
    ]
    leaves = _leaves(text, atoms, tokens, hidden, drawn)
    covers = [[mark for mark in drawn if mark.start <= leaf.start < mark.end] for leaf in leaves]
    return _nested(list(zip(leaves, covers, strict=True)), 0)


def leaves_of(nodes: Iterable[Segment]) -> list[Leaf]:
    """The leaves in reading order."""
    found: list[Leaf] = []
    for node in nodes:
        found.extend([node] if isinstance(node, Leaf) else leaves_of(node.children))
    return found


def _atoms(text: str) -> list[tuple[int, int, str, str]]:
    """(start, end, shown, kind) of entities and of characters that cannot be seen."""
    found = []
    if "&" in text:
        for match in _ENTITY.finditer(text):
            shown = html.unescape(match.group())
            if shown != match.group():
                unseen = len(shown) == 1 and _SUSPECT.match(shown)
                found.append((match.start(), match.end(), _number(shown) if unseen else shown, "entity"))
    for match in _SUSPECT.finditer(text):
        if not _joins_an_emoji(text, match.start()) and not _joins_letters(text, match.start()):
            found.append((match.start(), match.end(), _number(match.group()), "odd"))
    return sorted(found)


def _joins_an_emoji(text: str, place: int) -> bool:
    """Whether an unseen character is part of an emoji, such as a family or the flag of Wales."""
    before = text[place - 1] if place else ""
    if text[place] == _ZWJ:
        return bool(before) and (unicodedata.category(before) in {"So", "Sk"} or before == "\ufe0f")
    if "\U000e0020" <= text[place] <= "\U000e007f":
        return before == _BLACK_FLAG or "\U000e0020" <= before <= "\U000e007e"
    return False


def _joins_letters(text: str, place: int) -> bool:
    """Whether a joiner stands where a script needs it: between Arabic letters, or behind an Indic virama."""
    if text[place] not in {_ZWNJ, _ZWJ} or not place:
        return False
    before, after = text[place - 1], text[place + 1 : place + 2]
    if unicodedata.combining(before) == _VIRAMA:
        return True
    return (
        unicodedata.bidirectional(before) in {"AL", "NSM"} and unicodedata.bidirectional(after or " ") == "AL"
    )


def _number(character: str) -> str:
    return f"U+{ord(character):04X}"


class _Around:
    """Moves a boundary that falls inside an atom to the atom's own."""

    def __init__(self, atoms: Sequence[tuple[int, int, str, str]]) -> None:
        self._atoms = atoms
        self._starts = [atom[0] for atom in atoms]

    def _at(self, place: int) -> tuple[int, int, str, str] | None:
        index = bisect_right(self._starts, place) - 1
        if index >= 0 and self._atoms[index][0] < place < self._atoms[index][1]:
            return self._atoms[index]
        return None

    def start_of(self, place: int) -> int:
        atom = self._at(place)
        return atom[0] if atom else place

    def end_of(self, place: int) -> int:
        atom = self._at(place)
        return atom[1] if atom else place


def _leaves(
    text: str,
    atoms: Sequence[tuple[int, int, str, str]],
    tokens: Sequence[tuple[int, int, str]],
    hidden: Sequence[Range],
    marks: Sequence[Mark],
) -> list[Leaf]:
    bounds = {0, len(text)}
    for stretch in [*((a[0], a[1]) for a in atoms), *((t[0], t[1]) for t in tokens), *hidden]:
        bounds.update(stretch)
    for mark in marks:
        bounds.update((mark.start, mark.end))
    cuts = sorted(bounds)
    atom_at = {atom[0]: atom for atom in atoms}
    leaves = []
    for start, end in itertools.pairwise(cuts):
        stored = text[start:end]
        token = next((kind for first, last, kind in tokens if first <= start < last), "")
        if start in atom_at:
            leaves.append(Leaf(start, stored, atom_at[start][2], atom_at[start][3], token))
        elif _touches(hidden, start, end):
            leaves.append(Leaf(start, stored, mask(stored, [(0, len(stored))]), "masked"))
        else:
            leaves.append(Leaf(start, stored, stored, "", token))
    return leaves


def _nested(rows: Sequence[tuple[Leaf, list[Mark]]], depth: int) -> list[Segment]:
    """Group neighbours under the mark they share at this depth."""
    result: list[Segment] = []
    index = 0
    while index < len(rows):
        leaf, cover = rows[index]
        if len(cover) <= depth:
            result.append(leaf)
            index += 1
            continue
        mark = cover[depth]
        until = index
        while until < len(rows) and len(rows[until][1]) > depth and rows[until][1][depth] is mark:
            until += 1
        last_leaf = rows[until - 1][0]
        result.append(
            Marked(
                mark,
                first=leaf.start == mark.start,
                last=last_leaf.start + len(last_leaf.stored) == mark.end,
                children=_nested(rows[index:until], depth + 1),
            )
        )
        index = until
    return result


def _merged(ranges: Iterable[Range], length: int) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted((max(0, first), min(last, length)) for first, last in ranges):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _touches(ranges: Sequence[Range], start: int, end: int) -> bool:
    return any(first < end and start < last for first, last in ranges)
