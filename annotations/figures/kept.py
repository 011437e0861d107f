"""What was drawn is kept: a record under its key, and beside it every file that was made of it.

A key is made of all that a figure shows and of the way of drawing: what is kept is never out of date.
Nothing is lost with the folder: a page makes its records anew.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from django.conf import settings

from .drawing import FORMATS, WIDTHS, Look, draw
from .drawing.draw import THEMES
from .records import Drawable, as_json, from_json, key_of

KEPT = 30 * 24 * 3600
"""Seconds after which a figure that nobody looked at is thrown away."""
A_DAY = 24 * 3600
KEY = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(rf"{KEY.pattern}(\.json|-[a-z]+-[a-z]+\.[a-z]+)")
_SIZE = re.compile(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"')


class NoFigure(LookupError):
    """There is no such figure in this study, or no such way to draw it."""


def remember(study_id: int, record: Drawable) -> str:
    """Keep what is to be drawn, and give the key under which it is asked for."""
    key = key_of(record)
    path = _folder(study_id) / f"{key}.json"
    try:
        if time.time() - path.stat().st_mtime > A_DAY:
            os.utime(path)
    except FileNotFoundError:
        _write(path, as_json(record).encode("utf-8", "surrogatepass"))
        _forget_old(path.parent)
    return key


def record_of(study_id: int, key: str) -> Drawable:
    """Raises NoFigure."""
    path = _folder(study_id) / f"{key}.json"
    if not KEY.fullmatch(key) or not path.is_file():
        raise NoFigure(key)
    return from_json(path.read_text(encoding="utf-8", errors="surrogatepass"))


def drawn(study_id: int, key: str, look: Look, format: str) -> bytes:
    """The figure as a file, drawn when it is asked for first. Raises NoFigure."""
    if look.theme not in THEMES or look.width not in WIDTHS or format not in FORMATS:
        raise NoFigure(key)
    record = record_of(study_id, key)
    path = _path(study_id, key, look, format)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        made = draw(record, format, look)
        _write(path, made)
        return made


def is_drawn(study_id: int, key: str, look: Look, format: str) -> bool:
    return _path(study_id, key, look, format).is_file()


def size_of(study_id: int, key: str, look: Look) -> tuple[int, int] | None:
    """Width and height of a drawn SVG in pixels of a page; None before it is drawn."""
    try:
        with _path(study_id, key, look, "svg").open("rb") as file:
            found = _SIZE.search(file.read(2000))
    except FileNotFoundError:
        return None
    return (round(float(found[1]) * 4 / 3), round(float(found[2]) * 4 / 3)) if found else None


def _path(study_id: int, key: str, look: Look, format: str) -> Path:
    return _folder(study_id) / f"{key}-{look.theme}-{look.width}.{format}"


def _folder(study_id: int) -> Path:
    path = Path(settings.FIGURE_DIR) / str(study_id)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: several processes may draw the same."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _forget_old(folder: Path) -> None:
    """Throw away figures that no page showed for a month, with all that was drawn of them; once a day."""
    mark, now = folder / "looked", time.time()
    try:
        if now - mark.stat().st_mtime < A_DAY:
            return
    except FileNotFoundError:
        pass
    mark.touch()
    in_use = {path.stem for path in folder.glob("*.json") if now - _changed(path) < KEPT}
    for path in folder.iterdir():
        if path.name[:32] not in in_use and path != mark and now - _changed(path) > A_DAY:
            path.unlink(missing_ok=True)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()  # another process was quicker


def files_of(study_id: int) -> list[Path]:
    """Everything that is kept of a study, to go along where the study goes."""
    return sorted(path for path in _folder(study_id).iterdir() if _NAME.fullmatch(path.name))


def keep(study_id: int, name: str, content: bytes) -> None:
    """Keep a file that `files_of` gave elsewhere. Raises NoFigure for a name that no figure has."""
    if not _NAME.fullmatch(name):
        raise NoFigure(name)
    _write(_folder(study_id) / name, content)


def forget_all(study_id: int) -> None:
    """Throw away what is kept of a study that is not there."""
    shutil.rmtree(_folder(study_id), ignore_errors=True)
