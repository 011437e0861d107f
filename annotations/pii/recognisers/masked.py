"""Values of which the author gave only a part: "06-******12", "12345xxxx", "the last digits are 300".

Not a recogniser: the recognisers of numbers ask it for masked values and look at the words around them.

>>> from annotations.pii.message import Message
>>> masked_values(Message("bel 06-******12 of ... xxx"))
[(4, 15)]
"""

from __future__ import annotations

import re

from annotations.pii.message import Message

_MASKED = re.compile(
    r"(?<![\w*•])(?:\+?[0-9A-Z*•#…]|[xX.](?=[0-9xX*•#….])|[ /-](?=[0-9*•xX#])){4,34}+(?![\w*•])"
)
_HIDING = re.compile(r"[*•#xX]{2,}|\.{2,}|…|[*•#xX][ -]?[*•#xX]")


def masked_values(message: Message) -> list[tuple[int, int]]:
    """Stretches with at least two digits and a hidden part."""
    text = message.text
    if not any(sign in text for sign in ("**", "xx", "XX", "•", "…", "..", "##", "* *")):
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
    r"end)\b[^.!?\n0-9]{0,12}(?:[0-9]\b[^.!?\n0-9]{0,45}?)?"
)
_TAIL = re.compile(
    r"(?:[^.!?\n0-9]|06(?=[ -]?n)){0,45}?(?<![0-9A-Za-z.,/-])"
    r"(?P<value>[0-9]{2,5})(?![0-9A-Za-z])(?![.,/:-][0-9])"
    r"(?!-| ?(?:n(?:umme)?r|cijfer|digit|letter|getal|euro|uur|dagen|weken|maanden|jaar|keer|x\b))"
)
_TAIL_AFTER = re.compile(
    r"(?<![0-9A-Za-z.,/-])(?P<value>[0-9]{2,5})(?= ?(?:zijn|is|are|\() ?(?:mijn|de|het|the|"
    r"my)? ?(?:laatste|last|eindcijfers))"
)


def last_digits(message: Message) -> list[tuple[int, int]]:
    """Groups of two to five digits that are said to be the last ones of something.

    >>> last_digits(Message("laatste 3 cijfers van mijn iban: 300, 20 jaar klant"))
    [(33, 36)]
    """
    found = []
    for word in _LAST.finditer(message.low):
        value = _TAIL.match(message.low, word.end())
        if value:
            found.append(value.span("value"))
    if "laatste" in message.low or "last" in message.low:
        found.extend(match.span("value") for match in _TAIL_AFTER.finditer(message.low))
    return found
