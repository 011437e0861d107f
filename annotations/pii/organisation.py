"""What belongs to an organisation and not to a person: its numbers, its mailboxes, its accounts."""

from __future__ import annotations

import re
from collections.abc import Collection

from annotations.pii.candidate import Finding
from annotations.pii.lexicon import words

SERVICE_NUMBERS = frozenset(
    # published lines of Dutch organisations, as dialled
    words(
        "0880666000 0884321000 0880432000 0555385385 0208908906 0885500000 0102881880 0205555555 "
        "0880016161 0703402580"
    )
)


def _compact(value: str) -> str:
    digits = re.sub(r"[^0-9A-Za-z@.]", "", value).lower()
    if "@" not in digits:
        digits = digits.replace(".", "")
    if digits.startswith("0031"):
        return "0" + digits[4:]
    if value.lstrip().startswith("+31"):
        return "0" + digits[2:].lstrip("0")
    return digits


_EXAMPLE = re.compile(
    r"(?:\bvoorbeeld|\bbijv(?:oorbeeld)?|\bbv|\bb\.v|\be\.g|\bfor example|\bsuch as|\b(?:de|het) (?:vorm|"
    r"formaat)|"
    r"\bformat|\bzoals|\bingevuld als|\binvullen als|\bexample)[\s.:,('\"]{0,4}$"
)
_SCENE = re.compile(
    r"\b(?:victim|suspect|wanted|slachtoffer|verdachte|getuigen|overval|schietpartij|"
    r"shooting|crash|ongeval)\b"
)
_PREMISES = re.compile(
    r"\b(?:bij|naar|in|at) (?:filiaal|vestiging|winkel|store|branch)\b[^.!?\n]{0,12}$|"
    r"\b(?:het|jullie|uw|the|your) (?:kantoor|winkel|filiaal|vestiging|balie|store|shop|branch|office|"
    r"station|pand|gemeentehuis|restaurant|"
    r"hotel|bouwmarkt|supermarkt|ziekenhuis)\b[^.!?\n]{0,30}$|\b(?:zitten|zit|wonen|zijn) "
    r"jullie\b[^.!?\n]{0,25}$|\b(?:store|shop|restaurant|hotel|branch|winkel|filiaal|vestiging)(?:'s)? "
    r"(?:address|location|adres|is|was|at|op|aan)\b[^.!?\n]{0,20}$|\b(?:onze|our|jullie|your)(?: \w+)? "
    r"(?:winkel|store|shop|balie|kantoor|vestiging|filiaal|office|"
    r"hotel|restaurant)\b[^.!?\n]{0,40}$"
)
_SAMPLES = frozenset(words("naam jouwnaam uwnaam name yourname jouw.naam your.name voorbeeld"))


def is_example(low: str, start: int, end: int, finding: Finding) -> bool:
    """Whether the author shows a form ("bijvoorbeeld 1234 AB", naam@voorbeeld.nl) instead of giving data."""
    if _EXAMPLE.search(low, max(0, start - 25), start):
        return True
    if finding.info_type == "address" and (
        _PREMISES.search(low, max(0, start - 70), start) or _SCENE.search(low, max(0, start - 150), end + 150)
    ):
        return True  # where an organisation receives its customers, or where something happened
    return finding.info_type == "email" and low[start:end].partition("@")[0] in _SAMPLES


def is_own(value: str, finding: Finding, handles: Collection[str], numbers: Collection[str]) -> bool:
    """Whether a value belongs to one of the study's organisations or is a known service line.

    ``numbers`` holds telephone numbers, account numbers and mailboxes (or domains, "@zwaluwlijn.example").
    """
    if not numbers and finding.info_type not in ("phone", "email"):
        return False
    compact = _compact(value)
    if finding.info_type == "phone" and compact in SERVICE_NUMBERS:
        return True
    if finding.info_type == "email":
        domain = compact.rpartition("@")[2]
        names = {handle.lstrip("@").lower() for handle in handles}
        if domain.rpartition(".")[0] in names:
            return True
        return any(
            compact == own.lower() or (own.startswith("@") and compact.endswith(own.lower()))
            for own in numbers
        )
    return any(compact == _compact(own) for own in numbers)
