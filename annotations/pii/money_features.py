"""What the sentence around an amount says about it, as named features for the scoring in ``scoring.py``.

A feature is a short name that a reader understands: ``income word before, beside`` is a word of income that
stands directly before the amount. The weights of the names are learned (``tests/pii/learn_weights.py``).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from annotations.pii.context import Cue
from annotations.pii.message import Message
from annotations.pii.money import Amount

_BOUNDARY = re.compile(r"[.!?](?=\s)|[\n;]")
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_JOINERS = re.compile(r"\b(?:en|maar|and|but|terwijl|want)\b|[,;]")
_PERIOD = re.compile(
    r"(?:[^\w\n]{0,3}(?:netto|bruto|euro|net|gross|pounds)){0,2}[^\w\n]{0,3}"
    r"(?:(?P<month>p/?m\b|p\.m\.|per (?:maand|month|4 weken)|in de maand|de maand|maandelijks|iedere maand|"
    r"elke maand|a month|monthly|pcm|pw\b|p/w|per week|a week|weekly|in de week)|"
    r"(?P<hour>per uur|an hour|p/u|per hour|/uur|/h)|(?P<year>per jaar|a year|p/j|per year|pa\b|jaarlijks))"
)
_TAXED = re.compile(
    r"[^\w\n]{0,3}(?:netto|bruto|gross|net(?! (?:binnen|betaald|zo|als|een|gekocht))|after tax|before tax|"
    r"schoon)\b"
)
_TAXED_BEFORE = re.compile(r"(?:\bnetto|\bbruto|\bgross|\bschoon)[^\w\n]{0,3}(?:[€£$] ?)?$")
PATTERNS = {
    "first person": r"\b(?:ik|'k|k|mijn|m'n|mn|i|i'm|i've|my|ben|mij|me|wij|we|we're|ons|onze|our|min|"
    r"mien)\b",
    "a relative": r"\b(?:moeder|vader|man|vrouw|zoon|dochter|partner|vriend|vriendin|oma|opa|ouders|kind|"
    r"husband|"
    r"wife|mother|father|mom|mum|dad|son|daughter|gezin|buurvrouw|buurman)\b",
    "they pay me": r"\b(?:krijg|kreeg|krijgt|krijgen|kregen|ontvang|ontvangt|stort|storten|gestort|wil|"
    r"jullie|u|"
    r"zullen|teveel|te veel|graag)\b[^.!?\n]{0,45}\b(?:terug|teruggestort|terugbetaald|terugbetalen|"
    r"terugstorten|teruggekregen|vergoed|gecompenseerd|gecrediteerd|retour)\b(?! te betalen)|"
    r"\b(?:jullie|t-mobile|kpn|ziggo|u|belastingdienst|bedrijf|zij|you|they)\b[^.!?\n]{0,12}"
    r"\b(?:moet|moeten|gaan|zouden|zou|zijn|owe|still owe)\b[^.!?\n]{0,8}\b(?:mij|me|ons|us)\b|\bowes? me\b|"
    r"\baan mij\b|\baan ons\b|\brefund|teruggaaf|teruggave|krijg nog|tegoed",
    "you owe us": r"\b(?:you|u|je|jij)\b[^.!?\n]{0,12}\b(?:owe|bent|moet)\b[^.!?\n]{0,15}\b(?:us|ons)\b",
    "direct debit": r"automatische incasso|incasso (?:is|van|op)|geïncasseerd|geincasseerd",
    "your fault": r"\b(?:jullie|hun|uw|eigen|gewoon)(?: eigen)? schuld\b|schuld (?:dat|van)\b",
    "a rule": r"modaal|modale|maximale|minimale|hoe hoog|hoeveel|gemiddeld|minimumloon|wettelijk|"
    r"inkomensgrens|grens|"
    r"drempel|maximaal|maximum|max\b|tot een|vanaf een|bij een|boven een|onder een|meer dan een|boven de|"
    r"onder de|average|minimum wage|threshold|limit\b|heffingskorting|bijstandsnorm|mensen met|iedereen|"
    r"wie |people who|people with|belastingvrij|inkomen tot|toeslag als|kun je|kan je|mag je",
    "in the news": r"directeur|\bceo\b|topman|topmannen|bestuurder|minister|miljard|billion|million|"
    r"miljoen|mln|staatsschuld|"
    r"omzet van|jullie (?:winst|omzet|verdienen)|verdienen jullie|\bkpn\b|ziggo maakt|bonus|nederlander|"
    r"aandeel|bitcoin|beurs|winst van (?:kpn|ns|ziggo|de)",
    "a vacancy": r"vacature|gezocht|salaris(?:indicatie)? (?:tot|van|tussen)|solliciteer|fulltime|parttime|"
    r"fte|salary range|"
    r"hiring|vacancy|join our|\bcao\b|schaal [0-9]|we are looking|we zoeken|wij zoeken|bieden|range",
    "still to pay": r"\b(?:moet|moeten|must|have to|need to|still|wil|wilt|"
    r"willen)\b[^.!?\n]{0,40}\b(?:terugbetalen|"
    r"afbetalen|aflossen|pay back|repay|terughebben)\b|"
    r"\b(?:moet|moeten)\b (?:\w+ ){0,3}?nog\b[^.!?\n]{0,30}\b(?:betalen|afbetalen|aflossen)\b|\bnog "
    r"(?:steeds )?"
    r"[^.!?\n]{0,25}\b(?:te betalen|betalen)\b|\bschuldig\b|\bstill (?:have to|need to|must) pay\b|in "
    r"termijnen|"
    r"in \w+ termijnen|\b(?:termijnen|installments?|instalments?) van\b|payment plan|\b(?:los|lost|"
    r"lossen)\b[^.!?\n]{0,40}\baf\b",
    "in the red": r"\bsta(?:a[nt])?\b[^.!?\n]{0,25}\brood\b|\brood (?:staan|gestaan)\b|\bin het rood\b|in "
    r"het krijt|overdraft|"
    r"overdrawn|in the red",
    "outstanding": r"\bsta(?:at|an)?\b[^.!?\n]{0,25}\bopen\b|\bnog open|openstaa|outstanding|overdue|"
    r"achter(?:stallig|stand)|"
    r"\b(?:loop|lopen|loopt|lig|zit) [^.!?\n]{0,25}achter\b|arrears|\bin de schuld|in debt",
    "claimed back": r"\b(?:vorder|vordert|vorderen|gevorderd)\b[^.!?\n]{0,30}\bterug|terugvorder|"
    r"teruggevorderd|"
    r"claw(?:ed)? back|overpaid|overpayment|naheffing|navordering",
    "living on": r"\b(?:rond ?komen|kom rond|leven (?:wij |we |met [^.!?\n]{1,20} )?van|leef van|get by on|"
    r"live on|"
    r"living on|moet ik (?:van|alles van)|daar kom je|blijft (?:\w+ )?over|rondkomen|alles van betalen)\b",
    "paid already": r"betaald|afgeschreven|overgemaakt|gekost|afgerekend|paid|charged|gekocht|besteld|"
    r"bought|spent",
    "a price": r"abonnement|per persoon|bundel|korting|aanbieding|prijs|kost\b|kosten|price|subscription|"
    r"cost|huur(?! ?achter)|"
    r"factuur|rekening(?! ?courant)|boete|borg|ticket|reparatie|verzendkosten|fee\b|cadeau|voucher",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in PATTERNS.items()}


_EVIDENCE = {
    "income": re.compile(r"income word|gross or net|living on|per (?:month|hour)"),
    "debt": re.compile(r"debt word|still to pay|in the red|outstanding|claimed back"),
}
_CLOSE = re.compile(
    r"(?:income|debt) word \w+, (?:beside|near)|gross or net|living on|in the red|still to pay|outstanding"
)


class Surroundings(NamedTuple):
    """The names of the features, and the words of income and of debt nearest to the amount."""

    features: tuple[str, ...]
    cues: dict[str, Cue]

    def speak_of(self, kind: str) -> bool:
        """Whether anything in the sentence says "income" or "debt"; of a bare number, close to it."""
        reach = _CLOSE if "a bare number" in self.features else _EVIDENCE[kind]
        return any(map(reach.match, self.features))


def clause_of(low: str, amount: Amount) -> tuple[int, int]:
    """The sentence around an amount, at most 120 characters to either side."""
    left, right = max(0, amount.start - 120), min(len(low), amount.end + 120)
    for boundary in _BOUNDARY.finditer(low, left, amount.start):
        left = boundary.end()
    following = _BOUNDARY.search(low, amount.end, right)
    return left, following.start() if following else right


def surroundings(message: Message, amount: Amount) -> Surroundings:
    low = message.low
    left, right = clause_of(low, amount)
    names = [name for name, pattern in _PATTERNS.items() if pattern.search(low, left, right)]
    if "they pay me" in names and "still to pay" in names:
        names.remove("still to pay")  # "jullie moeten mij nog 45 euro terugbetalen"
    names.append("a currency or scale" if amount.sure else "a bare number")
    if message.author_role == "organisation":
        names.append("written by an organisation")
    if amount.value:
        names.append(
            "below 100" if amount.value < 100 else "300 and more" if amount.value >= 300 else "100 to 300"
        )
    if period := _PERIOD.match(low, amount.end):
        names.append(f"per {period.lastgroup}")
    if _TAXED.match(low, amount.end) or _TAXED_BEFORE.search(low, max(0, amount.start - 10), amount.start):
        names.append("gross or net")
    nearest = _nearest(message, amount, left, right)
    for kind, (_cue, distance, side) in nearest.items():
        reach = "beside" if distance <= 10 else "near" if distance <= 30 else "far"
        names.append(f"{kind} word {side}, {reach}")
    spent = nearest.get("purchase")
    for kind in ("income", "debt"):
        if kind in nearest and spent and spent[1] < nearest[kind][1]:
            names.append(f"purchase word nearer than {kind} word")
    if "income" in nearest and "debt" in nearest:
        closer = min(("income", "debt"), key=lambda kind: nearest[kind][1])
        names.append(f"{closer} word nearest")
    return Surroundings(tuple(names), {kind: cue for kind, (cue, _, _) in nearest.items()})


def _nearest(message: Message, amount: Amount, left: int, right: int) -> dict[str, tuple[Cue, float, str]]:
    """Per kind the nearest word, its distance (a joining word counts as 25 characters) and its side."""
    low = message.low
    found: dict[str, tuple[Cue, float, str]] = {}
    previous: Cue | None = None
    for cue in message.context.between(left, right):
        if cue.kind not in ("income", "debt", "purchase"):
            continue
        before = cue.end <= amount.start
        between = low[cue.end : amount.start] if before else low[amount.end : cue.start]
        distance = len(between) + 25.0 * len(_JOINERS.findall(between))
        distance += 30 * any(character.isdigit() for character in _YEAR.sub("", between))
        described = previous and previous.kind == "debt" and cue.start - previous.end <= 2
        for_what = described and (cue.kind == "purchase" or "toeslag" in cue.word)  # what the debt is for
        if not for_what and (cue.kind not in found or distance < found[cue.kind][1]):
            found[cue.kind] = cue, distance, "before" if before else "after"
        previous = cue
    return found
