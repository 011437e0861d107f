"""A codebook out of a spreadsheet, or out of another program (`.qdc`, REFI-QDA Codebook Exchange).

Both give parts of a document: modules and variables. What they do not say is left to be filled in; the
checks of the draft name it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from ..codebooks.editing.keys import key_from
from ..codebooks.kinds import KINDS
from ..codebooks.schema import LEVELS, ROLES
from ..errors import BadInput
from ..exchange.codebook_qdc import NAMESPACE
from ..importing.read.rows import Tally
from ..importing.read.workbooks import BadWorkbook, workbook_rows

Item = dict[str, Any]
Row = Mapping[str, str]
TEXTS = ("label", "definition", "include", "exclude", "example")
MOST_ROWS = 5_000
SHEET = "codebook"
MODULE = "core"
TRUE, FALSE = frozenset({"1", "yes", "true", "ja", "waar"}), frozenset({"0", "no", "false", "nee", "onwaar"})


def read_table(name: str, content: bytes, languages: Sequence[str] = ("nl", "en")) -> Item:
    """`codebook.csv` of an export, or a table with at least the columns variable and category.

    A row per category; of a variable without categories one row. Texts are in columns such as
    `category_label_nl`; without a language they are in the first. Raises BadInput.
    """
    rows = list(_workbook(name, content) if name.lower().endswith("xlsx") else _csv(content))
    if not rows or "variable" not in rows[0]:
        raise BadInput(_("The first row must name the columns; one of them is “variable”."))
    if len(rows) > MOST_ROWS:
        raise BadInput(
            _("The table has more than %(most)d rows; a codebook has fewer.") % {"most": MOST_ROWS}
        )
    modules: dict[str, Item] = {}
    variables: dict[str, Item] = {}
    for row in rows:
        key = _key(row.get("variable", ""))
        if not key:
            continue
        variable = variables.get(key) or variables.setdefault(key, _variable(key, row, languages))
        module = variable["module"]
        modules.setdefault(
            module, {"key": module, "label": dict.fromkeys(languages, module), "default_on": True}
        )
        category = _key(row.get("category", ""))
        if category and variable["kind"] in ("single", "multi"):
            variable["categories"].append(_category(category, row, len(variable["categories"]), languages))
    return {"modules": list(modules.values()), "variables": list(variables.values())}


def _csv(content: bytes) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(_("The file is not UTF-8; save it as CSV UTF-8 and try again.")) from None
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=max(";,\t", key=head.count))
    try:
        for row in reader:
            yield {
                _heading(name): (value or "").strip()
                for name, value in row.items()
                if isinstance(value, str | None) and name
            }
    except csv.Error:
        raise BadInput(_("Line %(line)d of the table cannot be read.") % {"line": reader.line_num}) from None


def _workbook(name: str, content: bytes) -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "codebook.xlsx"
        path.write_bytes(content)
        for sheet in (SHEET, None):
            try:
                rows = [cells for _number, cells in workbook_rows(path, sheet, Tally(), name)]
            except BadWorkbook:
                continue
            if rows:
                header = [_heading(cell) for cell in rows[0]]
                for cells in rows[1:]:
                    yield dict(zip(header, (cell.strip() for cell in cells), strict=False))
                return
    raise BadInput(_("This spreadsheet cannot be read; save it as .xlsx or .csv and try again."))


def _heading(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[a-z0-9][a-z0-9_]{0,59}", name) else key_from(name)


def _variable(key: str, row: Row, languages: Sequence[str]) -> Item:
    kind = row.get("kind") or row.get("variable_kind") or ("single" if row.get("category") else "text")
    level, role = row.get("level", ""), row.get("applies_to", "")
    item: Item = {
        "key": key,
        "module": _key(row.get("module", "")) or MODULE,
        "level": level if level in LEVELS else "conversation",
        "kind": kind if kind in KINDS else "single",
        "applies_to": role if role in ROLES and level != "conversation" else "any",
        **_texts(row, "variable_", languages),
    }
    item.setdefault("label", {languages[0]: row.get("variable", key)})
    if row.get("scale") in KINDS[item["kind"]].scales:
        item["scale"] = row["scale"]
    if row.get("required", "").lower() in TRUE:
        item["required"] = True
    for name in ("show_if", "required_if"):
        if condition := _condition(row.get(name, "")):
            item[name] = condition
    if item["kind"] in ("single", "multi"):
        item["categories"] = []
    return item


def _category(key: str, row: Row, place: int, languages: Sequence[str]) -> Item:
    code = row.get("code", "")
    item: Item = {
        "key": key,
        "code": int(code) if re.fullmatch(r"\d{1,5}", code) else place + 1,
        **_texts(row, "category_", languages),
    }
    item.setdefault("label", {languages[0]: row.get("category", key)})
    if shortcut := row.get("shortcut", ""):
        item["shortcut"] = shortcut
    if row.get("exclusive", "").lower() in TRUE:
        item["exclusive"] = True
    return item


def _texts(row: Row, start: str, languages: Sequence[str]) -> Item:
    found: Item = {}
    for name in TEXTS:
        texts = {language: row.get(f"{start}{name}_{language}", "") for language in languages}
        texts[languages[0]] = texts[languages[0]] or row.get(f"{start}{name}", "")
        if filled := {language: text for language, text in texts.items() if text}:
            found[name] = filled
    return found


def _condition(written: str) -> dict[str, list[str]]:
    """`contains_pii = yes; response_present = yes | no`, as an export writes it."""
    found = {}
    for part in filter(None, (each.strip() for each in written.split(";"))):
        key, _equals, values = part.partition("=")
        found[key.strip()] = [each.strip() for each in values.split("|") if each.strip()]
    return found


def read_qdc(content: bytes, language: str) -> Item:
    """Codes with codes below them are variables with categories; a code alone is a question of yes or no.

    Raises BadInput.
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise BadInput(_("This file holds declarations that a codebook does not need; export it again."))
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - it declares no entities
    except (ElementTree.ParseError, ValueError):
        raise BadInput(_("This is no codebook in the REFI-QDA format (.qdc).")) from None
    names = {"q": NAMESPACE}
    codes = root.find("q:Codes", names)
    if root.tag != f"{{{NAMESPACE}}}CodeBook" or codes is None:
        raise BadInput(_("This is no codebook in the REFI-QDA format (.qdc)."))
    variables: list[Item] = []
    for code in codes.findall("q:Code", names):
        children = list(code.iter(f"{{{NAMESPACE}}}Code"))[1:]
        item: Item = {
            "key": _free(variables, key_from(code.get("name", "")) or "variable"),
            "module": MODULE,
            "level": "message",
            "kind": "single" if len(children) > 1 else "boolean",
            **_named(code, language),
        }
        if item["kind"] == "single":
            categories: list[Item] = []
            for number, child in enumerate(children, 1):
                key = _free(categories, key_from(child.get("name", "")) or "category")
                code_number = number if number < 97 else number + 3
                categories.append({"key": key, "code": code_number, **_named(child, language)})
            item["categories"] = categories
        variables.append(item)
    module = {"key": MODULE, "label": {"nl": "Basis", "en": "Core"}, "default_on": True}
    return {"modules": [module], "variables": variables}


def _named(code: ElementTree.Element, language: str) -> Item:
    name = (code.get("name") or "").strip()[:200]
    described = code.find(f"{{{NAMESPACE}}}Description")
    text = ((described.text if described is not None else "") or "").strip()[:4_000]
    return {"label": {language: name}, **({"definition": {language: text}} if text else {})}


def _free(items: Sequence[Item], key: str) -> str:
    taken, wanted, number = {item["key"] for item in items}, key, 2
    while wanted in taken:
        wanted, number = f"{key}_{number}", number + 1
    return wanted
