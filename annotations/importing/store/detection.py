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
from annotations.pii import DETECTOR_VERSION, Candidate, find_candidates

MASKED_TYPES = frozenset({"bsn", "assessment_decision", "credentials"})


@dataclass(frozen=True, slots=True)
class Detection:
    """How texts are scanned: the organisations' own handles are no personal data of anybody."""

    handles: tuple[str, ...] = ()
    strict: bool = False
    version: str = DETECTOR_VERSION


Found = tuple[str | None, Sequence[tuple[Any, ...]], DataRequest | None]
"""The text to store if it is not the one given, its candidates, and what an organisation's message asks for.

A candidate: (start, end, info_type, subtype, confidence, completeness, detector, version, reason,
alternatives), the last two as JSON.
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
    found = find_candidates(text, organisation_handles=how.handles, author_role=author, version=how.version)
    asked = find_data_request(text) if role == "organisation" else None
    if not found:
        return (None, (), asked) if asked else NOTHING
    return mask_for_good(text, found) if how.strict else None, [_plain(one) for one in found], asked


def mask_for_good(text: str, candidates: Sequence[Candidate]) -> str:
    """The text with citizen service numbers, assessment numbers and passwords as bullets of the same length.

    What may be a citizen service number (among its alternatives) is masked as well. Cannot be undone.
    """
    return mask(
        text,
        (
            (found.start, found.end)
            for found in candidates
            if found.info_type in MASKED_TYPES or not MASKED_TYPES.isdisjoint(found.alternatives)
        ),
    )


def is_same_text(stored: str, other: str) -> bool:
    """Whether two texts are the same but for what was masked in the stored one."""
    if stored == other or BULLET not in stored:
        return stored == other
    return len(stored) == len(other) and all(a in (b, BULLET) for a, b in zip(stored, other, strict=True))


def _plain(one: Candidate) -> tuple[Any, ...]:
    reason = {language: one.reason(language) for language in ("nl", "en")}
    return (
        one.start,
        one.end,
        one.info_type,
        one.subtype,
        one.confidence,
        one.completeness,
        one.detector,
        one.version,
        json.dumps(reason, ensure_ascii=False),
        json.dumps(list(one.alternatives)),
    )
