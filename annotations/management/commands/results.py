from argparse import ArgumentParser
from typing import Any

from django.utils import translation

from annotations.errors import BadInput
from annotations.management.clear import ClearCommand, study_named
from annotations.models import SavedTable, Study
from annotations.results.as_json import as_json
from annotations.results.as_text import as_text
from annotations.results.building.definition import from_query
from annotations.results.collect import ready_table, saved_table, table_of
from annotations.results.comparison.as_rows import as_csv as odds_ratios_as_csv
from annotations.results.comparison.as_rows import as_json as odds_ratios_as_json
from annotations.results.comparison.as_rows import as_text as odds_ratios_as_text
from annotations.results.comparison.odds import sample_results
from annotations.results.csv_file import as_csv
from annotations.results.kept import figures_now
from annotations.results.reports import reports_of
from annotations.results.table import Table
from annotations.results.tables import ResultTable, study_tables

COMPARISON = "comparison"
"""Key of the odds ratios, which are no table of shares."""


class Command(ClearCommand):
    help = (
        "Prints a study's tables: requests to remove, kinds of information, a table per variable, those of "
        "the reports and those that were saved, and the odds ratios of comparison samples (--table "
        "comparison). With --cross one that is made on the spot."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument(
            "--table", metavar="KEY", action="append", default=[], help="only this table; may be given again"
        )
        parser.add_argument(
            "--cross",
            nargs="+",
            metavar="FIELD",
            help="ROWS and, where there are any, COLUMNS: variables of the codebook or facts",
        )
        parser.add_argument("--layer", metavar="FIELD", default="", help="a table for each of its values")
        parser.add_argument(
            "--unit", default="", help="what is counted: message, conversation, span or account"
        )
        parser.add_argument(
            "--filter",
            metavar="FIELD=VALUE[,VALUE…]",
            action="append",
            default=[],
            help="only units with one of these values; of a number 10..20, 10.. or ..20",
        )
        parser.add_argument(
            "--percentages", choices=("column", "row", "none"), default="column", help="of which total"
        )
        parser.add_argument("--csv", action="store_true", help="print CSV: a row per cell")

    def answer(self, *, slug: str, table: list[str], cross: list[str] | None, **options: Any) -> Any:
        study = study_named(slug)
        if options["csv"] and COMPARISON in table and len(table) > 1:
            raise BadInput(f"--table {COMPARISON} has columns of its own: ask for it alone.")
        keys = [key for key in table if key != COMPARISON]
        with translation.override("en"):
            self.tables: list[ResultTable | Table] = []
            if cross or keys or not table:
                self.tables = [_crossed(study, cross, **options)] if cross else _every_table(study, keys)
            self.samples = [] if cross or (keys and len(keys) == len(table)) else sample_results(study)
        return {
            "study": slug,
            "tables": [_plain(each) for each in self.tables],
            "comparisons": [odds_ratios_as_json(each) for each in self.samples],
        }

    def show(self, answer: Any, *, csv: bool, table: list[str], **options: Any) -> None:
        if csv:
            only = table == [COMPARISON]
            self.stdout.write(odds_ratios_as_csv(self.samples) if only else as_csv(self.tables), ending="")
            return
        with translation.override("en"):
            for each in self.tables:
                self.stdout.write("\n" + as_text(each))
            for sample in self.samples:
                self.stdout.write("\n" + odds_ratios_as_text(sample))


def _crossed(
    study: Study, cross: list[str], *, layer: str, unit: str, filter: list[str], percentages: str, **_: Any
) -> Table:
    if len(cross) > 2:
        raise BadInput("--cross takes ROWS and COLUMNS; give a third variable with --layer.")
    rows, columns = (*cross, "")[:2]
    asked = {"rows": rows, "columns": columns, "layer": layer, "unit": unit, "percentages": percentages}
    return table_of(figures_now(study), study, from_query(asked, filter), "en")


def _every_table(study: Study, keys: list[str]) -> list[ResultTable | Table]:
    """The tables with these keys, or all of them. Raises BadInput for a key that is none."""
    figures = figures_now(study)
    found: list[ResultTable | Table] = [*study_tables(study, "en")]
    for report in reports_of(study, figures.frame):
        found += [ready_table(figures, study, report, ready, "en") for ready in report.tables]
    found += [saved_table(figures, saved, "en") for saved in SavedTable.objects.filter(study=study)]
    if unknown := set(keys) - {table.key for table in found}:
        known = ", ".join([*(table.key for table in found), COMPARISON])
        raise BadInput(f"There is no table {', '.join(sorted(unknown))}; there are: {known}.")
    return [table for table in found if not keys or table.key in keys]


def _plain(table: ResultTable | Table) -> dict[str, Any]:
    return as_json(table) if isinstance(table, Table) else table.as_dict()
