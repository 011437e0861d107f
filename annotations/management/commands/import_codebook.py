"""A file becomes the draft of a study's next codebook version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from annotations.drafts.publish import check
from annotations.drafts.starting import document_from_file
from annotations.drafts.store import draft_of, replace, start
from annotations.errors import BadInput
from annotations.management.clear import ClearCommand, study_named


class Command(ClearCommand):
    help = "Puts a codebook (.yaml, .csv, .xlsx, .qdc) into the draft of a study; publish it on its page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the study")
        parser.add_argument("file", help="a codebook: .yaml, .csv, .xlsx or .qdc")

    def answer(self, *, slug: str, file: str, **options: Any) -> dict[str, Any]:
        study, path = study_named(slug), Path(file)
        if not path.is_file():
            raise BadInput(f"There is no file {file}.")
        document = document_from_file(study, path.name, path.read_bytes())
        draft = draft_of(study)
        if draft is None:
            draft = start(study.pk, actor_id=None, document=document)
        else:
            draft = replace(draft.pk, document, revision=draft.revision, actor_id=None)
        checked = check(draft)
        return {
            "study": study.slug,
            "base": draft.base.version,
            "version": draft.document["codebook"]["version"],
            "variables": len(checked.spec.variables),
            "changes": [change.kind for change in checked.changes],
            "problems": [
                {"path": [str(step) for step in fault.path], "problem": fault.sentence % fault.params}
                for fault in checked.faults
            ],
        }

    def show(self, answer: dict[str, Any], **options: Any) -> None:
        self.stdout.write(
            f"The draft of {answer['study']} holds version {answer['version']}, on {answer['base']}: "
            f"{answer['variables']} variables, {len(answer['changes'])} changes, "
            f"{len(answer['problems'])} things to mend before it can be published."
        )
