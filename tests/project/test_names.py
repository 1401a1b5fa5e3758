"""One class of a name in the whole product, nothing that nobody uses, no circle of imports."""

from __future__ import annotations

import ast
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.project.source_tree import imports, modules

# Called by tests/project/write.py and benchmarks/, which write the README's tables, .env.example and learned weights.
FOR_WRITING = {"command_table", "env_example", "market_table", "model_lines", "provider_table"}
# For those who use the product as a library.
FOR_SCRIPTS = {
    ("bot.market.bars", "Bars", "to_frame"),  # bars as a pandas table
}
# Alembic runs these files by its own rules.
MIGRATIONS = "bot.store.migrations"


def test_no_two_classes_of_one_name() -> None:
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(module)
    assert len(homes) > 150
    twice = {name: places for name, places in homes.items() if len(places) > 1}
    assert not twice


def public(tree: ast.Module) -> list[str]:
    """Functions, classes and constants of a module that do not begin with an underscore.

    Decorated ones are used, and so are providers, which are found by walking their folders.
    """
    names: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "RemoteProvider" for base in node.bases):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            called = any(isinstance(one, ast.Call) for one in node.decorator_list)
            names += [] if called and not isinstance(node, ast.ClassDef) else [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [one.id for one in targets if isinstance(one, ast.Name)]
    return [name for name in names if not name.startswith("__")]


def used_names() -> set[tuple[str, str]]:
    """(module, name) of all that is loaded in its own module, imported by name, or reached by a module's name."""
    used: set[tuple[str, str]] = set()
    for module, tree in modules().items():
        bound = {}
        for source, name, local in imports(tree):
            if name is not None:
                used.add((source, name))
            bound[local] = source if name is None else f"{source}.{name}"
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.add((module, node.id))
            elif isinstance(node, ast.Attribute):
                used.add((bound.get(ast.unparse(node.value), ""), node.attr))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                used.add((module, node.value))  # a name in an annotation
    return used


def test_everything_public_is_used() -> None:
    used = used_names()
    found = {
        (module, name)
        for module, tree in modules().items()
        if not module.startswith(MIGRATIONS)
        for name in public(tree)
        if name not in FOR_WRITING
    }
    assert len(found) > 800
    assert not sorted(found - used)


def is_own(node: ast.ClassDef) -> bool:
    """Whether nobody else calls a class's methods by their names: it has no base, or a plain tuple's."""
    return all(isinstance(base, ast.Name) and base.id == "NamedTuple" for base in node.bases)


def test_every_method_is_used() -> None:
    """By its name anywhere in the product; what a base class or a protocol calls is left out."""
    mentioned: set[str] = set()
    methods: set[tuple[str, str, str]] = set()
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                mentioned.add(node.attr)
            elif isinstance(node, ast.ClassDef) and is_own(node):
                functions = [one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
                methods |= {(module, node.name, one.name) for one in functions if not one.name.startswith("__")}
    assert len(methods) > 200
    assert methods >= FOR_SCRIPTS
    left = methods - FOR_SCRIPTS
    assert not sorted(one for one in left if one[2] not in mentioned)


def import_graph() -> dict[str, set[str]]:
    """Which module needs which when it runs, imports inside functions included."""
    known = modules()
    graph: dict[str, set[str]] = {}
    for module, tree in known.items():
        wanted = {
            full if name is not None and (full := f"{source}.{name}") in known else source
            for source, name, _ in imports(tree, typing_only=False)
        }
        graph[module] = (wanted & known.keys()) - {module}
    return graph


def test_no_circle_of_imports() -> None:
    graph = import_graph()
    assert sum(map(len, graph.values())) > 500
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_only_dispatch_says_which_question_a_reply_answers() -> None:
    """A command that could name another one in its reply would be believed by the JSON and the follow-ups."""
    callers = {
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "answering")
        or (isinstance(node, ast.keyword) and node.arg == "answered")
    }
    assert callers == {"bot.commands.dispatch", "bot.render.reply"}
