from argparse import ArgumentParser
from typing import Any

from annotations.errors import BadInput
from annotations.management.clear import ClearCommand, study_named
from annotations.models import Screening
from annotations.screening.outcome import as_dict


class Command(ClearCommand):
    help = "Prints what came of searching back: found and turned down per organisation, prevalence, flow."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("name", metavar="NAME", nargs="?", help="one screening; without it, all")

    def answer(self, *, slug: str, name: str | None = None, **options: Any) -> Any:
        study = study_named(slug)
        rows = Screening.objects.filter(study=study).select_related("variable", "codebook_version", "study")
        if name is None:
            return {"study": slug, "screenings": [as_dict(row) for row in rows]}
        row = rows.filter(name__iexact=name).first()
        if row is None:
            raise BadInput(f"There is no screening called “{name}” in {slug}.")
        return {"study": slug, **as_dict(row)}

    def show(self, answer: Any, **options: Any) -> None:
        for one in answer.get("screenings", [answer]):
            self._print(one)
        if not answer.get("screenings", [answer]):
            self.stdout.write("Nothing was screened in this study.")

    def _print(self, one: dict[str, Any]) -> None:
        self.stdout.write(f"{one['name']}: {one['variable']}, {one['design']}, back from {one['starts_on']}")
        for row in one["organisations"]:
            target = f" of {row['target']}" if row["stop_rule"] == "found" else ""
            self.stdout.write(
                f"  {row['organisation']}: {row['found']}{target} found, {row['screened']} screened, "
                f"back to {row['reached'] or '-'}{'' if row['ended'] else ' (not ended)'}"
            )
            if row["prevalence"] is None or not row["prevalence_ci"]:
                self.stdout.write("    prevalence: undefined")
            else:
                low, high = (100 * bound for bound in row["prevalence_ci"])
                self.stdout.write(f"    prevalence: {100 * row['prevalence']:.1f} % [{low:.1f}, {high:.1f}]")
            for reason, number in row["excluded"].items():
                self.stdout.write(f"    not: {reason} {number}")
        for step in one["flow"]:
            self.stdout.write(f"  {step['step']}: {step['messages']}")
