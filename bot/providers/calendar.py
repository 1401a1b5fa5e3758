"""The sessions of the exchanges, built by exchange_calendars on first use and kept in a file for each calendar.

Building takes from a twentieth of a second to three seconds, and 60 MiB (pandas), in a thread; reading the file takes a
millisecond. The file's name holds the library's version and the last year, so a new release or a new year builds it
again. Some calendars cannot be built, and some end this year: there weekdays of the zone stand in, and say so.
"""

from __future__ import annotations

import asyncio
import io
import logging
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.disk_cache import read_cache_file, throw_away, write_cache_file
from bot.market.exchanges import FX_WEEK
from bot.market.symbols import US_CALENDAR, US_ZONE, Symbol

if TYPE_CHECKING:
    from bot.market.sessions import Sessions, UsualHours

log = logging.getLogger(__name__)
_ARRAYS = ("days", "opens", "closes", "pauses")
# The library lets CME's day run to the next one's open; trading halts from 16:00 to 17:00 in Chicago every day.
_HALTS = {"CMES": (17, timedelta(hours=1))}


class Calendar:
    """The sessions of the exchanges, each ready when first needed. `folder` None keeps nothing on disk."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._loaded: dict[str, tuple[int, Sessions]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def sessions(self, today: date) -> Sessions:
        """The sessions of the US exchanges from 1950 to the end of next year."""
        return await self.named(US_CALENDAR, US_ZONE, today)

    async def of(self, symbol: Symbol, today: date) -> Sessions | None:
        """The sessions of a symbol's exchange to the end of next year; None for coins, and where no place is known.

        A share that no book knows is taken for an American one. Currencies and metals have their week.
        """
        if symbol.kind in {"fx", "metal"} or symbol.calendar == FX_WEEK:
            return await self.named(FX_WEEK, US_ZONE, today)
        if symbol.kind == "crypto":
            return None
        if symbol.calendar is not None or symbol.zone is not None:
            return await self.named(symbol.calendar, symbol.zone, today)
        return await self.sessions(today) if symbol.kind == "unknown" and symbol.venue is None else None

    async def named(self, name: str | None, zone: str | None, today: date) -> Sessions:
        """The sessions of a calendar; the weekdays of a zone where it has no name, or cannot be built.

        Raises ValueError for a name that there is no calendar of, without a zone.
        """
        last_year = today.year + 1
        key = name or zone or ""
        async with self._locks.setdefault(key, asyncio.Lock()):
            loaded = self._loaded.get(key)
            if loaded is None or loaded[0] != last_year:
                loaded = last_year, await asyncio.to_thread(load_sessions, self._folder, last_year, name, zone)
                self._loaded[key] = loaded
        return loaded[1]


def load_sessions(
    folder: Path | None, last_year: int, name: str | None = US_CALENDAR, zone: str | None = None
) -> Sessions:
    """The sessions up to the end of a year, from the file where there is a good one."""
    if folder is None or name is None or name == FX_WEEK:
        return build_sessions(last_year, name, zone)
    path = folder / f"sessions-{name}-{last_year}-{version('exchange_calendars')}.npz"
    file = read_cache_file(path)
    if file is not None:
        try:
            return _unpacked(file.body, name)
        except Exception:  # noqa: BLE001  whatever is wrong with a file that can be made again
            throw_away(path)
    sessions = build_sessions(last_year, name, zone)
    if sessions.known_until != date.min:
        write_cache_file(path, _packed(sessions))
    return sessions


def _packed(sessions: Sessions) -> bytes:
    import numpy as np

    buffer = io.BytesIO()
    arrays: dict[str, Any] = {name: getattr(sessions, name) for name in _ARRAYS if getattr(sessions, name) is not None}
    known = [] if sessions.known_until is None else [sessions.known_until.toordinal()]
    np.savez(buffer, zone=np.array(sessions.zone), known=np.array(known, dtype=np.int64), **arrays)
    return buffer.getvalue()


def _unpacked(body: bytes, name: str) -> Sessions:
    import numpy as np

    from bot.market.sessions import Sessions

    with np.load(io.BytesIO(body)) as kept:
        known = kept["known"].tolist()
        return Sessions(
            kept["days"],
            kept["opens"],
            kept["closes"],
            str(kept["zone"]),
            kept["pauses"] if "pauses" in kept.files else None,
            known_until=date.fromordinal(known[0]) if known else None,
            extended=name == US_CALENDAR,
        )


def build_sessions(last_year: int, name: str | None = US_CALENDAR, zone: str | None = None) -> Sessions:
    """The sessions of a calendar from 1950, or from its own beginning, to the end of a year.

    Raises ValueError where there is no such calendar, and no zone either.
    """
    from bot.market.sessions import FIRST_DAY, fx_week, weekday_sessions

    last = date(last_year, 12, 31)
    if name == FX_WEEK:
        return fx_week(FIRST_DAY, last)
    usual, factory = None, None if name is None else _factory(name)
    if name is not None and factory is not None:
        zone = zone or str(factory.tz)
        try:
            return _built(name, factory, last)
        except (NotImplementedError, ValueError) as error:
            log.warning("calendar cannot be built", extra={"calendar": name, "reason": str(error)})
            usual = _usual(factory)
    if zone is None:
        msg = f"no calendar is called {name!r}"
        raise ValueError(msg)
    return weekday_sessions(zone, FIRST_DAY, last, usual)


def _factory(name: str) -> Any:
    """A calendar by its name, not built: its class knows its bounds, zone and usual hours. None for none."""
    from exchange_calendars import calendar_utils

    # The library has no public way to a class; building one to ask it for its bounds takes up to three seconds.
    found = calendar_utils._default_calendar_factories.get(name)  # noqa: SLF001
    return None if found is None else found.__new__(found)


def _built(name: str, factory: Any, last: date) -> Sessions:
    """The sessions as the library has them; beyond its end, weekdays. Raises NotImplementedError or ValueError."""
    import exchange_calendars
    import numpy as np

    from bot.market.sessions import FIRST_DAY, Sessions, extended_to

    low, high = factory.bound_min(), factory.bound_max()
    first = FIRST_DAY if low is None else max(FIRST_DAY, low.date())
    end = last if high is None else min(last, high.date())
    found = exchange_calendars.get_calendar(name, start=first.isoformat(), end=end.isoformat())
    opens, closes = _seconds(found.opens), _seconds(found.closes)
    if name in _HALTS:
        hour, halt = _HALTS[name]
        late = found.closes.dt.tz_convert(found.tz).dt.hour.to_numpy() == hour
        closes = closes.copy()
        closes[late] -= np.timedelta64(halt)
    sessions = Sessions(
        found.sessions.to_numpy().astype("datetime64[D]"),
        opens,
        closes,
        str(found.tz),
        _pauses(found),
        extended=name == US_CALENDAR,
    )
    return sessions if end == last else extended_to(sessions, end, last)


def _seconds(column: Any) -> Any:
    return column.dt.tz_localize(None).to_numpy().astype("datetime64[s]")


def _pauses(found: Any) -> Any:
    """The lunch breaks of a calendar, None where it has none."""
    import numpy as np

    starts, ends = _seconds(found.break_starts), _seconds(found.break_ends)
    return None if np.isnat(starts).all() else np.column_stack([starts, ends])


def _usual(factory: Any) -> UsualHours:
    """The hours of an ordinary day of a calendar that cannot be built, as its class has them for today."""
    from bot.market.sessions import UsualHours

    return UsualHours(factory.open_times[-1][1], factory.close_times[-1][1])
