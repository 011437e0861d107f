"""Values of which the author hid part: "06-******12", "12345xxxx", "NL91…4300".

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
        value = match.group().rstrip(" .-/#")
        start = match.start() + len(value) - len(value.lstrip(" ./-"))
        value = value.lstrip(" ./-")
        if sum(c.isdigit() for c in value) >= 2 and _HIDING.search(value):
            found.append((start, start + len(value)))
    return found
