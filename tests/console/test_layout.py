"""What the console is made of: no module of it imports in a circle, and it runs where discord.py is not installed."""

from __future__ import annotations

import ast
import graphlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bot.console
from tests.conftest import GLOSSARY, ROOT

FOLDER = Path(bot.console.__file__).parent
NO_DISCORD = "import sys; sys.modules['discord'] = None\nfrom bot.__main__ import main\nsys.exit(main(sys.argv[1:]))"


def imported(path: Path) -> set[str]:
    """The console's modules that a module imports, at its head or inside a function."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "bot.console":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("bot.console."):
            names.add(node.module.rpartition(".")[2])
    return names


def test_no_module_imports_in_a_circle() -> None:
    graph = {path.stem: imported(path) for path in FOLDER.glob("*.py")}
    assert graph["session"] >= {"chat", "upkeep"}
    tuple(graphlib.TopologicalSorter(graph).static_order())


@pytest.mark.parametrize(
    ("arguments", "typed", "says"),
    [
        (["ask", "--demo", "!define r-star"], "", "R-Star"),
        (["ask", "--demo", "--jsonl"], "!roc IWM 10\n", '"command":"roc"'),
        (["doctor", "--demo"], "", "glossary: "),
        (["console", "--demo"], "!roc IWM 10\nexit\n", "IWM is "),
    ],
    ids=["one question", "JSON lines", "doctor", "chat"],
)
def test_it_runs_without_discord(data_dir: Path, arguments: list[str], typed: str, says: str) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "RANGEFINDER_DATA": str(data_dir),
        "RANGEFINDER_GLOSSARY": str(GLOSSARY),
        "TERM": "dumb",
    }
    ended = subprocess.run(
        [sys.executable, "-c", NO_DISCORD, *arguments],
        input=typed,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    assert says in ended.stdout
