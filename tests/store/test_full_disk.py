"""A disk that takes nothing more: what is kept can still be read, and a change is refused with the reason.

The size limit of the process stands for the disk: no file may grow, so SQLite can make no journal beside its own file.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.store.peek import SCHEME
from bot.store.store import open_store

READER = """
import asyncio, resource, signal, sys
from pathlib import Path
from bot.errors import UserError
from bot.store.store import open_store

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

async def main(folder):
    async with open_store(f"sqlite+aiosqlite:///{folder / 'a b%.db'}", folder) as store:
        await store.load()
        print(store.settings(5).prefix, *await store.watchlist(7))
        for change in (store.change_setting(5, "prefix", "!"), store.change_watchlist(7, lambda _: ["SPY"])):
            try:
                await change
            except UserError as error:
                print(error.message)
        print(store.settings(5).prefix, *await store.watchlist(7))

asyncio.run(main(Path(sys.argv[1])))
"""


async def test_reading_works_when_writing_does_not(tmp_path: Path) -> None:
    async with open_store(f"{SCHEME}{tmp_path / 'a b%.db'}", tmp_path) as store:
        await store.load()
        await store.change_setting(5, "prefix", "?")
        await store.change_watchlist(7, lambda _: ["IWM"])
    before = (tmp_path / "a b%.db").read_bytes()
    command = [sys.executable, "-W", "ignore", "-c", READER, str(tmp_path)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
    kept, setting, watchlist, after = done.stdout.splitlines()
    assert kept == after == "? IWM"
    for told in (setting, watchlist):
        assert told.startswith("That could not be saved just now, so nothing was changed: the disk is full")
    assert (tmp_path / "a b%.db").read_bytes() == before
    assert str(tmp_path) not in done.stderr


@pytest.mark.parametrize("content", [b"no database" * 50, b"SQLite format 3\x00" + bytes(200)])
async def test_a_damaged_file_is_not_taken_for_a_full_disk(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.db").write_bytes(content)
    async with open_store(f"{SCHEME}{tmp_path / 'a.db'}", tmp_path) as store:
        with pytest.raises(UserError, match=r"^What is kept of you could not be read just now\. Try again in a minute"):
            await store.watchlist(7)
