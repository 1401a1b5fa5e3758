"""Small functions in files that are neither fat nor splinters.

No function over 60 lines or with a complexity over 10, at most 3 % over 40 lines; no file over 600 lines, and few
modules under 60: a small module earns its place or joins its neighbour.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.commands.registry import build_registry
from bot.providers.factory import declared
from tests.conftest import ROOT

LONGEST, LONG, LONG_SHARE, FILE = 60, 40, 0.03, 600
COMPLEX = 10
SMALL = 60
SMALL_SHARE = 0.16
BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def files() -> list[Path]:
    return sorted(path for path in (ROOT / "bot").rglob("*.py") if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.name}", node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function, its docstring and decorators included."""
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    return (node.end_lineno or first) - first + 1


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """What is inside a function, but not inside another one in it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, SCOPES):
            yield child
            yield from own_nodes(child)


def complexity(node: ast.AST) -> int:
    """McCabe's number with every `and` and `or` counted as the branch that it is."""
    inside = list(own_nodes(node))
    operators = sum(len(one.values) - 1 for one in inside if isinstance(one, ast.BoolOp))
    return 1 + operators + sum(isinstance(one, BRANCHES) for one in inside)


def test_functions_are_small() -> None:
    sizes = {name: length(node) for path in files() for name, node in functions(path)}
    assert len(sizes) > 300
    assert not {name: size for name, size in sizes.items() if size > LONGEST}
    long = {name: size for name, size in sizes.items() if size > LONG}
    assert len(long) <= LONG_SHARE * len(sizes), long


def test_complexity_is_counted_as_agreed() -> None:
    source = "def f(a, b):\n if a and b or not a:\n  return [x for x in b if x]\n for x in b:\n  g = lambda: a and b\n"
    assert complexity(ast.parse(source).body[0]) == 1 + 2 + 1 + 1


def test_functions_are_simple() -> None:
    found = {name: complexity(node) for path in files() for name, node in functions(path)}
    assert not {name: number for name, number in found.items() if number > COMPLEX}


def test_files_are_neither_fat_nor_splinters() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files()}
    assert not {name: size for name, size in sizes.items() if size > FILE}
    alone = [*(entry.run.__module__ for entry in build_registry().commands), *(one.__module__ for one in declared())]
    own = {f"{name.replace('.', '/')}.py" for name in alone}
    assert own <= sizes.keys()
    modules = {name: size for name, size in sizes.items() if not name.endswith("__init__.py") and name not in own}
    small = {name: size for name, size in modules.items() if size < SMALL}
    assert len(small) <= SMALL_SHARE * len(modules), small
