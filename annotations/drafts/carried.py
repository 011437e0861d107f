"""The answers of a round in the words of a later version. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from ..codebooks.carrying import Carrier
from ..codebooks.lookup import lookup
from ..codebooks.values import Value
from ..coding.answers import UnitKey
from ..coding.coded import coded_values
from ..finals.carried import carried_value
from ..models import Round

Answers = dict[UnitKey, dict[str, Value]]


def carried_answers(
    source: Round, carried: Carrier, ids: Collection[int], variables: Collection[str] | None = None
) -> dict[int, Answers]:
    """Coding id -> its answers in the words of the new version, without those that have none there.

    `variables`: keys of the new version that it is narrowed to.
    """
    spec = lookup(carried.target).spec
    found: dict[int, Answers] = defaultdict(lambda: defaultdict(dict))
    asked = None
    if variables is not None:
        known = lookup(carried.source).spec.by_key
        asked = [key for key in known if carried.key(key) in variables]
    for row in coded_values(source, variables=asked, conversation_ids=ids):
        key = carried.key(row.variable)
        value = carried_value(carried, spec, row.variable, row.value) if key in spec.by_key else None
        if value is None:
            continue
        found[row.coding_id][row.unit][key] = value
    return found
