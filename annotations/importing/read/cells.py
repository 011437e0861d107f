"""One row of a table to one message row."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from annotations.common.cells import DISARMED, restore, without_guard
from annotations.importing.read import times
from annotations.importing.read.cell_values import (
    NO_NUMBER,
    ROLES,
    STATES,
    handle_and_name,
    name_without_handle,
    read_mentions,
    read_number,
    yes_or_no,
)
from annotations.importing.read.column_names import fold
from annotations.importing.read.columns import zone_in_name
from annotations.importing.read.presets import Preset
from annotations.importing.read.repair import (
    bare_link,
    clean_id,
    id_from_link,
    is_list_made_number,
    is_scientific,
    undo_mojibake,
    unwrap,
)
from annotations.importing.read.rows import MessageRow, Problem, ReadOptions, State, Tally
from annotations.importing.read.textfile import CR_MARK, undecodable
from annotations.importing.read.written_times import first_two

BSKY_LINK = re.compile(r"https://bsky\.app/profile/(did:[^/]+)/post/([^/?#]+)")
DUTCH = {
    "datum",
    "bericht",
    "tekst",
    "auteur",
    "geplaatst_door",
    "geplaatst_op",
    "volgers",
    "gesprek",
    "datum_tijd",
    "datum_en_tijd",
    "tijdstip",
    "gebruikersnaam",
    "geplaatst_door_optioneel",
    "berichttekst",
}
CONTEXT = {
    "author_created_at", "collected_at", "author_followers", "author_posts", "reposts", "reply_to_handle",
    "reply_to_author_id", "lang", "source", "repost_of",
}  # fmt: skip


class CellProblem(Exception):
    """A cell that cannot be read; the row is refused."""

    def __init__(self, code: str, **params: object):
        super().__init__(code)
        self.code, self.params = code, params


class RowMaker:
    """Turns the cells of a row into a `MessageRow`, given which column holds which field.

    `sample` is a number of rows from the beginning: whether days or months come first is seen from it.
    """

    def __init__(
        self,
        header: list[str],
        columns: dict[str, int],
        preset: Preset | None,
        options: ReadOptions,
        tally: Tally,
        name: str,
        sample: list[list[str]],
    ):
        self.header, self.columns, self.preset, self.tally, self.name = header, columns, preset, tally, name
        self.repair_mojibake = options.repair_mojibake
        self.has_context = not CONTEXT.isdisjoint(columns)
        self.notes: list[Problem] = []
        dutch = bool(DUTCH.intersection(fold(name) for name in header))
        time_column = header[columns["created_at"]] if "created_at" in columns else ""
        known = preset.timezone if preset else zone_in_name(time_column)
        self.zone_name = options.timezone or known or ("Europe/Amsterdam" if dutch else "UTC")
        self.zone = ZoneInfo(self.zone_name)
        self.zone_is_guess = not options.timezone and not known
        self.day_first = self._day_first(options, sample)
        self.platform = preset.platform if preset else None
        self.makes_ids = options.makes_ids and "id" not in columns and "permalink" not in columns
        self.has_local_times = False
        self.is_own = bool(preset and preset.guarded)
        self.guarded = self.is_own or self._is_guarded(sample)
        # An older export, without that column, put an apostrophe before every handle too.
        self.unguard = restore if self.is_own and DISARMED in header else without_guard
        self.orders = [0, 0]  # dates that show the day first, and the month first
        self._made: Counter[bytes] = Counter()
        if self.makes_ids:
            self.notes.append(Problem(name, 0, "ids_made", "notice"))
        self.flat = bool(preset and preset.flat) or (
            "parent_id" not in columns and "conversation_id" in columns
        )
        if self.flat:
            self.notes.append(Problem(name, 0, "flat_threads", "notice"))

    def _is_guarded(self, sample: list[list[str]]) -> bool:
        """Whether no text begins with a bare @ and some do behind an apostrophe: a guard against formulas."""
        texts = [cells[self.columns["text"]] for cells in sample]
        return not any(text.startswith("@") for text in texts) and any(
            without_guard(text) != text for text in texts
        )

    def _day_first(self, options: ReadOptions, sample: list[list[str]]) -> bool:
        index = self.columns.get("created_at")
        if options.day_first is not None or index is None:
            return options.day_first is not False
        values = [row[index].strip() for row in sample if index < len(row)]
        day, month = times.day_orders(values)
        if not day and not month and any(first_two(value) for value in values):
            self.notes.append(Problem(self.name, 0, "day_or_month", "notice"))
        return day >= month

    def notes_after(self) -> list[Problem]:
        """What only shows when all rows were read."""
        notes = []
        if self.has_local_times and self.zone_is_guess:
            notes.append(Problem(self.name, 0, "times_are_local", "notice", {"timezone": self.zone_name}))
        if all(self.orders):
            day, month = self.orders
            notes.append(Problem(self.name, 0, "day_orders_mixed", "notice", {"day": day, "month": month}))
        if self.tally.repairs["time_ambiguous"]:
            notes.append(Problem(self.name, 0, "time_ambiguous", "notice", {"timezone": self.zone_name}))
        if seen := self.tally.repairs["mojibake_seen"]:
            notes.append(Problem(self.name, 0, "mojibake", "notice", {"count": seen}))
        return notes

    def row(self, line: int, cells: list[str]) -> MessageRow:
        """Raises CellProblem."""
        columns = self.columns
        if undecodable("".join(cells)):
            raise CellProblem("bad_encoding", encoding="UTF-8")

        def cell(field: str) -> str:
            index = columns.get(field)
            value = "" if index is None else cells[index]
            if not value or value.isalnum():
                return value
            value = unwrap(value.replace(CR_MARK, " ").strip())
            return self.unguard(value) if self.is_own else value

        link = bare_link(cell("permalink"))
        text, raw = self._text(line, cells[columns["text"]])
        handle, shown = handle_and_name(cell("author_handle"))
        role = cell("author_role").lower()
        row = MessageRow(
            external_id=self._own_id(line, cells, link),
            text=text,
            text_raw=raw,
            parent_id=self._reference("parent_id", cells),
            conversation_id=self._reference("conversation_id", cells),
            author_id=self._reference("author_id", cells),
            author_handle=handle or None,
            author_name=name_without_handle(cell("author_name") or shown or "", handle) or None,
            created_at=self._time("created_at", cell),
            permalink=link or None,
            platform=cell("platform").lower() or self.platform,
            mentions=read_mentions(cell("mentions")) if "mentions" in columns else None,
            inbound=yes_or_no(cell("inbound")) if "inbound" in columns else None,
            role_hint=next((ours for ours, names in ROLES.items() if role in names), None) if role else None,
            file=self.name,
            line=line,
        )
        if self.has_context:
            self._context(row, cells, cell)
        if "state" in columns and (state := cell("state")) in STATES:
            row.state, row.reason = cast(State, state), "as exported"
        if "responses" in columns:
            own = row.external_id
            value = cells[columns["responses"]]
            if is_list_made_number(value) and (len(own) > 3 or ",0" in value):
                self.tally.repaired("id_list")
        return row

    def _context(self, row: MessageRow, cells: list[str], cell: Callable[[str], str]) -> None:
        columns = self.columns
        row.author_created_at = self._time("author_created_at", cell)
        row.collected_at = self._time("collected_at", cell)
        row.author_followers = self._number("author_followers", cell)
        row.author_posts = self._number("author_posts", cell)
        row.reposts = self._number("reposts", cell)
        row.reply_to_handle = cell("reply_to_handle").lstrip("@") or None
        row.reply_to_author_id = self._reference("reply_to_author_id", cells)
        row.lang, row.source = cell("lang") or None, cell("source") or None
        if "repost_of" in columns and (original := self._reference("repost_of", cells)):
            row.repost_of = original
            self.tally.repaired("repost")

    def _made_id(self, line: int, cells: list[str]) -> str:
        """The same for the same text, author and time; rows alike in all three are numbered.

        Messages without times stand in the order of their ids, so there the line leads.
        """
        parts = ("text", "author_id", "author_handle", "author_name", "created_at")
        values = [cells[self.columns[part]] for part in parts if part in self.columns]
        digest = hashlib.sha256("\0".join(values).encode()).digest()[:10]
        self._made[digest] += 1
        again = f"-{self._made[digest]}" if self._made[digest] > 1 else ""
        place = "" if "created_at" in self.columns else f"{line}-"
        return f"made-{place}{digest.hex()}{again}"

    def _own_id(self, line: int, cells: list[str], link: str) -> str:
        if self.makes_ids:
            return self._made_id(line, cells)
        index = self.columns.get("id")
        value = self._clean("id", cells[index]) if index is not None else ""
        if value:
            return value
        found = id_from_link(link)
        if found is None and link and index is None:
            found = link  # on other platforms the link is the id
        if found is None:
            raise CellProblem("id_missing")
        self.tally.repaired("id_from_link")
        return found

    def _clean(self, field: str, value: str) -> str:
        if value.isdecimal():
            return value
        value, kind = clean_id(value.replace(CR_MARK, " "), guarded=self.is_own)
        if kind:
            self.tally.repaired(kind)
        if is_scientific(value):
            raise CellProblem("id_rounded", column=self.header[self.columns[field]])
        return value

    def _reference(self, field: str, cells: list[str]) -> str | None:
        index = self.columns.get(field)
        if index is None or not (value := cells[index]):
            return None
        if value.isdecimal():
            return value
        value = self._clean(field, value)
        if value.startswith("http"):
            found = BSKY_LINK.match(value)
            return f"at://{found[1]}/app.bsky.feed.post/{found[2]}" if found else id_from_link(value) or value
        return value or None

    def _text(self, line: int, text: str) -> tuple[str, str | None]:
        raw = None
        if CR_MARK in text:
            raw, text = text.replace(CR_MARK, "\r"), text.replace(CR_MARK, " ")
        if self.guarded and (bare := self.unguard(text)) != text:
            raw = None if self.is_own else raw or text
            text = bare
            self.tally.repaired("guard_taken_off")
        if not text.isascii() and (restored := undo_mojibake(text)) is not None:
            self.tally.sample("mojibake", line, text, restored)
            if self.repair_mojibake:
                self.tally.repaired("mojibake")
                return restored, raw or text
            self.tally.repaired("mojibake_seen")
        if not text:
            self.tally.repaired("empty_text")
        return text, raw

    def _time(self, field: str, cell: Callable[[str], str]) -> datetime | None:
        value = cell(field)
        if not value or value in {"NA", "nan", "NaT", "null", "None", "-"}:
            return None
        if field == "created_at" and (order := first_two(value)):
            self.orders[0] += order[0] > 12
            self.orders[1] += order[1] > 12
        try:
            moment = times.parse(value, day_first=self.day_first)
        except times.BadTime as why:
            if field != "created_at":  # a message is not lost to what is not needed of it
                self.tally.repaired("time_unread")
                return None
            raise CellProblem("bad_time", column=self.header[self.columns[field]]) from why
        if moment.tzinfo is UTC:
            return moment
        self.has_local_times = True
        moment, doubtful = times.to_utc(moment, self.zone)
        if self.zone is not UTC and self.zone_name != "UTC":
            self.tally.repaired("local_time")
            if doubtful:
                self.tally.repaired("time_ambiguous")
        return moment

    def _number(self, field: str, cell: Callable[[str], str]) -> int | None:
        """A count; what is none is unknown, and counted: no message is lost to it."""
        value = cell(field)
        if not value or value.lower() in NO_NUMBER:
            return None
        number = read_number(value)
        if number is None:
            self.tally.repaired("number_unread")
        return number
