from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from annotations.errors import BadInput
from annotations.exporting.export import write_export
from annotations.exporting.profile import PROFILES
from annotations.management.clear import ClearCommand, study_named


class Command(ClearCommand):
    help = "Writes a study's codings, consensus, messages and codebook to a folder, with a manifest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--to", required=True, type=Path, metavar="DIR", help="folder to write to")
        parser.add_argument("--profile", default="research", metavar="|".join(PROFILES))
        parser.add_argument("--reason", default="", metavar="TEXT", help="why; restricted asks for it")
        parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these files only")
        parser.add_argument(
            "--raw", action="store_true", help="no apostrophe before what looks like a formula"
        )

        parser.add_argument(
            "--no-figures", action="store_true", help="without the drawings, which take a minute or two"
        )

    def answer(
        self,
        *,
        slug: str,
        to: Path,
        profile: str,
        reason: str,
        raw: bool,
        only: list[str],
        no_figures: bool,
        **options: Any,
    ) -> Any:
        if profile == "restricted" and not reason.strip():
            raise BadInput(
                "The restricted files show everything: say why with --reason; it goes into the log."
            )
        return write_export(
            study_named(slug),
            to,
            profile=profile,
            reason=reason,
            raw=raw,
            only=only,
            figures=not no_figures and not only,
        )

    def show(self, answer: Any, *, to: Path, **options: Any) -> None:
        for file in answer["files"]:
            rows = f"{file['rows']:>8} rows" if "rows" in file else " " * 13
            self.stdout.write(f"{rows}  {to / file['name']}")
        for reason in answer["left_out"]:
            self.stdout.write(f"left out: {reason}")
