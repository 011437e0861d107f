from argparse import ArgumentParser
from typing import Any

from annotations.agreement import verdict_words
from annotations.codebooks.lookup import lookup
from annotations.coding.counted import frozen_in
from annotations.errors import BadInput
from annotations.management.clear import ClearCommand, study_named
from annotations.models import Round
from annotations.reliability.csv_file import as_csv
from annotations.reliability.report import ON_SCREEN, VariableAgreement, agreement_of
from annotations.reliability.rounds import round_for_report


class Command(ClearCommand):
    help = (
        "Agreement between the coders of a round, per variable. Without --round: the newest round in which "
        "two or more coders finished something. Missing codes (97, 98, 99) are left out; of a question with "
        "a condition only units count for which no coder has 97."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--round", metavar="NAME")
        parser.add_argument("--variable", metavar="KEY", action="append", dest="variables")
        parser.add_argument("--bootstrap", metavar="N", type=int, default=ON_SCREEN, help="resamples")
        parser.add_argument("--seed", metavar="N", type=int, default=0)
        parser.add_argument("--csv", action="store_true", help="print CSV: a row per variable")

    def answer(
        self,
        *,
        slug: str,
        round: str | None,
        variables: list[str] | None,
        bootstrap: int,
        seed: int,
        **options: Any,
    ) -> Any:
        of_round = round_for_report(study_named(slug), round)
        _check(of_round, variables, bootstrap, seed)
        self.found: list[VariableAgreement] = list(
            agreement_of(of_round, variables=variables, bootstrap=bootstrap, seed=seed, usernames=True)
        )
        return {
            "study": slug,
            "round": of_round.name,
            "bootstrap": bootstrap,
            "seed": seed,
            "reopened_after_decision": frozen_in(of_round).count(),
            "variables": [item.as_dict() for item in self.found],
        }

    def show(self, answer: Any, *, csv: bool, **options: Any) -> None:
        if csv:
            self.stdout.write(as_csv(answer["variables"]), ending="")
            return
        self.stdout.write(f"round {answer['round']}\n")
        if count := answer["reopened_after_decision"]:
            self.stdout.write(f"{count} reopened after a decision: what was given before counts")
        for item in self.found:
            result = item.result
            if result.alpha is None:
                figures = f"undefined: {result.undefined}"
            else:
                low, high = result.alpha_ci or (float("nan"), float("nan"))
                figures = f"alpha {result.alpha:.3f} [{low:.3f}, {high:.3f}] {verdict_words(result.verdict)}"
            self.stdout.write(f"{item.variable.key:28} {result.pairable_units:>6} units  {figures}")


def _check(of_round: Round, variables: list[str] | None, bootstrap: int, seed: int) -> None:
    known = lookup(of_round.codebook_version_id).spec.by_key
    problems = [
        f"The codebook has no variable {key}. Variables: {', '.join(known)}."
        for key in variables or []
        if key not in known
    ]
    if bootstrap < 0 or seed < 0:
        problems.append("--bootstrap and --seed take a whole number, 0 or more.")
    if problems:
        raise BadInput(problems)
