"""Publishing a draft: version n + 1 is made, version n and its codes stay as they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from ..codebooks.changes import NEW_VARIABLE, Change, changes_of
from ..codebooks.document import read_document
from ..codebooks.lookup import lookup
from ..codebooks.problems import CodebookError, Fault
from ..codebooks.schema import CodebookSpec
from ..codebooks.store import store_next
from ..codebooks.writing import write_yaml
from ..errors import BadInput
from ..models import CodebookDraft, CodebookVersion, Event, Study, VersionChange
from .advice import warnings_of
from .store import close, locked
from .touched import touched_by


@dataclass(frozen=True)
class Checked:
    """A draft as it would be published. `faults` stop it; `warnings` are told."""

    spec: CodebookSpec
    changes: list[Change]
    faults: list[Fault]
    warnings: list[Fault]

    @property
    def can_be_published(self) -> bool:
        return bool(self.changes) and not self.faults


def check(draft: CodebookDraft) -> Checked:
    document = draft.document
    spec, faults = read_document(document)
    base = lookup(draft.base_id).spec
    changes = changes_of(base, document)
    faults = [*faults, *_more_faults(draft, changes)]
    return Checked(spec, changes, faults, warnings_of(base, spec, document, unread=bool(faults)))


def _more_faults(draft: CodebookDraft, changes: list[Change]) -> list[Fault]:
    """What is right as a codebook, and wrong as the next version of this one."""
    base = lookup(draft.base_id).spec
    faults = [
        Fault((change.item, "_meaning"), "say whether this definition still means the same")
        for change in changes
        if change.is_undecided
    ]
    for change in changes:
        if change.kind == NEW_VARIABLE and change.variable in base.by_key:
            faults.append(
                Fault(
                    (change.item, "key"),
                    "the base version has another variable %(name)s; give this one a key of its own",
                    {"name": change.variable},
                )
            )
    header = draft.document["codebook"]
    others = CodebookVersion.objects.filter(
        codebook__key=header.get("key", ""), version=header.get("version")
    )
    if others.exists():
        faults.append(
            Fault(
                ("codebook", "version"),
                "there is a version %(version)s already; choose another",
                {"version": header.get("version")},
            )
        )
    return faults


@transaction.atomic
def publish(
    draft_id: int, *, revision: int, actor_id: int, asks_finished: Collection[str] = ()
) -> CodebookVersion:
    """Make the draft the study's version for the rounds made from now on.

    `asks_finished`: ids in the draft of new variables that are asked of everything finished too; the others
    are asked from now on. Rounds that there are go on with their version. Raises StaleWrite, and BadInput
    while something is wrong.
    """
    draft = locked(draft_id, revision)
    study = Study.objects.select_for_update(of=("self",)).get(pk=draft.study_id)
    if study.codebook_version_id != draft.base_id:
        raise BadInput(
            _("The study uses another version by now than the one this draft is based on. Start a new draft.")
        )
    checked = check(draft)
    if checked.faults:
        raise BadInput(_("%(count)d mistakes must be mended first.") % {"count": len(checked.faults)})
    if not checked.changes:
        raise BadInput(_("Nothing was changed yet."))
    touched = touched_by(study, draft.base_id, checked.changes)
    rows = [
        _row(change, number.as_json(), asks=change.kind == NEW_VARIABLE and change.item in asks_finished)
        for change, number in zip(checked.changes, touched, strict=True)
    ]
    try:
        version = store_next(write_yaml(checked.spec), draft.base, rows, actor_id=actor_id)
    except CodebookError as error:
        raise BadInput([problem.as_sentence(_) for problem in error.problems]) from error
    before = study.codebook_version
    known = {module["key"]: module["key"] for module in before.modules}
    was = {item["key"]: item.get("_was", "") for item in draft.document.get("modules", [])}
    modules = [
        module["key"]
        for module in version.modules
        if (known.get(was.get(module["key"], "")) or module["key"]) in study.modules
        or (was.get(module["key"], module["key"]) not in known and module["default_on"])
    ]
    study.codebook_version, study.modules = version, modules
    study.revision += 1
    study.save(update_fields=["codebook_version", "modules", "revision"])
    close(draft, version)
    Event.objects.record(
        "codebook.published",
        actor_id=actor_id,
        study_id=study.pk,
        subject=version,
        before={"version": before.version, "number": before.number},
        after={"version": version.version, "number": version.number, "counts": len(rows)} | _asked(rows),
    )
    return version


def _asked(rows: Collection[VersionChange]) -> dict[str, list[str]]:
    """For the log: of what the new variables are asked."""
    new = [row for row in rows if row.kind == NEW_VARIABLE]
    found = {
        "asked_of_finished": [row.variable for row in new if row.asks_finished],
        "asked_from_now_on": [row.variable for row in new if not row.asks_finished],
    }
    return {name: keys for name, keys in found.items() if keys}


def new_variables(checked: Checked) -> list[Change]:
    return [change for change in checked.changes if change.kind == NEW_VARIABLE]


def _row(change: Change, touched: dict[str, int], *, asks: bool) -> VersionChange:
    return VersionChange(
        kind=change.kind,
        was=change.was,
        variable=change.variable,
        carries=dict(change.carries),
        every_code=change.every_code and change.needs_eyes,
        categories=list(change.categories),
        fields=list(change.fields),
        reason=change.reason,
        asks_finished=asks,
        touched=touched,
    )
