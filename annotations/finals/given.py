"""What the coders gave for units of a round, per coder, and the order in which they are shown. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from ..codebooks.lookup import lookup
from ..coding.coded import coded_values
from ..models import Membership, Round
from .of_round import Key, coders_spans, finished_by
from .settled import Settlement

Given = dict[int, Settlement]
"""Coder id -> what this coder gave; only finished codings."""


@dataclass(frozen=True)
class Coder:
    """A coder as shown: a number that hides who it is, and the names for who may see them."""

    number: int
    pseudonym: str
    name: str

    @property
    def alias(self) -> str:
        return _("coder %(number)d") % {"number": self.number}


def given_for(round_: Round, keys: Collection[Key]) -> dict[Key, Given]:
    """What was given for each of these units, in a constant number of queries."""
    codebook = lookup(round_.codebook_version_id)
    conversations = {key[1] for key in keys}
    wanted = {key for key in keys if codebook.spec.by_key[key[0]].level != "span"}
    found: dict[Key, Given] = defaultdict(dict)
    if wanted:
        variables = {key[0] for key in wanted}
        for row in coded_values(round_, variables=variables, conversation_ids=conversations):
            unit = (row.variable, row.conversation_id, row.message_id)
            if unit in wanted:
                found[unit][row.coder_id] = row.value
    of_spans = [key for key in keys if key not in wanted]
    if of_spans:
        sets = coders_spans(round_, conversation_ids=conversations)
        finished = finished_by(round_, conversation_ids=conversations)
        for key in of_spans:
            _variable, conversation_id, message_id = key
            nothing: Given = dict.fromkeys(finished.get(conversation_id, ()), ())
            found[key] = nothing | (sets.get((conversation_id, message_id or 0)) or {})
    return {key: found.get(key, {}) for key in keys}


def shown_order(within: int | str, key: Key, coder_ids: Collection[int]) -> Sequence[int]:
    """The coders as coder 1, 2, … of this unit: at random, but the same at every look.

    The order differs per unit, so that nobody is recognised by a place; the site's secret goes into it.
    `within`: the round, or what else the unit was judged in.
    """
    return sorted(
        coder_ids,
        key=lambda coder: salted_hmac("adjudication.order", f"{within}:{key}:{coder}").hexdigest(),
    )


def coders_of(round_: Round, key: Key, given: Given) -> dict[int, Coder]:
    """Coder id -> how the coder is shown beside this unit."""
    return shown_coders(round_.study_id, shown_order(round_.pk, key, list(given)))


def shown_coders(study_id: int, order: Sequence[int]) -> dict[int, Coder]:
    """The same for coders who are in order already."""
    members = Membership.objects.filter(study_id=study_id, user_id__in=order).select_related("user")
    people = {member.user_id: member for member in members}
    found = {}
    for number, pk in enumerate(order, 1):
        member = people.get(pk)
        name = (member.user.get_full_name() or member.user.get_username()) if member else "–"
        found[pk] = Coder(number, member.pseudonym if member else "–", name)
    return found


def groups(given: Given) -> list[tuple[Settlement, list[int]]]:
    """Each different value with the coders who gave it. (Values need not be hashable.)"""
    found: list[tuple[Settlement, list[int]]] = []
    for coder, value in given.items():
        same = next((coders for known, coders in found if known == value), None)
        if same is None:
            found.append((value, [coder]))
        else:
            same.append(coder)
    return found
