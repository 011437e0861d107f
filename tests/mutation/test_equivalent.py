"""What equivalent.txt excuses is still there, and says why nobody could notice it."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
LINES = (HERE / "equivalent.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("excuse", LINES)
def test_an_excuse_is_of_a_line_that_exists_and_gives_its_reason(excuse: str) -> None:
    mutant, reason = excuse.split(" # ")
    path, _operator, line = mutant.split(" | ")
    code = (HERE.parent.parent / path).read_text(encoding="utf-8").splitlines()
    assert line in [each.strip() for each in code]
    assert reason
