"""How fast files become conversations, and in how much memory: python bench/import.py 10000 100000 file.csv

A number stands for a corpus of so many conversations of the measured shape (see make_corpus.py), anything
else is a file or folder. Each is imported, with detection, into an empty database: SQLite in a temporary
folder, and PostgreSQL when BENCH_POSTGRES names a server on which a database may be made, such as
postgres://postgres@127.0.0.1:5432/postgres. Every import runs in a process of its own, so that the peak of
memory is its own; that of its helpers is given apart. What was repaired, or why a file was refused, stands
below its first line.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

BASE = Path(__file__).resolve().parent.parent
HEADER = (
    f"{'what':<24}{'database':<11}{'rows':>10}{'messages':>10}{'conversations':>14}{'placeholders':>13}"
    f"{'candidates':>11}{'seconds':>9}{'cpu s':>7}{'messages/s':>11}{'peak MB':>8}{'helper MB':>10}"
)
DATABASE = "webcare_bench"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", default=["10000", "100000"], metavar="CONVERSATIONS|FILE")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        measure(Path(arguments.run))
        return
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "")
    print(HEADER)
    for what in arguments.what:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            path, name = Path(what), Path(what).name
            if what.isdecimal():
                path, name = Path(folder) / f"corpus_{what}.csv", what
                made = [sys.executable, BASE / "bench/make_corpus.py", what, path]
                subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
            for number, (database, url) in enumerate(databases(Path(folder)).items()):
                found = one_import(url, path.resolve(), Path(folder))
                print(row(name, database, found), flush=True)
                if number == 0 and found["notes"]:
                    print(f"  {found['notes']}", flush=True)


def databases(folder: Path) -> dict[str, str]:
    found = {"SQLite": f"sqlite:///{folder / 'bench.sqlite3'}"}
    if server := os.environ.get("BENCH_POSTGRES"):
        import psycopg

        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {DATABASE}")
        found["PostgreSQL"] = urlsplit(server)._replace(path=f"/{DATABASE}").geturl()
    return found


def one_import(url: str, corpus: Path, folder: Path) -> dict[str, Any]:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "WEBCARE_DATA": str(folder),
        "WEBCARE_DEBUG": "1",
        "PYTHONPATH": str(BASE),
        "DJANGO_SETTINGS_MODULE": "webcare_coding.settings",
    }
    done = subprocess.run(
        [sys.executable, __file__, "--run", corpus],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def measure(corpus: Path) -> None:
    """In a process of its own: make the tables and a study, import, and print the figures."""
    import resource

    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from annotations.errors import BadInput
    from annotations.importing.report import Report
    from annotations.importing.store.commit import import_files
    from annotations.studies.create import create_study
    from annotations.studies.organisations import OrganisationInput

    settings.DEBUG = False  # with DEBUG, Django keeps every query in memory
    call_command("migrate", verbosity=0)
    organisations = [
        OrganisationInput.parse("Waterwolk=waterwolk"),
        OrganisationInput.parse("Kabelkoe=kabelkoe"),
    ]
    study = create_study(
        slug="bench", name="Bench", codebook="webcare_privacy_core", organisations=organisations
    )
    report, notes = Report(), ""
    started, worked = time.perf_counter(), time.process_time()
    try:
        report = import_files(study, [corpus])
    except BadInput as refusal:
        notes = f"refused: {refusal}"
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    unit = 1 if sys.platform == "darwin" else 1024
    own, helpers = (
        resource.getrusage(who).ru_maxrss * unit / 1e6
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    helpers_worked = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    print(
        json.dumps(
            {
                "rows": report.rows,
                "messages": report.messages_new,
                "conversations": report.conversations_new,
                "placeholders": report.placeholders,
                "candidates": report.candidates,
                "notes": notes or ", ".join(f"{name} {times}" for name, times in report.repairs.items()),
                "seconds": seconds,
                "cpu": worked + helpers_worked,
                "own": own,
                "helpers": helpers,
            }
        )
    )


def row(name: str, database: str, found: dict[str, Any]) -> str:
    speed = found["messages"] / found["seconds"]
    return (
        f"{name[:23]:<24}{database:<11}{found['rows']:>10,}{found['messages']:>10,}{found['conversations']:>14,}"
        f"{found['placeholders']:>13,}{found['candidates']:>11,}{found['seconds']:>9.1f}{found['cpu']:>7.1f}"
        f"{speed:>11,.0f}{found['own']:>8.0f}{found['helpers']:>10.0f}"
    )


if __name__ == "__main__":
    main()
