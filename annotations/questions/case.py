"""A question with its unit: what it is about, what stands there, what the coder answered. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..codebooks.language import in_language
from ..codebooks.lookup import lookup
from ..coding.answers import CONVERSATION, load_state
from ..coding.marks import is_masked
from ..common.masking import mask
from ..finals.thread import masked_places
from ..finals.wording import value_label
from ..models import Coding, Question, Study

LONGEST = 240
"""Characters of a quotation."""


@dataclass(frozen=True)
class Shown:
    """`quote`: of the message or fragment, masked as the study asks. `is_unread`: for the coder who looks."""

    question: Question
    variable: str
    quote: str
    is_unread: bool = False

    @property
    def is_provisional(self) -> bool:
        """The coder finished the unit while the question is open."""
        coding = getattr(self.question.assignment, "coding", None)
        is_open = self.question.state == Question.State.OPEN
        return is_open and coding is not None and coding.state == Coding.State.FINISHED


def shown(
    study: Study, questions: Iterable[Question], language: str, *, unread: Iterable[int] = ()
) -> list[Shown]:
    """A page of questions, in a constant number of queries."""
    rows = list(questions)
    new = set(unread)
    conversations = {row.assignment.conversation_id for row in rows}
    masked = masked_places(study, list(conversations)) if rows and is_masked(study) else {}
    found = []
    for row in rows:
        label = ""
        if row.variable is not None:
            spec = lookup(row.variable.version_id).spec.by_key[row.variable.key]
            label = in_language(spec.label, language)
        quote = ""
        if row.message is not None:
            text = mask(row.message.text, masked.get(row.message.pk, []))
            quote = text[row.start : row.end] if row.start is not None else text
            quote = quote if len(quote) <= LONGEST else f"{quote[:LONGEST]}…"
        found.append(Shown(row, label, quote, row.pk in new))
    return found


def answer_of_asker(question: Question, language: str) -> str:
    """What the one who asked has answered there so far; empty where nothing, or no variable is meant."""
    coding = Coding.objects.select_related("assignment__round").filter(assignment=question.assignment).first()
    if coding is None or question.variable is None:
        return ""
    state = load_state(coding)
    spec = state.codebook.spec.by_key[question.variable.key]
    if spec.level == "span":
        return ""
    key = CONVERSATION if spec.level == "conversation" else ("message", question.message_id)
    known = state.answers.get(key, {}).get(spec.key)
    return value_label(state.codebook, spec, known.value, language) if known else ""
