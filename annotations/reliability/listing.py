"""Units as rows of a list: where they are, and what each coder gave. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..codebooks.lookup import Lookup, lookup
from ..codebooks.schema import VariableSpec
from ..finals.given import Given, given_for
from ..finals.of_round import Key, Unit
from ..finals.wording import settlement_label
from ..models import Conversation, Message, Round
from .report import VariableAgreement, coder_names


@dataclass(frozen=True)
class ListedUnit:
    """`number` counts the units behind the figure from 1; `given`: pseudonym and what that coder gave."""

    number: int
    conversation: int
    place: int | None
    organisation: str
    given: list[tuple[str, str]]

    @property
    def differs(self) -> bool:
        return len({value for _coder, value in self.given}) > 1


def shown_variable(codebook: Lookup, variable: VariableSpec) -> VariableSpec:
    """What a unit shows: of an attribute of fragments the fragments themselves."""
    of_spans = codebook.type_variable if variable.level == "span" else None
    return of_spans or variable


def listed(
    round_: Round, item: VariableAgreement, units: Sequence[Unit], first: int, language: str
) -> list[ListedUnit]:
    """The units of one page of the list, in a constant number of queries."""
    codebook = lookup(round_.codebook_version_id)
    variable = shown_variable(codebook, item.variable)
    keys = [(variable.key, conversation_id, message_id) for conversation_id, message_id in units]
    names = coder_names(round_.study_id, usernames=False)
    of_report = {pk: names.get(pk, "") for pk in item.coder_ids}
    return listed_as(codebook, variable, given_for(round_, keys), of_report, first, language)


def listed_as(
    codebook: Lookup,
    variable: VariableSpec,
    given: Mapping[Key, Given],
    names: Mapping[int, str],
    first: int,
    language: str,
) -> list[ListedUnit]:
    """Units in the order of `given`; `names`: how the coders of the report are called."""
    conversations = Conversation.objects.select_related("organisation").in_bulk({key[1] for key in given})
    positions = dict(
        Message.objects.filter(pk__in=[key[2] for key in given if key[2]]).values_list("pk", "position")
    )
    rows = []
    for number, (key, answers) in enumerate(given.items(), first):
        conversation = conversations[key[1]]
        values = [
            (names[pk], settlement_label(codebook, variable, value, language))
            for pk, value in answers.items()
            if pk in names
        ]
        rows.append(
            ListedUnit(
                number,
                conversation.number,
                None if key[2] is None else positions[key[2]] + 1,
                conversation.organisation.name if conversation.organisation else "",
                sorted(values),
            )
        )
    return rows
