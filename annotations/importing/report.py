"""What came of an import: the figures of the contract, and the sentences for what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from ..errors import BadInput
from .read.rows import Problem

SHOWN = 50


@dataclass(slots=True)
class Report:
    """Counts of one import.

    messages_new: messages stored, placeholders that were filled among them; messages_known: messages of the
    files that were there already. placeholders: messages referred to and in no file so far; orphans: messages
    whose parent is such a placeholder; branches: messages with more than one reply. removed: what a
    strict study must not hold and was made unreadable for good, by kind of information.
    """

    format: str = ""
    rows: int = 0
    messages_new: int = 0
    messages_known: int = 0
    conversations_new: int = 0
    placeholders: int = 0
    orphans: int = 0
    branches: int = 0
    duplicates: int = 0
    repairs: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    candidates: int = 0
    removed: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def language() -> str:
    """The language that sentences are made in: that of the page, English in commands."""
    return "nl" if (translation.get_language() or "").startswith("nl") else "en"


def refusal(problems: Sequence[Problem], count: int) -> BadInput:
    """One sentence for each of the first problems that refuse an import."""
    refusing = [problem for problem in problems if problem.severity != "notice"]
    sentences = [problem.sentence(language()) for problem in refusing[:SHOWN]]
    if count > len(sentences):
        sentences.append(_("And %(count)d more.") % {"count": count - len(sentences)})
    return BadInput(sentences)
