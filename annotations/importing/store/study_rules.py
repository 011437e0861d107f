"""Which of the study's own rules the detector reads with, and the version that its candidates then carry.

Reads only; `detector/rules.py` writes them.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max, Q

from ...models import DetectorRule, Study
from ...pii import DETECTOR_VERSION, Rule


def rules_version(study: Study) -> int:
    """How often the set of rules changed; 0 where the study never had one."""
    found = study.detector_rules.aggregate(added=Max("added_in"), withdrawn=Max("withdrawn_in"))
    return max(found["added"] or 0, found["withdrawn"] or 0)


def version_of(number: int) -> str:
    """The version that candidates carry: of the detector, and of the rules where there are any."""
    return f"{DETECTOR_VERSION}+{number}" if number else DETECTOR_VERSION


def version_now(study: Study) -> str:
    return version_of(rules_version(study))


def number_for_import(study: Study) -> int:
    """The version of the rules that new messages are read with: that of the candidates which the study shows,
    so that what is imported between accepting a rule and scanning again is shown beside them."""
    base, _plus, number = study.detector_version.partition("+")
    if base != DETECTOR_VERSION:
        return rules_version(study)
    return int(number) if number.isdecimal() else 0


def in_force(study: Study, number: int | None = None) -> list[DetectorRule]:
    """The rules of a version of the set, of the newest by default."""
    if number is None:
        number = rules_version(study)
    rows = study.detector_rules.filter(added_in__lte=number)
    return list(rows.filter(Q(withdrawn_in__isnull=True) | Q(withdrawn_in__gt=number)))


def as_rules(rows: Iterable[DetectorRule]) -> tuple[Rule, ...]:
    return tuple(Rule(row.kind, row.info_type, row.word, row.shape) for row in rows)


def rules_of(study: Study, version: str) -> tuple[Rule, ...]:
    """The rules that a version of the candidates ("2.0+3") was found with."""
    number = version.partition("+")[2]
    return as_rules(in_force(study, int(number) if number.isdecimal() else 0))
