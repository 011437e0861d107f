"""What a detector hands over: a candidate, and the finding it was made from.

A candidate is a suggestion to a coder, never a fact. It therefore says where it is, what it might be, how
sure the detector is, and why it thinks so.
"""

from __future__ import annotations

from dataclasses import dataclass

from annotations.pii.reasons import Clause, sentence

STUDY_TYPES = (
    "address",
    "email",
    "phone",
    "iban",
    "customer_order_invoice",
    "assessment_decision",
    "income",
    "debt",
    "bsn",
)
"""The nine kinds of information that the tables of the 2019 study count."""

EXTRA_TYPES = ("name", "birth_date", "postcode_only", "credentials", "id_document", "other")
"""The further kinds that the detector finds."""

BY_WORDS_ALONE = frozenset({"income", "debt", "name", "credentials"})
"""Types without a form of their own: the words around the value are all that speaks for them."""

FULL, PARTIAL, MASKED = "full", "partial", "masked"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of a message that may be personal data.

    ``start`` and ``end`` count code points of the text that was given; ``text[start:end]`` is the value
    without the words around it. ``info_type`` is a category of the codebook's variable ``info_type``;
    ``subtype`` the finer kind ("" where there is none). ``confidence`` is "high" where a check and a
    context word agree, else "medium". ``proven`` is True where a check digit or a form that chance hardly
    produces shows what it is: only such candidates may be acted on without a person looking, as when a
    text is masked for good. ``subject`` is "other_person" where the words before it say that it is
    somebody else's, else "". ``alternatives`` names the other types (or subtypes) that fit the same
    place, the likeliest first. ``completeness`` is "full", "partial" (only some digits are given) or
    "masked" (the author hid some).
    """

    start: int
    end: int
    info_type: str
    subtype: str
    confidence: str
    detector: str
    version: str
    clauses: tuple[Clause, ...]
    alternatives: tuple[str, ...] = ()
    completeness: str = FULL
    proven: bool = False
    subject: str = ""

    def reason(self, language: str = "nl") -> str:
        """Why this was found, in words for a coder, in Dutch ("nl") or English ("en")."""
        return sentence(self.clauses, language)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a recogniser saw at one place, before findings that overlap are weighed against each other.

    ``check`` is how much its own form says: 0 nothing, 1.5 a check digit that one random number in ten
    passes, 3 a form or check that chance hardly produces. ``context`` is how much the words around it say: 0
    nothing, 1 a word in the same clause, 2 a word directly beside it.
    """

    start: int
    end: int
    info_type: str
    detector: str
    clauses: tuple[Clause, ...]
    subtype: str = ""
    check: float = 0
    context: float = 0
    completeness: str = FULL

    @property
    def kind(self) -> str:
        return self.subtype or self.info_type

    @property
    def confidence(self) -> str:
        return "high" if self.check and self.context else "medium"

    @property
    def proven(self) -> bool:
        """Whether chance and a misread word can hardly both explain it.

        A check or form of 3 is enough by itself; a check digit that one random number in ten passes (1.5)
        needs a word directly beside it. Types that rest on words alone (a name, an amount, a password) are
        never proven, nor is a value of which a part is missing or that fails a check of its kind.
        """
        if self.completeness != FULL or self.info_type in BY_WORDS_ALONE:
            return False
        if any(clause[0] == "failed" for clause in self.clauses):
            return False
        return self.check >= 3 or (self.check >= 1.5 and self.context >= 2)
