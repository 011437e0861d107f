"""Income and debt: an amount, judged by its sentence.

What an amount is cannot be seen from its shape. The sentence is read into named features (which word of
income,
debt or buying is nearest, who speaks, whether it is paid back, a rule, a vacancy …), and learned weights turn
these into the chances that it is somebody's income, somebody's debt, or neither (``money_features``,
``scoring``). Income and debt without a figure ("ik zit in de bijstand") are not found.

>>> from annotations.pii.message import Message
>>> text = "verdien 1450 netto. Heb €2.300 schuld. Heb net 250 euro betaald voor de reparatie"
>>> [(text[f.start:f.end], f.info_type) for f in find(Message(text))]
[('1450', 'income'), ('€2.300', 'debt')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotations.pii.candidate import Finding
from annotations.pii.context import Cue
from annotations.pii.message import Message
from annotations.pii.money import Amount, amounts
from annotations.pii.money_features import follows, may_hold_evidence, surroundings
from annotations.pii.scoring import chances, weights

_LIKE_AN_AMOUNT = re.compile(
    r"[0-9](?:[0-9]{2}|[.,]|\s?(?:[€£$k]|eur|e u r|piek|ekkies|mille|ton\b|grand|quid|bucks|mi?l[jn]|"
    r"pound|dollar|"
    r"p/?[mu]|p\.m|per|a |an ))|[€£$]|\beuro? ?[0-9]|gbp|usd|duizend|honderd|thousand|hundred|grand|\bton\b"
)
"""The first filter: three digits, a currency, a scale or "per hour" with a digit."""

LIKELY, CERTAIN = 0.5, 0.9
"""The chances from which an amount is a candidate, and from which it is a high one."""


def find(message: Message) -> Iterator[Finding]:
    if not may_speak_of_money(message):
        return
    table = weights("amounts")
    earlier: tuple[Amount, str] | None = None
    for amount in amounts(message):
        before = earlier[1] if earlier and follows(message.low, earlier[0], amount) else ""
        said = surroundings(message, amount, before)
        each = chances(said.features, table)
        kind = max("income", "debt", key=each.__getitem__)
        chance = each[kind]
        earlier = None
        if each["none"] > 1 - LIKELY or not said.speak_of(kind, chance):
            continue
        earlier = amount, kind
        yield _finding(amount, kind, chance, said.cues.get(kind))


def may_speak_of_money(message: Message) -> bool:
    """Whether any word gives reason to look at the amounts: the quick way out for most messages."""
    if not _LIKE_AN_AMOUNT.search(message.low):
        return False
    return not message.kinds.isdisjoint(("income", "debt")) or may_hold_evidence(message)


def _finding(amount: Amount, kind: str, chance: float, cue: Cue | None) -> Finding:
    clauses: list[tuple[str | int, ...]] = [("amount",)]
    if cue is not None:
        clauses.append(("before" if cue.end <= amount.start else "after", cue.word))
    clauses.append(("chance", round(100 * chance)))
    return Finding(
        amount.start,
        amount.end,
        kind,
        "amounts",
        tuple(clauses),
        check=1 if chance >= CERTAIN else 0,
        context=1 + (chance >= CERTAIN),
    )
