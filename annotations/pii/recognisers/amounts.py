"""Income and debt: an amount, and a statement that says whose money it is.

An amount is € 1.234,56, EUR 1234,-, 1200 euro, 2k, 1,5 mille, 15 honderd; beside a word such as "netto" or
"schuld" also
a bare number. It is income or debt when a word of that kind is nearer to it than a word of buying and
paying back
("abonnement", "teruggaaf", "kosten"). General statements ("modaal inkomen", "tot een inkomen van") are
left out. Income and
debt without a figure ("ik zit in de bijstand") are not found: rules cannot tell them from general talk.

>>> from annotations.pii.message import Message
>>> text = "verdien 1450 netto, heb €2.300 schuld en betaal 35 euro voor mijn abonnement"
>>> [(text[f.start:f.end], f.info_type) for f in find(Message(text))]
[('1450', 'income'), ('€2.300', 'debt')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from annotations.pii.candidate import Finding
from annotations.pii.message import Message

_FIGURE = (
    r"[0-9]{1,3}(?:[. ][0-9]{3})+(?:,[0-9]{2}|,-+)?|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{2})?|"
    r"[0-9]{1,7}(?:[.,][0-9]{1,2}(?![0-9]))?(?:,-+|,=)?"
)
_SCALE = r"(?: ?(?:k|mille|duizend|thousand|grand|honderd|ton|miljoen|mln))"
_CURRENCY = r"(?:euro'?s?|eur|€|ekkies|piek|euri)"
_AMOUNT = re.compile(
    rf"(?<![0-9.,])(?P<pre>(?:€|euro?) ?)?(?<![^\W_])(?P<figure>{_FIGURE})(?P<scale>{_SCALE}(?![^\W_]))?"
    rf"(?P<post> ?{_CURRENCY}(?![^\W_]))?(?![0-9])(?![.,/-][0-9])",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    r"(?<![^\W_])(?:(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|"
    r"vijftien|zestien|zeventien|"
    r"achttien|negentien|twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig|"
    r"anderhalf)? ?(?:honderd|duizend|ton)(?:vijftig|twintig)?)"
    rf"(?: ?{_CURRENCY})?(?![^\W_])",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"modaal|modale|gemiddeld|minimumloon|minimum|wettelijk|inkomensgrens|grens|drempel|maximaal|tot een|"
    r"vanaf een|bij een|boven een|onder een|"
    r"meer dan een|boven de|onder de|average|minimum wage|threshold|limit|heffingskorting|bijstandsnorm|"
    r"toetsingsinkomen van meer|mensen met|"
    r"directeur|ceo|topman|bestuurder|minister|miljard|bijverdienen tot|staatsschuld|iedereen|wie meer|"
    r"als je|people|billion|omzet van (?:kpn|ziggo)|belastingvrij"
)
_PERSONAL = re.compile(
    r"\b(?:ik|mijn|me|mij|m'n|mn|we|wij|ons|onze|i|my|i'm|our|heb|ben|'k|zijn|haar|hij|zij|ze|moeder|vader|"
    r"man|vrouw|hun|zoon|dochter|partner|her|his|your|je|jouw|uw|u)\b"
)
_REFUND = re.compile(
    r"(?:krijg|kreeg|krijgt|krijgen|kregen|ontvang|ontvangt|stort|storten|gestort|wil|jullie|u|zullen|"
    r"teveel|te veel)\b[^.!?\n]{0,40}\b(?:terug|teruggestort|terugbetaald|"
    r"terugbetalen|terugstorten|teruggekregen|vergoed|gecompenseerd|gecrediteerd)\b|(?:jullie|t-mobile|kpn|"
    r"ziggo|u|belastingdienst) (?:moet|moeten|gaan|zouden|zou) (?:mij|me|ons)|mij nog|you owe me|owe me|"
    r"jullie zijn (?:mij|me)|(?:schuldig aan mij)|"
    r"refund|automatische incasso|geïncasseerd|geincasseerd|teruggaaf|teruggave|you still owe me"
)
_OWE = re.compile(
    r"(?:moet|moeten|must|have to|need to|still)\b[^.!?\n]{0,30}\b(?:terugbetalen|afbetalen|aflossen|"
    r"pay back|repay|pay)\b|"
    r"(?:moet|moeten) (?:ik |we |wij )?nog\b[^.!?\n]{0,30}\bbetalen\b|rood\b|"
    r"staat? (?:nog )?(?:[^.!?\n]{0,20})open\b|nog open(?:staan)?\b|schuldig"
)
_RATE = re.compile(r"\s?(?:bruto|netto|gross|net|schoon|in de hand|after tax|before tax)\b")
_BOUNDARY = re.compile(r"[.!?](?=\s)|[\n;]")


class Amount(NamedTuple):
    start: int
    end: int
    sure: bool  # a currency or a scale stands with it


def amounts(message: Message) -> Iterator[Amount]:
    """Everything that may be an amount of money; bare numbers of three to six digits are unsure ones."""
    text = message.text
    for match in _AMOUNT.finditer(text):
        sure = bool(match["pre"] or match["post"] or match["scale"] or match["figure"].endswith(("-", "=")))
        figure = match["figure"]
        digits = sum(character.isdigit() for character in figure)
        if not sure and not (3 <= digits <= 6):
            continue
        if not sure and re.fullmatch(r"(?:19[5-9]|20[0-3])[0-9]", figure):
            continue
        if figure.startswith("0") and not sure:
            continue
        yield Amount(match.start(), match.end(), sure)
    if "duizend" in message.low or "honderd" in message.low:
        for match in _WRITTEN.finditer(text):
            value = match.group()
            start = match.start() + len(value) - len(value.lstrip())
            yield Amount(start, match.end(), True)


def find(message: Message) -> Iterator[Finding]:
    kinds = {cue.kind for cue in message.context.cues}
    if not kinds & {"income", "debt"} and not _OWE.search(message.low):
        return
    for amount in amounts(message):
        finding = _stated(message, amount)
        if finding:
            yield finding


def _clause_of(low: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around a place, at most 120 characters to either side."""
    left = max(0, start - 120)
    for boundary in _BOUNDARY.finditer(low, left, start):
        left = boundary.end()
    following = _BOUNDARY.search(low, end, min(len(low), end + 120))
    return left, following.start() if following else min(len(low), end + 120)


def _stated(message: Message, amount: Amount) -> Finding | None:
    low = message.low
    left, right = _clause_of(low, amount.start, amount.end)
    clause = low[left:right]
    best: tuple[float, str, str, bool] | None = None
    spending = 1000.0
    for cue in message.context.cues:
        if cue.end <= left or cue.start >= right or cue.kind not in ("income", "debt", "purchase"):
            continue
        before = cue.end <= amount.start
        gap = amount.start - cue.end if before else cue.start - amount.end
        between = low[cue.end : amount.start] if before else low[amount.end : cue.start]
        distance = (
            gap
            + 25 * len(re.findall(r"\b(?:en|maar|and|but|terwijl|want)\b|[,;]", between))
            + 30 * bool(re.search(r"[0-9]", between))
        )
        if cue.kind == "purchase":
            spending = min(spending, distance)
        elif gap <= 60 and (best is None or distance < best[0]):
            best = (distance, cue.kind, cue.word, before)
    owe = _OWE.search(clause)
    if owe and (best is None or best[1] != "income" or best[0] > 15) and not _REFUND.search(clause):
        best = (
            min(best[0], 10) if best else 10,
            "debt",
            best[2] if best and best[1] == "debt" else owe.group().split()[0],
            True,
        )
    if best is None:
        return None
    distance, kind, word, before = best
    if spending < distance or distance > 70:
        return None
    if not amount.sure and distance > (18 if kind == "income" else 14):
        return None
    if kind == "debt" and _REFUND.search(clause):
        return None
    if kind == "income" and _REFUND.search(clause) and distance > 12:
        return None
    if _GENERAL.search(clause) and not re.search(r"\b(?:ik|mijn|i|my|m'n|mn)\b", clause):
        return None
    personal = bool(_PERSONAL.search(clause))
    return Finding(
        amount.start,
        amount.end,
        kind,
        kind,
        (("amount",), ("before" if before else "after", word)),
        check=1 if amount.sure and personal else 0,
        context=2 if distance < 20 else 1,
    )
