import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from annotations.errors import BadInput
from annotations.models import Study
from annotations.studies.codebook_choice import FaultyCodebook, built_in_keys
from annotations.studies.create import create_study
from annotations.studies.organisations import OrganisationInput


class Command(BaseCommand):
    help = "Makes a study with its codebook and organisations."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="what the study is called in addresses and commands: a-z, 0-9 and -")
        parser.add_argument("--name", required=True, metavar="TEXT")
        parser.add_argument(
            "--codebook",
            default="webcare_privacy",
            metavar="KEY|FILE.yaml",
            help="a built-in codebook (webcare_privacy, webcare_privacy_core) or a file "
            "(default: webcare_privacy)",
        )
        parser.add_argument(
            "--organisation",
            action="append",
            default=[],
            metavar="NAME=HANDLE[,HANDLE…]",
            help="an organisation with its handles; may be repeated",
        )
        parser.add_argument("--privacy", default="masked", metavar="open|masked|strict")
        parser.add_argument("--language", default="nl", metavar="nl|en", help="of the conversations")
        parser.add_argument("--description", default="", metavar="TEXT")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
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
        except FaultyCodebook as refusal:
            lines = [f"{options['codebook']}: {problem}" for problem in refusal.problems]
            raise CommandError("\n".join(lines)) from refusal
        except BadInput as refusal:
            raise CommandError("\n".join(refusal.problems)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(_summary(study), ensure_ascii=False))
        else:
            self.stdout.write(
                _("Study “%(name)s” is there. Next: add_member %(slug)s USERNAME --role supervisor")
                % {"name": study.name, "slug": study.slug}
            )


def _codebook(choice: str) -> str | bytes:
    if choice in built_in_keys():
        return choice
    try:
        return Path(choice).read_bytes()
    except OSError as error:
        raise BadInput(
            _("codebook “%(choice)s”: no built-in codebook (%(keys)s) and no readable file (%(why)s).")
            % {"choice": choice, "keys": ", ".join(built_in_keys()), "why": error.strerror}
        ) from error


def _summary(study: Study) -> dict[str, Any]:
    version = study.codebook_version
    return {
        "slug": study.slug,
        "name": study.name,
        "language": study.language,
        "privacy": study.privacy,
        "codebook": version.codebook.key,
        "codebook_version": version.version,
        "modules": study.modules,
        "organisations": {
            organisation.name: [handle.handle for handle in organisation.handles.all()]
            for organisation in study.organisations.prefetch_related("handles")
        },
    }
