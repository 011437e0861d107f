from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from annotations.errors import BadInput
from annotations.importing.mapping_file import read_file
from annotations.importing.read.columns import field_name
from annotations.importing.store.commit import Progress, import_files
from annotations.importing.wording import repair_name
from annotations.management.clear import ClearCommand, study_named


class Command(ClearCommand):
    help = "Imports files with messages: rebuilds the conversations, scans them, all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--format", default="auto", metavar="auto|NAME")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=COLUMN",
            help="which column holds a field, such as text=Bericht, or none (lang=); may be repeated",
        )
        parser.add_argument(
            "--map-file",
            type=Path,
            metavar="FILE",
            help="a mapping of columns that was saved; --map goes first",
        )
        parser.add_argument(
            "--timezone", metavar="NAME", help="of times without one, such as Europe/Amsterdam"
        )
        parser.add_argument("--repair-mojibake", action="store_true", help="repair texts such as â€™ for ’")
        parser.add_argument("--sheet", help="sheet of a workbook; else the one that looks most like messages")
        parser.add_argument("--skip-bad-rows", action="store_true", help="leave out rows that cannot be read")
        parser.add_argument("--dry-run", action="store_true", help="report, and store nothing")

    def answer(self, *, slug: str, files: list[Path], **options: Any) -> Any:
        mapping = _mapping_in(options["map_file"]) if options["map_file"] else {}
        report = import_files(
            study_named(slug),
            files,
            format=options["format"],
            mapping=mapping | dict(_pair(pair) for pair in options["map"]),
            timezone=options["timezone"],
            repair_mojibake=options["repair_mojibake"],
            skip_bad_rows=options["skip_bad_rows"],
            sheet=options["sheet"],
            dry_run=options["dry_run"],
            on_progress=self._say_that_it_waits(),
        )
        return report.as_json()

    def _say_that_it_waits(self) -> Callable[[Progress], None]:
        told: list[str] = []

        def tell(progress: Progress) -> None:
            if progress.phase == "waiting" and not told:
                told.append("once")
                self.stderr.write("Another import, or other large work, is writing; this one waits for it.")

        return tell

    def show(self, answer: Any, *, dry_run: bool, **options: Any) -> None:
        write = self.stdout.write
        write(f"{answer['format']}: {answer['rows']} rows, {answer['conversations_new']} new conversations.")
        write(f"{answer['messages_new']} new messages, {answer['messages_known']} there already.")
        write(
            f"{answer['placeholders']} missing messages ({answer['orphans']} replies to them), "
            f"{answer['branches']} branches, {answer['duplicates']} duplicates, "
            f"{answer['candidates']} candidates."
        )
        for kind, count in answer["repairs"].items():
            write(f"{count:>8}  {repair_name(kind, 'en')}")
        for kind, count in answer["removed"].items():
            write(f"{count:>8}  {kind}: removed for good (strict study)")
        for problem in answer["problems"]:
            write(problem["message"])
        if dry_run:
            write("Nothing was stored (--dry-run).")


def _mapping_in(path: Path) -> dict[str, str]:
    try:
        content = path.read_bytes()
    except OSError as why:
        raise BadInput(f"--map-file {path}: {why.strerror}.") from why
    try:
        _name, mapping = read_file(content)
    except BadInput as why:
        raise BadInput([f"{path.name}: {problem}" for problem in why.problems]) from why
    return mapping


def _pair(text: str) -> tuple[str, str]:
    field, sign, column = text.partition("=")
    if not sign or not field:
        raise BadInput(f"--map {text}: write it as FIELD=COLUMN, such as text=Bericht.")
    return field_name(field) or field, column
