from argparse import ArgumentParser
from typing import Any

from django.utils import translation

from annotations.management.clear import ClearCommand, study_named
from annotations.results.csv_file import as_csv
from annotations.results.shown import shown_left_out
from annotations.results.tables import ResultTable, study_tables


class Command(ClearCommand):
    help = "Prints a study's tables: requests to remove, kinds of information, a table per variable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--csv", action="store_true", help="print CSV: a row per cell")

    def answer(self, *, slug: str, **options: Any) -> Any:
        self.tables = study_tables(study_named(slug), "en")
        return {"study": slug, "tables": [table.as_dict() for table in self.tables]}

    def show(self, answer: Any, *, csv: bool, **options: Any) -> None:
        if csv:
            self.stdout.write(as_csv(self.tables), ending="")
            return
        with translation.override("en"):
            for table in self.tables:
                self._print(table)

    def _print(self, table: ResultTable) -> None:
        self.stdout.write(f"\n{table.title}\n{table.note}")
        for key, label in table.rows:
            self.stdout.write(f"  {label}")
            for name in [*table.organisations, ""]:
                proportion = table.cells[key, name].proportion
                if proportion.share is None or proportion.wilson is None:
                    figures = "undefined (0 of 0)"
                else:
                    low, high = (100 * bound for bound in proportion.wilson)
                    figures = (
                        f"{proportion.n} of {proportion.of} = {100 * proportion.share:.1f} % "
                        f"[{low:.1f}, {high:.1f}]"
                    )
                self.stdout.write(f"    {name or 'together'}: {figures}")
        if table.left_out:
            counts = ", ".join(f"{count} {reason}" for count, reason in shown_left_out(table))
            self.stdout.write(f"  left out: {counts}")
