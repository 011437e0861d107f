"""Given names of many origins, for where a sentence only half introduces a name ("mijn man Bert belde").

>>> is_given_name("Bert"), is_given_name("FATIMA"), is_given_name("Storing")
(True, True, False)
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "words" / "given_names.txt"


@cache
def _names() -> frozenset[str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def is_given_name(word: str) -> bool:
    """Whether a word is known as a given name, in whatever case."""
    return word.lower() in _names()
