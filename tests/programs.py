"""Other programs that read the app's files: SPSS's free twin PSPP, R, and LibreOffice."""

import os
import shutil

import pytest


def needs(program: str) -> pytest.MarkDecorator:
    """Skips a test where the program is not installed; REQUIRE_PROGRAMS makes that a failure."""
    required = os.environ.get("REQUIRE_PROGRAMS", "") not in ("", "0")
    is_missing = not shutil.which(program) and not required
    return pytest.mark.skipif(is_missing, reason=f"{program} is not installed")
