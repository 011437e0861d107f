"""What changed between two versions of a study's codebook, what it touches, and whether it helped."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from annotations.drafts.compare import alphas, told_between, versions_of
from annotations.errors import BadInput
from annotations.management.clear import ClearCommand, study_named
from annotations.models import CodebookVersion, Study


class Command(ClearCommand):
    help = (
        "Compares two versions of a study's codebook: changes, what they touch, and alphas before and after."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the study")
        parser.add_argument("old", help="the earlier version, as its codebook says, such as 1.1.0")
        parser.add_argument("new", help="the later version")

    def answer(self, *, slug: str, old: str, new: str, **options: Any) -> dict[str, Any]:
        study = study_named(slug)
        earlier, later = _version(study, old), _version(study, new)
        return {
            "study": study.slug,
            "old": earlier.version,
            "new": later.version,
            "changes": [
                {
                    "kind": change.kind,
                    "title": change.title,
                    "reason": change.reason,
                    "code_again": change.needs_eyes,
                    **change.touched.as_json(),
                }
                for change in told_between(study, earlier, later, "en")
            ],
            "alphas": [asdict(pair) for pair in alphas(study, earlier, later)],
        }

    def show(self, answer: dict[str, Any], **options: Any) -> None:
        for change in answer["changes"]:
            self.stdout.write(
                f"{change['kind']}: {change['title']} ({change['codes']} codes of "
                f"{change['coders']} coders in {change['conversations']} conversations, "
                f"{change['settled']} settled)"
            )
        for pair in answer["alphas"]:
            sides = [pair[name] and pair[name]["alpha"] for name in ("before", "after")]
            shown = ["undefined" if alpha is None else f"{alpha:.3f}" for alpha in sides]
            self.stdout.write(f"alpha of {pair['variable']}: {shown[0]} -> {shown[1]}")


def _version(study: Study, name: str) -> CodebookVersion:
    versions = versions_of(study)
    found = next((row for row in versions if row.version == name), None)
    if found is None:
        known = ", ".join(row.version for row in versions)
        raise BadInput(f"The study does not use a version {name}. Versions: {known}.")
    return found
