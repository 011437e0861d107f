"""What is where in a table: the row with the names of columns, which column holds what, what is not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from annotations.common.cells import DISARMED
from annotations.importing.read import times
from annotations.importing.read.cell_values import handle_in_profile
from annotations.importing.read.column_names import FIELDS
from annotations.importing.read.columns import field_name, find_column, guess_columns
from annotations.importing.read.joined import JOINED, are_days, join_cells, parts_of_moment, values_in
from annotations.importing.read.presets import Preset, preset_for
from annotations.importing.read.repair import id_from_link, looks_rounded
from annotations.importing.read.rows import Problem, ReadOptions

Row = tuple[int, list[str]]
HEADER_WITHIN = 40  # rows; suites put a report's name, period and filters above their table
MOST_COLUMNS = 2000
LOOK_AHEAD = 2000
SHOWN_COLUMNS = 12
SHOWN_NAME = 60
ID_FIELDS = ("id", "parent_id", "conversation_id", "author_id", "reply_to_author_id", "repost_of")
TIMES = ("created_at", "author_created_at", "collected_at")


@dataclass(slots=True)
class Layout:
    """`header` ends with the joined columns, which `widen` adds to every row; `columns`: field -> index in
    it.

    `width` counts the columns of the file, `line` is that of the header, `ahead` are the rows read so far.
    """

    header: list[str]
    width: int
    line: int
    preset: Preset | None
    columns: dict[str, int] = field(default_factory=dict)
    joins: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    ahead: list[Row | Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)

    def widen(self, cells: list[str]) -> list[str]:
        """The cells and the joined ones after them."""
        if not self.joins:
            return cells
        return cells + [join_cells(kind, [cells[part] for part in parts]) for kind, parts in self.joins]

    def parts(self, name: str) -> tuple[int, ...]:
        """The columns of the file that make up a field."""
        index = self.columns.get(name)
        if index is None:
            return ()
        return (index,) if index < self.width else self.joins[index - self.width][1]

    def join(self, name: str, parts: tuple[int, ...]) -> None:
        self.joins.append((name, parts))
        self.columns[name] = len(self.header)
        self.header.append(" + ".join(self.header[part] for part in parts))


def header_score(cells: Sequence[str]) -> int:
    """How many of our fields a row names; ten more where it is the header of a known export."""
    cells = [cell.strip().lstrip("\ufeff") for cell in cells[:MOST_COLUMNS]]
    return len(guess_columns(cells)) + 10 * (preset_for(cells) is not None)


def best_header(rows: Sequence[list[str]]) -> int | None:
    """Which of the first rows is the header: the one that names most fields, else the first with content."""
    scores = [header_score(cells) for cells in rows[:HEADER_WITHIN]]
    if scores and max(scores) > 1:
        return scores.index(max(scores))
    return next((i for i, cells in enumerate(rows) if any(cells)), None)


def layout_of(
    rows: Iterator[Row | Problem], options: ReadOptions, preset: Preset | None, name: str
) -> Layout | Problem:
    """Take the first rows, and say what is where. What stands in the way is in `refused`."""
    first: list[Row] = []
    problem: Problem | None = None
    for row in islice(rows, HEADER_WITHIN):
        if isinstance(row, Problem):
            problem = row
            break
        first.append(row)
    index = best_header([cells for _line, cells in first])
    if index is None:
        return problem or Problem(name, 0, "empty_file", "file")
    line, cells = first[index]
    if len(cells) > MOST_COLUMNS:
        return Problem(name, line, "too_many_columns", "file", {"found": len(cells), "most": MOST_COLUMNS})
    header = [cell.strip().lstrip("\ufeff") for cell in cells]
    found = Layout(header, len(header), line, preset or preset_for(header))
    found.ahead = [*first[index + 1 :], *([problem] if problem else islice(rows, LOOK_AHEAD))]
    above = sum(any(cells) for _line, cells in first[:index])
    if above:
        found.notes.append(Problem(name, 0, "header_found", "notice", {"at": line, "count": above}))
    _choose_columns(found, options, name)
    if not found.refused:
        sample = [
            row[1] for row in found.ahead if not isinstance(row, Problem) and len(row[1]) >= found.width
        ]
        _join_moment(found, sample, options)
        _take_handle_from_profile(found, sample, options)
        _leave_out_rounded(found, sample, name)
        _prefer_ids_of_links(found, sample, options, name)
        _leave_out_what_are_no_times(found, sample, options, name)
        _tell_what_is_missing(found, sample, name)
    return found


def _choose_columns(found: Layout, options: ReadOptions, name: str) -> None:
    """Columns by their names, and as they were mapped."""
    header = found.header[: found.width]
    columns = found.columns = guess_columns(header, found.preset)
    shown = _named([name for name in header if name])
    for wanted, column in options.columns.items():
        our = field_name(wanted)
        if our is not None and not column:  # chosen not to be read
            columns.pop(our, None)
            continue
        if our is None:
            params = {"field": wanted, "fields": ", ".join(FIELDS)}
            found.refused.append(Problem(name, 0, "no_such_field", "file", params))
            continue
        parts = _columns_named(header, column, our)
        if not parts:
            params = {"field": wanted, "column": column, "columns": shown}
            found.refused.append(Problem(name, 0, "no_such_column", "file", params))
            continue
        guessed = [other for other, i in columns.items() if i in parts and other not in options.columns]
        for other in guessed if not found.preset else ():
            del columns[other]
        if len(parts) > 1:
            found.join(our, parts)
        else:
            columns[our] = parts[0]
    for needed in ("text", "id"):
        if needed in columns or (needed == "id" and ("permalink" in columns or options.makes_ids)):
            continue
        code = "missing_id" if needed == "id" else "missing_column"
        found.refused.append(Problem(name, 0, code, "file", {"field": needed, "columns": shown}))
    for index in sorted({i for i in columns.values() if i < found.width}):
        if header.count(header[index]) > 1:
            found.notes.append(Problem(name, 0, "column_twice", "notice", {"column": header[index]}))


def _columns_named(header: list[str], wanted: str, our: str) -> tuple[int, ...]:
    """The column of that name, or those of `Datum + Tijd` where the field may be joined; () where none is."""
    index = find_column(header, wanted)
    if index is not None:
        return (index,)
    parts = [find_column(header, part.strip()) for part in wanted.split("+")]
    if our not in JOINED or len(parts) < 2 or None in parts:
        return ()
    return tuple(part for part in parts if part is not None)


def _join_moment(found: Layout, sample: list[list[str]], options: ReadOptions) -> None:
    """Where the time of a message stands in several columns, they are one."""
    if "created_at" not in options.columns:
        header = found.header[: found.width]
        if parts := parts_of_moment(header, found.columns, sample):
            found.join("created_at", parts)


def _take_handle_from_profile(found: Layout, sample: list[list[str]], options: ReadOptions) -> None:
    """Where the author's column holds names, and another the addresses of accounts, the handle is in
    those."""
    index = found.columns.get("author_handle")
    if "author_handle" in options.columns or found.preset:
        return
    if index is not None:
        authors = values_in(sample, index)
        names = sum(" " in value and "@" not in value and "/" not in value for value in authors)
        if names * 2 <= len(authors):
            return
    taken = set(found.columns.values())
    for other in set(range(found.width)) - taken:
        values = values_in(sample, other)
        if values and sum(handle_in_profile(value) is not None for value in values) > 0.8 * len(values):
            if index is not None:
                found.columns.setdefault("author_name", index)
            found.columns["author_handle"] = other
            return


def _prefer_ids_of_links(found: Layout, sample: list[list[str]], options: ReadOptions, name: str) -> None:
    """An id column of a suite's own numbers, which nothing refers to, gives way to the ids in the links."""
    columns = found.columns
    if found.preset or "id" in options.columns or not {"id", "permalink"} <= columns.keys():
        return
    own = [cells[columns["id"]].strip() for cells in sample]
    linked = [id_from_link(cells[columns["permalink"]]) for cells in sample]
    has_links = sum(one is not None for one in linked) > 0.8 * len(linked)
    if not has_links or any(one and one in given for one, given in zip(linked, own, strict=True)):
        return
    answered = {value for field in ("parent_id", "conversation_id") if field in columns
                for value in values_in(sample, columns[field])}  # fmt: skip
    if answered.isdisjoint(own):
        note = {"column": found.header[columns.pop("id")]}
        found.notes.append(Problem(name, 0, "ids_of_links", "notice", note))


def _leave_out_rounded(found: Layout, sample: list[list[str]], name: str) -> None:
    """Leave out id columns that a spreadsheet rounded in most of the rows; the message's own id may come
    from its link.
    """
    for our in ID_FIELDS:
        index = found.columns.get(our)
        values = values_in(sample, index) if index is not None else []
        rounded = sum(map(looks_rounded, values))
        if index is None or rounded * 2 <= len(values):
            continue
        params = {"column": found.header[index], "share": rounded, "checked": len(values)}
        del found.columns[our]
        if our != "id":
            found.notes.append(Problem(name, 0, "references_rounded", "notice", {**params, "field": our}))
        elif "permalink" in found.columns:
            found.notes.append(Problem(name, 0, "ids_from_link", "notice", params))
        else:
            found.refused.append(Problem(name, 0, "ids_rounded", "file", params))


def _leave_out_what_are_no_times(
    found: Layout, sample: list[list[str]], options: ReadOptions, name: str
) -> None:
    """One sentence for a column of which most values are no times, not one for every row."""
    for our in TIMES:
        index = found.columns.get(our)
        if index is None:
            continue
        values = [
            value for cells in sample[:200] if (value := _cell(found, cells, index)) and value not in NO_TIME
        ]
        bad = sum(not _is_time(value) for value in values)
        if bad * 2 <= len(values) or len(values) < 2:
            continue
        params = {"column": found.header[index], "share": bad, "checked": len(values)}
        del found.columns[our]
        if our == "created_at":
            found.refused.append(Problem(name, 0, "not_times", "file", params))
        else:
            found.notes.append(Problem(name, 0, "not_times_left_out", "notice", params))


NO_TIME = {"NA", "nan", "NaT", "null", "None", "-"}


def _cell(found: Layout, cells: list[str], index: int) -> str:
    return found.widen(cells)[index].strip()


def _is_time(value: str) -> bool:
    try:
        times.parse(value)
    except times.BadTime:
        return False
    return True


def _tell_what_is_missing(found: Layout, sample: list[list[str]], name: str) -> None:
    """Columns that hold something and are not read; no time, author or thread; days without times."""
    columns = found.columns

    def note(code: str, **params: object) -> None:
        found.notes.append(Problem(name, 0, code, "notice", params))

    read = {part for our in columns for part in found.parts(our)}
    derived = found.preset.derived if found.preset else ()
    unread = [
        column
        for index, column in enumerate(found.header[: found.width])
        if index not in read
        and column not in {"", DISARMED, *derived}
        and any(index < len(cells) and cells[index] for cells in sample)
    ]
    if unread:
        note("columns_unread", columns=_named(unread), count=len(unread))
    if "created_at" not in columns:
        note("no_times")
    elif are_days([_cell(found, cells, columns["created_at"]) for cells in sample[:200]]):
        note("days_only", column=found.header[columns["created_at"]])
    if not columns.keys() & {"author_handle", "author_id", "author_name"}:
        note("no_authors")
    if not columns.keys() & {"parent_id", "conversation_id"}:
        note("no_threads")
    if sample and not any(_cell(found, cells, columns["text"]) for cells in sample):
        column = found.header[columns["text"]]
        found.refused.append(Problem(name, 0, "no_texts", "file", {"column": column}))


def _named(columns: list[str]) -> str:
    """Names of columns for a sentence."""
    shown = ", ".join(
        name if len(name) <= SHOWN_NAME else name[:SHOWN_NAME] + "…" for name in columns[:SHOWN_COLUMNS]
    )
    more = len(columns) - SHOWN_COLUMNS
    return f"{shown} (+ {more})" if more > 0 else shown
