from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from annotations.exporting.reading_back import import_codings
from annotations.management.clear import ClearCommand, study_named


class Command(ClearCommand):
    help = (
        "Reads codings from a CSV file with the columns coder, conversation_id, message_id, variable, value "
        "and, for fragments, start and end in code points; also a codings_long.csv that export wrote."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("file", metavar="FILE.csv", type=Path)
        parser.add_argument("--round", metavar="NAME", help="default: the file's column round, else main")
        parser.add_argument("--create-coders", action="store_true", help="make coders that are not there yet")

    def answer(self, *, slug: str, file: Path, round: str | None, create_coders: bool, **options: Any) -> Any:
        study = study_named(slug)
        return import_codings(study, file, round_name=round, create_coders=create_coders)

    def show(self, answer: Any, **options: Any) -> None:
        for warning in answer["warnings"]:
            self.stderr.write(f"warning: {warning['message']}")
        self.stdout.write(
            f"{answer['rows']} rows: {answer['codings_new']} codings new, {answer['codings_known']} known; "
            f"{answer['answers']} answers and {answer['spans']} fragments stored"
        )
