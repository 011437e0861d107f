"""A coded dataset: what would be stored, and storing it, all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from ....codebooks.language import in_language
from ....codebooks.lookup import lookup
from ....codebooks.values import Missing
from ....common.portions import portions
from ....errors import BadInput
from ....importing.read.column_names import FIELDS
from ....importing.store.commit import ImportChoices, import_named
from ....models import ImportBatch, Membership, Message, Study
from ....sampling.imported import round_planned
from ..codings import import_lines
from .choices import CODER, LEFT_OUT, NEW, VARIABLE, Choices, guess, kind_of
from .dataset import PORTION, Counted, Dataset
from .table import CodedTable, read_table

MOST_PROBLEMS = 50
MOST_VALUES = 40
MOST_SHOWN = 3
LONGEST_SHOWN = 40
Report = dict[str, Any]
_MISSING = {
    Missing.NOT_APPLICABLE: gettext_lazy("not applicable (97)"),
    Missing.UNDETERMINED: gettext_lazy("cannot be determined (98)"),
    Missing.NOT_CODED: gettext_lazy("not coded (99)"),
}


def round_name_of(name: str) -> str:
    """What the round is called where nobody gave it a name: as the file."""
    return Path(name).stem[:80].strip() or "main"


def choices_from(saved: Mapping[str, Any], table: CodedTable, study: Study) -> Choices:
    """What a person chose, else what is guessed."""
    if saved:
        return Choices(**saved)
    return guess(table, lookup(study.codebook_version_id).spec)


def chosen_for(study: Study, path: Path, name: str, held: Mapping[str, str], coder: str) -> dict[str, Any]:
    """What is guessed, with some columns chosen: name -> what it holds. Raises BadInput."""
    table = read_table(path, name)
    choices = choices_from({}, table, study)
    strangers = [column for column in held if column not in table.header]
    if strangers:
        sentence = _("%(file)s: there is no column %(names)s; the columns are %(columns)s.")
        facts = {"file": name, "names": ", ".join(strangers), "columns": ", ".join(table.header)}
        raise BadInput(sentence % facts)
    for what in held.values():
        is_known = what in (LEFT_OUT, CODER, NEW, *FIELDS) or what.startswith(VARIABLE)
        if not is_known:
            sentence = _("A column cannot hold “%(what)s”; write text, id, coder or variable:KEY.")
            raise BadInput(sentence % {"what": what})
    taken = {what for what in held.values() if what not in (LEFT_OUT, NEW)}
    columns = {column: "" if what in taken else what for column, what in choices.columns.items()}
    return replace(choices, columns={**columns, **held}, coder=coder).as_json()


def refuse(report: Report) -> None:
    """Raises BadInput with what stands in the way of storing what was looked at."""
    if report["problems"]:
        more = report["more_problems"]
        last = [_("and %(n)d more problems.") % {"n": more}] if more else []
        raise BadInput([*report["problems"], *last])


def look_at(study: Study, path: Path, name: str, *, saved: Mapping[str, Any], round_name: str = "") -> Report:
    """What each column is read as, what would be stored, and what stands in the way. Reads only.

    Raises BadInput where the file is no table.
    """
    table = read_table(path, name)
    choices = choices_from(saved, table, study)
    data = _checked(study, table, choices, round_name or round_name_of(name))
    known = {table.header[of.index]: f"{VARIABLE}{of.meanings.variable.key}" for of in data.counted}
    choices = replace(choices, columns={**choices.columns, **known})  # what was new may be there by now
    codings = dict.fromkeys(
        (coder, identifier) for coder, identifier in zip(data.coders, data.ids, strict=False) if identifier
    )
    texts = set(data.ids) - {""}
    members = {
        name
        for pair in Membership.objects.filter(study=study).values_list("user__username", "pseudonym")
        for name in pair
    }
    return {
        "rows": len(table.rows),
        "version": study.codebook_version_id,
        "columns": [_column(table, index, choices) for index in range(len(table.header))],
        "choices": choices.as_json(),
        "texts": len(texts),
        "texts_known": _known(study, texts),
        "coded": len(codings),
        "answers": data.answers,
        "coders": [
            {"name": coder, "rows": n, "is_new": coder not in members}
            for coder, n in Counter(data.coders).items()
            if coder
        ][:MOST_VALUES],
        "variables": [_variable(counted, table) for counted in data.counted],
        "new": [table.header[index] for index in data.new],
        "notes": data.notes[:MOST_PROBLEMS],
        "problems": data.problems[:MOST_PROBLEMS],
        "more_problems": len(data.problems[MOST_PROBLEMS:]),
    }


def store(
    study: Study,
    path: Path,
    name: str,
    *,
    saved: Mapping[str, Any],
    round_name: str = "",
    create_coders: bool = False,
    actor_id: int | None = None,
) -> Report:
    """Texts become conversations, codes a round of imported codings. Raises BadInput; nothing is stored then.

    Conversations that are there already stay as they are; the same file again adds nothing.
    """
    table = read_table(path, name)
    choices = choices_from(saved, table, study)
    round_name = round_name or round_name_of(name)
    with TemporaryDirectory(prefix="codings-") as folder:
        texts = Path(folder) / f"{slugify(Path(name).stem)[:60] or 'texts'}.jsonl"
        data = _checked(study, table, choices, round_name, texts)
        if data.new:
            names = ", ".join(table.header[index] for index in data.new)
            sentence = _(
                "%(file)s: the codebook has no variable for %(names)s yet; make one, or leave the column out."
            )
            data.problems.append(sentence % {"file": name, "names": names})
        if data.problems:
            more = len(data.problems) - MOST_PROBLEMS
            shown = data.problems[:MOST_PROBLEMS]
            raise BadInput([*shown, _("and %(n)d more problems.") % {"n": more}] if more > 0 else shown)
        with transaction.atomic():
            stored = _store_texts(study, data, texts, name, actor_id) if data.has_texts else {}
            report = import_lines(
                study,
                list(data.lines()),
                file_name=name,
                round_name=round_name,
                create_coders=create_coders,
                actor_id=actor_id,
                modules=data.modules,
            )
    return {
        **report,
        **stored,
        "rows": len(table.rows),
        "round": round_name,
        "warnings": _counted_warnings(report["warnings"]),
    }


def _checked(
    study: Study, table: CodedTable, choices: Choices, round_name: str, texts: Path | None = None
) -> Dataset:
    data = Dataset(study, table, choices, round_planned(study, round_name).codebook_version_id)
    if texts is not None:
        data.check(texts)
        return data
    with TemporaryDirectory(prefix="codings-") as folder:
        data.check(Path(folder) / "texts.jsonl")
    return data


def _store_texts(study: Study, data: Dataset, texts: Path, name: str, actor_id: int | None) -> Report:
    def batch() -> ImportBatch:
        return ImportBatch(study=study, created_by_id=actor_id, started_at=timezone.now())

    choices = ImportChoices(format="csv", mapping=data.mapping())
    report = import_named(study, [(name, texts)], choices, batch, actor_id=actor_id)
    return {"conversations_new": report.conversations_new, "messages_new": report.messages_new}


def _counted_warnings(warnings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A codebook asks much that a file from elsewhere does not say: one sentence for each question, with how
    often, instead of one for each text.
    """
    kinds: Counter[tuple[str, str]] = Counter()
    for warning in warnings:
        kinds[warning["code"], warning["message"].partition(": ")[2]] += 1
    return [
        {"line": 0, "code": code, "message": _("%(n)d times: %(what)s") % {"n": n, "what": what}}
        for (code, what), n in kinds.most_common()
    ]


def _known(study: Study, identifiers: set[str]) -> int:
    found = 0
    for some in portions(sorted(identifiers), PORTION):
        found += Message.objects.filter(
            study=study, external_id__in=some, state=Message.State.PRESENT
        ).count()
    return found


def _column(table: CodedTable, index: int, choices: Choices) -> dict[str, Any]:
    name = table.header[index]
    cells = Counter(map(str.strip, table.column(index)))
    empty = cells.pop("", 0)
    shown = [_with_label(table, index, cell) for cell, _n in cells.most_common(MOST_SHOWN)]
    is_text = choices.role(name) == "text" or any(len(cell) > LONGEST_SHOWN * 2 for cell in shown)
    return {
        "name": name,
        "title": table.title(index),
        "role": choices.role(name),
        "empty": empty,
        "distinct": len(cells),
        "values": [] if is_text else [cell[:LONGEST_SHOWN] for cell in shown],
        "kind": kind_of(table, index)[0] if choices.role(name) != LEFT_OUT else "",
    }


def _with_label(table: CodedTable, index: int, cell: str) -> str:
    label = table.label(index, cell)
    return f"{cell} ({label})" if label and label != cell else cell


def _variable(counted: Counted, table: CodedTable) -> dict[str, Any]:
    variable = counted.meanings.variable
    language = get_language() or "en"
    values = []
    if not variable.of_kind.is_free:
        for (cell, label), n in sorted(counted.cells.items(), key=lambda item: -item[1])[:MOST_VALUES]:
            meaning = counted.means[cell, label]
            value = meaning.value if meaning else None
            if meaning is None:
                means = ""
            elif value is None:
                means = _("no answer")
            elif isinstance(value, Missing):
                means = str(_MISSING[value])
            else:
                means = variable.of_kind.label(variable, value, language)
            values.append(
                {
                    "written": f"{cell} ({label})" if label and label != cell else cell,
                    "means": means,
                    "n": n,
                    "fits": meaning is not None,
                }
            )
    return {
        "column": table.header[counted.index],
        "key": variable.key,
        "label": in_language(variable.label, language),
        "values": values,
        "more": max(0, len(counted.cells) - MOST_VALUES),
        "answers": counted.answers,
        "is_free": variable.of_kind.is_free,
    }
