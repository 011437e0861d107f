"""Compiles locale/*/LC_MESSAGES/*.po. Babel does it in Python, so that no gettext has to be installed."""

import os
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_translations(folder: Path) -> list[Path]:
    """Writes a .mo beside every .po below the folder that is newer; returns what was written.

    Where a msgid occurs twice the first translation counts.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3], domain=source.stem)
        # Written aside and moved: several test processes may do this at once.
        with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".tmp", delete=False) as compiled:
            write_mo(compiled, catalog)
        os.chmod(compiled.name, 0o644)
        os.replace(compiled.name, target)
        written.append(target)
    return written
