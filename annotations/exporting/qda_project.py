"""project.qdpx: what was coded, beside the texts, for programs of qualitative analysis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.translation import override

from ..codebooks.conversion import write_value
from ..codebooks.schema import VariableSpec
from ..codebooks.values import Missing, Value
from ..coding.coded import coded_values
from ..common.portions import portions
from ..exchange.project_qdpx import Coded, Project, Source, shifted, text_of_lines, write_qdpx
from ..finals.hidden import finals_without_hidden, without_hidden
from ..finals.of_round import SETTLED, final_spans, final_values
from ..finals.settled import SpanValue
from ..models import Coding, Message, Round, Span
from ..models.corpus import AuthorRole
from .accounts import listed_handles
from .folder import Folder
from .study_data import PART, StudyData
from .texts import candidate_places, shown_texts

PROJECT = "project.qdpx"
SETTLER = "consensus"
"""Stands for the supervisors' decisions, beside the coders."""


def write_project(data: StudyData, out: Folder) -> None:
    """Nothing where the profile shows no texts."""
    if data.profile.texts == "none" or not out.wants(PROJECT):
        return
    project = Project(
        name=data.study.slug,
        codebook=data.study.codebook_version.codebook.key,
        variables=data.variables,
        coders=[*data.coders.values(), SETTLER],
        facts=["organisation"],
        language=data.language,
    )
    out.make(PROJECT, partial(write_qdpx, project=project, sources=_sources(data)))


@dataclass(frozen=True)
class Place:
    """A message in the text of its conversation."""

    text: str
    start: int

    def at(self, position: int) -> int:
        return self.start + shifted(self.text, position)

    @property
    def end(self) -> int:
        return self.at(len(self.text))


def _sources(data: StudyData) -> Iterator[Source]:
    handles = listed_handles(data.study)
    ids = [row.pk for row in sorted(data.conversations.values(), key=lambda row: row.number)]
    for part in portions(ids, PART):
        messages = list(
            Message.objects.filter(conversation__in=part)
            .select_related("account")
            .order_by("conversation_id", "position")
        )
        texts = shown_texts(data, messages, candidate_places(data, messages), handles)
        by_conversation: dict[int, list[Message]] = defaultdict(list)
        for message in messages:
            by_conversation[message.conversation_id].append(message)
        laid = {pk: lay(data, by_conversation[pk], texts) for pk in part}
        coded: dict[int, list[Coded]] = defaultdict(list)
        for round_ in data.rounds:
            for conversation_id, item in _coded(data, round_, part, laid):
                coded[conversation_id].append(item)
        for pk in part:
            organisation = data.organisation_name(pk)
            yield Source(
                data.conversation_name(pk),
                laid[pk][0],
                coded[pk],
                [("organisation", organisation)] if organisation else [],
            )


Laid = tuple[str, dict[int, Place]]


def lay(data: StudyData, messages: Sequence[Message], texts: dict[int, str]) -> Laid:
    """The text of a conversation, and where its messages stand in it."""
    parts, places, length = [], {}, 0
    with override(data.language):
        for message in messages:
            at = message.created_at if data.profile.times else None
            about = [
                str(message.position + 1),
                str(AuthorRole(message.author_role).label),
                f"id {message.external_id}",
                *([at.isoformat(sep=" ", timespec="minutes")] if at else []),
            ]
            head = f"[{' · '.join(about)}]\n"
            text = text_of_lines(texts[message.pk])
            places[message.pk] = Place(texts[message.pk], length + len(head))
            parts.append(f"{head}{text}\n\n")
            length += len(parts[-1])
    return "".join(parts), places


def _coded(
    data: StudyData, round_: Round, part: Sequence[int], laid: dict[int, Laid]
) -> Iterator[tuple[int, Coded]]:
    """What each coder gave, and what was settled: conversation id and the code."""
    by_key = data.codebook_of(round_).spec.by_key
    codings = Coding.objects.filter(assignment__round=round_, assignment__conversation__in=part)
    finished = dict(codings.values_list("id", "finished_at"))
    spans = {span.pk: span for span in Span.objects.filter(coding__in=codings)}

    def item(
        coder: str,
        conversation_id: int,
        message_id: int | None,
        place: tuple[int, int] | None,
        given: tuple[VariableSpec, Value],
        at: str = "",
    ) -> Coded | None:
        variable, value = given
        if isinstance(value, Missing) or not data.shows(variable):
            return None
        written = write_value(variable, value)
        has_categories = bool(variable.options)
        codes = [(variable.key, key) for key in written if key] if has_categories else [(variable.key,)]
        if not codes:
            return None
        text, places = laid[conversation_id]
        if message_id is None:
            start, end = 0, len(text)
        else:
            where = places[message_id]
            first, last = place or (0, len(where.text))
            start, end = where.at(first), where.at(last)
        note = "" if has_categories else written[0]
        return Coded(coder, start, end, codes, f"{round_.name} · {variable.key}", note, at)

    target = data.study.codebook_version_id
    for row, _hidden in without_hidden(round_, target, coded_values(round_, conversation_ids=part)):
        span = spans.get(row.span_id or 0)
        at = finished[row.coding_id] if data.profile.times else None
        made = item(
            data.coders[row.coder_id],
            row.conversation_id,
            row.message_id,
            (span.start, span.end) if span else None,
            (by_key[row.variable], row.value),
            at.isoformat(timespec="seconds") if at else "",
        )
        if made:
            yield row.conversation_id, made
    finals = (*final_values(round_, conversation_ids=part), *final_spans(round_, conversation_ids=part))
    for final, _hidden in finals_without_hidden(round_, target, finals):
        if final.source != SETTLED or final.value is None:
            continue
        variable = by_key[final.variable]
        if not isinstance(final.value, tuple):
            made = item(SETTLER, final.conversation_id, final.message_id, None, (variable, final.value))
            if made:
                yield final.conversation_id, made
            continue
        for settled in final.value:
            assert isinstance(settled, SpanValue)
            made = item(
                SETTLER,
                final.conversation_id,
                final.message_id,
                (settled.start, settled.end),
                (variable, settled.category),
            )
            if made:
                yield final.conversation_id, made
