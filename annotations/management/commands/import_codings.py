from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from annotations.errors import BadInput
from annotations.exporting.reading.codings import import_codings
from annotations.management.clear import ClearCommand, study_named
from annotations.models import Membership, Study


def supervisor_named(study: Study, username: str) -> int:
    """Raises BadInput."""
    supervisors = study.memberships.filter(role=Membership.Role.SUPERVISOR, is_active=True)
    found = supervisors.filter(user__username=username).values_list("user_id", flat=True).first()
    if found is None:
        raise BadInput(f"{username} is no supervisor of {study.slug}.")
    return found


class Command(ClearCommand):
    help = (
        "Reads codings from a CSV file with the columns coder, conversation_id, message_id, variable, value "
        "and, for fragments, start and end in code points; also a codings_long.csv that export wrote, "
        "and after it the consensus.csv and contradictions.csv beside that, for what was settled and for "
        "contradictions that coders kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("file", metavar="FILE.csv", type=Path)
        parser.add_argument("--round", metavar="NAME", help="default: the file's column round, else main")
        parser.add_argument("--create-coders", action="store_true", help="make coders that are not there yet")
        parser.add_argument(
            "--settled-by",
            metavar="USERNAME",
            help="supervisor who stands for the decisions of a consensus.csv; default: the only one",
        )

    def answer(
        self,
        *,
        slug: str,
        file: Path,
        round: str | None,
        create_coders: bool,
        settled_by: str | None,
        **options: Any,
    ) -> Any:
        study = study_named(slug)
        actor = supervisor_named(study, settled_by) if settled_by else None
        return import_codings(study, file, round_name=round, create_coders=create_coders, actor_id=actor)

    def show(self, answer: Any, **options: Any) -> None:
        for warning in answer["warnings"]:
            self.stderr.write(f"warning: {warning['message']}")
        self.stdout.write(
            f"{answer['rows']} rows: {answer['codings_new']} codings new, {answer['codings_known']} known; "
            f"{answer['answers']} answers and {answer['spans']} fragments stored; "
            f"{answer['settled_new']} settled values new, {answer['settled_known']} known; "
            f"{answer['kept_new']} kept contradictions new, {answer['kept_known']} known"
        )
