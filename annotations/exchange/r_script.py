"""`read_data.R`: reads every table of an export into base R, with types, factors and missing values."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..common.cells import DISARMED, RESTORING
from .table import Column, Table

PROGRAM = r"""# Reads the tables of this export into data frames, with base R only:
#
#   source("read_data.R")     # in this folder, or with its path
#   str(messages)
#
# Ids and texts are character, whole and other numbers numeric, times POSIXct, and categories factors in the
# order of the codebook. Missing codes become NA; the attribute "missing" of a data frame holds which codes
# stood there, in a data frame of the same shape.

here <- tryCatch(dirname(sys.frame(1)$ofile), error = function(problem) ".")

# Takes the apostrophe off that keeps a spreadsheet from executing a cell.
restore <- function(text) {
  text <- gsub(@BEHIND@, "", text, perl = TRUE)
  at_start <- startsWith(text, "'") & grepl(@START@, substring(text, 2), perl = TRUE)
  ifelse(at_start, substring(text, 2), text)
}

read_table <- function(name, types, labels = list(), missing = list(), order = list()) {
  data <- read.csv(file.path(here, name), colClasses = "character", check.names = FALSE, encoding = "UTF-8",
                   na.strings = character(0), strip.white = FALSE)
  if ("@DISARMED@" %in% names(data)) {
    changed <- strsplit(data[["@DISARMED@"]], "|", fixed = TRUE)
    for (column in unique(unlist(changed))) {
      rows <- vapply(changed, function(columns) column %in% columns, logical(1))
      data[[column]][rows] <- restore(data[[column]][rows])
    }
    data[["@DISARMED@"]] <- NULL
  }
  gone <- data.frame(row.names = seq_len(nrow(data)))
  for (column in names(types)) {
    text <- data[[column]]
    if (types[[column]] != "string") text[text == ""] <- NA
    codes <- missing[[column]]
    if (!is.null(codes)) {
      gone[[column]] <- ifelse(text %in% codes, text, NA)
      text[text %in% codes] <- NA
    }
    data[[column]] <- switch(types[[column]],
      integer = as.numeric(text),
      number = as.numeric(text),
      datetime = as.POSIXct(sub(":(..)$", "\\1", text), format = "%Y-%m-%dT%H:%M:%S%z", tz = "UTC"),
      text)
    if (!is.null(labels[[column]]))
      data[[column]] <- factor(text, levels = order[[column]], labels = labels[[column]])
  }
  attr(data, "missing") <- gone
  data
}
"""


def read_data(tables: Sequence[Table]) -> str:
    behind, start = RESTORING
    program = PROGRAM.replace("@BEHIND@", _string(_pcre(behind)))
    program = program.replace("@START@", _string(_pcre(f"^(?:{start})"))).replace("@DISARMED@", DISARMED)
    return program + "".join(_call(table) for table in tables)


def _call(table: Table) -> str:
    name = table.name.removesuffix(".csv")
    labelled = [column for column in table.columns if column.labels and column.type == "integer"]
    parts = [f"types = {_vector(table.columns)}"]
    if labelled:
        kept = {
            column.name: {code: text for code, text in column.labels.items() if code not in column.missing}
            for column in labelled
        }
        labels = {key: _unique(list(texts.values())) for key, texts in kept.items()}
        parts += [
            f"order = {_list({key: [str(code) for code in texts] for key, texts in kept.items()})}",
            f"labels = {_list(labels)}",
        ]
    missing = {
        column.name: [str(code) for code in column.missing] for column in table.columns if column.missing
    }
    if missing:
        parts.append(f"missing = {_list(missing)}")
    separator = ",\n  "
    about = " ".join(table.description.split())
    return f"\n# {about}\n{name} <- read_table({_string(table.name)},\n  {separator.join(parts)})\n"


def _vector(columns: Sequence[Column]) -> str:
    return "c(" + ", ".join(f"{_name(column.name)} = {_string(column.type)}" for column in columns) + ")"


def _list(entries: dict[str, list[str]]) -> str:
    items = (f"{_name(key)} = c({', '.join(map(_string, texts))})" for key, texts in entries.items())
    return "list(" + ",\n    ".join(items) + ")"


def _unique(labels: list[str]) -> list[str]:
    """A factor's labels must differ."""
    return [
        label if labels.count(label) == 1 else f"{label} ({place})" for place, label in enumerate(labels, 1)
    ]


def _name(name: str) -> str:
    return _string(name)


def _string(text: str) -> str:
    """A string of R, in ASCII so that the program reads the same in every locale."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(letter if letter.isascii() else f"\\U{ord(letter):08x}" for letter in quoted)


def _pcre(pattern: str) -> str:
    """A pattern of Python's `re` for Perl's: letters by number, and classes that know Unicode."""
    out, place = [], 0
    while place < len(pattern):
        two = pattern[place : place + 2]
        width = {"\\u": 4, "\\U": 8, "\\x": 2}.get(two)
        if width:
            digits = pattern[place + 2 : place + 2 + width]
            number = int(digits, 16)
            # R takes a pattern for Unicode where it holds a letter that is not ASCII.
            out.append(chr(number) if number > 0x7F else f"\\x{{{number:x}}}")
            place += 2 + width
        elif two[:1] == "\\":
            out.append(two)
            place += 2
        else:
            out.append(pattern[place])
            place += 1
    return "(*UCP)" + "".join(out)
