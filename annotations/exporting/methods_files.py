"""methods.nl.txt and methods.en.txt: the methods paragraph of each round that was coded."""

from __future__ import annotations

from webcare_coding import __version__

from ..models import Coding, Round
from ..reliability.data import ReportScope
from ..reliability.methods import paragraphs
from ..reliability.methods_words import WORDS
from ..results.methods import tables_in_words
from .folder import Folder
from .study_data import StudyData

METHODS = tuple(f"methods.{language}.txt" for language in WORDS)


def write_methods(data: StudyData, out: Folder) -> None:
    if not any(map(out.wants, METHODS)):
        return
    said = [_of_round(data, round_) for round_ in _coded_rounds(data)]
    for language, name in zip(WORDS, METHODS, strict=True):
        texts = [text[language] for text in said]
        texts.append(tables_in_words(data.study, data.figures.frame.fields, language))
        out.write(name, ["\n\n".join(filter(None, texts)), "\n"])


def _of_round(data: StudyData, round_: Round) -> dict[str, str]:
    return paragraphs(round_, ReportScope(), data.agreement(round_), __version__)


def _coded_rounds(data: StudyData) -> list[Round]:
    coded = Coding.objects.filter(assignment__round__study=data.study, state=Coding.State.FINISHED)
    ids = set(coded.order_by().values_list("assignment__round_id", flat=True).distinct())
    return [round_ for round_ in data.rounds if round_.pk in ids]
