"""Servers that the bot leaves: noted while it runs and at a start, erased 30 days later, kept when it is back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from datetime import datetime, timedelta

import pytest

from bot.desk import Desk
from bot.errors import UserError
from bot.settings import DEFAULTS
from bot.store.peek import peek
from tests.conftest import NOW, OpenDesk
from tests.discord_face.conftest import Running
from tests.loopback_discord import LoopbackDiscord

MONTH = timedelta(days=30)


def left(desk: Desk) -> dict[int, datetime]:
    """The departures as they stand in the database."""
    rows = peek(desk.config.database_url)
    assert rows is not None
    return dict(rows.departures)


def watched(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[tuple[int, ...]]:
    """What each round over the servers erased, told when it is through."""
    rounds: asyncio.Queue[tuple[int, ...]] = asyncio.Queue()
    settle = desk.store.settle_guilds

    async def settled(present: Collection[int], now: datetime) -> tuple[int, ...]:
        erased = await settle(present, now)
        rounds.put_nowait(erased)
        return erased

    monkeypatch.setattr(desk.store, "settle_guilds", settled)
    return rounds


async def test_leaving_and_joining_again_while_it_runs(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    guild, rounds = discord_server.add_guild("Short stay"), watched(desk, monkeypatch)
    await desk.store.change_setting(guild.id, "prefix", "?")
    async with asyncio.timeout(10), running(desk):
        assert await rounds.get() == ()
        discord_server.remove_bot(guild)
        assert await rounds.get() == ()
        assert left(desk) == {guild.id: NOW}
        assert desk.store.settings(guild.id).prefix == "?"
        discord_server.add_bot(guild)
        assert await rounds.get() == ()
        assert left(desk) == {}
        assert desk.store.settings(guild.id).prefix == "?"


async def test_what_was_left_while_it_was_down(
    discord_server: LoopbackDiscord,
    running: Running,
    open_demo: OpenDesk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    gone, here = 4242, next(iter(discord_server.guilds))
    async with asyncio.timeout(20), open_demo() as desk:
        await desk.store.change_setting(gone, "prefix", "?")
        await desk.store.change_setting(here, "prefix", "$")
        rounds = watched(desk, monkeypatch)
        async with running(desk):
            assert await rounds.get() == ()
        assert left(desk) == {gone: NOW}
    async with asyncio.timeout(20), open_demo(lambda: NOW + MONTH) as desk:
        rounds = watched(desk, monkeypatch)
        async with running(desk):
            assert await rounds.get() == (gone,)
        assert left(desk) == {}
        assert desk.store.settings(gone) == DEFAULTS
        assert desk.store.settings(here).prefix == "$"
    (record,) = [one for one in caplog.records if one.message == "settings of left servers erased"]
    assert vars(record)["fields"] == {"servers": 1}


async def test_a_database_that_refuses_ends_nothing(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def refuse(*_: object) -> None:
        asked.set()
        raise UserError("not now", "unavailable")

    monkeypatch.setattr(desk.store, "settle_guilds", refuse)
    async with running(desk):
        await asyncio.wait_for(asked.wait(), 10)
        assert "servers" in desk.jobs.names
        assert await discord_server.say(None, "!about")
