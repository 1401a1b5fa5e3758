"""How long answers are: every command's and every glossary entry's, in lines and characters of each layer.

    python -m benchmarks.answer_sizes [--messages FOLDER]

Text is counted as JSON and the console have it, without mark-up; the message is what a bot on a loopback Discord sends
for the typed command, in bytes of JSON, and how many requests that and the slash command take. `--messages` keeps what
was sent, a JSON file a command, to be looked at.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.commands.registry import build_registry
from bot.config import read_config
from bot.desk import Caller, Desk, open_desk
from bot.discord_face.client import Rangefinder
from bot.glossary.search import SearchResult
from bot.render.entry import entry_reply
from bot.render.reply import Reply
from bot.render.text import shown, to_short, to_text
from tests.loopback_discord import LoopbackDiscord, Message

NOW = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)
HERE = Caller(person=1, channel=2, guild=3, may_manage=True)
FIRST = {"settings": "!settings", "ask": "!ask is the russell in a rally?", "watchlist": "!watchlist add IWM SPY QQQ"}
SLASH: dict[str, dict[str, Any]] = {
    "define": {"term": "contango"},
    "contrast": {"terms": "support vs resistance"},
    **{name: {"symbol": "IWM"} for name in ("roc", "rally", "range", "chart", "quote")},
    "compare": {"symbols": "IWM SPY"},
    "show": {"term": "rsi", "symbol": "IWM"},
    "rank": {"symbols": "IWM SPY QQQ"},
    "rate": {"base": "EUR", "quote": "USD"},
    "weigh": {"constituents": "A 1 +1% B 2 -1%"},
    "working": {"what": "rally", "symbols": "IWM"},
    "ask": {"question": "is the russell in a rally?"},
    "alert": {"symbol": "IWM", "condition": "range_breaks"},
}


@contextlib.asynccontextmanager
async def demo_desk(folder: str) -> AsyncIterator[Desk]:
    """A desk over simulated prices whose clock stands still."""
    config = read_config({"RANGEFINDER_DEMO": "on", "RANGEFINDER_DATA": folder, "RANGEFINDER_COOLDOWNS": "off"})
    async with open_desk(config, lambda: NOW) as desk:
        yield desk


def sizes(text: str) -> str:
    """Lines and characters."""
    return f"{len(text.splitlines()):3d} {len(text):5d}"


def layers(reply: Reply) -> str:
    """Lines and characters of the answer, with its evidence, and of all."""
    return "   ".join(map(sizes, (shown(reply, "brief", named=True).answer, to_short(reply), to_text(reply))))


def median_and_p90(values: Sequence[int]) -> str:
    """The middle one, the one that nine of ten do not exceed, and the largest."""
    ordered = sorted(values)
    return f"median {ordered[len(ordered) // 2]}, p90 {ordered[len(ordered) * 9 // 10]}, most {ordered[-1]}"


def glossary(desk: Desk) -> None:
    """The lengths of every entry's layers."""
    replies = [
        entry_reply(desk.book, term, SearchResult("answered", term.id, "exact", 1.0))
        for term in desk.book.terms.values()
    ]
    for name, text in (("answer and evidence", to_short), ("all", to_text)):
        lengths = [len(text(reply)) for reply in replies]
        lines = [len(text(reply).splitlines()) for reply in replies]
        print(f"{len(replies)} entries, {name}: characters {median_and_p90(lengths)}; lines {median_and_p90(lines)}")


async def table(desk: Desk, registry: Registry, folder: Path | None) -> None:
    """One line a command."""
    print(
        f"{'':11s}{'answer':>9s}{'evidence':>12s}{'all':>12s}{'bytes':>9s}{'typed':>7s}{'slash':>7s}{'deferred':>10s}"
    )
    async with LoopbackDiscord(checked=False) as discord:
        guild = discord.add_guild("Bench")
        owner, channel = guild.owner, discord.add_channel("bench", guild)
        bot = Rangefinder(desk, registry, content=True, guild_ready_timeout=0.01)
        async with discord.running(bot):
            await discord.until_synced(1)
            for entry in registry.commands:
                question = FIRST.get(entry.name, entry.examples[0])
                reply = await answer(desk, registry, HERE, read_question(desk, registry, question))
                before = len(discord.requests)
                told = await discord.say(channel, question, by=owner)
                sent = discord.requests[before:]
                before = len(discord.requests)
                await discord.slash(entry.name, SLASH.get(entry.name, {}), by=owner, channel=channel)
                slashed = len(discord.requests) - before
                deferred = await with_deferral(discord, bot, entry.name, owner, channel)
                size = len(json.dumps(sent[-1].body, ensure_ascii=False).encode())
                print(f"{entry.name:11s}{layers(reply)}{size:9,d}{len(sent):7d}{slashed:7d}{deferred:10d}")
                if folder is not None:
                    keep(folder / f"{entry.name}.json", told)


async def with_deferral(discord: Any, bot: Rangefinder, name: str, owner: Any, channel: Any) -> int:
    """How many requests a slash command takes that is deferred at once."""
    waits, bot.sender.waits = bot.sender.waits, replace(bot.sender.waits, defer=0.001)
    before = len(discord.requests)
    try:
        await discord.slash(name, SLASH.get(name, {}), by=owner, channel=channel)
        await asyncio.sleep(0.05)
    finally:
        bot.sender.waits = waits
    return len(discord.requests) - before


def keep(path: Path, told: Message) -> None:
    """What Discord stored of a message."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told.payload(), indent=1, ensure_ascii=False), "utf-8")


async def run(folder: Path | None) -> None:
    with tempfile.TemporaryDirectory() as data:
        async with demo_desk(data) as desk:
            await table(desk, build_registry(), folder)
            glossary(desk)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--messages", type=Path, metavar="FOLDER", help="keep what was sent here")
    asyncio.run(run(options.parse_args().messages))


if __name__ == "__main__":
    main()
