"""The files of the demo corpus as the tests read them: with the standard library, not with our importer."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from datetime import datetime
from functools import cache
from typing import Any

import yaml

from annotations.demo.making.corpus import CORPUS

Rows = list[dict[str, str]]

MAIN = "demo_zwaluwlijn.csv"
EXCEL = "demo_rijksheffingen_excel.csv"
DAMAGED = "demo_rijksheffingen_kapot.csv"
SUPPLEMENT = "aanvulling.csv"
WITHOUT_FINDS = "zonder_vondst.csv"
TWARC = "demo_zwaluwlijn_twarc.jsonl"

DUTCH = {
    "Bericht-id": "id",
    "In reactie op": "parent_id",
    "Gesprek": "conversation_id",
    "Datum": "created_at",
    "Geplaatst door": "author_handle",
    "Naam": "author_name",
    "Rol": "author_role",
    "Account sinds": "author_created_at",
    "Volgers": "author_followers",
    "Aantal berichten": "author_posts",
    "Aangesproken": "addressed",
    "Bericht": "text",
    "Link": "permalink",
    "Bron": "source",
}
ROLES = {"consument": "consumer", "organisatie": "organisation", "derde": "third_party"}


@cache
def table(name: str) -> Rows:
    """A file of comma-separated UTF-8."""
    return list(csv.DictReader(io.StringIO((CORPUS / name).read_text(encoding="utf-8"), newline="")))


@cache
def spreadsheet(name: str) -> Rows:
    """A file as Excel saves it, with our names for columns and roles."""
    text = (CORPUS / name).read_bytes().decode("cp1252")
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    ours = ({DUTCH[key]: cell for key, cell in row.items()} for row in rows)
    return [{**row, "author_role": ROLES[row["author_role"]]} for row in ours]


@cache
def study() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((CORPUS / "study.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def tweets() -> dict[str, Any]:
    page: dict[str, Any] = json.loads((CORPUS / TWARC).read_text(encoding="utf-8"))
    return page


def everything() -> Rows:
    """Every message of the demo study."""
    return [*table(MAIN), *spreadsheet(EXCEL), *table(SUPPLEMENT), *table(WITHOUT_FINDS)]


def conversations() -> dict[str, Rows]:
    """Messages by conversation, oldest first."""
    found: dict[str, Rows] = defaultdict(list)
    for row in sorted(everything(), key=lambda row: int(row["id"])):
        found[row["conversation_id"]].append(row)
    return found


def texts() -> dict[str, str]:
    return {row["id"]: row["text"] for row in everything()}


def moment(cell: str) -> datetime:
    """ISO with offset, or dd-mm-jjjj with or without uu:mm in Dutch local time (made naive for both)."""
    for pattern in ("%d-%m-%Y %H:%M", "%d-%m-%Y"):
        try:
            return datetime.strptime(cell, pattern)
        except ValueError:
            continue
    return datetime.fromisoformat(cell).replace(tzinfo=None)
