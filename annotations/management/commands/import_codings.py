from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from annotations.errors import BadInput
from annotations.exporting.reading.codings import import_codings
from annotations.exporting.reading.elsewhere.storing import chosen_for, look_at, refuse, store
from annotations.exporting.reading.recognising import is_of_codings
from annotations.management.clear import ClearCommand, study_named
from annotations.models import Membership, Study


def supervisor_named(study: Study, username: str) -> int:
    """Raises BadInput."""
    supervisors = study.memberships.filter(role=Membership.Role.SUPERVISOR, is_active=True)
    found = supervisors.filter(user__username=username).values_list("user_id", flat=True).first()
    if found is None:
        raise BadInput(f"{username} is no supervisor of {study.slug}.")
    return found


def _pair(written: str) -> tuple[str, str]:
    name, equals, held = written.partition("=")
    if not equals:
        raise BadInput(f"--column {written}: write NAME=WHAT.")
    return name, held


class Command(ClearCommand):
    help = (
        "Reads codings from a CSV file with the columns coder, conversation_id, message_id, variable, value "
        "and, for fragments, start and end in code points; also a codings_long.csv that export wrote, "
        "and after it the consensus.csv and contradictions.csv beside that, for what was settled and for "
        "contradictions that coders kept. A .sav or project.qdpx of an export, and a table that was coded "
        "elsewhere (a text and codes in columns), are read as well."
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
        parser.add_argument(
            "--column",
            metavar="NAME=WHAT",
            action="append",
            default=[],
            help="of a table that was coded elsewhere: the column holds text, id, coder, another field of a "
            "message, variable:KEY, or nothing; default: as its name and cells suggest",
        )
        parser.add_argument(
            "--coder", metavar="NAME", default="", help="of such a table: who coded all of it"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be stored, and store nothing"
        )

    def answer(
        self,
        *,
        slug: str,
        file: Path,
        round: str | None,
        create_coders: bool,
        settled_by: str | None,
        column: list[str],
        coder: str,
        dry_run: bool,
        **options: Any,
    ) -> Any:
        study = study_named(slug)
        actor = supervisor_named(study, settled_by) if settled_by else None
        if column or coder or (file.is_file() and not is_of_codings(file, file.name)):
            chosen = chosen_for(study, file, file.name, dict(_pair(each) for each in column), coder)
            if dry_run:
                report = look_at(study, file, file.name, saved=chosen, round_name=round or "")
                refuse(report)
                return report
            return store(
                study,
                file,
                file.name,
                saved=chosen,
                round_name=round or "",
                create_coders=create_coders,
                actor_id=actor,
            )
        return import_codings(
            study, file, round_name=round, create_coders=create_coders, actor_id=actor, dry_run=dry_run
        )

    def show(self, answer: Any, **options: Any) -> None:
        if "texts" in answer:
            self.stdout.write(
                f"{answer['rows']} rows: {answer['texts']} texts, {answer['texts_known']} known; "
                f"{answer['coded']} texts coded by somebody, {answer['answers']} answers"
            )
            return
        for warning in answer["warnings"]:
            self.stderr.write(f"warning: {warning['message']}")
        self.stdout.write(
            f"{answer['rows']} rows: {answer['codings_new']} codings new, {answer['codings_added_to']} "
            f"added to, {answer['codings_known']} known; "
            f"{answer['answers']} answers and {answer['spans']} fragments stored; "
            f"{answer['settled_new']} settled values new, {answer['settled_known']} known; "
            f"{answer['kept_new']} kept contradictions new, {answer['kept_known']} known"
        )
