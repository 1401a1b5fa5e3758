"""The New York sessions, built by exchange_calendars once and kept in a file.

Building takes a second and 60 MiB (pandas); reading the file takes a millisecond. The file's name holds the
library's version and the last year, so a new release or a new year builds it again.
"""

from __future__ import annotations

import asyncio
import io
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from bot.disk_cache import read_cache_file, throw_away, write_cache_file

if TYPE_CHECKING:
    from bot.market.sessions import Sessions


class Calendar:
    """The sessions of the US exchanges, ready when first needed. `folder` None keeps nothing on disk."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._loaded: tuple[int, Sessions] | None = None
        self._lock = asyncio.Lock()

    async def sessions(self, today: date) -> Sessions:
        """Sessions from 1950 to the end of next year."""
        last_year = today.year + 1
        async with self._lock:
            if self._loaded is None or self._loaded[0] != last_year:
                self._loaded = last_year, await asyncio.to_thread(load_sessions, self._folder, last_year)
        return self._loaded[1]


def load_sessions(folder: Path | None, last_year: int) -> Sessions:
    """The sessions up to the end of a year, from the file where there is a good one."""
    if folder is None:
        return build_sessions(last_year)
    path = folder / f"sessions-XNYS-{last_year}-{version('exchange_calendars')}.npz"
    file = read_cache_file(path)
    if file is not None:
        try:
            return _unpacked(file.body)
        except Exception:  # noqa: BLE001  whatever is wrong with a file that can be made again
            throw_away(path)
    sessions = build_sessions(last_year)
    write_cache_file(path, _packed(sessions))
    return sessions


def _packed(sessions: Sessions) -> bytes:
    import numpy as np

    buffer = io.BytesIO()
    np.savez(buffer, days=sessions.days, opens=sessions.opens, closes=sessions.closes)
    return buffer.getvalue()


def _unpacked(body: bytes) -> Sessions:
    import numpy as np

    from bot.market.sessions import Sessions

    with np.load(io.BytesIO(body)) as kept:
        return Sessions(kept["days"], kept["opens"], kept["closes"])


def build_sessions(last_year: int) -> Sessions:
    """The sessions from 1950 to the end of a year."""
    import exchange_calendars

    from bot.market.sessions import FIRST_DAY, Sessions

    found = exchange_calendars.get_calendar("XNYS", start=FIRST_DAY.isoformat(), end=f"{last_year}-12-31")
    return Sessions(
        days=found.sessions.to_numpy().astype("datetime64[D]"),
        opens=found.opens.dt.tz_localize(None).to_numpy().astype("datetime64[s]"),
        closes=found.closes.dt.tz_localize(None).to_numpy().astype("datetime64[s]"),
    )
