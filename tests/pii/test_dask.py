"""The map over partitions that the docs show, run on Dask's local scheduler."""

from __future__ import annotations

import re
from pathlib import Path

from annotations.pii import DETECTOR_VERSION

DOCS = Path(__file__).resolve().parents[2] / "docs" / "detector.md"


def test_the_example_for_dask_gives_what_a_plain_loop_gives() -> None:
    (example,) = re.findall(r"```python\n(import dask.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    example = example.replace('scheduler="processes"', 'scheduler="threads"')
    messages = [{"id": number, "text": f"bsn 111222333, klantnr 44719{number:02}"} for number in range(30)]
    names: dict[str, object] = {"messages": messages}
    exec(example, names)
    found = names["found"]
    assert isinstance(found, list)
    assert len(found) == 60
    assert found[0] == {
        "message_id": 0,
        "start": 4,
        "end": 13,
        "type": "bsn",
        "subtype": "",
        "confidence": "high",
        "version": DETECTOR_VERSION,
    }
    assert [row["message_id"] for row in found] == sorted(row["message_id"] for row in found)
