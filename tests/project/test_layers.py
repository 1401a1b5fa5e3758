"""The dependency rule covers everything there is; import-linter itself runs in .ci/check."""

from __future__ import annotations

import ast
import tomllib
from typing import Any

from bot.commands.declaration import Registry
from bot.providers.factory import declared
from tests.conftest import ROOT


def contract(name: str) -> dict[str, Any]:
    """A contract of pyproject.toml by its name."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    return next(one for one in settings["contracts"] if one["name"] == name)


def modules(folder: str) -> set[str]:
    return {path.stem for path in (ROOT / "bot" / folder).glob("*.py")}


SHARED = {"declaration", "converter", "converters", "reading", "last_resort", "recent", "dispatch", "registry"}


def test_commands_never_import_each_other() -> None:
    commands = {f"bot.commands.{name}" for name in modules("commands") - SHARED - {"__init__"}}
    assert len(commands) > 20
    for path in (ROOT / "bot" / "commands").glob("*.py"):
        taken = {node.module for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)}
        assert not taken & commands, path.name


def test_a_command_is_one_file_that_is_named_like_it(registry: Registry) -> None:
    assert {entry.name for entry in registry.commands} == modules("commands") - SHARED - {"__init__"}
    for entry in registry.commands:
        assert entry.run.__module__ == f"bot.commands.{entry.name}"


def test_no_provider_imports_another() -> None:
    """import-linter holds those of prices apart by their folder; macro's folder has more in it than providers."""
    assert contract("Providers never import each other")["modules"] == ["bot.providers.prices.*"]
    names = {one.__module__ for one in declared()}
    for name in names:
        tree = ast.parse((ROOT / f"{name.replace('.', '/')}.py").read_text("utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not imported & (names - {name}), name


def test_everything_but_the_face_is_kept_from_discord() -> None:
    kept = set(contract("Only the Discord face knows discord.py")["source_modules"])
    there = {path.stem for path in (ROOT / "bot").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert kept == {f"bot.{one}" for one in there - {"__init__", "__main__", "discord_face"}}
