"""The detector beside Presidio, DEDUCE and scrubadub on the project's two marked-up sets of messages.

    python bench/pii_others.py [--venv DIR]

The three are installed into an environment of their own (they pin what this project does not want). A hit is
an overlap with a span of the same type; each tool is scored on the types that it has, and their labels are
mapped onto ours as kindly as possible.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

PACKAGES = ["presidio-analyzer", "deduce", "scrubadub"]
TYPES = {
    "PHONE_NUMBER": "phone", "EMAIL_ADDRESS": "email", "IBAN_CODE": "iban", "CREDIT_CARD": "other",
    "telefoonnummer": "phone", "emailadres": "email", "locatie": "address", "persoon": "name", "bsn": "bsn",
    "datum": "birth_date", "id": "customer_order_invoice", "phone": "phone", "email": "email",
    "credential": "credentials", "postalcode": "postcode_only", "address": "address",
}  # fmt: skip
RUNNER = r"""
import json, sys, time, warnings
warnings.simplefilter("ignore")
tool, texts = sys.argv[1], json.load(sys.stdin)

def presidio():
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    class Blank(SpacyNlpEngine):
        def __init__(self):
            super().__init__()
            self.nlp = {"nl": spacy.blank("nl")}
        def load(self):
            pass
    from presidio_analyzer.predefined_recognizers import (
        CreditCardRecognizer, EmailRecognizer, IbanRecognizer, PhoneRecognizer)
    registry = RecognizerRegistry(supported_languages=["nl"])
    for kind in (CreditCardRecognizer, EmailRecognizer, IbanRecognizer):
        registry.add_recognizer(kind(supported_language="nl"))
    phones = PhoneRecognizer(supported_language="nl", supported_regions=["NL", "BE", "DE", "GB"])
    registry.add_recognizer(phones)
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["nl"])
    return lambda text: [(r.start, r.end, r.entity_type) for r in engine.analyze(text, language="nl")]

def deduce():
    from deduce import Deduce
    engine = Deduce()
    def find(text):
        return [(int(a.start_char), int(a.end_char), a.tag) for a in engine.deidentify(text).annotations]
    return find

def scrubadub():
    import scrubadub
    scrubber = scrubadub.Scrubber(locale="nl_NL")
    return lambda text: [(f.beg, f.end, f.type) for f in scrubber.iter_filth(text)]

find = {"presidio": presidio, "deduce": deduce, "scrubadub": scrubadub}[tool]()
find(texts[0])
start = time.process_time()
found = []
for text in texts:
    try:
        found.append(find(text))
    except Exception:
        found.append([])
print(json.dumps({"seconds": time.process_time() - start, "found": found}))
"""


def prepared(folder: Path) -> Path:
    """The Python of an environment that holds the three tools."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--venv", type=Path, default=Path(tempfile.gettempdir()) / "webcare-pii-others")
    python = prepared(parser.parse_args().venv)
    from annotations.pii import Candidate, find_candidates
    from annotations.pii.evaluation import Evaluation, Record, evaluate
    from tests.pii.markup import TYPES as OURS
    from tests.pii.markup import read

    for name in ("development", "held_out"):
        marked = read(ROOT / "tests" / "pii" / f"{name}.txt")
        records = [
            Record(text, tuple((start, end, OURS.get(kind, kind)) for start, end, kind in spans))
            for text, spans in marked
        ]
        print(f"\n{name}: {len(records)} messages, {sum(len(record.spans) for record in records)} spans")
        show("this detector", evaluate(records, find_candidates), None)
        for tool in ("presidio", "deduce", "scrubadub"):
            texts = json.dumps([record.text for record in records])
            run = subprocess.run([python, "-c", RUNNER, tool], input=texts, capture_output=True, text=True)
            if run.returncode:
                print(f"{tool}: does not run here: {run.stderr.strip().splitlines()[-1][:150]}")
                continue
            answer = json.loads(run.stdout)
            found = {
                record.text: [
                    Candidate(a, b, TYPES[kind], "", "medium", tool, "", ())
                    for a, b, kind in places
                    if kind in TYPES
                ]
                for record, places in zip(records, answer["found"], strict=True)
            }
            result: Evaluation = evaluate(records, lambda text, found=found: found[text])  # type: ignore[misc]
            result.seconds = answer["seconds"]
            show(tool, result, {candidate.info_type for places in found.values() for candidate in places})
    return 0


def show(tool: str, result, types: set[str] | None) -> None:
    print(f"{tool}: {result.texts / result.seconds:,.0f} texts a second")
    for info_type in sorted(types if types is not None else result.types):
        score = result.types[info_type]
        if score.spans or score.candidates:
            print(f"  {info_type:24} precision {_share(score.precision)} recall {_share(score.recall)}")


def _share(value: float | None) -> str:
    return "  - " if value is None else f"{value:.2f}"


if __name__ == "__main__":
    raise SystemExit(main())
