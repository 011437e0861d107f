"""The kinds of variable have one home."""

import re
from pathlib import Path

from django.conf import settings

from annotations.codebooks.kinds import KINDS
from annotations.models import Variable

COMPARED = re.compile(rf"\.kind (?:==|!=|in|not in) [({{\[]?[\"'](?:{'|'.join(KINDS)})[\"']")


def test_the_database_takes_exactly_the_kinds_that_there_are():
    assert sorted(Variable.Kind.values) == sorted(KINDS)
    longest = Variable._meta.get_field("kind").max_length
    assert all(len(key) <= longest for key in KINDS)


def test_no_code_but_the_kinds_own_asks_which_kind_a_variable_is():
    """Agreement has kinds of its own, of measurements; everybody else asks the kind what it can do."""
    folder = Path(settings.BASE_DIR, "annotations")
    found = [
        f"{path.relative_to(folder)}: {line.strip()}"
        for path in folder.rglob("*.py")
        if not {"agreement", "migrations"} & set(path.parts)
        for line in path.read_text("utf-8").splitlines()
        if COMPARED.search(line)
    ]
    assert found == []
    assert COMPARED.search('variable.kind == "text"')
    assert COMPARED.search('parent.kind in {"single", "boolean"}')
