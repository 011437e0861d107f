"""The only writer of Coding, Code, Span and CandidateDecision.

Every function takes plain arguments, opens its own transaction, locks the coding, logs what was and what
is, and raises NotAllowed, BadInput or StaleWrite; then nothing is stored.

`checked`, `fields_of` and `choices_of` turn a value into the columns in which codes, and decisions on codes,
are stored; `logged` into what the log keeps of it.
"""

from .additions import Addition, store_additions
from .answers import Saved, save_answer
from .carried import CarriedCoding, store_carried
from .contradictions import keep_contradiction
from .finishing import (
    add_seconds,
    discard_untouched,
    finish,
    reopen,
    skip,
    start_coding,
    touched_codings,
)
from .imported import (
    ImportedCoding,
    ImportedKept,
    ImportedSpan,
    count_new_kept,
    store_imported,
    store_imported_kept,
)
from .rows import checked, choices_of, fields_of, logged
from .spans import accept_candidate, add_span, move_span, reject_candidate, remove_span, undecide_candidate

__all__ = [
    "Addition",
    "CarriedCoding",
    "ImportedCoding",
    "ImportedKept",
    "ImportedSpan",
    "Saved",
    "accept_candidate",
    "add_seconds",
    "add_span",
    "checked",
    "choices_of",
    "count_new_kept",
    "discard_untouched",
    "fields_of",
    "finish",
    "keep_contradiction",
    "logged",
    "move_span",
    "reject_candidate",
    "remove_span",
    "reopen",
    "save_answer",
    "skip",
    "start_coding",
    "store_additions",
    "store_carried",
    "store_imported",
    "store_imported_kept",
    "touched_codings",
    "undecide_candidate",
]
