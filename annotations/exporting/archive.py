"""An export as one zip file, for the browser."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from ..models import Study
from .export import write_export

ZIPPING = 0.05
"""The share of the time that goes into putting the files together."""


def zipped_export(study: Study, *, profile: str, reason: str, actor_id: int | None) -> IO[bytes]:
    """A temporary file at its start; it is gone when it is closed."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    write_zip(study, target, profile=profile, reason=reason, actor_id=actor_id)
    target.seek(0)
    return target


def write_zip(
    study: Study,
    target: IO[bytes],
    *,
    profile: str,
    reason: str,
    actor_id: int | None,
    figures: bool = False,
    scratch: Path | None = None,
    on_share: Callable[[float], None] | None = None,
) -> None:
    """Write the files into `scratch` (by default the system's), and from there into the zip."""
    tell = on_share or (lambda share: None)
    with tempfile.TemporaryDirectory(prefix="export-", dir=scratch) as name:
        folder = Path(name)
        write_export(
            study,
            folder,
            profile=profile,
            reason=reason,
            actor_id=actor_id,
            figures=figures,
            on_share=lambda share: tell(share * (1 - ZIPPING)),
        )
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED) as archive:
            for number, path in enumerate(files):
                tell(1 - ZIPPING + ZIPPING * number / len(files))
                archive.write(path, f"{study.slug}/{path.relative_to(folder).as_posix()}")
                path.unlink()
