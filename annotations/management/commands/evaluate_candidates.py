from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from annotations.errors import BadInput
from annotations.management.clear import ClearCommand
from annotations.pii.evaluation import BadRecord, evaluate, read_jsonl


class Command(ClearCommand):
    help = (
        "Scores the detector of personal data on marked-up texts: precision, recall and F1 per type and "
        "overall, false positives on texts without spans, texts per second. FILE.jsonl has "
        '{"text": …, "spans": [{"start": …, "end": …, "type": …}]} per line; offsets are code points.'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.jsonl", type=Path)

    def answer(self, *, file: Path, **options: Any) -> Any:
        try:
            records = read_jsonl(file.read_text(encoding="utf-8-sig").split("\n"))
        except OSError as error:
            raise BadInput(f"{file}: cannot be read ({error.strerror})") from error
        except UnicodeDecodeError as error:
            raise BadInput(f"{file}: byte {error.start} is no UTF-8; save the file as UTF-8") from error
        except BadRecord as error:
            raise BadInput(f"{file}: {error}") from error
        if not records:
            raise BadInput(f"{file}: holds no texts; expected one JSON object per line")
        return evaluate(records).as_dict()

    def show(self, answer: Any, **options: Any) -> None:
        rows = {**answer["types"], "the study's nine": answer["study_types"], "overall": answer["overall"]}
        self.stdout.write(f"{'type':24}{'spans':>7}{'found':>7}  {'precision':22}{'recall':22}{'F1':6}")
        for name, score in rows.items():
            shares = "".join(
                f"{_share(score[key]):6}{_interval(score[key + '_ci']):16}" for key in ("precision", "recall")
            )
            counts = f"{name:24}{score['spans']:7}{score['candidates']:7}"
            self.stdout.write(f"{counts}  {shares}{_share(score['f1'])}")
        false, empty = answer["false_positives_on_texts_without_spans"], answer["texts_without_spans"]
        self.stdout.write(f"false candidates on the {empty} texts without spans: {false}")
        self.stdout.write(f"{answer['texts']} texts, {answer['texts_per_second']:,.0f} a second")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _interval(bounds: tuple[float, float] | None) -> str:
    return "" if bounds is None else f"[{bounds[0]:.3f}, {bounds[1]:.3f}]"
