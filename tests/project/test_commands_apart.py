"""A command's name stands in its own file: what serves all commands names none of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from bot.commands.declaration import Registry
from bot.market.bars import Bars
from tests.conftest import ROOT

GENERIC = ("commands", "console", "discord_face", "language")
# Words that are something else as well in the modules named: they mean that there, not the command.
ALSO = {
    "bot/console/glossary_file.py": {"terms"},  # a field of the glossary's file
    "bot/console/live_check.py": {"quote"},  # a kind of reply
    "bot/console/replay.py": {"quote", "index"},  # a kind of reply; a kind of symbol
    "bot/language/entities/conditions.py": {"roc"},  # what a condition measures
    "bot/language/entities/symbol_mentions.py": {"index"},  # a kind of symbol
    "bot/language/router.py": {"define", "terms"},  # a word of questions; an option
}


def generic_modules(registry: Registry) -> Iterator[Path]:
    own = {f"{entry.name}.py" for entry in registry.commands}
    for folder in GENERIC:
        for path in sorted((ROOT / "bot" / folder).rglob("*.py")):
            if path.parent.name != "commands" or path.name not in own:
                yield path


def literals(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_no_generic_module_names_a_command(registry: Registry) -> None:
    columns = {column.name for column in fields(Bars)}  # of which any module may speak
    names = {entry.name for entry in registry.commands} - columns
    found = {str(path.relative_to(ROOT)): literals(path) & names for path in generic_modules(registry)}
    assert len(found) > 30
    named = {where: words for where, given in found.items() if (words := given - ALSO.get(where, set()))}
    assert named == {}, "where the word means something else, say so in ALSO"


def test_what_is_excused_is_still_there() -> None:
    for where, words in ALSO.items():
        assert words <= literals(ROOT / where), where
