"""PURE: personal data in a text replaced by bullets, one per code point, so that offsets stay right."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

BULLET = "•"
_MENTION = re.compile(r"(?<![\w@])@(\w{1,50})")
_LINK = re.compile(r"https?://\S+")


def mask(text: str, places: Iterable[tuple[int, int]], *, keep_handles: Collection[str] = ()) -> str:
    """Mask the places (code points), links, and mentions of other accounts than `keep_handles`.

    >>> mask("@ZwaluwlijnHulp bel 06-00000011, groet @kees_demo", [(20, 31)], keep_handles={"zwaluwlijnhulp"})
    '@ZwaluwlijnHulp bel •••••••••••, groet @•••••••••'
    """
    masked = list(text)
    keep = {handle.lower() for handle in keep_handles}
    mentions = [m.span(1) for m in _MENTION.finditer(text) if m[1].lower() not in keep]
    links = [m.span() for m in _LINK.finditer(text)]
    for start, end in [*places, *mentions, *links]:
        for index in range(start, min(end, len(masked))):
            if not masked[index].isspace():
                masked[index] = BULLET
    return "".join(masked)
