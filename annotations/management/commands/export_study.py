from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TypedDict

from annotations.archive.make import make_archive
from annotations.management.clear import ClearCommand, study_named
from annotations.management.passphrase import add_passphrase_argument, passphrase_of


class Answer(TypedDict):
    study: str
    file: str
    bytes: int
    rows: dict[str, int]
    left_out: dict[str, str]


class Command(ClearCommand):
    help = (
        "Writes a whole study to one file, sealed with a passphrase: to keep, to hand to a colleague, or to "
        "load on another server with import_study. Whoever loses the passphrase loses the file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--to", required=True, type=Path, metavar="FILE", help="not there yet")
        parser.add_argument("--reason", required=True, metavar="TEXT", help="why; it goes into the log")
        add_passphrase_argument(parser)

    def answer(
        self, *, slug: str, to: Path, reason: str, passphrase_file: Path | None, **options: Any
    ) -> Answer:
        study = study_named(slug)
        passphrase = passphrase_of(passphrase_file, is_new=True)
        manifest = make_archive(study, to, passphrase, reason=reason, actor_id=None)
        return Answer(
            study=slug,
            file=str(to),
            bytes=to.stat().st_size,
            rows={
                entry["name"].removeprefix("rows/").removesuffix(".jsonl"): entry["rows"]
                for entry in manifest["members"]
                if "rows" in entry
            },
            left_out=manifest["left_out"],
        )

    def show(self, answer: Answer, **options: Any) -> None:
        rows = sum(answer["rows"].values())
        self.stdout.write(f"{answer['file']}: {answer['bytes']} bytes, {rows} rows, sealed.")
