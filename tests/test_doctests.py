"""Every example in a docstring shows what the code does."""

import doctest
import importlib

import pytest
from django.conf import settings

WITH_EXAMPLES = [
    path.relative_to(settings.BASE_DIR).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
    for folder in ("annotations", "webcare_coding", "tests", "bench")
    for path in sorted((settings.BASE_DIR / folder).rglob("*.py"))
    if "\n    >>> " in path.read_text(encoding="utf-8").replace("\n        >>>", "\n    >>>")
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0
