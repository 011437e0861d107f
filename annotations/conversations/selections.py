"""Saved selections: filters under a name. Their only writer.

A selection stores its filters, not the conversations that match: they are looked up whenever it is used. A
round keeps its own copy of the filters it was drawn with, so deleting a selection changes no round.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ..errors import BadInput, StaleWrite
from ..models import Event, Organisation, Selection, Study
from .filters import Filters, as_plain, from_plain, in_words, type_words

NAME_LENGTH = Selection._meta.get_field("name").max_length or 0
MOST = 50


def find_selection(study_id: int, selection_id: int) -> Selection:
    """Raises BadInput when the study has no such selection (any more)."""
    found = Selection.objects.select_related("study").filter(pk=selection_id, study_id=study_id).first()
    if found is None:
        raise BadInput(_("This selection is no longer there."))
    return found


def asks_for(selection: Selection) -> list[str]:
    """What the selection asks for, a phrase each."""
    organisations = dict(selection.study.organisations.values_list("pk", "name"))
    filters = from_plain(selection.filters)
    return in_words(filters, organisations=organisations, types=type_words(selection.study))


@transaction.atomic
def save_selection(study_id: int, *, name: str, filters: Filters, actor_id: int | None) -> Selection:
    """Keeps filters under a name. What is there already with the same filters stays as it is.

    Raises BadInput.
    """
    Study.objects.select_for_update().get(pk=study_id)
    name, plain = _clean(name), as_plain(filters)
    same = Selection.objects.filter(study_id=study_id, name=name).first()
    if same is not None and same.filters == plain:
        return same
    problems = _check_name(study_id, name) + _check_filters(study_id, filters)
    if Selection.objects.filter(study_id=study_id).count() >= MOST:
        problems.append(
            _("A study keeps at most %(most)d selections. Delete one that is not used.") % {"most": MOST}
        )
    if problems:
        raise BadInput(problems)
    new = Selection.objects.create(study_id=study_id, name=name, filters=plain, created_by_id=actor_id)
    _record("saved", new, actor_id, after={"name": name, **_logged(filters)})
    return new


@transaction.atomic
def rename_selection(
    study_id: int, selection_id: int, *, name: str, revision: int, actor_id: int | None
) -> Selection:
    """Raises BadInput, or StaleWrite when somebody changed the selection since `revision`."""
    selection = _locked(study_id, selection_id)
    before, name = selection.name, _clean(name)
    if name == before:
        return selection
    _check_revision(selection, revision)
    if problems := _check_name(study_id, name, selection_id):
        raise BadInput(problems)
    selection.name = name
    _write(selection)
    _record("renamed", selection, actor_id, before={"name": before}, after={"name": name})
    return selection


@transaction.atomic
def replace_filters(
    study_id: int, selection_id: int, *, filters: Filters, revision: int, actor_id: int | None
) -> Selection:
    """Raises BadInput, or StaleWrite when somebody changed the selection since `revision`."""
    selection = _locked(study_id, selection_id)
    before = from_plain(selection.filters)
    if filters == before:
        return selection
    _check_revision(selection, revision)
    if problems := _check_filters(study_id, filters):
        raise BadInput(problems)
    selection.filters = as_plain(filters)
    _write(selection)
    after = {"name": selection.name, **_logged(filters)}
    _record("changed", selection, actor_id, before=_logged(before), after=after)
    return selection


@transaction.atomic
def delete_selection(study_id: int, selection_id: int, *, revision: int, actor_id: int | None) -> None:
    """Raises BadInput, or StaleWrite when somebody changed the selection since `revision`."""
    selection = _locked(study_id, selection_id)
    _check_revision(selection, revision)
    before = {"name": selection.name, **_logged(from_plain(selection.filters))}
    _record("deleted", selection, actor_id, before=before)
    selection.delete()


def _locked(study_id: int, selection_id: int) -> Selection:
    Study.objects.select_for_update().get(pk=study_id)
    return find_selection(study_id, selection_id)


def _write(selection: Selection) -> None:
    selection.revision += 1
    selection.save(update_fields=["name", "filters", "revision"])


def _clean(name: str) -> str:
    """The name without invisible characters, so that names that look the same are equal."""
    return " ".join("".join(char for char in name if char.isprintable() or char.isspace()).split())


def _check_revision(selection: Selection, revision: int) -> None:
    if selection.revision != revision:
        raise StaleWrite(selection, selection.revision)


def _check_name(study_id: int, name: str, own_id: int = 0) -> list[str]:
    if not 1 <= len(name) <= NAME_LENGTH:
        return [_("Give the selection a name of 1 to %(length)d characters.") % {"length": NAME_LENGTH}]
    others = Selection.objects.filter(study_id=study_id).exclude(pk=own_id).values_list("name", flat=True)
    # Not in the database: SQLite knows the capitals of ASCII only.
    if name.casefold() in {other.casefold() for other in others}:
        return [_("There is a selection of this name already. Choose another name.")]
    return []


def _check_filters(study_id: int, filters: Filters) -> list[str]:
    if filters.is_empty:
        return [_("Set at least one filter: a selection of everything is no selection.")]
    key = filters.organisation
    if key and not Organisation.objects.filter(pk=key, study_id=study_id).exists():
        return [_("The organisation in this filter is not in the study. Choose another one.")]
    return []


def _logged(filters: Filters) -> dict[str, Any]:
    """For the log, which nothing can be removed from: that a text was searched for, not which (it may be
    somebody's name or number).
    """
    plain = as_plain(filters)
    if filters.search:
        plain["search"] = True
    if filters.organisation:
        names = Organisation.objects.filter(pk=filters.organisation).values_list("name", flat=True)
        plain["organisation"] = names.first()
    elif filters.organisation == 0:
        plain["organisation"] = ""
    return plain


def _record(verb: str, selection: Selection, actor_id: int | None, **values: Any) -> None:
    Event.objects.record(
        f"selection.{verb}", actor_id=actor_id, study_id=selection.study_id, subject=selection, **values
    )
