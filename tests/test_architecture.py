"""Keeps the direction of the imports: views -> the feature's functions -> models; see docs/developers.md."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests import on_postgres
from tests.expectations import EXPECTED
from tests.world import WORDS, meaning, parameters

BASE = Path(__file__).resolve().parent.parent
APP = BASE / "annotations"
PURE = (
    "pii/",
    "agreement/",
    "statistics/",
    "figures/records.py",
    "figures/numbers.py",
    "figures/drawing/",
    "quotations/likeness.py",
    "common/cells.py",
    "common/masking.py",
    "common/portions.py",
    "importing/read/",
    "importing/group/",
    "importing/facts/context.py",
    "importing/facts/data_requests.py",
    "sampling/draw.py",
    "codebooks/schema.py",
    "codebooks/kind.py",
    "codebooks/kinds.py",
    "codebooks/values.py",
    "codebooks/conversion.py",
    "codebooks/reading.py",
    "codebooks/conditions.py",
    "codebooks/document.py",
    "codebooks/changes.py",
    "codebooks/editing/",
    "coding/text.py",
)
# Where a request may be known: the pages themselves, and what serves them.
KNOWS_REQUESTS = {"views.py", "forms.py", "urls.py", "access.py", "session.py"}


@cache
def modules() -> list[Path]:
    return [path for path in sorted(APP.rglob("*.py")) if "migrations" not in path.parts]


def place(path: Path) -> str:
    return path.relative_to(APP).as_posix()


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports(path: Path) -> list[str]:
    return list(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    """Every imported module as an absolute name; `from a import b` counts as a.b, for b may be a module."""
    package = path.relative_to(BASE).with_suffix("").parts[:-1]
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            origin = ".".join([*start, *filter(None, [node.module])])
            yield from (f"{origin}.{name.name}" for name in node.names)


def module_name(path: Path) -> str:
    return "annotations." + place(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def own_package(path: Path) -> str:
    return "annotations." + place(path).split("/")[0].removesuffix(".py") + "."


def is_page(path: Path) -> bool:
    return path.name in KNOWS_REQUESTS or "views" in path.parts or "templatetags" in path.parts


def pure_modules() -> list[Path]:
    """The modules declared pure, and what they take from their own feature."""
    by_name = {module_name(path): path for path in modules()}
    reached: list[Path] = []
    waiting = [path for path in modules() if place(path).startswith(PURE)]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.append(path)
            names = [name for name in imports(path) if name.startswith(own_package(path))]
            candidates = {*names, *(name.rpartition(".")[0] for name in names)}
            waiting.extend(by_name[name] for name in candidates if name in by_name)
    return sorted(reached)


def test_pure_modules_know_neither_django_nor_the_rest_of_the_app() -> None:
    pure = tuple(module_name(path) + "." for path in pure_modules())
    wrong = [
        f"{place(path)} imports {name}"
        for path in pure_modules()
        for name in imports(path)
        if name.split(".")[0] in {"django", "webcare_coding"}
        or (name.startswith("annotations.") and not f"{name}.".startswith((*pure, own_package(path))))
    ]
    assert wrong == []


def test_models_import_django_only() -> None:
    wrong = [
        f"{place(path)} imports {name}"
        for path in modules()
        if place(path).startswith("models/")
        for name in imports(path)
        if name.startswith(("annotations.", "webcare_coding"))
        and not f"{name}.".startswith(("annotations.models.", "annotations.errors."))
    ]
    assert wrong == []


def test_no_feature_imports_the_pages_of_another() -> None:
    wrong = [
        f"{place(path)} imports {name}"
        for path in modules()
        for name in imports(path)
        if name.startswith("annotations.") and not name.startswith(own_package(path))
        if {"views", "forms"} & set(name.split(".")[2:])
    ]
    assert wrong == []


def test_nothing_below_the_views_knows_a_request() -> None:
    wrong = [
        f"{place(path)}:{node.lineno}"
        for path in modules()
        if not is_page(path)
        for node in nodes(path)
        if (isinstance(node, ast.arg) and node.arg == "request")
        or (isinstance(node, ast.Name) and node.id == "request")
    ]
    assert wrong == []


def test_nobody_takes_the_insides_of_the_writer_of_codings() -> None:
    wrong = [
        f"{place(path)} imports {name}"
        for path in modules()
        if not place(path).startswith("coding/save/")
        for name in imports(path)
        if name.startswith("annotations.coding.save.") and name.count(".") > 3
    ]
    assert wrong == []


def test_below_the_pages_no_two_features_need_each_other() -> None:
    """A page may bring features together; their functions need each other in one direction only."""
    features = {path.name for path in APP.iterdir() if (path / "__init__.py").exists()}
    needs: dict[str, set[str]] = {name: set() for name in features}
    for path in modules():
        feature = place(path).split("/")[0]
        if feature in features and not is_page(path):
            needs[feature] |= {
                name.split(".")[1] for name in imports(path) if name.startswith("annotations.")
            }
    left = {name: (found & features) - {name} for name, found in needs.items()}
    while free := {name for name, found in left.items() if not found}:
        left = {name: found - free for name, found in left.items() if name not in free}
    assert left == {}


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


# What the two databases may do differently; a sort or filter by Django alone is not among it.
DATABASES_OWN = re.compile(r"select_for_update|\.cursor\(|RawSQL|\.raw\(|\.vendor\b|\bWindow\(|\bRunPython\b")


def test_code_with_words_for_the_database_is_tested_on_postgresql() -> None:
    """Somewhere in the tests of its feature; tests/on_postgres.py names them."""
    own = [path for path in modules() if DATABASES_OWN.search(path.read_text(encoding="utf-8"))]
    features = {place(path).split("/")[0] for path in own}
    folders = {"tests/" if feature == "management" else f"tests/{feature}" for feature in features}
    assert folders
    assert {
        folder for folder in folders if not any(m.startswith(folder) for m in on_postgres.MODULES)
    } == set()


def test_tests_with_real_transactions_run_on_postgresql() -> None:
    """The run on PostgreSQL reads no other modules than these."""
    real = re.compile(r"transaction=True|\btransactional_db\b")
    files = [path for path in (BASE / "tests").rglob("test_*.py") if path != Path(__file__).resolve()]
    found = [path.relative_to(BASE).as_posix() for path in files]
    found = [name for name in found if not name.startswith("tests/browser/")]
    with_real = [name for name in found if real.search((BASE / name).read_text(encoding="utf-8"))]
    assert with_real
    assert [name for name in with_real if not on_postgres.holds(name)] == []


def test_a_page_that_reads_files_says_how_large_they_may_be() -> None:
    """Else webcare_coding.limits lets none through, and the page finds nothing."""
    for path in modules():
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef) and "request.FILES" in ast.unparse(node):
                decorators = [ast.unparse(each) for each in node.decorator_list]
                assert any(each.startswith("takes_files(") for each in decorators), f"{path}: {node.name}"


def test_what_runs_on_postgresql_exists() -> None:
    assert [module for module in on_postgres.MODULES if not (BASE / module).exists()] == []


def test_the_walk_through_the_demo_knows_what_every_page_is_about() -> None:
    """Said here in a second; tests/browser/test_every_page.py would say it in the last part of the run."""
    walk = (BASE / "tests" / "browser" / "test_every_page.py").read_text(encoding="utf-8")
    demo = walk.split('DEMO_STUDY = """')[1].split('"""')[0]
    known = {*re.findall(r'^    "(\w+)":', demo, re.MULTILINE), *WORDS}
    known |= {"screening", "track", "screened", "training", "trained"}
    needed = {meaning(name, key) for name, line in EXPECTED.items() if line.page for key in parameters(name)}
    assert sorted(needed - known) == []
