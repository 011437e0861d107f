"""What the tables of an export share: names for coders, units and accounts under a profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from ..codebooks.lookup import Lookup, lookup
from ..codebooks.schema import VariableSpec
from ..common.portions import portions
from ..models import Code, Conversation, Membership, Message, Round, Study
from .profile import Profile

PART = 250
"""Conversations that are read at once: memory must not grow with the study."""


@dataclass
class StudyData:
    """A study seen through a profile; ids become the names that stand in the files."""

    study: Study
    profile: Profile
    language: str = "nl"
    rounds: list[Round] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rounds = list(self.study.rounds.order_by("created_at", "id"))

    @cached_property
    def coders(self) -> dict[int, str]:
        """User id -> name in the files, of everybody who was ever a member, in the order of that name."""
        rows = Membership.objects.filter(study=self.study).select_related("user")
        names = {
            row.user_id: row.user.get_username() if self.profile.usernames else row.pseudonym for row in rows
        }
        return dict(sorted(names.items(), key=lambda item: (item[1].lower(), item[1])))

    @cached_property
    def conversations(self) -> dict[int, Conversation]:
        """Conversations that were assigned, by id."""
        rows = Conversation.objects.filter(assignments__round__study=self.study).distinct()
        return {row.pk: row for row in rows.select_related("organisation")}

    @cached_property
    def _messages(self) -> dict[int, tuple[str, int, int]]:
        rows = Message.objects.filter(conversation__assignments__round__study=self.study).distinct()
        return {
            pk: (external_id, position, conversation_id)
            for pk, external_id, position, conversation_id in rows.order_by().values_list(
                "id", "external_id", "position", "conversation_id"
            )
        }

    def parts(self, round_: Round, *, coder_id: int | None = None) -> Iterator[list[int]]:
        """Ids of a round's (or a coder's) conversations in order of their number, a few hundred at a time."""
        assigned = round_.assignments.filter(coding__isnull=False)
        if coder_id is not None:
            assigned = assigned.filter(coder_id=coder_id)
        settled = round_.consensus.values_list("conversation_id", flat=True) if coder_id is None else ()
        ids = {*assigned.values_list("conversation_id", flat=True), *settled}
        ordered = sorted(ids, key=lambda pk: self.conversations[pk].number)
        return portions(ordered, PART)

    def conversation_name(self, conversation_id: int) -> str:
        conversation = self.conversations[conversation_id]
        return conversation.key if self.profile.source_ids else str(conversation.number)

    def message_name(self, message_id: int | None) -> str:
        if message_id is None:
            return ""
        external_id, position, conversation_id = self._messages[message_id]
        if self.profile.source_ids:
            return external_id
        return f"{self.conversations[conversation_id].number}.{position + 1}"

    def organisation_name(self, conversation_id: int) -> str:
        organisation = self.conversations[conversation_id].organisation
        return organisation.name if organisation else ""

    def unit_order(self, conversation_id: int, message_id: int | None) -> tuple[int, int]:
        """Messages of a conversation in reading order, then the conversation itself."""
        number = self.conversations[conversation_id].number
        return (number, self._messages[message_id][1]) if message_id else (number, 1 << 30)

    def codebook_of(self, round_: Round) -> Lookup:
        return lookup(round_.codebook_version_id)

    @cached_property
    def variables(self) -> list[VariableSpec]:
        """Variables that are switched on or were coded, and that this profile shows, each key once.

        Of a variable that stands in several codebook versions the newest counts.
        """
        coded = set(
            Code.objects.filter(coding__assignment__round__study=self.study)
            .order_by()
            .values_list("variable_id", flat=True)
            .distinct()
        )
        seen: dict[str, VariableSpec] = {}
        versions = [self.study.codebook_version_id]
        versions += [round_.codebook_version_id for round_ in reversed(self.rounds)]
        on: dict[int, set[str]] = defaultdict(set)
        on[self.study.codebook_version_id] |= set(self.study.modules)
        for round_ in self.rounds:
            on[round_.codebook_version_id] |= set(round_.modules)
        for version_id in dict.fromkeys(versions):
            codebook = lookup(version_id)
            for variable in codebook.spec.variables:
                is_used = variable.module in on[version_id] or codebook.variable_ids[variable.key] in coded
                if is_used and self.shows(variable):
                    seen.setdefault(variable.key, variable)
        return list(seen.values())

    def shows(self, variable: VariableSpec) -> bool:
        return self.profile.notes or not variable.of_kind.is_free
