"""contradictions.csv: answers that contradict each other by the codebook and that their coder kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...codebooks.language import in_language
from ...models import Coding, KeptContradiction, Round
from ..study_data import StudyData
from . import Column, Row, Table

COLUMNS = (
    Column("round", "string", "round of coding"),
    Column("coder", "string", "coder; a pseudonym unless the profile is restricted"),
    Column("conversation_id", "string", "conversation"),
    Column("message_id", "string", "message; empty where it is about the conversation"),
    Column("rule", "string", "key of the rule in the codebook"),
    Column("contradiction", "string", "what contradicts each other, in the words of the codebook"),
    Column("kept_at", "datetime", "when the coder said that it is right all the same"),
)


def contradictions(data: StudyData) -> Table:
    return Table(
        "contradictions.csv",
        "Answers that contradict each other by the codebook, of which the coder said that they are right",
        COLUMNS,
        lambda: _rows(data),
        key=("round", "coder", "conversation_id", "message_id", "rule"),
    )


def _rows(data: StudyData) -> Iterator[Row]:
    for round_ in data.rounds:
        texts = {item.key: item.text for item in data.codebook_of(round_).spec.consistency}
        for coder_id in data.coders:
            for part in data.parts(round_, coder_id=coder_id):
                for row in _kept(data, round_, coder_id, part):
                    yield (
                        round_.name,
                        data.coders[coder_id],
                        data.conversation_name(row.coding.assignment.conversation_id),
                        data.message_name(row.message_id),
                        row.rule,
                        in_language(texts.get(row.rule, {}), data.language),
                        row.created_at.isoformat(timespec="seconds") if data.profile.times else None,
                    )


def _kept(data: StudyData, round_: Round, coder_id: int, part: Sequence[int]) -> list[KeptContradiction]:
    found = KeptContradiction.objects.filter(
        coding__assignment__round=round_,
        coding__assignment__coder_id=coder_id,
        coding__assignment__conversation_id__in=part,
        coding__state=Coding.State.FINISHED,
    ).select_related("coding__assignment")
    return sorted(
        found,
        key=lambda row: (data.unit_order(row.coding.assignment.conversation_id, row.message_id), row.rule),
    )
