"""Every mutant of a file: the operators of cosmic-ray, and two that a writer of data needs.

Type hints are left alone: nothing reads them while the program runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import ndiff
from pathlib import Path

from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

COMPARISONS = [
    "Eq_NotEq",
    "NotEq_Eq",
    "Lt_LtE",
    "Lt_GtE",
    "LtE_Lt",
    "LtE_Gt",
    "Gt_GtE",
    "Gt_LtE",
    "GtE_Gt",
    "GtE_Lt",
    "Is_IsNot",
    "IsNot_Is",
]
ARITHMETIC = [
    "Add_Sub",
    "Sub_Add",
    "Mul_Div",
    "Div_Mul",
    "FloorDiv_Mul",
    "Mod_Mul",
    "Pow_Mul",
    "BitOr_BitAnd",
    "BitAnd_BitOr",
]
OPERATORS = (
    *(f"core/ReplaceComparisonOperator_{pair}" for pair in COMPARISONS),
    *(f"core/ReplaceBinaryOperator_{pair}" for pair in ARITHMETIC),
    "core/ReplaceUnaryOperator_USub_UAdd",
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/AddNot",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceContinueWithBreak",
    "core/NumberReplacer",
    "core/RemoveDecorator",
    "core/ZeroIterationForLoop",
)
KEEPS_RESULTS = ("cache", "cached_property", "lru_cache", "dataclass", "overload")
Position = tuple[int, int]


@dataclass(frozen=True)
class Mutant:
    """One changed place. `seen_on` are the lines that a test runs to meet it, counted from 1: those of its
    statement, and outside functions those that use what the statement names."""

    path: str
    operator: str
    occurrence: int
    start: Position
    end: Position
    seen_on: tuple[int, ...]
    function: tuple[int, int]
    """From the first line of the body of the outermost function around it up to its end; (0, 0) outside."""
    replacement: str = ""

    @property
    def in_function(self) -> bool:
        return self.function[1] > 0

    def apply(self, code: str) -> str:
        if self.operator.startswith("core/"):
            return mutate_code(code, plugins.get_operator(self.operator)(), self.occurrence) or code
        lines = code.splitlines(keepends=True)
        before = "".join(lines[: self.start[0] - 1]) + lines[self.start[0] - 1][: self.start[1]]
        after = lines[self.end[0] - 1][self.end[1] :] + "".join(lines[self.end[0] :])
        return before + self.replacement + after

    def describe(self, code: str) -> str:
        changed = ndiff(code.splitlines(), self.apply(code).splitlines())
        return "\n".join(line for line in changed if line[:1] in "+-")


def mutants_of(path: Path, base: Path) -> list[Mutant]:
    code = path.read_text(encoding="utf-8")
    tree = ast.parse(code)
    name = path.relative_to(base).as_posix()
    places = Places(code)
    hints = [(places.start(node), places.end(node)) for node in _hints(tree)]
    found = []
    for operator, occurrence, start, end, replacement in (*_by_cosmic_ray(code), *_deletions(tree, places)):
        if any(first <= start and end <= last for first, last in hints):
            continue
        function = _function(tree, start[0])
        seen_on = _seen_on(tree, start[0], bool(function[1]))
        if not function[1] and ("ReplaceBinary" in operator or "frozen=" in code.splitlines()[start[0] - 1]):
            continue  # the `*` between parameters; a class that is frozen for the reader's sake
        found.append(Mutant(name, operator, occurrence, start, end, seen_on, function, replacement))
    return found


Place = tuple[str, int, Position, Position, str]


def _by_cosmic_ray(code: str) -> Iterator[Place]:
    nodes = list(ast_nodes(get_ast(code)))
    for name in OPERATORS:
        operator = plugins.get_operator(name)()
        places = [place for node in nodes for place in operator.mutation_positions(node)]
        for occurrence, (start, end) in enumerate(places):
            decorator = code.splitlines()[start[0] - 1].strip() if name == "core/RemoveDecorator" else ""
            if not any(kind in decorator for kind in KEEPS_RESULTS):
                yield name, occurrence, start, end, ""


def _deletions(tree: ast.Module, places: Places) -> Iterator[Place]:
    """A statement that is there for what it does is left out; so is an argument that has a name."""
    for node in ast.walk(tree):
        if _does_something(node):
            yield "statement left out", 0, places.start(node), places.end(node), "pass"
        elif isinstance(node, ast.Return) and not _is_nothing(node.value):
            yield "returns None", 0, places.start(node), places.end(node), "return None"
        elif isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg and not isinstance(keyword.value, ast.Constant):
                    end = places.after_comma(places.end(keyword))
                    yield "argument left out", 0, places.start(keyword), end, ""


def _does_something(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom)
    if isinstance(node, ast.Assign):
        return not all(isinstance(target, ast.Name | ast.Tuple) for target in node.targets)
    return isinstance(node, ast.AugAssign | ast.Raise | ast.Delete)


def _is_nothing(node: ast.expr | None) -> bool:
    """None, or what whoever asks whether there is something takes for None: False, "", [] or {}."""
    if isinstance(node, ast.Constant):
        return not node.value
    return node is None or ast.unparse(node) in {"[]", "{}", "()", "set()"}


def _hints(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(part, ast.expr):
                yield part
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"TypeVar", "cast"}:
            yield node
        # An alias of types: Name = A | B, or Name = Callable[...].
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp | ast.Subscript):
            names = [getattr(target, "id", "") for target in node.targets]
            if all(name[:1].isupper() and not name.isupper() for name in names):
                yield node


def _function(tree: ast.Module, line: int) -> tuple[int, int]:
    for node in ast.walk(tree):  # from the outside in
        if isinstance(node, ast.FunctionDef) and node.body[0].lineno <= line <= (node.end_lineno or 0):
            return node.body[0].lineno, (node.end_lineno or 0) + 1
    return 0, 0


def _seen_on(tree: ast.Module, line: int, in_function: bool) -> tuple[int, ...]:
    """The lines of the innermost statement here (of a compound one: its head), or where it is used."""
    statement: ast.stmt | None = None
    first, last = line, line
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and _first_line(node) <= line <= (node.end_lineno or 0):
            body = getattr(node, "body", None)
            end = body[0].lineno - 1 if body else node.end_lineno or line
            if line <= max(end, node.lineno):
                statement, first, last = node, node.lineno, max(end, node.lineno)
    if in_function or statement is None:
        return tuple(range(first, last + 1))
    return tuple(sorted(_uses(tree, statement)))


def _first_line(node: ast.stmt) -> int:
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])


def _uses(tree: ast.Module, statement: ast.stmt) -> set[int]:
    if isinstance(statement, ast.FunctionDef):
        return set(range(statement.body[0].lineno, (statement.end_lineno or 0) + 1))
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    names = {getattr(target, "id", None) for target in targets} - {None}
    return {
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names)
        or (isinstance(node, ast.Attribute) and node.attr in names)
    }


class Places:
    """Where a node begins and ends, counted in characters: ast counts bytes."""

    def __init__(self, code: str) -> None:
        self.lines = code.splitlines()

    def start(self, node: ast.AST) -> Position:
        return self._place(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def end(self, node: ast.AST) -> Position:
        return self._place(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def after_comma(self, end: Position) -> Position:
        return (end[0], end[1] + 1) if self.lines[end[0] - 1][end[1] :].startswith(",") else end

    def _place(self, line: int, byte: int) -> Position:
        return line, len(self.lines[line - 1].encode()[:byte].decode())
