from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from annotations.exporting.export import write_export
from annotations.exporting.profile import PROFILES
from annotations.management.clear import ClearCommand, study_named


class Command(ClearCommand):
    help = "Writes a study's codings, consensus, messages and codebook to a folder, with a manifest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--to", required=True, type=Path, metavar="DIR", help="folder to write to")
        parser.add_argument("--profile", default="research", metavar="|".join(PROFILES))
        parser.add_argument("--excel", action="store_true", help="semicolons and a byte order mark")

    def answer(self, *, slug: str, to: Path, profile: str, excel: bool, **options: Any) -> Any:
        return write_export(study_named(slug), to, profile=profile, excel=excel)

    def show(self, answer: Any, *, to: Path, **options: Any) -> None:
        for file in answer["files"]:
            rows = f"{file['rows']:>8} rows" if "rows" in file else " " * 13
            self.stdout.write(f"{rows}  {to / file['name']}")
        for reason in answer["left_out"]:
            self.stdout.write(f"left out: {reason}")
