"""An export as one zip file, for the browser."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import IO

from ..models import Study
from .export import write_export


def zipped_export(study: Study, *, profile: str, excel: bool, reason: str, actor_id: int | None) -> IO[bytes]:
    """A temporary file at its start; it is gone when it is closed."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    with tempfile.TemporaryDirectory(prefix="export-") as name:
        folder = Path(name)
        write_export(study, folder, profile=profile, excel=excel, reason=reason, actor_id=actor_id)
        with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.iterdir()):
                archive.write(path, f"{study.slug}/{path.name}")
    target.seek(0)
    return target
