"""The store: settings and notes in memory, everything durable in the database behind them.

SQLAlchemy and the database are opened at the first write or series, not before (see `peek.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import StartupError
from bot.settings import DEFAULTS, Settings, from_rows, to_text
from bot.store.peek import SCHEME, peek

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.market.bars import Bars



@asynccontextmanager
async def open_store(url: str, folder: Path) -> AsyncIterator[Store]:
    """A store on a database; its connections are closed at the end. Raises StartupError without a folder to write to."""
    if url.startswith(SCHEME):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StartupError([f"the data folder {folder} cannot be made ({type(error).__name__})"]) from None
    store = Store(url)
    try:
        yield store
    finally:
        await store.close()


class Store:
    """Settings by server, notes by name, last good series by symbol."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine: AsyncEngine | None = None
        self._opening = asyncio.Lock()
        self._settings: dict[int, dict[str, str]] = {}
        self._made: dict[int, Settings] = {}
        self._notes: dict[str, str] = {}

    async def load(self) -> None:
        """Read settings and notes into memory. Until then every server has the defaults."""
        rows = await asyncio.to_thread(peek, self._url)
        if rows is not None:
            settings, self._notes = rows.settings, dict(rows.notes)
        else:
            settings = await self._load_by_engine()
        self._settings = {}
        for guild, name, value in settings:
            self._settings.setdefault(guild, {})[name] = value
        self._made = {guild: from_rows(values) for guild, values in self._settings.items()}

    async def _load_by_engine(self) -> tuple[tuple[int, str, str], ...]:
        engine = await self._open()
        from sqlalchemy import select

        from bot.store import schema

        async with engine.connect() as base:
            found = (await base.execute(select(schema.guild_settings))).all()
            self._notes = {row.name: row.value for row in (await base.execute(select(schema.notes))).all()}
        return tuple((row.guild, row.name, row.value) for row in found)

    def settings(self, guild: int | None) -> Settings:
        """The settings of a server, from memory; the defaults outside servers."""
        return self._made.get(guild, DEFAULTS) if guild is not None else DEFAULTS

    async def change_setting(self, guild: int, name: str, text: str) -> Settings:
        """Set one setting from what a person typed, durably, and answer all of them. Raises UserError."""
        changed = self.settings(guild).changed(name, text)
        value = to_text(getattr(changed, name))
        from bot.store.statements import put_setting

        await self._write(put_setting(guild, name, value))
        self._settings.setdefault(guild, {})[name] = value
        self._made[guild] = changed
        return changed

    def note(self, name: str) -> str | None:
        """A small value kept under a name, from memory."""
        return self._notes.get(name)

    async def keep_note(self, name: str, value: str) -> None:
        """Keep a small value under a name, durably."""
        await self._open()
        from bot.store.statements import put_note

        await self._write(put_note(name, value))
        self._notes[name] = value

    async def keep_series(self, bars: Bars, now: datetime) -> None:
        """Keep a good series in place of the one before."""
        await self._open()
        from bot.store.series import pack
        from bot.store.statements import put_series

        await self._write(put_series(bars, now, await asyncio.to_thread(pack, bars)))

    async def kept_series(self, symbol: str) -> tuple[Bars, datetime] | None:
        """The last good series of a symbol and when it was fetched, or None."""
        engine = await self._open()
        from sqlalchemy import select

        from bot.store import schema
        from bot.store.series import unpack

        async with engine.connect() as base:
            row = (await base.execute(select(schema.series).where(schema.series.c.symbol == symbol))).first()
        if row is None:
            return None
        kept_at = row.kept_at if row.kept_at.tzinfo else row.kept_at.replace(tzinfo=UTC)
        labels: Mapping[str, Any] = row._mapping  # noqa: SLF001  SQLAlchemy's documented name
        bars = await asyncio.to_thread(unpack, labels, kept_at)
        return None if bars is None else (bars, kept_at)

    async def _write(self, statement: Any) -> None:
        engine = await self._open()
        async with engine.begin() as base:
            await base.execute(statement)

    async def _open(self) -> AsyncEngine:
        async with self._opening:
            if self._engine is None:
                self._engine = await self._connect()
        return self._engine

    async def _connect(self) -> AsyncEngine:
        from bot.store.engine import migrate, new_engine

        engine = await asyncio.to_thread(new_engine, self._url)
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
