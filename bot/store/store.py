"""The store: settings and notes in memory, everything durable in the database behind them.

SQLAlchemy and the database are opened at the first write or series, not before (see `peek.py`).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot.errors import StartupError, UserError
from bot.settings import DEFAULTS, Settings, from_rows, to_text
from bot.store.peek import SCHEME, StoredRows, in_utc, lacks_series, peek

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from bot.market.bars import Bars
    from bot.store.statements import Owner, Statements

log = logging.getLogger(__name__)
T = TypeVar("T")
KEPT_AFTER_LEAVING = timedelta(days=30)
REFRESH_SECONDS = 3.0
NEVER = datetime.max.replace(tzinfo=UTC)
NOT_SAVED = "That could not be saved just now, so nothing was changed. Try again in a minute."
NOT_READ = "What is kept of you could not be read just now. Try again in a minute."


@asynccontextmanager
async def open_store(url: str, folder: Path) -> AsyncIterator[Store]:
    """A store on a database; its connections are closed at the end. Raises StartupError without a folder to write."""
    if url.startswith(SCHEME):
        try:
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        except OSError as error:
            raise StartupError([f"the data folder {folder} cannot be made ({type(error).__name__})"]) from None
    store = Store(url)
    try:
        yield store
    finally:
        await store.close()


class Store:
    """Settings by server, notes by name, last good series by symbol, watchlists by person."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine: AsyncEngine | None = None
        self._reader: AsyncEngine | None = None
        self._opening = asyncio.Lock()
        self._written = 0
        self._rows: StoredRows | None = None
        self._unreadable = False
        self._settings: dict[int, dict[str, str]] = {}
        self._made: dict[int, Settings] = {}
        self._notes: dict[str, str] = {}
        self._departures: dict[int, datetime] = {}

    async def load(self) -> None:
        """Read settings, departures and notes into memory. Until then every server has the defaults."""
        rows = await asyncio.to_thread(peek, self._url)
        if rows is None:
            rows = await self._load_by_engine()
        self._take(rows)

    async def refresh(self) -> None:
        """Take over what another process has changed since the last look; called every REFRESH_SECONDS.

        The rows are few and read each time: a file's times and sizes change before what was written can be seen. A
        database that cannot be read leaves memory as it is, which is logged when it begins.
        """
        written = self._written
        rows = await asyncio.to_thread(peek, self._url) or await self._reread()
        if rows is not None and rows != self._rows and written == self._written:
            self._take(rows)  # not where this process wrote meanwhile: that would be forgotten

    async def _reread(self) -> StoredRows | None:
        """The rows by SQLAlchemy, or None where the database cannot be read just now."""
        from sqlalchemy.exc import SQLAlchemyError

        try:
            rows = await self._load_by_engine()
        except (StartupError, SQLAlchemyError, OSError) as error:
            if not self._unreadable:
                log.warning("database cannot be looked at", extra={"fields": {"error": type(error).__name__}})
            self._unreadable = True
            return None
        self._unreadable = False
        return rows

    def _take(self, rows: StoredRows) -> None:
        self._rows = rows
        self._notes, self._departures = dict(rows.notes), dict(rows.departures)
        self._settings = {}
        for guild, name, value in rows.settings:
            self._settings.setdefault(guild, {})[name] = value
        self._made = {guild: from_rows(values) for guild, values in self._settings.items()}

    async def _load_by_engine(self) -> StoredRows:
        engine = await self._open()
        from sqlalchemy import select

        from bot.store import schema

        async with engine.connect() as base:
            settings = (await base.execute(select(schema.guild_settings))).all()
            notes = (await base.execute(select(schema.notes))).all()
            departures = (await base.execute(select(schema.departures))).all()
        return StoredRows(
            tuple((row.guild, row.name, row.value) for row in settings),
            tuple((row.name, row.value) for row in notes),
            tuple((row.guild, in_utc(row.left_at)) for row in departures),
        )

    def settings(self, guild: int | None) -> Settings:
        """The settings of a server, from memory; the defaults outside servers."""
        return self._made.get(guild, DEFAULTS) if guild is not None else DEFAULTS

    async def change_setting(self, guild: int, name: str, text: str) -> Settings:
        """Set one setting from what a person typed, durably, and answer all of them. Raises UserError."""
        value = to_text(getattr(self.settings(guild).changed(name, text), name))
        await self._write(lambda to: to.put_setting(guild, name, value))
        # From the rows, not from what the settings were before the wait: others may have changed meanwhile.
        self._settings.setdefault(guild, {})[name] = value
        self._made[guild] = from_rows(self._settings[guild])
        return self._made[guild]

    async def settle_guilds(self, present: Collection[int], now: datetime) -> tuple[int, ...]:
        """Bring what is kept of servers in line with those the bot is in; answer the servers erased. Raises UserError.

        Of a server that the bot has left, the time is noted where anything of it is kept; what is kept goes
        KEPT_AFTER_LEAVING later, unless the bot has joined again by then.
        """
        for guild in self._departures.keys() & set(present):
            await self._write(lambda to, guild=guild: to.drop_departure(guild))  # type: ignore[misc]
            self._departures.pop(guild, None)
        for guild in self._settings.keys() - set(present):
            if self._departures.get(guild, NEVER) > now:  # not noted yet, or by a clock that was ahead
                await self._write(lambda to, guild=guild: to.put_departure(guild, now))  # type: ignore[misc]
                self._departures[guild] = now
        gone = tuple(guild for guild, left in self._departures.items() if now - left >= KEPT_AFTER_LEAVING)
        return tuple([guild for guild in gone if await self._erase_left(guild, now - KEPT_AFTER_LEAVING)])

    async def erase(self, number: int) -> dict[str, int]:
        """Remove all that is kept of the person or the server with this Discord id. Raises UserError.

        The answer is the number of rows removed, by table.
        """
        return await self._erase(number, "guild", "person")

    async def _erase_left(self, guild: int, before: datetime) -> bool:
        """Erase a server that was left before a moment; not where another process has seen the bot in it since."""

        async def erase(base: AsyncConnection, to: Statements) -> bool:
            if not (await base.execute(to.drop_old_departure(guild, before))).rowcount:
                return False
            for statement in to.erasures(guild, "guild").values():
                await base.execute(statement)
            return True

        erased = await self._transaction(erase)
        if erased:
            self._forget(guild)
        self._departures.pop(guild, None)
        return erased

    async def _erase(self, number: int, *owners: Owner) -> dict[str, int]:
        removed = await self._write_all(lambda to: to.erasures(number, *owners))
        self._forget(number)
        return removed

    def _forget(self, guild: int) -> None:
        for rows in (self._settings, self._made, self._departures):
            rows.pop(guild, None)

    def note(self, name: str) -> str | None:
        """A small value kept under a name, from memory."""
        return self._notes.get(name)

    async def keep_note(self, name: str, value: str) -> None:
        """Keep a small value under a name, durably. Raises UserError when the database refuses."""
        await self._write(lambda to: to.put_note(name, value))
        self._notes[name] = value

    async def watchlist(self, person: int) -> tuple[str, ...]:
        """A person's canonical symbols, in the order they were added. Raises UserError when the database refuses."""
        row = await self._row("watchlists", "person", person)
        return tuple(str(row["symbols"]).split()) if row is not None else ()

    async def watched(self, most: int) -> tuple[str, ...]:
        """The symbols of all watchlists, the commonest first. Raises UserError when the database refuses."""
        engine = await self._ready()
        from sqlalchemy import select
        from sqlalchemy.exc import SQLAlchemyError

        from bot.store import schema

        found: Counter[str] = Counter()
        try:
            async with engine.connect() as base:
                for row in await base.execute(select(schema.watchlists.c.symbols)):
                    found.update(str(row.symbols).split())
        except (SQLAlchemyError, OSError) as error:
            raise _refused(error) from None
        return tuple(symbol for symbol, _ in found.most_common(most))

    async def change_watchlist(
        self, person: int, change: Callable[[tuple[str, ...]], Sequence[str]]
    ) -> tuple[str, ...]:
        """Put what `change` makes of a person's symbols in their place, durably, and answer it. Raises UserError.

        They are read, changed and written in one transaction: what another message or another process adds meanwhile
        is not lost. An empty list leaves nothing of the person behind.
        """

        async def in_turn(base: AsyncConnection, to: Statements) -> tuple[str, ...]:
            await base.execute(to.claim_watchlist(person))
            before = (await base.execute(to.locked_watchlist(person))).scalar() or ""
            symbols = tuple(change(tuple(before.split())))
            await base.execute(to.put_watchlist(person, " ".join(symbols)) if symbols else to.drop_watchlist(person))
            return symbols

        return await self._transaction(in_turn)

    async def keep_series(self, bars: Bars, now: datetime) -> None:
        """Keep the finished bars of a good series in place of the one before; a database that refuses is logged."""
        finished = bars.without_unfinished()
        if finished is None:
            return
        from bot.store.series import pack

        content = await asyncio.to_thread(pack, finished)
        try:
            await self._write(lambda to: to.put_series(finished, now, content))
        except UserError:
            return  # logged where it happened; the answer itself does not depend on it

    async def kept_series(self, symbol: str) -> tuple[Bars, datetime] | None:
        """The last good series of a symbol and when it was fetched, or None, also where the database cannot say."""
        if self._engine is None and await asyncio.to_thread(lacks_series, self._url, symbol):
            return None
        try:
            row = await self._row("series", "symbol", symbol)
        except UserError:
            return None
        if row is None:
            return None
        from bot.store.series import unpack

        kept_at = in_utc(row["kept_at"])
        bars = await asyncio.to_thread(unpack, row, kept_at)
        return None if bars is None else (bars, kept_at)

    async def _row(self, table: str, column: str, value: object) -> Mapping[str, Any] | None:
        """The one row of a table with a value in its key. Raises UserError."""
        engine = await self._readable()
        from sqlalchemy import select
        from sqlalchemy.exc import SQLAlchemyError

        from bot.store import schema

        try:
            async with engine.connect() as base:
                rows = schema.metadata.tables[table]
                found = await base.execute(select(rows).where(rows.c[column] == value))
                row = found.mappings().first()
        except (SQLAlchemyError, OSError) as error:
            raise _refused(error, NOT_READ) from None
        return None if row is None else {str(name): value for name, value in row.items()}

    async def _write(self, statement: Callable[[Statements], Any]) -> None:
        await self._write_all(lambda to: {"": statement(to)})

    async def _write_all(self, statements: Callable[[Statements], Mapping[str, Any]]) -> dict[str, int]:
        """Several writes in one transaction: by their names, how many rows each has changed. Raises UserError."""

        async def write(base: AsyncConnection, to: Statements) -> dict[str, int]:
            return {name: (await base.execute(one)).rowcount for name, one in statements(to).items()}

        return await self._transaction(write)

    async def _transaction(self, work: Callable[[AsyncConnection, Statements], Awaitable[T]]) -> T:
        """What `work` makes of one transaction, which is undone where it raises. Raises UserError."""
        engine = await self._ready()
        from sqlalchemy.exc import SQLAlchemyError

        from bot.store.statements import Statements

        try:
            async with engine.begin() as base:
                made = await work(base, Statements(engine.dialect.name))
        except (SQLAlchemyError, OSError) as error:
            raise _refused(error) from None
        self._written += 1
        self._rows = None
        return made

    async def _ready(self) -> AsyncEngine:
        """The engine, for work after the start: what would have stopped a start is a UserError then."""
        try:
            return await self._open()
        except StartupError as error:
            raise _refused(error) from None

    async def _readable(self) -> AsyncEngine:
        """The engine, or one that reads the file as it stands where the disk lets nothing be written."""
        try:
            return await self._open()
        except StartupError as error:
            from bot.store.engine import disk_fault, new_reader

            if disk_fault(error.__cause__ or error) is None:
                raise _refused(error, NOT_READ) from None
        if self._reader is None:
            self._reader = new_reader(self._url)
        return self._reader

    async def _open(self) -> AsyncEngine:
        async with self._opening:
            if self._engine is None:
                self._engine = await self._connect()
        return self._engine

    async def _connect(self) -> AsyncEngine:
        engine = await asyncio.to_thread(_new_engine, self._url)
        from bot.store.engine import migrate

        try:
            await migrate(engine)
        except BaseException:
            await engine.dispose()
            raise
        return engine

    async def close(self) -> None:
        """Close the database."""
        if self._engine is not None:
            await self._engine.dispose()
            self._engine = None
        if self._reader is not None:
            await self._reader.dispose()
            self._reader = None


def _new_engine(url: str) -> AsyncEngine:
    """In a thread of its own: importing SQLAlchemy takes a third of a second that the event loop does not have."""
    from bot.store import engine, statements

    del statements
    return engine.new_engine(url)


def _refused(error: BaseException, told: str = NOT_SAVED) -> UserError:
    """What people are told when the database refuses; the log has the kind of error, which may not hold values."""
    from bot.store.engine import disk_fault

    why = disk_fault(error) or disk_fault(error.__cause__ or error)
    log.error("database refused", extra={"fields": {"error": type(error).__name__, "why": why or ""}})
    if why is not None:
        told = f"{told.partition('. ')[0]}: {why}. Whoever runs this bot has to look at it."
    return UserError(told, "unavailable")
