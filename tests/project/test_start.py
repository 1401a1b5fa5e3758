"""What a start loads: nothing that only an answer needs. Each of these costs tens of milliseconds or megabytes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

START = """
import asyncio, sys
import bot.discord_face.running
from bot.commands.registry import open_registry
from bot.config import read_config
from bot.desk import open_desk
from bot.discord_face.client import Rangefinder

async def main():
    async with open_desk(read_config({"RANGEFINDER_DATA": sys.argv[1]})) as desk:
        Rangefinder(desk, open_registry(desk), content=True)
        await desk.store.load()
        print(*sys.modules)

asyncio.run(main())
"""
LATER = ("numpy", "pandas", "sqlalchemy", "alembic", "rapidfuzz", "PIL", "exchange_calendars", "multiprocessing.pool")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The modules of a second start, which finds the checked glossary that the first one kept."""
    folder = tmp_path_factory.mktemp("start")
    run(folder)
    return set(run(folder).split())


def run(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", START, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize("module", LATER)
def test_a_start_leaves_it_for_later(loaded: set[str], module: str) -> None:
    assert module not in loaded


def test_the_face_is_there(loaded: set[str]) -> None:
    assert {"discord", "bot.discord_face.client", "bot.glossary.search"} <= loaded
