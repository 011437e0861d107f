"""Finds, or installs, or starts, what the tests need beside Python: a Chromium and a PostgreSQL server."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

Install = Callable[..., bool]

# The headless shell first: without windows to draw, each browser and page costs a quarter.
HEADLESS_SHELL = "chromium-headless-shell"
CHROMIUM_NAMES = (
    HEADLESS_SHELL,
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
CHROMIUM_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
POSTGRES_PLACES = (
    ("/usr/lib/postgresql", "*/bin/initdb"),
    ("/opt/homebrew/opt", "postgresql*/bin/initdb"),
    ("/usr/local/opt", "postgresql*/bin/initdb"),
    ("C:/Program Files/PostgreSQL", "*/bin/initdb.exe"),
)


def find_chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    on_path = (shutil.which(name) for name in CHROMIUM_NAMES)
    return next(filter(None, on_path), None) or next(filter(os.path.exists, CHROMIUM_PLACES), None)


def playwrights_own(python: Path) -> str | None:
    ask = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    done = subprocess.run([str(python), "-c", ask], capture_output=True, text=True)
    path = done.stdout.strip()
    return path if path and Path(path).exists() else None


def ensure_chromium(python: Path, apt_install: Install) -> str | None:
    """The path of a Chromium: the system's or Debian's headless shell, or the one that Playwright brings."""
    found = find_chromium() or playwrights_own(python)
    is_headless = found is not None and "headless" in Path(found).name
    if not os.environ.get("CHROMIUM") and not is_headless and apt_install(HEADLESS_SHELL):
        found = find_chromium()
    if found is None:
        command = [str(python), "-m", "playwright", "install", "chromium"]
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        found = playwrights_own(python)
    return found


PROGRAMS = {"pspp": "pspp", "Rscript": "r-base-core", "soffice": "libreoffice-calc"}
"""Programs that read what the app writes, and their Debian packages."""


def ensure_programs(apt_install: Install) -> None:
    """Installs what is missing where REQUIRE_PROGRAMS asks for it; elsewhere the tests say what they lack."""
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if missing and os.environ.get("REQUIRE_PROGRAMS", "") not in ("", "0"):
        apt_install(*missing)


def answers(python: Path, url: str) -> bool:
    ask = "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()"
    return subprocess.run([str(python), "-c", ask, url], capture_output=True).returncode == 0


@contextlib.contextmanager
def postgres(python: Path, apt_install: Install) -> Iterator[str | None]:
    """The address of a PostgreSQL server for as long as the tests take, or None."""
    named = os.environ.get("TEST_POSTGRES_URL")
    if named:
        yield named if answers(python, named) else None
        return
    usual = "postgres://postgres@127.0.0.1:5432/postgres"
    if answers(python, usual):
        yield usual
        return
    initdb = find_initdb()
    if initdb is None and apt_install("postgresql"):
        initdb = find_initdb()
    if initdb is None:
        yield None
        return
    with temporary_server(initdb) as url:
        yield url


def find_initdb() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path)
    found = [path for folder, pattern in POSTGRES_PLACES for path in Path(folder).glob(pattern)]
    return max(found, default=None)


NOT_NEEDED = ("fsync", "synchronous_commit", "full_page_writes", "jit", "autovacuum")


@contextlib.contextmanager
def temporary_server(initdb: Path) -> Iterator[str | None]:
    """A server of our own in a temporary folder; it does not outlive the block."""
    folder = Path(tempfile.mkdtemp(prefix="webcare-postgres-"))
    # PostgreSQL refuses to run as root; Debian's package made this user.
    as_user = (
        {"user": "postgres", "group": "postgres"} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}
    )
    if as_user:
        shutil.chown(folder, **as_user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program: str, *arguments: str) -> bool:
        # Output to nowhere: the server inherits it, and a pipe would stay open as long as the server runs.
        command = [str(initdb.with_name(program + initdb.suffix)), "-D", str(folder / "db"), *arguments]
        quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        return subprocess.run(command, cwd=folder, **quiet, **as_user).returncode == 0

    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= "
    # Nothing has to outlive the tests, and queries over a few rows are not worth compiling.
    options += " ".join(f"-c {name}=off" for name in NOT_NEEDED)
    try:
        made = run("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale")
        started = made and run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        yield f"postgres://postgres@127.0.0.1:{port}/postgres" if started else None
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
