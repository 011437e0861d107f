"""Personal data in webcare messages: find candidates for a coder to judge.

Pure Python: it imports neither Django nor the rest of the project, so it also runs in a notebook or on a
worker.

>>> from annotations.pii import find_candidates
>>> [(c.start, c.end, c.info_type, c.confidence) for c in find_candidates("Mijn bsn is 111222333")]
[(12, 21, 'bsn', 'high')]
"""

from annotations.pii.candidate import EXTRA_TYPES, STUDY_TYPES, Candidate
from annotations.pii.detector import DETECTOR_VERSION, DETECTORS, find_candidates
from annotations.pii.rules import Rule

__all__ = [
    "DETECTORS",
    "DETECTOR_VERSION",
    "EXTRA_TYPES",
    "STUDY_TYPES",
    "Candidate",
    "Rule",
    "find_candidates",
]
