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
_YEAR = re.compile(r"(?:19[5-9]|20[0-3])[0-9]")
_SCALE = r"(?: ?(?:k|mille|duizend|thousand|grand|honderd|ton|miljoen|mln))"
_CURRENCY = r"(?:euro'?s?|eur|€|ekkies|piek|euri)"
_AMOUNT = re.compile(
    rf"(?<![0-9.,])(?<![A-Za-z]-)(?P<pre>(?:€|euro?) ?)?(?<![^\W_])"
    rf"(?P<figure>{_FIGURE})(?P<scale>{_SCALE}(?![^\W_]))?"
    rf"(?P<post> ?{_CURRENCY}(?![^\W_]))?(?![0-9])(?![.,/-][0-9])(?! ?%)",
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
    r"modaal|modale|maximale|minimale|hoe hoog|hoeveel|snelheid|mbit|mb/s|gemiddeld|minimumloon|wettelijk|"
    r"inkomensgrens|grens|drempel|maximaal|maximum|max\b|"
    r"tot een|vanaf een|bij een|"
    r"boven een|onder een|meer dan een|boven de|onder de|average|minimum wage|threshold|limit\b|"
    r"heffingskorting|bijstandsnorm|"
    r"mensen met|directeur|\bceo\b|topman|bestuurder|minister|miljard|billion|bijverdienen|staatsschuld|"
    r"iedereen|wie meer|"
    r"belastingvrij|\bomzet van (?:kpn|ziggo|jullie)|people who|jullie (?:winst|omzet|verdienen)|"
    r"verdienen jullie|kpn|ziggo maakt"
)
_FIRST_PERSON = re.compile(r"\b(?:ik|'k|k|mijn|m'n|mn|i|i'm|my|ben|mij|me|wij|we|ons|onze|our|min|mien)\b")
_REFUND = re.compile(
    r"\b(?:krijg|kreeg|krijgt|krijgen|kregen|ontvang|ontvangt|stort|storten|gestort|wil|jullie|u|zullen|"
    r"teveel|te veel|graag)\b"
    r"[^.!?\n]{0,45}\b(?:terug|teruggestort|terugbetaald|terugbetalen|terugstorten|teruggekregen|vergoed|"
    r"gecompenseerd|"
    r"gecrediteerd|retour)\b(?! te betalen)|\b(?:jullie|t-mobile|kpn|ziggo|u|belastingdienst|bedrijf|zij|"
    r"you)\b[^.!?\n]{0,12}"
    r"\b(?:moet|moeten|gaan|zouden|zou|zijn|owe|still owe)\b (?:mij|me|ons|us)\b|\bowes? me\b|\baan mij\b|"
    r"\baan ons\b|\brefund|"
    r"automatische incasso|incasso is|jullie verdienen|verdienen jullie|(?:jullie|hun|uw|eigen) schuld\b|"
    r"schuld dat|geïncasseerd|geincasseerd|teruggaaf|teruggave"
)
_OWE = re.compile(
    r"\b(?:moet|moeten|must|have to|need to|still)\b[^.!?\n]{0,40}\b(?:terugbetalen|afbetalen|aflossen|"
    r"pay back|repay)\b|"
    r"\b(?:moet|moeten)\b (?:\w+ ){0,3}?nog\b[^.!?\n]{0,30}\b(?:betalen|afbetalen|aflossen)\b|"
    r"\bsta(?:a[nt])?\b[^.!?\n]{0,25}\brood\b|\brood (?:staan|gestaan)\b|"
    r"\bsta(?:at)?\b[^.!?\n]{0,25}\bopen\b|\bnog open|\bschuldig\b|\bstill (?:have to|need to|must) pay\b|"
    r"\bin het rood\b"
)
_OWE_HINTS = ("nog", "rood", "open", "schuldig", "still", "moet", "must", "have to", "need to")
_JOINERS = re.compile(r"\b(?:en|maar|and|but|terwijl|want)\b|[,;]")
_WEAK = frozenset(
    ("toeslag", "zorgtoeslag", "huurtoeslag", "kindgebonden", "kinderopvangtoeslag", "kinderbijslag")
)
_BOUNDARY = re.compile(r"[.!?](?=\s)|[\n;]")


class Amount(NamedTuple):
    start: int
    end: int
    sure: bool  # a currency or a scale stands with it


class Statement(NamedTuple):
    """The word that says what an amount is, and how far it stands from it."""

    distance: float
    kind: str
    word: str
    before: bool


def amounts(message: Message) -> Iterator[Amount]:
    """Everything that may be an amount of money; bare numbers of three to six digits are unsure ones."""
    for match in _AMOUNT.finditer(message.text):
        figure = match["figure"]
        if not figure.strip("0.,-= "):
            continue
        sure = bool(match["pre"] or match["post"] or match["scale"] or figure.endswith(("-", "=")))
        digits = sum(character.isdigit() for character in figure)
        likely = 3 <= digits <= 6 and not figure.startswith("0") and not _YEAR.fullmatch(figure)
        if sure or likely:
            yield Amount(match.start(), match.end(), sure)
    if "duizend" in message.low or "honderd" in message.low:
        for match in _WRITTEN.finditer(message.text):
            yield Amount(match.start() + len(match[0]) - len(match[0].lstrip()), match.end(), True)


def find(message: Message) -> Iterator[Finding]:
    if message.kinds.isdisjoint(("income", "debt")) and not any(map(message.low.__contains__, _OWE_HINTS)):
        return
    for amount in amounts(message):
        left, right = _clause_of(message.low, amount)
        statement = _nearest(message, amount, left, right)
        if statement and _is_stated(message.low[left:right], amount, statement):
            personal = bool(_FIRST_PERSON.search(message.low, left, right))
            yield Finding(
                amount.start,
                amount.end,
                statement.kind,
                "amounts",
                (("amount",), ("before" if statement.before else "after", statement.word)),
                check=1 if amount.sure and personal else 0,
                context=2 if statement.distance < 20 else 1,
            )


def _clause_of(low: str, amount: Amount) -> tuple[int, int]:
    """The sentence around an amount, at most 120 characters to either side."""
    left, right = max(0, amount.start - 120), min(len(low), amount.end + 120)
    for boundary in _BOUNDARY.finditer(low, left, amount.start):
        left = boundary.end()
    following = _BOUNDARY.search(low, amount.end, right)
    return left, following.start() if following else right


def _nearest(message: Message, amount: Amount, left: int, right: int) -> Statement | None:
    """The nearest word of income or debt, unless a word of buying or paying back stands nearer."""
    low = message.low
    best: Statement | None = None
    spending = 1000.0
    previous = None
    for cue in message.context.between(left, right):
        if cue.kind not in ("income", "debt", "purchase"):
            continue
        before = cue.end <= amount.start
        gap = amount.start - cue.end if before else cue.start - amount.end
        between = low[cue.end : amount.start] if before else low[amount.end : cue.start]
        distance = gap + 25.0 * len(_JOINERS.findall(between)) + 30 * any(c.isdigit() for c in between)
        distance += (0 if before else 3) + (12 if cue.word in _WEAK else 0)
        if cue.kind != "purchase" and not before and _JOINERS.search(between):
            continue  # what follows a comma speaks of something else
        described = previous and previous.kind == "debt" and cue.start - previous.end <= 2
        if described and (cue.kind == "purchase" or cue.word in _WEAK):
            continue  # "openstaande rekening", "terugvordering zorgtoeslag": what the debt is for
        if cue.kind == "purchase":
            spending = min(spending, distance)
        elif gap <= 60 and (best is None or distance < best.distance):
            best = Statement(distance, cue.kind, cue.word, before)
        previous = cue
    owe = _OWE.search(low, left, right)
    if (
        owe
        and not _REFUND.search(low, left, right)
        and (best is None or best.kind != "income" or best.distance > 15 or not best.before)
    ):
        word = best.word if best and best.kind == "debt" else owe.group().split()[0]
        best = Statement(min(best.distance if best else 10, 10), "debt", word, owe.start() < amount.start)
        spending += 10
    return best if best and best.distance <= min(spending, 70) else None


def _is_stated(clause: str, amount: Amount, statement: Statement) -> bool:
    """Whether the sentence states a person's income or debt, and not a rule, a promise or somebody's news."""
    if not amount.sure and statement.distance > (18 if statement.kind == "income" else 14):
        return False
    if _REFUND.search(clause) and (statement.kind == "debt" or statement.distance > 12):
        return False
    return not (_GENERAL.search(clause) and not _FIRST_PERSON.search(clause))
