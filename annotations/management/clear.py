"""What the project's commands share: one clear line per problem on standard error, exit 1, nothing stored."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils import translation

from ..codebooks.problems import CodebookError
from ..common.trouble import sentence_for
from ..errors import BadInput, WebcareError
from ..models import Study


class ClearCommand(BaseCommand):
    """A command on the outside surface. Subclasses write `answer`, which gives what --json prints."""

    requires_system_checks: list[str] = []
    has_json = True

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(*args, **kwargs)
        if self.has_json:
            parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with translation.override("en"):
                answer = self.answer(**options)
        except BadInput as refused:
            self._refuse(refused.problems)
        except CodebookError as refused:
            self._refuse([str(problem) for problem in refused.problems])
        except WebcareError as refused:
            self._refuse([str(refused)])
        except (DatabaseError, OSError) as error:
            with translation.override("en"):
                why = sentence_for(error)
            if why is None:
                raise
            self._refuse([why])
        else:
            if options.get("json"):
                self.stdout.write(json.dumps(answer, ensure_ascii=False, default=str))
            else:
                self.show(answer, **options)

    def answer(self, *args: Any, **options: Any) -> Any:
        raise NotImplementedError

    def show(self, *args: Any, **options: Any) -> None:
        """Print the answer for a person."""
        raise NotImplementedError

    def _refuse(self, problems: list[str]) -> None:
        for problem in problems:
            self.stderr.write(problem)
        sys.exit(1)


def study_named(slug: str) -> Study:
    """Raises BadInput."""
    study = Study.objects.select_related("codebook_version__codebook").filter(slug=slug).first()
    if study is None:
        known = ", ".join(Study.objects.values_list("slug", flat=True)[:10]) or "none yet"
        raise BadInput(f"There is no study {slug}. Studies: {known}.")
    return study
