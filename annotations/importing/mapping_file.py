"""A column mapping as a file, to share with who has exports of the same kind:

{"name": "Coosto", "columns": {"text": "Bericht", "created_at": "Datum + Tijd", "lang": ""}}
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.utils.translation import gettext as _

from ..errors import BadInput
from .read.column_names import FIELDS
from .read.columns import field_name

LARGEST_FILE = 64 * 1024
LONGEST_NAME = 80
LONGEST_COLUMN = 2000


def as_file(name: str, mapping: Mapping[str, str]) -> str:
    """The file of a mapping: our field -> the file's column, "" for none."""
    return json.dumps({"name": name, "columns": dict(mapping)}, ensure_ascii=False, indent=2) + "\n"


def read_file(content: bytes) -> tuple[str, dict[str, str]]:
    """(name, mapping) of a file. Raises BadInput with a sentence for everything that is wrong with it."""
    if len(content) > LARGEST_FILE:
        raise BadInput(_("This file is too large to hold a mapping of columns."))
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as why:
        raise BadInput(_("This is no file with a mapping of columns: it is not JSON in UTF-8.")) from why
    columns = found.get("columns") if isinstance(found, dict) else None
    if not isinstance(columns, dict) or not columns:
        raise BadInput(_("This is no file with a mapping of columns: “columns” is not in it."))
    problems: list[str] = []
    mapping: dict[str, str] = {}
    for given, column in columns.items():
        field = field_name(given)
        if field is None:
            words = {"field": given[:LONGEST_NAME], "fields": ", ".join(FIELDS)}
            problems.append(_("“%(field)s” is no field; choose from %(fields)s.") % words)
        elif not isinstance(column, str) or len(column) > LONGEST_COLUMN:
            problems.append(_("The column of “%(field)s” is not a name.") % {"field": given})
        elif field in mapping:
            problems.append(_("“%(field)s” is in the file twice.") % {"field": field})
        else:
            mapping[field] = column.strip().replace("\0", "")
    if problems:
        raise BadInput(problems)
    name = found.get("name")
    name = " ".join(name.replace("\0", "").split())[:LONGEST_NAME] if isinstance(name, str) else ""
    return name, mapping
