"""The product's source as syntax trees: what the whole-project tests ask of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from tests.conftest import ROOT


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of `bot` by its dotted name; a package goes by its own name."""
    found = {}
    for path in sorted((ROOT / "bot").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text("utf-8"))
    return found


def imports(tree: ast.AST, *, typing_only: bool = True) -> Iterator[tuple[str, str | None, str]]:
    """Yield (module, name or None, name that it is bound to) of every import, those inside functions included.

    `typing_only=False` leaves out what is imported for type checkers alone.
    """
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((one.name, None, one.asname or one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", one.name, one.asname or one.name) for one in node.names)
        elif typing_only or not _is_for_type_checkers(node):
            yield from imports(node, typing_only=typing_only)


def _is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
