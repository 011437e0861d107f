from pathlib import Path
from typing import Any, TypedDict

from django.core.management.base import CommandParser

from annotations.errors import BadInput
from annotations.management.clear import ClearCommand
from annotations.studies.codebook_choice import NEWCOMERS, FaultyCodebook, built_in_keys
from annotations.studies.create import create_study
from annotations.studies.organisations import OrganisationInput


class Answer(TypedDict):
    slug: str
    name: str
    language: str
    privacy: str
    codebook: str
    codebook_version: str
    modules: list[str]
    organisations: dict[str, list[str]]


class Command(ClearCommand):
    help = "Makes a study with its codebook and organisations. Then: add_member, import_conversations."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="what the study is called in addresses and commands: a-z, 0-9 and -")
        parser.add_argument("--name", required=True, metavar="TEXT")
        parser.add_argument(
            "--codebook",
            default=NEWCOMERS,
            metavar="KEY|FILE.yaml",
            help=f"a built-in codebook ({', '.join(built_in_keys())}) or a file (default: %(default)s)",
        )
        parser.add_argument(
            "--organisation",
            action="append",
            default=[],
            metavar="NAME=HANDLE[,HANDLE…]",
            help="an organisation with its handles, the webcare account first; may be repeated",
        )
        parser.add_argument(
            "--privacy", default="masked", metavar="open|masked|strict", help="default: %(default)s"
        )
        parser.add_argument(
            "--language", default="nl", metavar="nl|en", help="of the conversations (default: %(default)s)"
        )
        parser.add_argument("--description", default="", metavar="TEXT")

    def answer(self, **options: Any) -> Answer:
        try:
            study = create_study(
                slug=options["slug"],
                name=options["name"],
                language=options["language"],
                description=options["description"],
                codebook=_codebook(options["codebook"]),
                privacy=options["privacy"],
                organisations=[OrganisationInput.parse(text) for text in options["organisation"]],
            )
        except FaultyCodebook as refused:
            file = options["codebook"]
            raise BadInput([f"{file}: {problem}" for problem in refused.problems]) from refused
        version = study.codebook_version
        return Answer(
            slug=study.slug,
            name=study.name,
            language=study.language,
            privacy=study.privacy,
            codebook=version.codebook.key,
            codebook_version=version.version,
            modules=study.modules,
            organisations={
                organisation.name: [handle.handle for handle in organisation.handles.all()]
                for organisation in study.organisations.prefetch_related("handles")
            },
        )

    def show(self, answer: Answer, **options: Any) -> None:
        self.stdout.write(
            f"{answer['name']} is there as {answer['slug']}, with codebook {answer['codebook']} "
            f"{answer['codebook_version']}."
        )


def _codebook(choice: str) -> str | bytes:
    if choice in built_in_keys():
        return choice
    try:
        return Path(choice).read_bytes()
    except OSError as error:
        raise BadInput(
            f"--codebook {choice}: no built-in codebook ({', '.join(built_in_keys())}) and no file that "
            f"can be read ({error.strerror})."
        ) from error
