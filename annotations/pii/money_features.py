"""What the sentence around an amount says about it, as named features for the scoring in ``scoring.py``.

A feature is a short name that a reader understands: ``income word before, beside`` is a word of income that
stands directly before the amount. The weights of the names are learned (``tests/pii/learn_weights.py``); the
words behind them stand in ``money_words.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from annotations.pii.context import Cue
from annotations.pii.literals import Filter
from annotations.pii.message import Message
from annotations.pii.money import Amount
from annotations.pii.money_words import AFTER_PATTERNS, BEFORE_PATTERNS, BESIDE_PATTERNS, SAID_PATTERNS

_BOUNDARY = re.compile(r"(?<!p\.m)[.!?](?=\s)|[\n;]")
_YEAR = re.compile(r"\b(?:(?:19|20)[0-9]{2}|(?:week|wk|periode|maand) [0-9]{1,2})\b")
_JOINERS = re.compile(r"\b(?:en|maar(?!(?: \w+)? ?$)|and|but|terwijl|want)\b|[,;]")
_PERIOD = re.compile(
    r"(?:[^\w\n]{0,3}(?:netto|bruto|euro|net|gross|pounds)){0,2}[^\w\n]{0,3}"
    r"(?:(?P<month>p/?m\b|p\.m\.|per (?:maand|month|4 weken)|in de maand|de maand|maandelijks|iedere maand|"
    r"elke maand|(?:a|each|every) month|monthly|pcm|pw\b|p/w|per week|(?:a|each|every) (?:week|"
    r"fortnight)|weekly|"
    r"in de week)|"
    r"(?P<hour>per uur|an hour|p/u|per hour|/ ?uur|/ ?hr?\b)|(?P<year>per jaar|a year|p/j|per year|pa\b|"
    r"jaarlijks|"
    r"op jaarbasis))"
)
_PERIOD_BEFORE = re.compile(
    r"(?:\b(?:per|elke|iedere) (?:week|(?:4|vier) weken)|every (?:week|fortnight|(?:4|"
    r"four) weeks)|\bper maand|maandelijks|elke maand|iedere maand|monthly)\b[^.!?\n]{0,25}$"
)
_TAXED = re.compile(
    r"[^\w\n]{0,3}(?:netto|bruto|gross|net(?! (?:binnen|betaald|zo|als|een|gekocht))|after tax|before "
    r"tax|schoon)\b"
)
_TAXED_BEFORE = re.compile(
    r"(?:\bnetto|\bbruto|\bgross|\bschoon|\bnet (?:pay|wage|salary)|\b(?:netto|bruto)(?:loon|"
    r"salaris))[^\w\n]{0,3}(?:(?:is|was|zit|kom|ik|we|wij|op|aan|nu|nog|"
    r"ongeveer|rond|van|of|dus)"
    r"[^\w\n]{1,3}){0,5}(?:[€£$] ?)?$"
)
_TIMES = re.compile(r"[0-9] ?(?:x|maal|keer|times) ?(?:[€£$] ?)?$")
_BELOW_ZERO = re.compile(r"(?:(?<=[^\W\d_])[.,:]{0,2}[ (]|-/)- ?(?:[€£$] ?)?$")
_BENEFIT = re.compile("toeslag|kindgebonden|uitkering|bijstand|voorschot|studiefinanciering")
_SEIZED = re.compile(r"(?:beslag\w*|garnish\w*|inhouding\w*|ingehouden)[^.!?\n]{0,20}$")
"""Wages on which a creditor has laid hands."""
_TO_GIVE_BACK = re.compile(
    r"\b(?:moet|moeten|moest|willen?|wilt?|eis(?:t|en)|vorder(?:t|en)?|laten|laat)\b[^.!?\n]{0,70}"
    r"\b(?:terug(?! (?:krijg|gekregen|hebben van)|gekregen|krijg)|bijbetalen|inlossen)"
)
"""A benefit that has to be given back is a debt."""
_TO_NEXT = re.compile(
    r"[^\w\n]*(?:(?!(?:kost\w*|betal\w*|betaal\w*|huur|rekening|premie|abonnement|fee|bill|rent|charged?|"
    r"pay|paid|took|afgeschreven|wil|woning)\b)[^\W\d]+[^\w\n]*){0,9}"
)

_EVIDENCE = {
    "income": re.compile(
        r"income word|gross or net|living on|per (?:month|hour)|received|works|wages|comes in|first person, "
        r"per|a payer of income|"
        r"after an amount of income|what is left"
    ),
    "debt": re.compile(
        r"debt word|still to pay|in the red|outstanding|claimed back|a debt collector|below zero|so many "
        r"times|back to them|cannot pay|in parts|stays open|"
        r"after an amount of debt"
    ),
}
_CLOSE = re.compile(
    r"(?:income|debt) word \w+, (?:beside|near)|gross or net|living on|in the red|still to pay|outstanding|"
    r"claimed back|a payer of income|below zero|a total|after an amount of|what is left|a debt collector"
)


_ONLY_RECEIVED = re.compile("(?:first person, )?received|comes in")
BEYOND_DOUBT = 0.7
"""The chance from which a bare number needs no word close by."""


_OF_MINE = ("received", "per month", "living on", "cannot pay")


class Surroundings(NamedTuple):
    """The names of the features, and the words of income and of debt nearest to the amount."""

    features: tuple[str, ...]
    cues: dict[str, Cue]

    def speak_of(self, kind: str, chance: float = 1) -> bool:
        """Whether anything in the sentence says "income" or "debt"; of a bare number, close to it or beyond
        much doubt."""
        bare = "a bare number" in self.features
        if (bare or "written as an amount" in self.features) and chance < BEYOND_DOUBT:
            return any(map(_CLOSE.match, self.features))
        return any(map(_EVIDENCE[kind].match, self.features)) and not (
            bare and all(map(_ONLY_RECEIVED.match, filter(_EVIDENCE[kind].match, self.features)))
        )


_NOTHING = Surroundings((), {})
_ANY_EVIDENCE = re.compile("|".join(pattern.pattern for pattern in _EVIDENCE.values())).match
_FILTER = Filter({**SAID_PATTERNS, **BESIDE_PATTERNS, **BEFORE_PATTERNS, **AFTER_PATTERNS})
_SAID = _FILTER.bits(lambda name: name in SAID_PATTERNS)
_BESIDE, _BEFORE, _AFTER = (
    _FILTER.bits(patterns.__contains__) for patterns in (BESIDE_PATTERNS, BEFORE_PATTERNS, AFTER_PATTERNS)
)
_EVIDENT = _FILTER.bits(_ANY_EVIDENCE)


def clause_of(low: str, amount: Amount) -> tuple[int, int]:
    """The sentence around an amount, at most 120 characters to either side."""
    left, right = max(0, amount.start - 120), min(len(low), amount.end + 120)
    for boundary in _BOUNDARY.finditer(low, left, amount.start):
        left = boundary.end()
    following = _BOUNDARY.search(low, amount.end, right)
    return left, following.start() if following else right


def follows(low: str, earlier: Amount, amount: Amount) -> bool:
    """Whether an amount continues an earlier one ("maart 1.450, nu 1.390"); paying breaks it off."""
    between = low[earlier.end : amount.start]
    return len(between) <= 60 and _TO_NEXT.fullmatch(between) is not None


def surroundings(message: Message, amount: Amount, before: str = "") -> Surroundings:
    """``before``: what the amount that this one follows was, "income" or "debt"; "" if it follows none.

    Where nothing speaks of income or debt, the rest of the sentence is not read.
    """
    low = message.sentence_text
    seen = seen_in(message)
    left, right = clause_of(low, amount)
    if (left, right) not in message.said:
        message.said[left, right] = _matching(seen & _SAID & _EVIDENT, low, left, right), None
    speaking, rest = message.said[left, right]
    around = max(left, amount.start - 45), min(right, amount.end + 25)
    closely = _matching(seen & _BESIDE, low, *around)
    closely += [
        name
        for name, pattern in _FILTER.possible(seen & _AFTER, low[amount.end : right])
        if pattern.match(low, amount.end, right)
    ]
    closely += _shape(message, amount)
    nearest = _nearest(message, amount, left, right)
    if (
        not before
        and nearest.keys().isdisjoint(("income", "debt"))
        and not any(map(_ANY_EVIDENCE, (*speaking, *closely)))
    ):
        return _NOTHING
    if rest is None:
        rest = _matching(seen & _SAID & ~_EVIDENT, low, left, right)
        message.said[left, right] = speaking, rest
    names = [*speaking, *rest, *closely]
    if "they pay me" in names and "still to pay" in names:
        names.remove("still to pay")  # "jullie moeten mij nog 45 euro terugbetalen"
    names += _matching(seen & _BEFORE, low, max(left, amount.start - 45), amount.start)
    if "first person" in names:
        names += [f"first person, {name}" for name in _OF_MINE if name in names]
    if before:
        names.append(f"after an amount of {before}")
    return Surroundings(
        (*names, *_of_the_nearest(nearest)), {kind: cue for kind, (cue, _, _) in nearest.items()}
    )


def seen_in(message: Message) -> int:
    """The patterns that the message may match anywhere (``literals.Filter``)."""
    if message.money_seen is None:
        message.money_seen = _FILTER.seen(message.sentence_text)
    return message.money_seen


def _matching(bits: int, low: str, left: int, right: int) -> list[str]:
    """The names of the patterns that match in a stretch."""
    return [
        name for name, pattern in _FILTER.possible(bits, low[left:right]) if pattern.search(low, left, right)
    ]


def _of_the_nearest(nearest: dict[str, tuple[Cue, float, str]]) -> Iterator[str]:
    for kind, (_cue, distance, side) in nearest.items():
        reach = "beside" if distance <= 10 else "near" if distance <= 30 else "far"
        yield f"{kind} word {side}, {reach}"
    spent = nearest.get("purchase")
    for kind in ("income", "debt"):
        if kind in nearest and spent and spent[1] < nearest[kind][1]:
            yield f"purchase word nearer than {kind} word"
    if "income" in nearest and "debt" in nearest:
        closer = min(("income", "debt"), key=lambda kind: nearest[kind][1])
        yield f"{closer} word nearest"


def _shape(message: Message, amount: Amount) -> list[str]:
    """What the amount itself, and what is written on to it, says."""
    low = message.sentence_text
    names = [
        "a currency or scale"
        if amount.sure
        else "written as an amount"
        if amount.written
        else "a bare number"
    ]
    if message.author_role == "organisation":
        names.append("written by an organisation")
    before = max(0, amount.start - 40)
    period = _PERIOD.match(low, amount.end)
    if period:
        names.append(f"per {period.lastgroup}")
    elif _PERIOD_BEFORE.search(low, before, amount.start):
        names.append("per month")
    if _TIMES.search(low, before, amount.start):
        names.append("so many times")
    elif amount.value and not (period and period["hour"]):
        weekly = period and "w" in (period["month"] or "")
        monthly = amount.value * (4 if weekly else 1)
        names.append("below 100" if monthly < 100 else "300 and more" if monthly >= 300 else "100 to 300")
    if _TAXED.match(low, amount.end) or _TAXED_BEFORE.search(low, before, amount.start):
        names.append("gross or net")
    if _BELOW_ZERO.search(low, max(0, amount.start - 6), amount.start):
        names.append("below zero")
    if re.search(
        r"\b(?:totaal|samen|in total|total of|"
        r"combined)\b",
        low[max(0, amount.start - 20) : amount.end + 15],
    ):
        names.append("a total")
    return names


def _nearest(message: Message, amount: Amount, left: int, right: int) -> dict[str, tuple[Cue, float, str]]:
    """Per kind the nearest word, its distance (a joining word counts as 25 characters) and its side."""
    low = message.sentence_text
    found: dict[str, tuple[Cue, float, str]] = {}
    previous: Cue | None = None
    demanded = _TO_GIVE_BACK.search(low, left, right) is not None
    cues = message.context.between(left, right)
    for index, cue in enumerate(cues):
        following = cues[index + 1] if index + 1 < len(cues) else None
        if cue.kind not in ("income", "debt", "purchase"):
            continue
        before = cue.end <= amount.start
        between = low[cue.end : amount.start] if before else low[amount.end : cue.start]
        distance = len(between) + 25.0 * len(_JOINERS.findall(between))
        distance += 30 * any(character.isdigit() for character in _YEAR.sub("", between))
        described = previous and previous.kind == "debt" and cue.start - previous.end <= 2
        owed = following is not None and following.kind == "debt" and following.start - cue.end <= 2
        benefit = cue.kind == "income" and _BENEFIT.search(cue.word) is not None
        seized = (
            cue.kind == "income" and _SEIZED.search(low, max(left, cue.start - 30), cue.start) is not None
        ) or (
            cue.kind == "income"
            and not before
            and between.lstrip().startswith(("op ", "van ", "on ", "from "))
            and _SEIZED.search(low, left, amount.start) is not None
        )
        for_what = (
            seized or ((described or owed) and (cue.kind == "purchase" or benefit)) or (benefit and demanded)
        )  # what the debt is for
        if not for_what and (cue.kind not in found or distance < found[cue.kind][1]):
            found[cue.kind] = cue, distance, "before" if before else "after"
        previous = cue
    return found


_SHAPE_OF_EVIDENCE = re.compile(
    r"netto|bruto|gross|schoon|\bnet\b|tax|p/|p\.m|\bp[mw]\b|\bpcm|\bper |\b(?:an?|each|every) (?:month|"
    r"hour|week|fortnight)|"
    r"monthly|weekly|(?:de|elke|iedere) maand|de week|/ ?h|/ ?uur|[0-9] ?(?:x|maal|keer|times) ?[€£$0-9]|[ "
    r"(/]- ?[€£$0-9]"
)


def may_hold_evidence(message: Message) -> bool:
    """Whether a message may say anything for which an amount is judged: quick, and never wrongly False."""
    return bool(seen_in(message) & _EVIDENT) or _SHAPE_OF_EVIDENCE.search(message.sentence_text) is not None
