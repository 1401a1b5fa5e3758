"""Two processes over one database: what one changes holds in the other, and nothing that either adds is lost."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql

from bot.errors import UserError
from bot.settings import DEFAULTS
from bot.store.peek import SCHEME
from bot.store.statements import Statements
from bot.store.store import KEPT_AFTER_LEAVING, REFRESH_SECONDS, open_store

NOW = datetime(2026, 11, 19, 21, 0, tzinfo=UTC)
ADDER = """
import asyncio, sys
from pathlib import Path
from bot.store.store import open_store

async def main(url, folder, sign):
    async with open_store(url, Path(folder)) as store:
        await store.keep_note(f"ready {sign}", "1")
        while not (store.note("ready A") and store.note("ready B")):
            await store.load()
        for number in range(100):
            print((await store.change_watchlist(7, lambda before: [*before, f"{sign}{number}"]))[-1], flush=True)

asyncio.run(main(*sys.argv[1:]))
"""
SETTER = """
import asyncio, sys
from pathlib import Path
from bot.store.store import open_store

async def main(url, folder):
    async with open_store(url, Path(folder)) as store:
        await store.change_setting(5, "prefix", "?")

asyncio.run(main(*sys.argv[1:]))
"""


async def run_beside(script: str, *arguments: str) -> list[str]:
    """What a Python process of its own prints."""
    command = [sys.executable, "-W", "ignore", "-c", script, *arguments]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
    return done.stdout.split()


async def test_two_processes_that_add_to_one_watchlist_lose_nothing(tmp_path: Path) -> None:
    url = f"{SCHEME}{tmp_path / 'a.db'}"
    async with open_store(url, tmp_path) as store:
        await store.keep_note("made", "before both")
        told = await asyncio.gather(*(run_beside(ADDER, url, str(tmp_path), sign) for sign in "AB"))
        kept = await store.watchlist(7)
    assert [len(one) for one in told] == [100, 100]
    assert len(kept) == 200
    assert set(kept) == {*told[0], *told[1]}


async def test_what_cannot_be_added_leaves_the_list_as_it_was(tmp_path: Path) -> None:
    def refuse(_: tuple[str, ...]) -> list[str]:
        raise UserError("too many")

    async with open_store(f"{SCHEME}{tmp_path / 'a.db'}", tmp_path) as store:
        for before in ((), ("IWM",)):
            await store.change_watchlist(7, lambda _, before=before: before)  # type: ignore[misc]
            with pytest.raises(UserError, match="too many"):
                await store.change_watchlist(7, refuse)
            assert await store.watchlist(7) == before
            assert (await store.erase(7))["watchlists"] == len(before), "an empty list left a row behind"


def test_postgresql_locks_the_row_that_is_changed() -> None:
    """Compiled, not run: no PostgreSQL is at hand. Only a row that is there can be locked."""
    to = Statements("postgresql")
    claimed, locked = (
        str(one.compile(dialect=postgresql.dialect())) for one in (to.claim_watchlist(7), to.locked_watchlist(7))
    )
    assert "ON CONFLICT DO NOTHING" in claimed
    assert locked.endswith("FOR UPDATE")


async def test_what_another_process_sets_holds_here_within_five_seconds(tmp_path: Path) -> None:
    """The face calls `refresh` every few seconds; here it is called by hand."""
    assert REFRESH_SECONDS < 5
    url = f"{SCHEME}{tmp_path / 'a.db'}"
    async with open_store(url, tmp_path) as store:
        await store.load()
        await store.refresh()
        assert store.settings(5) == DEFAULTS
        await run_beside(SETTER, url, str(tmp_path))
        await store.refresh()
        assert store.settings(5).prefix == "?"
        await store.change_setting(5, "bare_terms", "off")
        await store.refresh()
        assert (store.settings(5).prefix, store.settings(5).bare_terms) == ("?", False)


async def test_a_look_while_another_writes_misses_nothing(tmp_path: Path) -> None:
    """The files change before what is written can be seen: a look between the two must not be the last."""
    url = f"{SCHEME}{tmp_path / 'a.db'}"
    async with open_store(url, tmp_path) as store, open_store(url, tmp_path) as other:
        await store.keep_note("made", "before both")
        for number in range(60):
            async with asyncio.TaskGroup() as group:
                writing = group.create_task(other.change_setting(5, "prefix", f"{number}!"))
                while not writing.done():
                    await store.refresh()
            await store.refresh()
            assert store.settings(5).prefix == f"{number}!"


async def test_what_did_not_change_is_not_made_again(tmp_path: Path) -> None:
    async with open_store(f"{SCHEME}{tmp_path / 'a.db'}", tmp_path) as store:
        await store.change_setting(5, "prefix", "?")
        await store.refresh()
        before = store.settings(5)
        await store.refresh()
        assert store.settings(5) is before


async def test_what_this_process_writes_during_a_look_is_not_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_store(f"{SCHEME}{tmp_path / 'a.db'}", tmp_path) as store:
        await store.change_setting(5, "prefix", "?")
        loop, look = asyncio.get_running_loop(), __import__("bot.store.store").store.store.peek

        def peek_late(url: str) -> object:
            rows = look(url)
            asyncio.run_coroutine_threadsafe(store.change_setting(5, "prefix", "$"), loop).result(10)
            return rows

        monkeypatch.setattr("bot.store.store.peek", peek_late)
        await store.refresh()
        assert store.settings(5).prefix == "$"


async def test_a_database_that_cannot_be_looked_at_is_logged_once_and_memory_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    file = tmp_path / "a.db"
    async with open_store(f"{SCHEME}{file}", tmp_path) as store:
        await store.change_setting(5, "prefix", "?")
        await store.close()
        good = file.read_bytes()
        file.write_bytes(b"no database" * 900)
        for _ in range(3):
            await store.refresh()
        assert store.settings(5).prefix == "?"
        assert [record.message for record in caplog.records] == ["database cannot be looked at"]
        file.write_bytes(good)
        await store.refresh()
        assert store.settings(5).prefix == "?"


async def test_a_server_that_another_process_saw_again_keeps_its_settings(tmp_path: Path) -> None:
    """Each process remembers when the bot left a server; the one that was told of the return has the last word."""
    url = f"{SCHEME}{tmp_path / 'a.db'}"
    later = NOW + KEPT_AFTER_LEAVING + timedelta(days=1)
    async with open_store(url, tmp_path) as one, open_store(url, tmp_path) as other:
        await one.change_setting(5, "prefix", "?")
        await one.settle_guilds(set(), NOW)
        await other.load()
        await other.settle_guilds({5}, NOW)
        assert await one.settle_guilds(set(), later) == ()
        await one.load()
        assert one.settings(5).prefix == "?"
        await one.settle_guilds(set(), later)
        assert await one.settle_guilds(set(), later + KEPT_AFTER_LEAVING) == (5,)
        assert one.settings(5) == DEFAULTS
