"""The only writer of Coding, Code, Span and CandidateDecision.

Every function takes plain arguments, opens its own transaction, locks the coding, logs what was and what
is, and raises NotAllowed, BadInput or StaleWrite; then nothing is stored.
"""

from .answers import Saved, save_answer
from .finishing import add_seconds, finish, reopen, start_coding
from .imported import ImportedCoding, ImportedSpan, store_imported
from .spans import accept_candidate, add_span, move_span, reject_candidate, remove_span, undecide_candidate

__all__ = [
    "ImportedCoding",
    "ImportedSpan",
    "Saved",
    "accept_candidate",
    "add_seconds",
    "add_span",
    "finish",
    "move_span",
    "reject_candidate",
    "remove_span",
    "reopen",
    "save_answer",
    "start_coding",
    "store_imported",
    "undecide_candidate",
]
