"""No command and no answer speaks of buying or selling: the bot informs, it never advises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.commands.declaration import Registry
from bot.desk import Desk
from tests.commands.market_desk import ask
from tests.conftest import ROOT

WORDS = re.compile(
    r"\b(buy|buys|buying|bought|sell|sells|selling|sold|accumulate|undervalued|overvalued)\b", re.IGNORECASE
)
MARKET = "compare index quote rally range rank roc scan weigh working chart".split()
SOURCES = [*(ROOT / "bot" / "commands" / f"{name}.py" for name in MARKET), *(ROOT / "bot" / "commands").glob("_*.py")]
GOLDEN = [path for path in (ROOT / "tests" / "golden").glob("*.txt") if path.stem.split("-")[0] in MARKET]
QUESTIONS = (
    "!compare IWM SPY",
    "!rank IWM SPY QQQ by rally",
    "!scan by range",
    "!quote AAPL",
    "!index RUT",
    "!weigh A 1 +1% B 2",
    "!working rally IWM",
    "!working range QQQ",
    "!roc IWM",
    "!rally IWM",
    "!range IWM",
)


@pytest.mark.parametrize("path", [*SOURCES, *GOLDEN], ids=lambda path: path.name)
def test_files(path: Path) -> None:
    assert not WORDS.findall(path.read_text("utf-8"))


@pytest.mark.parametrize("question", QUESTIONS)
async def test_answers(desk: Desk, registry: Registry, question: str) -> None:
    reply = await ask(desk, registry, question)
    assert reply.ok
    said = [
        reply.title,
        reply.headline,
        reply.footer,
        *reply.warnings,
        *(f"{row.label} {row.value}" for row in reply.rows),
    ]
    assert not WORDS.findall(" ".join(said))
    for command in registry.commands:
        assert not WORDS.findall(command.summary)
