"""Codings from a CSV file into a study: what `export` writes, or what another program made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ...accounts.members import add_member, check_username
from ...codebooks.conditions import CodedUnit
from ...codebooks.language import in_language
from ...coding.answers import CONVERSATION, consistency_of, rules_of
from ...coding.save import Addition, ImportedCoding, store_additions, store_imported
from ...errors import BadInput
from ...exchange.statistics_reading import ENDINGS
from ...models import Membership, Message, Round, Study
from ...sampling.imported import assign_imported, round_for_import, round_planned
from .checking import MOST_PROBLEMS, Checker, Pair, Work
from .comparing import codings_there, difference
from .kept import import_kept_lines
from .levels import level_lines
from .lines import CodingLine, at_line, read_lines
from .qda import qda_lines
from .settled import Report, empty_report, import_settled_lines


def import_codings(
    study: Study,
    file: Path,
    *,
    round_name: str | None = None,
    create_coders: bool = False,
    actor_id: int | None = None,
    file_name: str = "",
    dry_run: bool = False,
) -> Report:
    """Store the codings of a file, all or nothing; importing it again adds nothing.

    Nothing a coder did is overwritten: where a coder coded the conversation already, what the file has more
    is added, and a file that says otherwise is refused. Broken conditions, missing required answers and
    contradictions are warnings. Raises BadInput with line numbers.
    The file may be a CSV file, the workbook of an export, a `.sav` or `.dta` of an export, or a REFI-QDA
    project (`.qdpx`) that its project.qdpx began. A CSV file may also be a consensus.csv, see
    `import_settled_lines`, or a contradictions.csv, see `import_kept_lines`. `file_name`: what people call
    the file. `dry_run`: only say what would be stored; the database is read and nobody has to wait.
    """
    name = file_name or file.name
    ending = file.suffix.lower()
    if ending == ".qdpx":
        lines = qda_lines(study, file, name)
    elif ending in ENDINGS:
        lines = level_lines(study, file, name)
    else:
        lines = list(read_lines(file, name))
    if lines and lines[0].is_settled:
        return import_settled_lines(
            study, lines, file_name=name, round_name=round_name, actor_id=actor_id, dry_run=dry_run
        )
    if lines and lines[0].is_kept:
        return import_kept_lines(
            study,
            lines,
            Coders(study, lines, False).known,
            file_name=name,
            round_name=round_name,
            actor_id=actor_id,
            dry_run=dry_run,
        )
    return import_lines(
        study,
        lines,
        file_name=name,
        round_name=round_name,
        create_coders=create_coders,
        actor_id=actor_id,
        dry_run=dry_run,
    )


def import_lines(
    study: Study,
    lines: Sequence[CodingLine],
    *,
    file_name: str,
    round_name: str | None = None,
    create_coders: bool = False,
    actor_id: int | None = None,
    dry_run: bool = False,
    modules: Sequence[str] | None = None,
) -> Report:
    """As `import_codings`, for lines that were read already. `modules`: of a round that is made for them.

    All is checked before the transaction that stores it, which is therefore short.
    """
    by_round: dict[str, list[CodingLine]] = defaultdict(list)
    for line in lines:
        by_round[round_name or line["round"] or "main"].append(line)
    report = empty_report(lines)
    coders = Coders(study, lines, create_coders)
    report["coders_created"] = coders.strangers
    parts = [
        _Part(study, round_planned(study, name, modules=modules), coders, file_name, some)
        for name, some in by_round.items()
    ]
    for part in parts:
        part.check()
    if dry_run:
        for part in parts:
            part.count(report)
        return report
    with transaction.atomic():
        coders.make(actor_id)
        for part in parts:
            part.store(actor_id)
            part.count(report)
    return report


class Coders:
    """Name in the file -> user id; a name is a pseudonym in the study or a user name.

    Who is no member yet has a number below zero until `make`. Raises BadInput where nobody is to be made.
    """

    def __init__(self, study: Study, lines: Sequence[CodingLine], create: bool) -> None:
        self.study = study
        self.known: dict[str, int] = {}
        members = list(Membership.objects.filter(study=study).select_related("user"))
        for row in members:
            self.known[row.user.get_username()] = row.user_id
        for row in members:
            self.known.setdefault(row.pseudonym, row.user_id)
        names = dict.fromkeys(line["coder"] for line in lines)
        self.strangers = [name for name in names if name not in self.known]
        if self.strangers and not create:
            first: dict[str, int] = {}
            for line in lines:
                first.setdefault(line["coder"], line.number)
            raise BadInput(
                [
                    _("line %(line)d: %(name)s is no member of this study; add them, or have coders made.")
                    % {"line": first[name], "name": name or _("nobody")}
                    for name in self.strangers
                ]
            )
        for name in self.strangers:
            check_username(name)
        self.known |= {name: -number for number, name in enumerate(self.strangers, 1)}
        self.made: dict[int, int] = {}

    def make(self, actor_id: int | None) -> None:
        """Members of those who are not; what was worked out with their numbers goes on with `id_of`."""
        for name in self.strangers:
            member = add_member(self.study, name, Membership.Role.CODER, actor_id=actor_id)
            self.made[self.known[name]] = member.user_id

    def id_of(self, number: int) -> int:
        return self.made.get(number, number)


class _Part:
    """The work of one round: checked, compared with what is there, then stored."""

    def __init__(
        self,
        study: Study,
        round_: Round,
        coders: Coders,
        file_name: str,
        lines: Sequence[CodingLine],
    ) -> None:
        self.study, self.round, self.coders, self.lines = study, round_, coders, lines
        self.file_name = file_name
        self.checker = Checker(study, round_, coders.known, file_name)
        self.messages: dict[int, Message] = {}
        self.rules = rules_of(round_.codebook_version_id, round_.modules)
        self.consistency = consistency_of(round_.codebook_version_id, round_.modules)
        self.work: dict[Pair, Work] = {}
        self.new: dict[Pair, Work] = {}
        self.additions: list[Addition] = []

    def check(self) -> None:
        """Raises BadInput, also where a coder gave something else before."""
        self.work = self.checker.check(self.lines)
        self.messages = {message.pk: message for message in self.checker.messages.values()}
        self._compare()

    def store(self, actor_id: int | None) -> None:
        """Compares once more: others may have written since `check`."""
        self.round = round_for_import(
            self.study, self.round.name, actor_id=actor_id, modules=self.round.modules
        )
        self.work = {(self.coders.id_of(coder), key): item for (coder, key), item in self.work.items()}
        self._compare()
        if self.new:
            assignments = assign_imported(self.round, self.new, actor_id=actor_id)
            codings = [
                ImportedCoding(
                    assignments[pair],
                    item.answers,
                    item.spans,
                    finished_at=item.finished_at,
                    active_seconds=item.seconds,
                    origins=item.origins,
                )
                for pair, item in self.new.items()
            ]
            store_imported(self.round, codings, actor_id=actor_id)
        store_additions(self.round, self.additions, actor_id=actor_id)

    def count(self, report: Report) -> None:
        for item in self.new.values():
            report["warnings"] += self._warnings(item)
        report["codings_new"] += len(self.new)
        report["codings_added_to"] += len(self.additions)
        report["codings_known"] += len(self.work) - len(self.new) - len(self.additions)
        for more in (self.new.values(), self.additions):
            report["answers"] += sum(len(values) for item in more for values in item.answers.values())
            report["spans"] += sum(len(item.spans) for item in more)

    def _compare(self) -> None:
        """Sorts the work into what is new, what adds to a coding, and what is known. Raises BadInput."""
        self.new, self.additions = {}, []
        known = {
            (coding.assignment.coder_id, coding.assignment.conversation_id): coding
            for coding in codings_there(self.round)
        }
        refused = []
        for pair, item in self.work.items():
            coding = known.get(pair)
            if coding is None:
                self.new[pair] = item
                continue
            addition, problem = difference(coding, item)
            if problem:
                refused.append(at_line(self.file_name, item.first.number, problem))
            elif addition:
                self.additions.append(addition)
        if refused:
            raise BadInput(refused[:MOST_PROBLEMS])

    def _warnings(self, item: Work) -> Iterator[dict[str, Any]]:
        """Broken conditions, required questions without an answer and contradictions, of the units named."""
        units: list[tuple[str, CodedUnit]] = []
        for key, values in item.answers.items():
            if key[0] == "message" and key[1] is not None:
                message = self.messages[key[1]]
                role = message.author_role
                spans = [span for span in item.spans if span.message_id == message.pk]
                parts = [CodedUnit("span", span.answers, role) for span in spans]
                name = _("message %(id)s") % {"id": message.external_id}
                units.append((name, CodedUnit("message", values, role, parts)))
        answers = item.answers.get(CONVERSATION, {})
        whole = CodedUnit("conversation", answers, parts=[unit for _, unit in units])
        if CONVERSATION in item.answers:
            name = _("conversation %(key)s") % {"key": item.first["conversation_id"]}
            units.append((name, whole))
        for name, unit in units:
            for code, keys in (
                ("not_asked", self.rules.stale(unit)),
                ("required", [variable.key for variable in self.rules.open(unit)]),
            ):
                if keys:
                    asked = _("%(keys)s is answered but not asked.") if code == "not_asked" else None
                    what = asked or _("%(keys)s has no answer.")
                    yield self._warning(item, name, code, what % {"keys": ", ".join(keys)})
            for found in self.consistency.contradictions(unit):
                yield self._warning(item, name, "contradiction", in_language(found.text, get_language()))

    @staticmethod
    def _warning(item: Work, name: str, code: str, what: str) -> dict[str, Any]:
        message = f"{item.first['coder']}, {name}: {what}"
        return {"line": item.first.number, "code": code, "message": message}
