"""Candidates for many texts, and the masking of what a strict study must not hold.

Pure: it also runs in another process.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from annotations.common.masking import BULLET, mask
from annotations.importing.facts.data_requests import DataRequest, find_data_request
from annotations.pii import DETECTOR_VERSION, Candidate, Rule, find_candidates

MASKED_TYPES = frozenset({"bsn", "assessment_decision", "credentials"})
WITH_CHECK_DIGITS = frozenset({"bsn", "assessment_decision"})  # high: they agree, and a word nearby says so


@dataclass(frozen=True, slots=True)
class Detection:
    """How texts are scanned: the organisations' own handles are no personal data of anybody."""

    handles: tuple[str, ...] = ()
    strict: bool = False
    version: str = DETECTOR_VERSION
    rules: tuple[Rule, ...] = ()


Found = tuple[str | None, Sequence[tuple[Any, ...]], DataRequest | None]
"""The text to store if it is not the one given, its candidates, and what an organisation's message asks for.

A candidate: (start, end, info_type, subtype, confidence, completeness, subject, detector, version,
reason, alternatives), the last two as JSON.
"""

NOTHING: Found = (None, (), None)
"""One object for the many texts without a finding: it crosses from process to process once."""


def scan(texts: Sequence[tuple[str, str]], how: Detection) -> list[Found]:
    """For every (text, role of its author) what is found in it."""
    return [_scan(text, role, how) for text, role in texts]


def _scan(text: str, role: str, how: Detection) -> Found:
    if not text:
        return NOTHING
    author = role if role in {"consumer", "organisation"} else ""
    found = find_candidates(
        text, organisation_handles=how.handles, author_role=author, version=how.version, rules=how.rules
    )
    asked = find_data_request(text) if role == "organisation" else None
    if not found:
        return (None, (), asked) if asked else NOTHING
    return (
        mask_for_good(text, found) if how.strict else None,
        [_plain(candidate) for candidate in found],
        asked,
    )


def is_removed(found: Candidate) -> bool:
    """Whether a strict study may not hold it: of a kind it must not hold, and shown by check digits or form.

    What is not proven stays: bullets that cannot be undone must not take words that are no such thing. It is
    masked on the screen, like every candidate.
    """
    is_checked = found.info_type in WITH_CHECK_DIGITS and found.confidence == "high"
    return found.info_type in MASKED_TYPES and (found.proven or is_checked)


def mask_for_good(text: str, candidates: Sequence[Candidate]) -> str:
    """The text with proven citizen service numbers, assessment numbers and passwords as bullets of the same
    length. Cannot be undone.
    """
    return mask(text, ((found.start, found.end) for found in candidates if is_removed(found)))


def removed_from(masked: str | None, spans: Sequence[tuple[Any, ...]]) -> list[str]:
    """The kinds of what was removed from a text for good, once for each place."""
    if masked is None:
        return []
    return [span[2] for span in spans if set(masked[span[0] : span[1]]) == {BULLET}]


def is_same_text(stored: str, other: str) -> bool:
    """Whether two texts are the same but for what was masked in one of them."""
    if stored == other or (BULLET not in stored and BULLET not in other):
        return stored == other
    return len(stored) == len(other) and all(
        a == b or BULLET in (a, b) for a, b in zip(stored, other, strict=True)
    )


def _plain(one: Candidate) -> tuple[Any, ...]:
    reason = {language: one.reason(language) for language in ("nl", "en")}
    return (
        one.start,
        one.end,
        one.info_type,
        one.subtype,
        one.confidence,
        one.completeness,
        one.subject,
        one.detector,
        one.version,
        json.dumps(reason, ensure_ascii=False),
        json.dumps(list(one.alternatives)),
    )
