"""What the pages of rounds show: people who can be given work, who has what, the draws that were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Q

from ..agreement.sample_size import krippendorff_units, lacy_riffe_units
from ..conversations.filters import from_plain, in_words, type_words
from ..models import Assignment, Coding, Membership, Round

EXPECTED_AGREEMENT = 0.85
SMALLEST_ALPHA, RAREST_SHARE = 0.8, 0.25


@dataclass(frozen=True)
class Holder:
    """A coder's conversations in a round. `lacks`: those of everybody that this coder does not have."""

    coder_id: int
    name: str
    is_active: bool
    assigned: int
    finished: int
    begun: int
    shared: int
    without_highlights: int
    lacks: int

    @property
    def untouched(self) -> int:
        return self.assigned - self.finished - self.begun


@dataclass(frozen=True)
class DrawMade:
    """A draw in words for people: the record that stands with the round, names filled in.

    `selection`: the name of the one it was drawn from, empty for none; `asked`: what that asked for then.
    `screening`: the name of the one that chose the conversations, empty where they were drawn.
    """

    at: datetime | None
    by: str
    seed: int
    stratified: bool
    scope: str
    selection: str
    asked: list[str]
    pool: int
    drawn: list[tuple[str, int]]
    shared: int
    coders: list[tuple[str, int]]
    withheld_percent: int
    screening: str = ""

    @property
    def total(self) -> int:
        return sum(number for _name, number in self.drawn)


@dataclass(frozen=True)
class Advice:
    """How many units a reliability sample needs, from `conversations` to draw from."""

    conversations: int
    lacy_riffe: int
    krippendorff: int
    percent: int


def people(study_id: int) -> list[tuple[int, str]]:
    """Active members, coders first: (user id, name). Supervisors may code as well."""
    members = Membership.objects.filter(study_id=study_id, is_active=True).select_related("user")
    ordered = sorted(members, key=lambda row: (row.role != Membership.Role.CODER, _name(row.user).lower()))
    return [(row.user_id, _name(row.user)) for row in ordered]


def coders_only(study_id: int) -> list[int]:
    members = Membership.objects.filter(study_id=study_id, is_active=True, role=Membership.Role.CODER)
    return list(members.values_list("user_id", flat=True))


def advice(conversations: int) -> Advice | None:
    """Sample sizes with the usual assumptions: 85 % agreement expected, 80 % the least; alpha .80, rarest
    category 25 %, two coders."""
    if conversations < 2:
        return None
    needed = min(conversations, lacy_riffe_units(conversations, EXPECTED_AGREEMENT))
    return Advice(
        conversations=conversations,
        lacy_riffe=needed,
        krippendorff=krippendorff_units(SMALLEST_ALPHA, RAREST_SHARE),
        percent=-(-100 * needed // conversations),
    )


def holders(of_round: Round) -> list[Holder]:
    """Everybody with conversations in the round, by name. Three queries."""
    assignments = Assignment.objects.filter(round=of_round)
    shared = assignments.filter(is_shared=True).aggregate(n=Count("conversation", distinct=True))["n"]
    active = set(
        Membership.objects.filter(study_id=of_round.study_id, is_active=True).values_list(
            "user_id", flat=True
        )
    )
    rows = assignments.order_by().values(
        "coder_id", "coder__first_name", "coder__last_name", "coder__username"
    )
    counted = rows.annotate(
        assigned=Count("id"),
        finished=Count("id", filter=Q(coding__state=Coding.State.FINISHED)),
        begun=Count("id", filter=Q(coding__state=Coding.State.OPEN)),
        shared=Count("id", filter=Q(is_shared=True)),
        unlit=Count("id", filter=Q(highlights=False)),
    )
    found = [
        Holder(
            coder_id=row["coder_id"],
            name=f"{row['coder__first_name']} {row['coder__last_name']}".strip() or row["coder__username"],
            is_active=row["coder_id"] in active,
            assigned=row["assigned"],
            finished=row["finished"],
            begun=row["begun"],
            shared=row["shared"],
            without_highlights=row["unlit"],
            lacks=shared - row["shared"],
        )
        for row in counted
    ]
    return sorted(found, key=lambda row: row.name.lower())


def draws(of_round: Round) -> list[DrawMade]:
    """The draws of a round (with its study), the latest first. One query."""
    ids = {record["by"] for record in of_round.draw if record.get("by")}
    ids |= {int(coder) for record in of_round.draw for coder in record["coders"]}
    names = {user.pk: _name(user) for user in get_user_model().objects.filter(pk__in=ids)}
    types = type_words(of_round.study)
    return [_draw(record, names, types) for record in reversed(of_round.draw)]


def _draw(record: dict[str, Any], names: dict[int, str], types: dict[str, str]) -> DrawMade:
    selection = record.get("selection")
    return DrawMade(
        at=datetime.fromisoformat(record["at"]) if record.get("at") else None,
        by=names.get(record.get("by") or 0, ""),
        seed=record["seed"],
        stratified=record["design"] == "stratified",
        scope=record["scope"],
        selection=selection["name"] if selection else "",
        asked=_asked(selection, types) if selection else [],
        pool=sum(record["pool"].values()),
        drawn=sorted(record["drawn"].items(), key=lambda pair: (pair[0] == "", pair[0])),
        shared=record["shared"],
        coders=sorted((names.get(int(coder), ""), number) for coder, number in record["coders"].items()),
        withheld_percent=round(100 * record.get("withheld_share", 0)),
        screening=record.get("screening", ""),
    )


def _asked(selection: dict[str, Any], types: dict[str, str]) -> list[str]:
    filters = from_plain(selection["filters"])
    name = selection["organisation"]
    return in_words(filters, organisations={filters.organisation or 0: name} if name else {}, types=types)


def _name(user: Any) -> str:
    return user.get_full_name() or user.get_username()
