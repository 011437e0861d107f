"""PURE: parts of a text replaced by bullets, one per code point, so that offsets stay right."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

BULLET = "•"
_MENTION = re.compile(r"(?<![\w@])@(\w{1,50})")
_LINK = re.compile(r"https?://\S+")


def mask(text: str, places: Iterable[tuple[int, int]]) -> str:
    """The text with bullets in all places, each (start, end) in code points.

    >>> mask("bel 06-00000011 nu", [(4, 15)])
    'bel ••••••••••• nu'
    """
    characters = list(text)
    for start, end in places:
        characters[start:end] = BULLET * len(characters[start:end])
    return "".join(characters)


def mentions_and_links(text: str, *, keep_handles: Collection[str] = ()) -> list[tuple[int, int]]:
    """Where a text names other accounts than `keep_handles` (without @, in any case), and where it links to.

    >>> text = "@ZwaluwlijnHulp groet @kees_demo"
    >>> mask(text, mentions_and_links(text, keep_handles={"zwaluwlijnhulp"}))
    '@ZwaluwlijnHulp groet @•••••••••'
    """
    keep = {handle.lower() for handle in keep_handles}
    mentions = [found.span(1) for found in _MENTION.finditer(text) if found[1].lower() not in keep]
    return mentions + [found.span() for found in _LINK.finditer(text)]
