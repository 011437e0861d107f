"""What the tables of an export share: names for coders, units and accounts under a profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from secrets import token_bytes
from typing import Any

from ..codebooks.lookup import Lookup, lookup
from ..codebooks.schema import VariableSpec
from ..common.portions import portions
from ..models import Code, Coding, Conversation, Membership, Message, Round, Study
from ..reliability.report import IN_A_REPORT, agreement_of
from ..results.figures import Figures
from ..results.kept import figures_to_read
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
    secret: bytes = field(default_factory=lambda: token_bytes(32))
    """Gives a file without ids its order and its numbers. It is drawn for each export and kept nowhere."""
    _agreement: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rounds = list(self.study.rounds.order_by("created_at", "id"))

    @property
    def independent_rounds(self) -> list[Round]:
        """The rounds of which agreement is reported: all but training."""
        return [round_ for round_ in self.rounds if round_.kind != Round.Kind.TRAINING]

    @cached_property
    def coders(self) -> dict[int, str]:
        """User id -> name in the files, of everybody who finished a coding, in the order of that name.

        Others have no column: one without any value makes R's `na.omit` drop every row.
        """
        coded = Coding.objects.filter(assignment__round__study=self.study, state=Coding.State.FINISHED)
        ids = coded.order_by().values_list("assignment__coder_id", flat=True).distinct()
        rows = Membership.objects.filter(study=self.study, user_id__in=set(ids)).select_related("user")
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
    def numbers(self) -> dict[int, int]:
        """Conversation id -> number, for a file without ids: of every conversation, in an order by chance."""
        return self.shuffled(self.study.conversations.order_by().values_list("id", flat=True))

    def shuffled(self, ids: Iterable[int]) -> dict[int, int]:
        """A number from 1 for each id, in an order that nobody outside this export can know."""
        ordered = sorted(ids, key=lambda pk: blake2b(str(pk).encode(), key=self.secret).digest())
        return {pk: number for number, pk in enumerate(ordered, 1)}

    @cached_property
    def _messages(self) -> dict[int, tuple[str, int, int]]:
        """Message id -> its own id, its place in the conversation, and the conversation."""
        rows = Message.objects.filter(conversation__assignments__round__study=self.study).distinct()
        found = {
            pk: (external_id, position, conversation_id)
            for pk, external_id, position, conversation_id in rows.order_by().values_list(
                "id", "external_id", "position", "conversation_id"
            )
        }
        if self.profile.source_ids:
            return found
        by_conversation: dict[int, list[int]] = defaultdict(list)
        for pk, (_external_id, _position, conversation_id) in found.items():
            by_conversation[conversation_id].append(pk)
        return {
            pk: ("", place, conversation_id)
            for conversation_id, ids in by_conversation.items()
            for pk, place in self.shuffled(ids).items()
        }

    def parts(self, round_: Round, *, coder_id: int | None = None) -> Iterator[list[int]]:
        """Ids of a round's (or a coder's) conversations in order of their number, a few hundred at a time."""
        assigned = round_.assignments.filter(coding__isnull=False)
        if coder_id is not None:
            assigned = assigned.filter(coder_id=coder_id)
        settled = round_.consensus.values_list("conversation_id", flat=True) if coder_id is None else ()
        ids = {*assigned.values_list("conversation_id", flat=True), *settled}
        ordered = sorted(ids, key=self._place_of)
        return portions(ordered, PART)

    def conversation_name(self, conversation_id: int) -> str:
        if self.profile.source_ids:
            return self.conversations[conversation_id].key
        return str(self.numbers[conversation_id])

    def _place_of(self, conversation_id: int) -> int:
        """The place of a conversation in the files."""
        if self.profile.source_ids:
            return self.conversations[conversation_id].number
        return self.numbers[conversation_id]

    def message_name(self, message_id: int | None) -> str:
        if message_id is None:
            return ""
        external_id, place, conversation_id = self._messages[message_id]
        return external_id if self.profile.source_ids else f"{self.numbers[conversation_id]}.{place}"

    def organisation_name(self, conversation_id: int) -> str:
        organisation = self.conversations[conversation_id].organisation
        return organisation.name if organisation else ""

    def unit_order(self, conversation_id: int, message_id: int | None) -> tuple[int, int]:
        """Messages of a conversation in their order, then the conversation itself."""
        place = self._place_of(conversation_id)
        return (place, self._messages[message_id][1]) if message_id else (place, 1 << 30)

    def agreement(self, round_: Round) -> list[dict[str, Any]]:
        """A round's figures as `agreement --json` has them, of the variables that the profile shows.

        They are worked out once: several files tell them.
        """
        if round_.pk not in self._agreement:
            found = agreement_of(round_, bootstrap=IN_A_REPORT, usernames=self.profile.usernames)
            self._agreement[round_.pk] = [item.as_dict() for item in found if self.shows(item.variable)]
        return self._agreement[round_.pk]

    @cached_property
    def figures(self) -> Figures:
        """What the tables of results rest on, as it is now."""
        return figures_to_read(self.study)

    def codebook_of(self, round_: Round) -> Lookup:
        return lookup(round_.codebook_version_id)

    @cached_property
    def variables(self) -> list[VariableSpec]:
        """Variables that are switched on or were coded, and that this profile shows, each key once.

        Of a variable that stands in several codebook versions the newest counts, with the categories that
        only older ones have behind its own: rounds are told in the words of their own version.
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
                    known = seen.setdefault(variable.key, variable)
                    seen[variable.key] = _with_older(known, variable)
        return list(seen.values())

    def shows(self, variable: VariableSpec) -> bool:
        return self.profile.notes or not variable.of_kind.is_free


def _with_older(newest: VariableSpec, older: VariableSpec) -> VariableSpec:
    """The newest variable with the categories that only an older one has; no number is of two of them."""
    if newest is older or newest.kind != older.kind:
        return newest
    codes = {category.code for category in newest.categories}
    more = []
    for category in older.categories:
        if category.key in newest.by_key:
            continue
        code = category.code if category.code not in codes else max(99, *codes) + 1
        codes.add(code)
        more.append(replace(category, code=code))
    return replace(newest, categories=(*newest.categories, *more)) if more else newest
