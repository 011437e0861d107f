"""Codings from a CSV file into a study: what `export` writes, or what another program made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ...accounts.members import add_member
from ...codebooks.conditions import CodedUnit
from ...codebooks.language import in_language
from ...coding.answers import CONVERSATION, consistency_of, rules_of
from ...coding.save import ImportedCoding, store_imported
from ...errors import BadInput
from ...models import Coding, Membership, Message, Round, Study
from ...sampling.imported import assign_imported, round_for_import
from .checking import MOST_PROBLEMS, Checker, Pair, Work
from .comparing import is_same
from .kept import import_kept_lines
from .lines import CodingLine, at_line, read_lines
from .qda import qda_lines
from .settled import Report, empty_report, import_settled_lines


@transaction.atomic
def import_codings(
    study: Study,
    file: Path,
    *,
    round_name: str | None = None,
    create_coders: bool = False,
    actor_id: int | None = None,
    file_name: str = "",
) -> Report:
    """Store the codings of a file, all or nothing; importing it again adds nothing.

    A conversation that a coder already coded otherwise is refused: nothing a coder did is overwritten.
    Broken conditions, missing required answers and contradictions are warnings. Raises BadInput with line
    numbers.
    The file may be a CSV file, the workbook of an export, or a REFI-QDA project (`.qdpx`) that its
    project.qdpx began. A CSV file may also be a consensus.csv, see `import_settled_lines`, or a
    contradictions.csv, see `import_kept_lines`. `file_name`: what people call the file.
    """
    name = file_name or file.name
    is_project = file.suffix.lower() == ".qdpx"
    lines = qda_lines(study, file, name) if is_project else list(read_lines(file, name))
    if lines and lines[0].is_settled:
        return import_settled_lines(study, lines, file_name=name, round_name=round_name, actor_id=actor_id)
    if lines and lines[0].is_kept:
        coders = _coders(study, lines, False, actor_id, empty_report(lines))
        return import_kept_lines(
            study, lines, coders, file_name=name, round_name=round_name, actor_id=actor_id
        )
    return import_lines(
        study,
        lines,
        file_name=name,
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
                _("line %(line)d: %(name)s is no member of this study; add them, or have coders made.")
                % {"line": first[name], "name": name or _("nobody")}
                for name in strangers
            ]
        )
    for name in strangers:
        known[name] = add_member(study, name, Membership.Role.CODER, actor_id=actor_id).user_id
        report["coders_created"].append(name)
    return known


class _Importer:
    """Checked work of one round: compared with what is there, then stored."""

    def __init__(self, study: Study, round_: Round, coders: dict[str, int], file_name: str) -> None:
        self.round, self.file_name = round_, file_name
        self.checker = Checker(study, round_, coders, file_name)
        self.messages: dict[int, Message] = {}
        self.rules = rules_of(round_.codebook_version_id, round_.modules)
        self.consistency = consistency_of(round_.codebook_version_id, round_.modules)

    def run(self, lines: Sequence[CodingLine], report: Report, actor_id: int | None) -> None:
        work = self.checker.check(lines)
        self.messages = {message.pk: message for message in self.checker.messages.values()}
        new = self._unknown(work)
        assignments = assign_imported(self.round, new, actor_id=actor_id)
        codings = []
        for pair, item in new.items():
            report["warnings"] += self._warnings(item)
            codings.append(
                ImportedCoding(
                    assignments[pair],
                    item.answers,
                    item.spans,
                    finished_at=item.finished_at,
                    active_seconds=item.seconds,
                    origins=item.origins,
                )
            )
        store_imported(self.round, codings, actor_id=actor_id)
        report["codings_new"] += len(new)
        report["codings_known"] += len(work) - len(new)
        report["answers"] += sum(len(values) for item in new.values() for values in item.answers.values())
        report["spans"] += sum(len(item.spans) for item in new.values())

    def _unknown(self, work: dict[Pair, Work]) -> dict[Pair, Work]:
        """The work that is new. Raises BadInput where a coder gave something else before."""
        known = {
            (coding.assignment.coder_id, coding.assignment.conversation_id): coding
            for coding in Coding.objects.filter(assignment__round=self.round).select_related(
                "assignment__round", "assignment__conversation"
            )
        }
        new = {}
        refused = []
        for pair, item in work.items():
            coding = known.get(pair)
            if coding is None:
                new[pair] = item
            elif not is_same(coding, item.answers, item.spans):
                sentence = _(
                    "%(coder)s already coded conversation %(key)s otherwise in round %(round)s; nothing is "
                    "overwritten, name another round"
                )
                facts = {
                    "coder": item.first["coder"],
                    "key": coding.assignment.conversation.key,
                    "round": self.round.name,
                }
                refused.append(at_line(self.file_name, item.first.number, sentence % facts))
        if refused:
            raise BadInput(refused[:MOST_PROBLEMS])
        return new

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
