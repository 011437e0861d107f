"""YAML text to a tree of nodes: bounded, and without any of YAML's cleverness.

PyYAML's composer gives nodes with marks and never builds objects. Anchors, aliases and tags are refused:
a codebook needs none, and with aliases a file of a hundred bytes can stand for a billion values.
"""

from __future__ import annotations

import yaml

from .problems import CodebookError, Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 20
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(source: bytes | str) -> yaml.Node:
    """Return the root node. Raises CodebookError with one problem if the text is no single YAML document."""
    text = _decode(source)
    try:
        _refuse_unbounded(text)
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line, column = _where(error, text)
        raise _single(
            line,
            column,
            "this is not valid YAML; check the indentation, the colons and the quotes here and just above",
        ) from error
    except yaml.YAMLError as error:
        # A character YAML does not allow: the error carries a position, but no mark.
        before = text[: getattr(error, "position", 0) or 0]
        raise _single(
            before.count("\n") + 1,
            len(before) - before.rfind("\n"),
            "a character stands here that YAML does not allow; remove it",
        ) from error
    if node is None:
        raise _single(1, 1, "the file is empty; expected a mapping with codebook, modules and variables")
    return node


def _decode(source: bytes | str) -> str:
    if isinstance(source, str):
        if len(source) > MAX_BYTES:
            raise _too_big()
        return source.removeprefix("\ufeff")
    if len(source) > MAX_BYTES:
        raise _too_big()
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = source[: error.start]
        raise _single(
            before.count(b"\n") + 1,
            len(before) - before.rfind(b"\n"),
            "the file is not UTF-8 here; save it as UTF-8 and try again",
        ) from error


def _where(error: yaml.MarkedYAMLError, text: str) -> tuple[int, int]:
    """Where the text stopped making sense; where it ran out, the place of what was left open."""
    marks = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
    lines = len(text.rstrip().splitlines())
    mark = next((mark for mark in marks if mark.line < lines), None)
    return (mark.line + 1, mark.column + 1) if mark else (max(lines, 1), 1)


def _refuse_unbounded(text: str) -> None:
    depth = documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        mark = event.start_mark
        assert mark is not None
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _single(mark.line + 1, mark.column + 1, "a second document starts here; expected one")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _single(
                mark.line + 1,
                mark.column + 1,
                "anchors (&) and aliases (*) are not allowed; write the value out, or put it between quotes",
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _single(mark.line + 1, mark.column + 1, "the file is nested too deep for a codebook")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _single(line: int, column: int, sentence: str, **params: object) -> CodebookError:
    return CodebookError([Problem(line, column, "", sentence, params)])


def _too_big() -> CodebookError:
    return _single(
        1, 1, "the file is larger than %(size)s MB; a codebook is not", size=MAX_BYTES // 1_000_000
    )
