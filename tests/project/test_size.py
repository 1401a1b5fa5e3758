"""Small functions in small files: no function over 60 lines, at most 3 % over 40, no file over 600."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

LONGEST, LONG, SHARE, FILE = 60, 40, 0.03, 600


def files() -> list[Path]:
    return sorted((ROOT / "bot").rglob("*.py"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function of a file with its lines, its docstring and decorators included."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            yield f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - first + 1


def test_functions_are_small() -> None:
    sizes = dict(one for path in files() for one in functions(path))
    assert len(sizes) > 300
    assert not {name: size for name, size in sizes.items() if size > LONGEST}
    long = {name: size for name, size in sizes.items() if size > LONG}
    assert len(long) <= SHARE * len(sizes), long


def test_files_are_small() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files()}
    assert not {name: size for name, size in sizes.items() if size > FILE}
