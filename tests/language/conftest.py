"""The context that questions are routed in: the book and the glossary of this checkout, on a fixed day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.commands.registry import build_registry
from bot.glossary.book import parse_book
from bot.glossary.search import Search
from bot.language.message import Message, read_message
from bot.language.router import RouteContext
from bot.market import symbols

TODAY = date(2026, 11, 20)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def context() -> RouteContext:
    """The context of all tests; 20 November 2026 is a Friday."""
    search = Search(parse_book((ROOT / "glossary.json").read_bytes()))
    return RouteContext(symbols.read_book(symbols.FILE.read_bytes()), search, TODAY, build_registry().intents)


@pytest.fixture(scope="session")
def message(context: RouteContext) -> Callable[[str], Message]:
    """Reads a question as a message."""

    def read(question: str) -> Message:
        return read_message(question, context)

    return read
