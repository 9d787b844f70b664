"""The order of the house: rooms, budgets, names and what may be loaded, read from the code itself."""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.no_cover  # it reads the program and runs it elsewhere

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "twitchwise"
FILES = sorted(SOURCE.rglob("*.py"))

LONGEST_FUNCTION = 60
LONGEST_FILE = 400
LONGEST_CLASS = 300
MOST_PUBLIC_METHODS = 15
MEDIAN_BODY = 8
NINETIETH_PERCENTILE_BODY = 25

EXEMPT: dict[str, str] = {}
"""Path and name of a function or file that may be longer, with the reason; empty so far."""

FORBIDDEN_NAMES = re.compile(r"^(utils|helpers|common|misc|core|base|manager|.*_tools)$")


class Function(NamedTuple):
    """A function of the source: where, how long its body is, and whether it is fully annotated."""

    place: str
    lines: int
    annotated: bool


@cache
def definitions(file: Path) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, ...]:
    """Return every function, method and class of a file, read once for all tests."""
    nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
    return tuple(node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef))


def functions() -> Iterator[Function]:
    """Give every function and method of the package."""
    for file in FILES:
        for node in definitions(file):
            if not isinstance(node, ast.ClassDef):
                yield Function(f"{file.relative_to(SOURCE)}:{node.name}", body_lines(node), is_annotated(node))


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function's body, without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def is_annotated(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether every argument but self and cls, and the result, has a type."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    named = [argument for argument in arguments if argument.arg not in {"self", "cls"}]
    variadic = [argument for argument in (node.args.vararg, node.args.kwarg) if argument is not None]
    return node.returns is not None and all(argument.annotation is not None for argument in [*named, *variadic])


def test_no_function_is_longer_than_its_budget() -> None:
    long = [f for f in functions() if f.lines > LONGEST_FUNCTION and f.place not in EXEMPT]
    assert not long


def test_most_functions_are_short() -> None:
    lengths = sorted(function.lines for function in functions())
    assert statistics.median(lengths) <= MEDIAN_BODY
    assert statistics.quantiles(lengths, n=10)[-1] <= NINETIETH_PERCENTILE_BODY


def test_every_function_is_annotated() -> None:
    assert [function.place for function in functions() if not function.annotated] == []


def test_no_file_is_longer_than_its_budget() -> None:
    lengths = {str(file.relative_to(SOURCE)): file.read_text(encoding="utf-8").count("\n") for file in FILES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE and name not in EXEMPT} == {}


def test_no_class_is_longer_than_its_budget() -> None:
    for file in FILES:
        for node in definitions(file):
            if isinstance(node, ast.ClassDef):
                methods = [n for n in node.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
                assert (node.end_lineno or 0) - node.lineno < LONGEST_CLASS, (file, node.name)
                assert len(methods) <= MOST_PUBLIC_METHODS, (file, node.name)


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = [part for file in FILES for part in (*file.relative_to(SOURCE).parts[:-1], file.stem)]
    assert [name for name in names if FORBIDDEN_NAMES.match(name)] == []


def test_every_module_opens_with_a_sentence() -> None:
    empty = [file for file in FILES if not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))]
    assert empty == []


def test_tests_mirror_the_rooms() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert rooms - {path.name for path in (ROOT / "tests").iterdir()} == set()


def test_the_reasoning_holds_no_number_but_zero_one_and_two() -> None:
    for file in sorted((SOURCE / "assess").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, int | float | complex):
                assert node.value in {0, 1, 2}, f"{file.name}, line {node.lineno}: {node.value!r}"


def test_the_reasoning_names_no_condition() -> None:
    conditions = {file.stem for file in (SOURCE / "knowledge" / "data" / "conditions").glob("*.yaml")}
    assert conditions
    for file in sorted((SOURCE / "assess").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in conditions, f"{file.name}, line {node.lineno}"


def test_rooms_look_one_way() -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter and command
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


ALWAYS = {"twitchwise", "lazy_loader", "packaging"}
REASONING = ALWAYS | {"cython_runtime", "msgspec", "yaml", "typing_extensions"}
COMMAND_LINE = REASONING | {"typer", "click", "shellingham", "annotated_doc", "colorama"}
BUDGETS = {
    "import twitchwise": ALWAYS,
    "import twitchwise.assess": REASONING,
    "from twitchwise.knowledge import library; library().findings, library().rules": REASONING,
    "import sys; sys.argv = ['twitchwise', '--help']\n"
    "try:\n    from twitchwise.cli import main; main()\nexcept SystemExit: pass": COMMAND_LINE,
}


@pytest.mark.parametrize("code", BUDGETS, ids=["package", "assess", "first question", "help"])
def test_start_up_loads_no_more_than_its_budget(code: str) -> None:
    report = "\nimport sys; print('LOADED', *sorted({m.partition('.')[0] for m in sys.modules}))"
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code + report], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.rpartition("LOADED")[2].split())
    bare = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", report], capture_output=True, text=True, check=True
    )
    foreign = loaded - set(bare.stdout.split()) - set(sys.stdlib_module_names) - BUDGETS[code]
    assert {name for name in foreign if not name.startswith("_")} == set()


def test_the_web_pages_open_without_an_array_library() -> None:
    code = "import sys, twitchwise.web.app; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not {"matplotlib", "scipy", "numpy", "pandas", "edfio"} & set(done.stdout.split())
