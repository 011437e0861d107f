"""``python -m annotations.pii "tekst"`` prints the candidates in a text (or in standard input, line by
line)."""

from __future__ import annotations

import argparse
import sys

from annotations.pii import DETECTOR_VERSION, find_candidates


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m annotations.pii", description="Personal data in a message."
    )
    parser.add_argument("text", nargs="*", help="the message; without it, each line of standard input is one")
    parser.add_argument("--english", action="store_true", help="reasons in English")
    options = parser.parse_args(arguments)
    texts = [" ".join(options.text)] if options.text else (line.rstrip("\n") for line in sys.stdin)
    for text in texts:
        for found in find_candidates(text):
            kind = found.subtype or found.info_type
            reason = found.reason("en" if options.english else "nl")
            others = f" (of: {', '.join(found.alternatives)})" if found.alternatives else ""
            value = text[found.start : found.end]
            place = f"{found.start}:{found.end}"
            sys.stdout.write("\t".join((place, value, kind, found.confidence, reason + others)) + "\n")
    sys.stdout.write(f"detector {DETECTOR_VERSION}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
