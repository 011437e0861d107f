"""Codings from a CSV file into a study: what `export` writes, or what another program made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from ..accounts.members import add_member
from ..codebooks.conditions import CodedUnit, Rules
from ..codebooks.conversion import parse_value
from ..codebooks.language import in_language
from ..codebooks.lookup import Lookup, lookup
from ..codebooks.values import InvalidValue, Value
from ..coding.answers import CONVERSATION, UnitKey, consistency_of, rules_of
from ..coding.save import ImportedCoding, ImportedSpan, store_imported
from ..errors import BadInput
from ..models import Assignment, Code, Coding, Membership, Message, Round, Span, Study
from ..sampling.imported import assign_imported, round_for_import
from .codings_file import CodingLine, read_lines
from .comparing import is_same
from .kept_file import import_kept_lines
from .settled_file import Report, empty_report, import_settled_lines
from .tables.codings_long import FREE

MOST_PROBLEMS = 50
PORTION = 5_000


@dataclass
class _Place:
    """Lines of one fragment."""

    message_id: int
    start: int
    end: int
    answers: dict[str, list[CodingLine]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class _Work:
    """Lines of one coder's work on one conversation."""

    first: CodingLine
    answers: dict[UnitKey, dict[str, list[CodingLine]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    places: dict[tuple[Any, ...], _Place] = field(default_factory=dict)


@transaction.atomic
def import_codings(
    study: Study,
    file: Path,
    *,
    round_name: str | None = None,
    create_coders: bool = False,
    actor_id: int | None = None,
) -> Report:
    """Store the codings of a file, all or nothing; importing it again adds nothing.

    A conversation that a coder already coded otherwise is refused: nothing a coder did is overwritten.
    Broken conditions, missing required answers and contradictions are warnings. Raises BadInput with line
    numbers.
    The file may also be a consensus.csv, see `import_settled_lines`, or a contradictions.csv, see
    `import_kept_lines`.
    """
    lines = list(read_lines(file))
    if lines and lines[0].is_settled:
        return import_settled_lines(
            study, lines, file_name=file.name, round_name=round_name, actor_id=actor_id
        )
    if lines and lines[0].is_kept:
        coders = _coders(study, lines, False, actor_id, empty_report(lines))
        return import_kept_lines(
            study, lines, coders, file_name=file.name, round_name=round_name, actor_id=actor_id
        )
    return import_lines(
        study,
        lines,
        file_name=file.name,
        round_name=round_name,
        create_coders=create_coders,
        actor_id=actor_id,
    )


@transaction.atomic
def import_lines(
    study: Study,
    lines: Sequence[CodingLine],
    *,
    file_name: str,
    round_name: str | None = None,
    create_coders: bool = False,
    actor_id: int | None = None,
) -> Report:
    """As `import_codings`, for lines that were read already."""
    by_round: dict[str, list[CodingLine]] = defaultdict(list)
    for line in lines:
        by_round[round_name or line["round"] or "main"].append(line)
    report = empty_report(lines)
    coders = _coders(study, lines, create_coders, actor_id, report)
    for name, some in by_round.items():
        round_ = round_for_import(study, name, actor_id=actor_id)
        _Importer(study, round_, coders, file_name).run(some, report, actor_id)
    return report


def _coders(
    study: Study, lines: Sequence[CodingLine], create: bool, actor_id: int | None, report: Report
) -> dict[str, int]:
    """Name in the file -> user id; a name is a pseudonym in the study or a user name."""
    known: dict[str, int] = {}
    for row in Membership.objects.filter(study=study).select_related("user"):
        known[row.user.get_username()] = row.user_id
    for row in Membership.objects.filter(study=study):
        known.setdefault(row.pseudonym, row.user_id)
    names = dict.fromkeys(line["coder"] for line in lines)
    strangers = [name for name in names if name not in known]
    if strangers and not create:
        first = {name: next(line.number for line in lines if line["coder"] == name) for name in strangers}
        raise BadInput(
            [
                f"line {first[name]}: {name or 'nobody'} is no member of this study; add them, or use "
                "--create-coders."
                for name in strangers
            ]
        )
    for name in strangers:
        known[name] = add_member(study, name, Membership.Role.CODER, actor_id=actor_id).user_id
        report["coders_created"].append(name)
    return known


class _Importer:
    """Lines of one round: checked against corpus and codebook, then stored."""

    def __init__(self, study: Study, round_: Round, coders: dict[str, int], file_name: str) -> None:
        self.study, self.round, self.coders, self.file_name = study, round_, coders, file_name
        self.codebook: Lookup = lookup(round_.codebook_version_id)
        self.rules: Rules = rules_of(round_.codebook_version_id, round_.modules)
        self.consistency = consistency_of(round_.codebook_version_id, round_.modules)
        self.messages: dict[str, Message] = {}
        self.problems: list[str] = []

    def run(self, lines: Sequence[CodingLine], report: Report, actor_id: int | None) -> None:
        work = self._sort(lines)
        checked = {pair: self._check(pair, item) for pair, item in work.items()}
        if self.problems:
            more = len(self.problems) - MOST_PROBLEMS
            shown = self.problems[:MOST_PROBLEMS]
            raise BadInput([*shown, f"and {more} more problems."] if more > 0 else shown)
        new = self._unknown(checked, work, report)
        assignments = assign_imported(self.round, new, actor_id=actor_id)
        codings = []
        for pair, (answers, spans) in new.items():
            report["warnings"] += self._warnings(pair, work[pair], answers, spans)
            codings.append(self._coding(assignments[pair], work[pair], answers, spans))
        store_imported(self.round, codings, actor_id=actor_id)
        report["codings_new"] += len(new)
        report["codings_known"] += len(checked) - len(new)
        report["answers"] += sum(len(values) for answers, _ in new.values() for values in answers.values())
        report["spans"] += sum(len(spans) for _, spans in new.values())

    # Sorting lines into units

    def _sort(self, lines: Sequence[CodingLine]) -> dict[tuple[int, int], _Work]:
        conversations, self.messages = self._units({line["conversation_id"] for line in lines})
        self.roles = {message.pk: message.author_role for message in self.messages.values()}
        self.names = {message.pk: message.external_id for message in self.messages.values()}
        work: dict[tuple[int, int], _Work] = {}
        for line in lines:
            conversation_id = conversations.get(line["conversation_id"])
            if conversation_id is None:
                self._fault(line, f"conversation {line['conversation_id']} is not in this study")
                continue
            pair = (self.coders[line["coder"]], conversation_id)
            item = work.setdefault(pair, _Work(line))
            self._place(line, conversation_id, item)
        return work

    def _units(self, keys: set[str]) -> tuple[dict[str, int], dict[str, Message]]:
        """Conversations by key and their messages by id, a few thousand at a time: SQL has limits."""
        conversations: dict[str, int] = {}
        messages: dict[str, Message] = {}
        wanted = sorted(keys)
        for first in range(0, len(wanted), PORTION):
            rows = self.study.conversations.filter(key__in=wanted[first : first + PORTION])
            some = dict(rows.values_list("key", "id"))
            conversations |= some
            for message in Message.objects.filter(conversation__in=some.values()).select_related("account"):
                messages[message.external_id] = message
        return conversations, messages

    def _place(self, line: CodingLine, conversation_id: int, item: _Work) -> None:
        variable = self.codebook.spec.by_key.get(line["variable"])
        message = self.messages.get(line["message_id"])
        if variable is None:
            self._fault(line, f"the codebook has no variable {line['variable']}")
        elif line["message_id"] and (message is None or message.conversation_id != conversation_id):
            self._fault(line, f"message {line['message_id']} is not in this conversation")
        elif variable.level == "conversation":
            if message is not None:
                self._fault(line, f"{variable.key} is about the conversation; leave message_id empty")
            item.answers[CONVERSATION][variable.key].append(line)
        elif message is None:
            self._fault(line, f"{variable.key} is about a message; give message_id")
        elif message.is_placeholder:
            self._fault(line, f"message {line['message_id']} is missing from the corpus, so it has no text")
        elif variable.level == "message":
            item.answers["message", message.pk][variable.key].append(line)
        else:
            self._place_span(line, message, item)

    def _place_span(self, line: CodingLine, message: Message, item: _Work) -> None:
        if not (_is_count(line["start"]) and _is_count(line["end"])):
            self._fault(line, f"{line['variable']} is about a fragment; give start and end in code points")
            return
        start, end = int(line["start"]), int(line["end"])
        if not start < end <= len(message.text):
            self._fault(line, f"{start}–{end} is outside the text of {len(message.text)} code points")
            return
        type_key = self.codebook.type_variable.key if self.codebook.type_variable else ""
        name: tuple[Any, ...] = (message.pk, start, end, line["span"])
        if not line["span"] and line["variable"] == type_key:
            twins = sum(1 for key in item.places if key[:3] == name[:3])
            same = item.places.get(name)
            if same and type_key in same.answers:
                name = (*name, twins)
        item.places.setdefault(name, _Place(message.pk, start, end)).answers[line["variable"]].append(line)

    # Checking values

    def _check(
        self, pair: tuple[int, int], item: _Work
    ) -> tuple[dict[UnitKey, dict[str, Value]], list[ImportedSpan]]:
        for lines_of in item.answers.values():
            self._origins(lines_of)
        answers = {
            key: {
                name: value
                for name, lines in variables.items()
                if (value := self._value(name, lines)) is not None
            }
            for key, variables in item.answers.items()
        }
        spans = []
        type_variable = self.codebook.type_variable
        for place in item.places.values():
            values = {
                name: value
                for name, lines in place.answers.items()
                if (value := self._value(name, lines)) is not None
            }
            line = next(iter(place.answers.values()))[0]
            if type_variable and type_variable.key not in place.answers:
                self._fault(line, f"the fragment {place.start}–{place.end} has no {type_variable.key}")
            origin = line["origin"] if line["origin"] in Span.Origin.values else Span.Origin.ADDED
            origins = self._origins(place.answers)
            spans.append(ImportedSpan(place.message_id, place.start, place.end, values, origin, origins))
        return answers, spans

    def _value(self, name: str, lines: Sequence[CodingLine]) -> Value | None:
        variable = self.codebook.spec.by_key[name]
        try:
            return parse_value(variable, [line["value"] for line in lines])
        except InvalidValue as problem:
            self._fault(lines[0], str(problem).rstrip("."))
            return None

    def _origins(self, answers: Mapping[str, Sequence[CodingLine]]) -> dict[str, str]:
        """Variable -> what stood on the screen, where the file says it."""
        found = {}
        for name, lines in answers.items():
            origin = lines[0]["answer_origin"]
            if origin not in ("", FREE, *Code.Origin.values):
                sentence = f"answer_origin is {origin!r}; write free, confirmed or changed, or leave it empty"
                self._fault(lines[0], sentence)
            elif origin not in ("", FREE):
                found[name] = origin
        return found

    def _fault(self, line: CodingLine, sentence: str) -> None:
        self.problems.append(f"{self.file_name}, line {line.number}: {sentence}.")

    # Comparing with what is there, and storing

    def _unknown(
        self,
        checked: dict[tuple[int, int], tuple[dict[UnitKey, dict[str, Value]], list[ImportedSpan]]],
        work: dict[tuple[int, int], _Work],
        report: Report,
    ) -> dict[tuple[int, int], tuple[dict[UnitKey, dict[str, Value]], list[ImportedSpan]]]:
        """The codings that are new. Raises BadInput where a coder gave something else before."""
        known = {
            (coding.assignment.coder_id, coding.assignment.conversation_id): coding
            for coding in Coding.objects.filter(assignment__round=self.round).select_related(
                "assignment__round"
            )
        }
        new = {}
        refused = []
        for pair, (answers, spans) in checked.items():
            coding = known.get(pair)
            if coding is None:
                new[pair] = (answers, spans)
            elif not is_same(coding, answers, spans):
                line = work[pair].first
                refused.append(
                    f"{self.file_name}, line {line.number}: {line['coder']} already coded conversation "
                    f"{line['conversation_id']} otherwise in round {self.round.name}; nothing is "
                    "overwritten. Use another --round."
                )
        if refused:
            raise BadInput(refused[:MOST_PROBLEMS])
        return new

    def _coding(
        self,
        assignment: Assignment,
        item: _Work,
        answers: dict[UnitKey, dict[str, Value]],
        spans: list[ImportedSpan],
    ) -> ImportedCoding:
        line = item.first
        try:
            finished_at = datetime.fromisoformat(line["finished_at"]) if line["finished_at"] else None
        except ValueError:
            finished_at = None
        seconds = int(line["seconds"]) if _is_count(line["seconds"]) else 0
        return ImportedCoding(
            assignment,
            answers,
            spans,
            finished_at=finished_at if finished_at and finished_at.tzinfo else None,
            active_seconds=seconds,
            origins={unit: self._origins(lines) for unit, lines in item.answers.items()},
        )

    def _warnings(
        self,
        pair: tuple[int, int],
        item: _Work,
        answers: dict[UnitKey, dict[str, Value]],
        spans: list[ImportedSpan],
    ) -> Iterator[dict[str, Any]]:
        """Broken conditions, required questions without an answer and contradictions, of the units named."""
        roles, names = self.roles, self.names
        units: list[tuple[str, CodedUnit]] = []
        for key, values in answers.items():
            if key[0] == "message" and key[1] is not None:
                parts = [CodedUnit("span", s.answers, roles[key[1]]) for s in spans if s.message_id == key[1]]
                units.append((f"message {names[key[1]]}", CodedUnit("message", values, roles[key[1]], parts)))
        whole = CodedUnit("conversation", answers.get(CONVERSATION, {}), parts=[unit for _, unit in units])
        if CONVERSATION in answers:
            units.append((f"conversation {item.first['conversation_id']}", whole))
        for name, unit in units:
            for code, keys in (
                ("not_asked", self.rules.stale(unit)),
                ("required", [variable.key for variable in self.rules.open(unit)]),
            ):
                if keys:
                    what = "is answered but not asked" if code == "not_asked" else "has no answer"
                    yield self._warning(item, name, code, f"{', '.join(keys)} {what}.")
            for found in self.consistency.contradictions(unit):
                yield self._warning(item, name, "contradiction", in_language(found.text, "en"))

    @staticmethod
    def _warning(item: _Work, name: str, code: str, what: str) -> dict[str, Any]:
        message = f"{item.first['coder']}, {name}: {what}"
        return {"line": item.first.number, "code": code, "message": message}


def _is_count(written: str) -> bool:
    """A whole number that a database can hold."""
    return written.isdecimal() and len(written) < 10
