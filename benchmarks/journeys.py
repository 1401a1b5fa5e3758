"""How many files of the product four questions pass through, and how often a call goes from one file to another.

    python -m benchmarks.journeys

Each question is asked twice in the console's own conversation, on simulated prices; the second time is counted. The
fourth has two providers whose addresses refuse every connection.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from bot.commands.dispatch import Conversation
from bot.commands.registry import open_registry
from bot.config import read_config
from bot.desk import Caller, open_desk

HERE = str(Path(__file__).resolve().parent.parent / "bot") + "/"
DEMO = {"RANGEFINDER_DEMO": "on"}
DEAD = {
    "RANGEFINDER_NASDAQ_URL": "http://127.0.0.1:9",
    "RANGEFINDER_CBOE_URL": "http://127.0.0.1:9",
    "RANGEFINDER_PROVIDER_TIMEOUT": "2",
}
JOURNEYS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("roc typed", "!roc IWM 10", DEMO),
    ("plain question", "how much has iwm moved in two weeks", DEMO),
    ("define with a typo", "!define contnago", DEMO),
    ("both providers dead", "!roc IWM 10", DEAD),
)


class Trail:
    """The files that calls pass through, and how many calls cross from one to another."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.hops = 0

    def watch(self, frame: FrameType, event: str, _: Any) -> None:
        """Count one call, if it is of the product."""
        file = frame.f_code.co_filename
        if event != "call" or not file.startswith(HERE):
            return
        self.files.add(file)
        caller = frame.f_back
        while caller is not None and not caller.f_code.co_filename.startswith(HERE):
            caller = caller.f_back
        self.hops += caller is None or caller.f_code.co_filename != file


async def walk(question: str, environment: Mapping[str, str]) -> Trail:
    trail = Trail()
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(read_config({"RANGEFINDER_DATA": folder, **environment})) as desk:
            talk, caller = Conversation(desk, open_registry(desk)), Caller()
            await talk.answer(caller, talk.read(caller, question))
            sys.setprofile(trail.watch)
            await talk.answer(caller, talk.read(caller, question))
            sys.setprofile(None)
    return trail


def main() -> None:
    logging.disable(logging.CRITICAL)
    for name, question, environment in JOURNEYS:
        trail = asyncio.run(walk(question, environment))
        print(f"{name:20} {len(trail.files):3d} files {trail.hops:5,d} hops")


if __name__ == "__main__":
    main()
