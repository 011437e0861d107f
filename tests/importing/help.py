"""Reading a file in a test."""

from __future__ import annotations

from pathlib import Path

from annotations.importing.group.corpus import Corpus
from annotations.importing.group.threads import Thread
from annotations.importing.read.formats import choose
from annotations.importing.read.rows import MessageRow, Problem, ReadOptions, Tally
from annotations.importing.read.unpack import unwrapped

WHAT_IS_NOT_THERE = {"columns_unread", "no_times", "no_authors", "no_threads", "times_are_local"}
FILES = Path(__file__).parent / "files"


def read(path: Path, options: ReadOptions | None = None, name: str = "auto"):
    """(reader's name, rows, problems, tally) of one file."""
    chosen = choose(path, name)
    assert not isinstance(chosen, Problem), chosen.message
    tally = Tally()
    found = list(chosen[0].read(path, options or ReadOptions(), tally))
    rows = [row for row in found if isinstance(row, MessageRow)]
    return chosen[0].name, rows, [row for row in found if isinstance(row, Problem)], tally


def conversations(
    path: Path, options: ReadOptions | None = None, **kwargs
) -> tuple[Corpus, list[Thread[MessageRow]]]:
    chosen = choose(path)
    assert not isinstance(chosen, Problem), chosen.message
    with Corpus(**kwargs) as corpus:
        corpus.read(path, chosen[0], options or ReadOptions())
        return corpus, list(corpus.conversations())


def ids(thread: Thread[MessageRow]) -> list[str]:
    return [node.external_id for node in thread.nodes]


def problems_beside(problems: list[Problem]) -> list[Problem]:
    """Without the notices of what a small table of a test lacks on purpose: times, authors, threads."""
    return [problem for problem in problems if problem.code not in WHAT_IS_NOT_THERE]


def take_in(path: Path, folder: Path, **options) -> tuple[list[MessageRow], dict[str, Problem], Corpus]:
    """(messages in reading order, problems by code, corpus), the way an import goes."""
    messages: list[MessageRow] = []
    problems: list[Problem] = []
    folder.mkdir(exist_ok=True)
    with Corpus() as corpus:
        for file in unwrapped(path.name, path, folder):
            chosen = file if isinstance(file, Problem) else choose(file[1], "auto", file[0])
            if isinstance(chosen, Problem):
                problems.append(chosen)
            else:
                corpus.read(file[1], chosen[0], ReadOptions(file_name=file[0], **options))
        problems += corpus.problems
        for thread in corpus.conversations():
            messages += [node.message for node in thread.nodes if node.message]
    return messages, {problem.code: problem for problem in problems}, corpus
