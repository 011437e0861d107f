"""How fast a later file is beside a first one: python bench/second_import.py 3000 10000

A corpus of so many conversations (see make_corpus.py) is dealt by chance over two files. The second is
imported into the study that has the first, where almost all of it adds to conversations that are there, and
into an empty study. The ratio of the two should not grow with the corpus; that of processor time (of this
process and its helpers) is the better one on a machine with more to do. The database is that of
DATABASE_URL, else SQLite in a temporary folder.
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder / 'bench.sqlite3'}")
        os.environ |= {
            "WEBCARE_DATA": name,
            "WEBCARE_DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "webcare_coding.settings",
        }
        sys.path.insert(0, str(BASE))
        names = ("conversations", "first s", "second s", "into empty s", "ratio", "cpu ratio")
        print("".join(f"{name:>14}" for name in names))
        for size in map(int, sys.argv[1:] or ["3000", "10000"]):
            one, other = dealt(folder, size)
            tag = f"{size}-{os.getpid()}"
            first, _cpu = seconds(one, f"a{tag}")
            (second, cpu), (alone, cpu_alone) = seconds(other, f"a{tag}"), seconds(other, f"b{tag}")
            print(
                f"{size:>14,}{first:>14.1f}{second:>14.1f}{alone:>14.1f}{second / alone:>14.2f}"
                f"{cpu / cpu_alone:>14.2f}",
                flush=True,
            )


def dealt(folder: Path, size: int) -> tuple[Path, Path]:
    """The corpus, each row in one of two files."""
    whole = folder / f"{size}.csv"
    made = [sys.executable, BASE / "bench/make_corpus.py", str(size), whole]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    chance = random.Random(1)
    paths = folder / f"{size}-one.csv", folder / f"{size}-other.csv"
    with (
        whole.open(newline="") as source,
        paths[0].open("w", newline="") as one,
        paths[1].open("w", newline="") as other,
    ):
        rows, writers = csv.reader(source), [csv.writer(one), csv.writer(other)]
        header = next(rows)
        for writer in writers:
            writer.writerow(header)
        for row in rows:
            chance.choice(writers).writerow(row)
    return paths


def seconds(path: Path, slug: str) -> tuple[float, float]:
    """(seconds, seconds of processor time) of an import; the study is made where it is not there."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from annotations.importing.store.commit import import_files
    from annotations.models import Study
    from annotations.studies.create import create_study

    settings.DEBUG = False  # with DEBUG, Django keeps every query in memory
    call_command("migrate", verbosity=0)
    study = Study.objects.filter(slug=slug).first()
    study = study or create_study(slug=slug, name=slug, codebook="webcare_privacy_core", organisations=[])
    started, worked = time.perf_counter(), sum(os.times()[:4])
    import_files(study, [path])
    return time.perf_counter() - started, sum(os.times()[:4]) - worked


if __name__ == "__main__":
    main()
