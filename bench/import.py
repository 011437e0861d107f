"""How fast files become conversations, and in how much memory: python bench/import.py 10000 100000

For every size a corpus of the measured shape (see make_corpus.py) is imported, with detection, into an empty
database: SQLite in a temporary folder, and PostgreSQL when BENCH_POSTGRES names a server on which a database
may be made, such as postgres://postgres@127.0.0.1:5432/postgres. Every import runs in a process of its own,
so that the peak of memory is its own; that of its helpers is given apart.
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
from urllib.parse import urlsplit

BASE = Path(__file__).resolve().parent.parent
DATABASE = "webcare_bench"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000], metavar="CONVERSATIONS")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        measure(Path(arguments.run))
        return
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "")
    print("database    conversations  messages  seconds  cpu s  messages/s  peak MB  helper MB  candidates")
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            corpus = Path(folder) / f"corpus_{size}.csv"
            subprocess.run([sys.executable, BASE / "bench/make_corpus.py", str(size), corpus], check=True)
            for name, url in databases(Path(folder)).items():
                print(row(name, one_import(url, corpus, Path(folder))), flush=True)


def databases(folder: Path) -> dict[str, str]:
    found = {"SQLite": f"sqlite:///{folder / 'bench.sqlite3'}"}
    if server := os.environ.get("BENCH_POSTGRES"):
        import psycopg

        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {DATABASE}")
        found["PostgreSQL"] = urlsplit(server)._replace(path=f"/{DATABASE}").geturl()
    return found


def one_import(url: str, corpus: Path, folder: Path) -> dict[str, float]:
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

    from annotations.importing.commit import import_files
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
    started, worked = time.perf_counter(), time.process_time()
    report = import_files(study, [corpus])
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
                "conversations": report.conversations_new,
                "messages": report.messages_new,
                "seconds": seconds,
                "cpu": worked + helpers_worked,
                "own": own,
                "helpers": helpers,
                "candidates": report.candidates,
            }
        )
    )


def row(name: str, found: dict[str, float]) -> str:
    speed = found["messages"] / found["seconds"]
    return (
        f"{name:<12}{found['conversations']:>13,.0f}{found['messages']:>10,.0f}{found['seconds']:>9.1f}"
        f"{found['cpu']:>7.1f}{speed:>12,.0f}{found['own']:>9.0f}{found['helpers']:>11.0f}{found['candidates']:>12,.0f}"
    )


if __name__ == "__main__":
    main()
