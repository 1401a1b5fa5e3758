"""Each command's text, word for word, on the demo desk at a fixed time.

After a wanted change: `RANGEFINDER_WRITE_GOLDEN=1 pytest tests/test_golden.py`, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot import __version__
from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.desk import Caller, Desk
from bot.render.text import to_text
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "golden"
HERE = Caller(person=1, channel=2, guild=3, may_manage=True)
QUESTIONS: dict[str, str] = {
    "define": "!define r-star",
    "define-formula": "!define rate of change",
    "define-spelling": "!define contengo",
    "define-miss": "!define flurble gronk",
    "define-rate": "!define rate",
    "contrast": "!contrast support vs resistance",
    "roc": "!roc IWM 10",
    "roc-many": "!roc IWM SPY 5 21 ytd",
    "roc-fx": "!roc EUR/USD 21",
    "roc-as-of": "!roc IWM asof:2025-06-02",
    "roc-too-little": "!roc IWM 5000",
    "roc-bad-periods": "!roc IWM 2.5",
    "rally": "!rally IWM",
    "rally-declining": "!rally AAPL",
    "rally-index": "!rally ^RUT",
    "range": "!range SPY",
    "range-trending": "!range IWM",
    "range-breakout": "!range QQQ",
    "range-crypto": "!range bitcoin",
    "hours": "!hours",
    "hours-tokyo": "!hours tokyo",
    "hours-symbol": "!hours VOD.L",
    "hours-holiday": "!hours nyse 3 April 2026",
    "hours-half-day": "!hours nyse 27 November 2026",
    "hours-forex": "!hours forex",
    "hours-futures": "!hours cbot",
    "hours-weekdays": "!hours qatar",
    "hours-crypto": "!hours bitcoin",
    "hours-several": "!hours tse",
    "help": "!help",
    "help-one": "!help roc",
    "about": "!about",
    "settings": "!settings",
    "settings-changed": "!settings prefix ?",
    "unknown-symbol": "!roc ¤¤¤",
    "unknown-command": "!raly IWM",
    "empty": "",
}


def golden(name: str) -> Path:
    return FOLDER / f"{name}.txt"


@pytest.mark.parametrize("name", QUESTIONS)
async def test_text_is_word_for_word(desk: Desk, registry: Registry, name: str) -> None:
    question = QUESTIONS[name]
    reply = await answer(desk, registry, HERE, read_question(desk, registry, question))
    tries = f"\n\n[buttons: {', '.join(button.label for button in reply.buttons)}]" if reply.buttons else ""
    text = f"> {question}\n\n{to_text(reply)}{tries}\n".replace(__version__, "VERSION")
    if os.environ.get("RANGEFINDER_WRITE_GOLDEN"):
        golden(name).write_text(text, "utf-8")
    assert golden(name).read_text("utf-8") == text


def test_every_file_has_its_question() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(QUESTIONS)
