"""From a text to candidates: clean it, ask every recogniser, weigh what overlaps.

A candidate carries the version that made it. Candidates of earlier versions stay in the database, with what
coders decided on them; the code itself finds with the versions listed in ``DETECTORS``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from annotations.pii import rewritten
from annotations.pii.candidate import Candidate, Finding
from annotations.pii.message import Message
from annotations.pii.money import WRITTEN_HINTS
from annotations.pii.normalise import View, mask, normalise
from annotations.pii.organisation import is_example, is_own
from annotations.pii.overlap import settle
from annotations.pii.recognisers import (
    WITH_DIGITS,
    WITH_NUMBERS,
    WITH_WORDS,
    address_told,
    amounts,
    birth_date,
    customer,
    name,
)
from annotations.pii.rules import Rule, findings, is_silenced
from annotations.pii.subject import other_person

DETECTOR_VERSION = "2.3"

_IN_TOWN = re.compile(r" te [A-Z]")
_DIGIT = re.compile("[0-9]")
_TELLING = (
    "@",
    "apenst",
    "apest",
    "-at-",
    "_at_",
    "(a)",
    "[a]",
    "(at)",
    "[at]",
    " at ",
    "{at}",
    "<at>",
    "wachtw",
    "pass",
    "login",
    "inlog",
    "ww",
    "user",
    "pw:",
    *WRITTEN_HINTS,
    "straat",
    "geboren op",
    "geboortedatum",
    "adres",
    "laan",
    "password",
)


def find_candidates(
    text: str,
    *,
    organisation_handles: Collection[str] = (),
    organisation_numbers: Collection[str] = (),
    author_role: str = "",
    version: str = DETECTOR_VERSION,
    rules: Sequence[Rule] = (),
) -> list[Candidate]:
    """The stretches of ``text`` that may be personal data, in order of place; they do not overlap.

    ``organisation_handles`` and ``organisation_numbers`` are the study's own organisations: their
    telephone numbers,
    accounts and mailboxes are no personal data. ``author_role`` ("consumer", "organisation" or "") says
    who wrote the
    message. ``rules`` are the study's own (``rules.py``). ``version`` may carry the version of the rules
    after a plus sign ("2.3+3"). Raises ``KeyError`` for an unknown ``version``.
    """
    found = DETECTORS[version.partition("+")[0]](
        text, organisation_handles, organisation_numbers, author_role, rules
    )
    if version != DETECTOR_VERSION:
        return [replace(each, version=version) for each in found]
    return found


def _findings(message: Message) -> list[Finding]:
    found: list[Finding] = []
    if message.groups:
        long = message.most_digits >= 6 or message.masked_values or message.last_digits
        for recogniser in WITH_NUMBERS if long else ():
            found.extend(recogniser.find(message))
        for recogniser in (amounts, birth_date) if not long and message.only_counts else WITH_DIGITS:
            found.extend(recogniser.find(message))
    elif any(map(message.low.__contains__, WRITTEN_HINTS)):
        found.extend(amounts.find(message))
    elif any(map(message.low.__contains__, address_told.SPOKEN)) and (
        _IN_TOWN.search(message.text)
        or "straat" in message.low
        or "laan" in message.low
        or "address" in message.kinds
    ):
        found.extend(address_told.find(message))
    if not message.groups and "geb" in message.low:
        found.extend(birth_date.in_words(message))
    for recogniser in WITH_WORDS:
        found.extend(recogniser.find(message))
    if found:
        found.extend(name.find_listed(message))
        found.extend(customer.find_listed(message))
    return found


def _among_others(findings: list[Finding]) -> list[Finding]:
    """Drop what only counts among other personal data, where there is too little of that."""
    sure = [finding for finding in findings if finding.check > 0.1 or finding.context]
    return [
        finding
        for finding in findings
        if finding.check > 0.1
        or finding.context
        or any(not (f.start < finding.end and finding.start < f.end) for f in sure)
    ]


def _version_2(
    text: str, handles: Collection[str], numbers: Collection[str], author_role: str, rules: Sequence[Rule]
) -> list[Candidate]:
    view = normalise(text)
    plain = mask(view.text if view else text)
    low = plain.lower()
    has_digit = _DIGIT.search(plain) is not None
    lossy = rewritten.views(plain, low, has_digit)
    telling = has_digit or lossy or any(map(low.__contains__, _TELLING)) or _IN_TOWN.search(plain)
    if not telling and not name.may_hold_a_name(plain, low):
        return []
    found = _findings(Message(plain, author_role))
    found.extend(findings(plain, rules) if rules else ())
    for rewrite in lossy:
        found.extend(_of_rewritten(rewrite, author_role))
    if not found:
        return []
    candidates = []
    for finding, alternatives in settle(_among_others(found)):
        if is_own(plain[finding.start : finding.end], finding, handles, numbers):
            continue
        if is_example(low, finding.start, finding.end, finding):
            continue
        if rules and is_silenced(plain, finding.start, finding.end, finding.info_type, rules):
            continue
        start, end = view.origin(finding.start, finding.end) if view else (finding.start, finding.end)
        candidates.append(_candidate(finding, start, end, alternatives, other_person(low, finding.start)))
    return candidates


def _of_rewritten(view: View, author_role: str) -> list[Finding]:
    """Findings in a lossy reading of the text, as far as they rest on what was rewritten; offsets of the
    plain text."""
    found = []
    for finding in _findings(Message(view.text, author_role)):
        if any(start < finding.end and finding.start < end for start, end in view.changed):
            start, end = view.origin(finding.start, finding.end)
            clauses = (("rewritten",), *finding.clauses)
            found.append(
                Finding(
                    start,
                    end,
                    finding.info_type,
                    finding.detector,
                    clauses,
                    finding.subtype,
                    finding.check,
                    finding.context,
                    finding.completeness,
                )
            )
    return found


def _candidate(
    finding: Finding, start: int, end: int, alternatives: tuple[str, ...], other: str | None
) -> Candidate:
    clauses = (*finding.clauses, ("other_person", other)) if other else finding.clauses
    return Candidate(
        start,
        end,
        finding.info_type,
        finding.subtype,
        finding.confidence,
        finding.detector,
        DETECTOR_VERSION,
        clauses,
        alternatives,
        finding.completeness,
        finding.proven,
        "other_person" if other else "",
    )


Find = Callable[[str, Collection[str], Collection[str], str, Sequence[Rule]], list[Candidate]]
DETECTORS: dict[str, Find] = {"2.3": _version_2}
"""Every version that a stored candidate may name."""
