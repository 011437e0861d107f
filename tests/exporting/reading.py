"""Everything that stands in the files of an export, whatever the program they are for."""

import zipfile
from pathlib import Path
from typing import Any

import pyreadstat

from annotations.exporting.export import TABLES, Manifest, write_export
from annotations.models import Study

READERS = {".sav": pyreadstat.read_sav, ".dta": pyreadstat.read_dta}


CSV = [f"{build.__name__}.csv" for build in TABLES]


def write_tables(study: Study, folder: Path, **options: Any) -> Manifest:
    """An export without the files of other programs, which take most of its time."""
    return write_export(study, folder, only=[*CSV, "datapackage.json", "codebook.yaml"], **options)


def all_text(folder: Path) -> str:
    return "\n".join(map(_text, sorted(folder.iterdir())))


def _text(path: Path) -> str:
    if path.suffix in READERS:
        data, about = READERS[path.suffix](path)
        return f"{data.to_csv()}\n{about.column_names_to_labels}\n{about.variable_value_labels}"
    if path.suffix in {".xlsx", ".docx", ".qdpx"}:
        with zipfile.ZipFile(path) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return path.read_text(encoding="utf-8")
