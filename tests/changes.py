"""Which files differ from what this change is built on, for tests that take long (standard library only)."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

MAIN_LINES = ("origin/HEAD", "origin/main", "main")


def changed_files(base: Path) -> set[str] | None:
    """Paths from the root of the repository; None when it cannot be told, and then everything counts.

    Compared with the commit in CHANGED_SINCE, else with where the branch left the main line, else (on the
    main line itself) with the commit before. What is not committed yet counts as well.
    """
    parent = _parent(base)
    if parent is None:
        return None
    # What was renamed counts under both names, and a new folder by its files.
    committed = _git(base, "diff", "--name-only", "--no-renames", parent)
    present = _git(base, "status", "--porcelain", "--no-renames", "--untracked-files=all")
    if committed is None or present is None:
        return None
    return {*committed.splitlines(), *(line[3:] for line in present.splitlines())}


def _parent(base: Path) -> str | None:
    if named := os.environ.get("CHANGED_SINCE"):
        return named
    head = _git(base, "rev-parse", "HEAD")
    for line in MAIN_LINES:
        left = _git(base, "merge-base", line, "HEAD")
        if left is not None and left != head:
            return left
    return _git(base, "rev-parse", "--verify", "--quiet", "HEAD^1")


def _git(base: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=base, capture_output=True, text=True)
    except OSError:
        return None
    return done.stdout.rstrip("\n") if done.returncode == 0 else None
