"""Values of which the author gave only a part: "06-******12", "12345xxxx", "the last digits are 300".

A ``Message`` works both out once; the recognisers of numbers look at the words around them.
"""

from __future__ import annotations

import re

_MASKED = re.compile(
    r"(?<![\w*•])(?:\+?[0-9A-Z*•#…]|[xX](?![a-wyzA-WYZ])|\.(?=[0-9xX*•#….])|[ /-](?=[0-9*•xX#]))"
    r"{4,34}+(?![\w*•])"
)
_HIDING = re.compile(r"[*•#xX]{2,}|\.{2,}|…|[*•#xX][ -]?[*•#xX]")


def masked_values(text: str) -> list[tuple[int, int]]:
    """Stretches with at least two digits and a hidden part.

    >>> masked_values("bel 06-******12 of ... xxx")
    [(4, 15)]
    """
    if not any(map(text.__contains__, ("**", "xx", "XX", "•", "…", "..", "##", "* *"))):
        return []
    found = []
    for match in _MASKED.finditer(text):
        value = re.sub(r"^(?:[A-Z]{2,} (?!\d\d ?[A-Z]))?[ ./-]*", "", match.group().rstrip(" .-/#"))
        start = match.start() + match.group().index(value)
        if sum(c.isdigit() for c in value) >= 2 and _HIDING.search(value):
            found.append((start, start + len(value)))
    return found


_LAST = re.compile(
    r"\b(?:laatste|last|eindig\w*|eindcijfers?|ends?|ending|"
    r"end)\b[^.!?\n0-9]{0,12}(?:[0-9]\b(?! [0-9]\b)[^.!?\n0-9]{0,45}?)?"
)
_TAIL = re.compile(
    r"(?:[^.!?\n0-9]|06(?=[ -]?n)){0,45}?(?<![0-9A-Za-z.,/-])"
    r"(?P<value>[0-9]{2,5}|[0-9](?: [0-9]){1,4}(?! [0-9]))(?![0-9A-Za-z])(?![.,/:-][0-9])"
    r"(?!-| ?(?:n(?:umme)?r|cijfer|digit|letter|getal|euro|uur|dagen|weken|maanden|jaar|keer|x\b))"
)
_TAIL_AFTER = re.compile(
    r"(?<![0-9A-Za-z.,/-])(?P<value>[0-9]{2,5})(?= ?(?:zijn|is|are|\() ?(?:mijn|de|het|the|"
    r"my)? ?(?:laatste|last|eindcijfers))"
)


_DOTTED = re.compile(
    r"(?:rekening|rek|iban|account|kaart|card|pas)\w*[ :]{1,2}(?:\w+ ){0,2}(?:\.{2,}|…) "
    r"?(?P<value>[0-9]{2,5})(?![0-9A-Za-z])"
)


def last_digits(low: str) -> list[tuple[int, int]]:
    """Groups of two to five digits in a lower-case text that are said to be the last ones of something.

    >>> last_digits("laatste 3 cijfers van mijn iban: 300, 20 jaar klant")
    [(33, 36)]
    """
    found = [match.span("value") for match in _DOTTED.finditer(low)] if ".." in low or "…" in low else []
    if not any(map(low.__contains__, ("last", "laats", "eind", "end"))):
        return found
    for word in _LAST.finditer(low):
        value = _TAIL.match(low, word.end())
        if value:
            found.append(value.span("value"))
    if "laatste" in low or "last" in low:
        found.extend(match.span("value") for match in _TAIL_AFTER.finditer(low))
    return found
