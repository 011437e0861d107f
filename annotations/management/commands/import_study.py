import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User

from annotations.archive.load import load_study
from annotations.archive.opened import opened
from annotations.archive.sealed import unseal
from annotations.errors import BadInput
from annotations.exporting.kept import folder
from annotations.management.clear import ClearCommand
from annotations.management.passphrase import add_passphrase_argument, passphrase_of


class Command(ClearCommand):
    help = (
        "Loads a study that export_study wrote, all of it or nothing. People of the study become accounts "
        "that nobody can sign in to, unless --match-people says that those of the same name are the same; "
        "sign_in_link --let-in opens such an account."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--slug", default="", help="another address than the study had")
        parser.add_argument("--supervisor", default="", metavar="USERNAME", help="who supervises it here")
        parser.add_argument(
            "--match-people",
            action="store_true",
            help="who has the same user name here, or else the same e-mail address, is the same person",
        )
        parser.add_argument(
            "--check", action="store_true", help="open the file and read all of it, and store nothing"
        )
        add_passphrase_argument(parser)

    def answer(
        self,
        *,
        file: Path,
        slug: str,
        supervisor: str,
        match_people: bool,
        check: bool,
        passphrase_file: Path | None,
        **options: Any,
    ) -> dict[str, Any]:
        if not file.is_file():
            raise BadInput(f"There is no file {file}.")
        person = User.objects.filter(username=supervisor, is_active=True).first() if supervisor else None
        if supervisor and person is None:
            raise BadInput(f"There is no person {supervisor} who can sign in.")
        with tempfile.NamedTemporaryFile(dir=folder(), suffix=".zip") as whole:
            unseal(file, whole, passphrase_of(passphrase_file))
            whole.flush()
            if check:
                with opened(Path(whole.name)) as archive:
                    return {**archive.manifest["study"], "study": None, "rows": archive.rows}
            loaded = load_study(
                Path(whole.name),
                slug=slug,
                matches_people=match_people,
                supervisor_id=person.pk if person else None,
                actor_id=None,
            )
        return loaded.as_json()

    def show(self, answer: dict[str, Any], **options: Any) -> None:
        if answer["study"] is None:
            self.stdout.write(
                f"{answer['name']}: {answer['rows']} rows, whole and unchanged. Nothing was stored."
            )
            return
        self.stdout.write(f"{answer['study']}: {answer['name']}, {answer['rows']} rows.")
        if answer["people_known"]:
            self.stdout.write(f"The same people as here: {', '.join(answer['people_known'])}.")
        if answer["stand_ins"]:
            self.stdout.write(f"Accounts that nobody can sign in to: {', '.join(answer['stand_ins'])}.")
        for before, name in answer["renamed"].items():
            self.stdout.write(f"{before} is called {name} here: that user name was taken.")
        for note in answer["notes"]:
            self.stdout.write(note)
