"""A stored codebook version at hand: its specification beside the ids of its rows, kept per process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..models import Category, CodebookVersion
from .language import in_language
from .reading import read_codebook
from .schema import CodebookSpec, VariableSpec


@dataclass(frozen=True)
class Lookup:
    """`variable_ids`: key -> id. `category_ids`: (variable key, category key) -> id. The others go back."""

    version_id: int
    spec: CodebookSpec
    variable_ids: dict[str, int]
    category_ids: dict[tuple[str, str], int]
    variables: dict[int, VariableSpec]
    category_keys: dict[int, str]

    def type_label(self, info_type: str, language: str | None = None) -> str:
        """A kind of information in the codebook's own words, else its key."""
        category = self.type_variable.by_key.get(info_type) if self.type_variable else None
        return in_language(category.label, language) if category else info_type

    @property
    def type_variable(self) -> VariableSpec | None:
        """The span-level variable that says which kind of information a fragment is."""
        return next(
            (
                v
                for v in self.spec.variables
                if v.level == "span" and v.of_kind.column == "category" and v.categories and v.required
            ),
            None,
        )


@lru_cache(maxsize=64)
def lookup(version_id: int) -> Lookup:
    """Versions never change once stored, so what was read once holds."""
    version = CodebookVersion.objects.get(pk=version_id)
    spec = read_codebook(version.source)
    variable_ids = dict(version.variables.values_list("key", "id"))
    categories = list(
        Category.objects.filter(variable__version_id=version_id).values_list("variable__key", "key", "id")
    )
    return Lookup(
        version_id=version_id,
        spec=spec,
        variable_ids=variable_ids,
        category_ids={(variable, key): pk for variable, key, pk in categories},
        variables={variable_ids[variable.key]: variable for variable in spec.variables},
        category_keys={pk: key for _, key, pk in categories},
    )
