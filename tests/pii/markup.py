r"""Messages with their personal data marked inline, as people can read and write them.

One message a line; ``[[value|kind]]`` marks a span, where kind is an information type or a subtype of one;
``\n``, ``\u200b`` and other escapes stand for themselves; lines that start with "# " are comments.
``python -m tests.pii.markup FILE.txt`` prints the same as JSON lines, as ``evaluate_candidates`` reads them.

>>> parse("bsn [[111222333|bsn]], tel\\u200b [[06-12345678|phone]]")
('bsn 111222333, tel\u200b 06-12345678', [(4, 13, 'bsn'), (20, 31, 'phone')])
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

_SPAN = re.compile(r"\[\[(?P<value>.+?)\|(?P<kind>[a-z_]+)\]\]", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:n|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})")
TYPES = {
    **dict.fromkeys(
        ("customer_number", "order_number", "invoice_number", "case_number"), "customer_order_invoice"
    ),
    **dict.fromkeys(("assessment_number", "payment_reference"), "assessment_decision"),
    "iban_last_digits": "iban",
    **dict.fromkeys(
        ("licence_plate", "meter_ean", "imei", "iccid", "kvk_number", "vat_number", "credit_card"), "other"
    ),
}
"""The information type of each subtype."""


def _unescape(match: re.Match[str]) -> str:
    code = match.group()[2:]
    return chr(int(code, 16)) if code else "\n"


def parse(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text of a line and its spans as (start, end, kind)."""
    line = _ESCAPE.sub(_unescape, line)
    text, spans, at = "", [], 0
    for match in _SPAN.finditer(line):
        text += line[at : match.start()]
        spans.append((len(text), len(text) + len(match["value"]), match["kind"]))
        text += match["value"]
        at = match.end()
    return text + line[at:], spans


def read(path: Path) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Every message of a file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [parse(line) for line in lines if line.strip() and not line.startswith("# ")]


def main() -> None:
    for text, spans in read(Path(sys.argv[1])):
        marked = [
            {"start": a, "end": b, "type": TYPES.get(kind, kind), "subtype": kind} for a, b, kind in spans
        ]
        print(json.dumps({"text": text, "spans": marked}, ensure_ascii=False))


if __name__ == "__main__":
    main()
