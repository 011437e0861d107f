"""Whose data it is: the author's, or somebody else's, as far as the words just before it say so.

>>> text = "het bsn van mijn moeder is 111222333"
>>> other_person(text, 27)
'moeder'
>>> other_person("mijn bsn is 111222333", 12) is None
True
"""

from __future__ import annotations

import re

RELATIVE = (
    r"(?:(?:schoon)?(?:moeder|vader|ouders|zus(?:je)?|broer(?:tje)?|zoon|dochter)|ma|pa|mama|papa|man|vrouw|echtgeno(?:ot|te)|"
    r"partner|vriend(?:in)?|zoon(?:tje)?|dochter(?:tje)?|kind(?:je)?|kleinzoon|kleindochter|oma|opa|tante|oom|neef|nicht|"
    r"buurman|buurvrouw|buren|huurder|huisgenoot|verhuurder|collega|ex|cliënt|client|"
    r"mother|father|mom|mum|dad|husband|wife|son|daughter|girlfriend|boyfriend|fianc[ée]e?|brother|sister|"
    r"grandmother|grandfather|grandma|grandpa|nan|aunt|uncle|neighbou?r|tenant|landlord|flatmate|roommate|child)"
)
_OTHER = re.compile(
    rf"\b(?:mijn|m'n|mn|my|onze|our|de|het|the)\b(?: \w+)? "
    rf"(?P<who>{RELATIVE})(?:'?s)?\b(?P<rest>[^.!?\n]{{0,45}})$"
)
_BACK = re.compile(r"\b(?:mijn|m'n|mn|my|ik|i|me|mij)\b(?! (?:\w+ )?" + RELATIVE + r"\b)")


def other_person(low: str, start: int) -> str | None:
    """The word for somebody else, in a lower-case text, that the value at ``start`` goes with; None for none.

    A later "mijn" or "ik" turns it back to the author ("mijn man belt, mijn nummer is …").
    """
    found = _OTHER.search(low, max(0, start - 80), start)
    if found is None or _BACK.search(found["rest"]):
        return None
    return found["who"]
