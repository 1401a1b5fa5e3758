"""The demo answers everything that it invites to: examples, what the README and the glossary name, every button."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.desk import Caller, Desk
from bot.glossary.book import Book
from bot.render.reply import Reply
from tests.conftest import ROOT, OpenDesk

NOW = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)
HERE = Caller(person=1, channel=2, guild=3, may_manage=True)
FILL = "!watchlist add IWM SPY QQQ"
SAID = {
    "!alert ": "How it stands now",
    "!rate USD JPY asof:": "bundled with this release are only those of 2026-10-30",
    "!rstar asof:": "start with 2023Q2",
    "!compare VOD.L AAPL in USD": "bundled with this release are only the rates of 2026-10-30",
    "!roc gold": "Which one?",
}
"""What is refused or asked back, by how the question begins, and what the answer then says."""


def questions(registry: Registry, book: Book) -> set[str]:
    """Every call that the README, the registry and the glossary show."""
    readme = (ROOT / "README.md").read_text("utf-8")
    usages = {entry.usage for entry in registry.commands}
    calls = {call.replace("\\|", "|") for call in re.findall(r"`(![^`]+)`", readme)}
    shown = {call for call in calls - usages if " " in call}
    examples = {example for entry in registry.commands for example in entry.examples}
    return shown | examples | {call for term in book.terms.values() for call in term.commands}


async def asked(desk: Desk, registry: Registry, question: str) -> Reply:
    if "rank watchlist" in question:
        await answer(desk, registry, HERE, read_question(desk, registry, FILL))
    return await answer(desk, registry, HERE, read_question(desk, registry, question))


def is_as_said(question: str, message: str) -> bool:
    return any(question.startswith(start) and words in message for start, words in SAID.items())


async def test_everything_that_is_shown_is_answered_and_every_button_after_it(
    open_demo: OpenDesk, registry: Registry, book: Book
) -> None:
    refused: dict[str, str] = {}
    async with open_demo(lambda: NOW, demo=True) as desk:
        first = questions(registry, book)
        assert len(first) > 80
        waiting, done = sorted(first), set[str]()
        while waiting:
            question = waiting.pop()
            done.add(question)
            reply = await asked(desk, registry, question)
            if reply.error is not None and not is_as_said(question, reply.error.message):
                refused[question] = f"{reply.error.code}: {reply.error.message}"
            if question in first:
                waiting += sorted({button.ask for button in reply.buttons} - done - set(waiting))
    assert len(done) > len(first)
    assert refused == {}


async def test_conversions_are_by_the_bundled_fix(open_demo: OpenDesk, registry: Registry) -> None:
    """1.1172 dollars and 0.8338 pounds a euro on 30 October 2026: 1.33989 dollars a pound."""
    async with open_demo(lambda: NOW, demo=True) as desk:
        reply = await asked(desk, registry, "!rate 100 GBP USD")
        day = "30 October 2026 (bundled with this release; no network)"
        assert reply.headline == f"100.00 GBP = 133.99 USD, by the ECB reference rate of {day}."
        same_day = await asked(desk, registry, "!rate EUR USD asof:2026-10-30")
        assert same_day.data is not None
        assert same_day.data["rate"] == 1.1172
        other = await asked(desk, registry, "!rate EUR USD asof:2026-10-29")
        assert other.error is not None
        assert "bundled with this release are only those of 2026-10-30" in other.error.message


async def test_before_the_snapshot_was_made_it_is_not_known(open_demo: OpenDesk, registry: Registry) -> None:
    async with open_demo(lambda: datetime(2026, 3, 4, 22, 30, tzinfo=UTC), demo=True) as desk:
        for question in ("!rate EUR USD", "!compare VOD.L AAPL in USD"):
            reply = await asked(desk, registry, question)
            assert reply.error is not None
            assert "bundled" not in reply.error.message


async def test_r_star_stands_beside_the_newest_policy_rate_and_inflation_known(
    open_demo: OpenDesk, registry: Registry
) -> None:
    """3.88 % less 100 (126.955 / 123.466 - 1) = 2.826 % is a real rate of 1.054 %."""
    async with open_demo(lambda: NOW, demo=True) as desk:
        reply = await asked(desk, registry, "!rstar")
    assert reply.data is not None
    assert reply.data["real_rate_pct"] == pytest.approx(1.054, abs=5e-4)
    assert any("bundled with it" in note for note in reply.warnings)
