"""The handles of a study's organisations, and whose account a name is."""

from __future__ import annotations

from collections.abc import Iterable

from ...models import Study


class Handles:
    """The handles of the study's organisations; in lower case, without `@`."""

    def __init__(self, study: Study):
        rows = study.handles.order_by("position", "id").values_list("handle", "organisation_id", "position")
        self.organisation_of: dict[str, int] = {}
        self.keys: dict[str, str] = {}
        self._first: dict[int, list[str]] = {}
        self._others: dict[int, list[str]] = {}
        for handle, organisation_id, position in rows:
            name = handle.lower().lstrip("@")
            self.organisation_of[name] = organisation_id
            self.keys[name] = str(organisation_id)
            (self._others if position else self._first).setdefault(organisation_id, []).append(name)

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(sorted(self.organisation_of))

    def this(self, organisation_id: int) -> list[str]:
        """The webcare account of an organisation."""
        return self._first.get(organisation_id, [])

    def others(self, organisation_id: int) -> list[str]:
        return self._others.get(organisation_id, [])

    def place(self, name: str) -> tuple[int, bool] | None:
        """Whose handle it is, and whether it is the webcare account; None when nobody's."""
        organisation_id = self.organisation_of.get(name)
        return None if organisation_id is None else (organisation_id, name in self.this(organisation_id))

    def differing(self, other: Handles) -> set[str]:
        """Handles that are not what they were, or nobody's any more."""
        names = self.organisation_of.keys() | other.organisation_of.keys()
        return {name for name in names if self.place(name) != other.place(name)}

    def mentioned(self, names: Iterable[str]) -> int | None:
        """The organisation of the first handle that is one."""
        found = (self.organisation_of.get(name.lower().lstrip("@")) for name in names)
        return next((organisation for organisation in found if organisation), None)
