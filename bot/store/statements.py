"""The writes, each one statement that may be repeated: insert, or replace what is there.

SQLite and PostgreSQL share this form of ON CONFLICT, but each has its own construct for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Table, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store import schema

if TYPE_CHECKING:
    from bot.market.bars import Bars


Owner = Literal["guild", "person"]
"""The columns that hold a Discord id."""


class Statements:
    """The writes for one kind of database, named as SQLAlchemy's dialects are."""

    def __init__(self, dialect: str) -> None:
        self._insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert

    def _put(self, table: Table, row: Mapping[str, Any]) -> Any:
        """Insert, or replace the row with the same primary key."""
        statement = self._insert(table).values(**row)
        keys = [column.name for column in table.primary_key]
        changed = {name: statement.excluded[name] for name in row if name not in keys}
        return statement.on_conflict_do_update(index_elements=keys, set_=changed)

    def put_setting(self, guild: int, name: str, value: str) -> Any:
        """One setting of one server."""
        return self._put(schema.guild_settings, {"guild": guild, "name": name, "value": value})

    def put_note(self, name: str, value: str) -> Any:
        """One note."""
        return self._put(schema.notes, {"name": name, "value": value})

    def put_watchlist(self, person: int, symbols: str) -> Any:
        """One person's watchlist."""
        return self._put(schema.watchlists, {"person": person, "symbols": symbols})

    def claim_watchlist(self, person: int) -> Any:
        """A row for this person's watchlist, empty where there is none: what is read next can then be locked."""
        return self._insert(schema.watchlists).values(person=person, symbols="").on_conflict_do_nothing()

    def locked_watchlist(self, person: int) -> Any:
        """One person's symbols, which no other transaction changes before this one ends.

        In SQLite the whole transaction is alone from its BEGIN IMMEDIATE on; FOR UPDATE is left out there.
        """
        table = schema.watchlists
        return select(table.c.symbols).where(table.c.person == person).with_for_update()

    def drop_watchlist(self, person: int) -> Any:
        """No watchlist of this person."""
        return delete(schema.watchlists).where(schema.watchlists.c.person == person)

    def put_departure(self, guild: int, left_at: datetime) -> Any:
        """When the bot left a server."""
        return self._put(schema.departures, {"guild": guild, "left_at": left_at})

    def drop_departure(self, guild: int) -> Any:
        """The bot has not left this server."""
        return delete(schema.departures).where(schema.departures.c.guild == guild)

    def drop_old_departure(self, guild: int, before: datetime) -> Any:
        """The bot left this server before a moment: of no effect where another process has seen it there since."""
        table = schema.departures
        return delete(table).where(table.c.guild == guild, table.c.left_at <= before)

    def erasures(self, number: int, *owners: Owner) -> dict[str, Any]:
        """By table: the removal of every row that has this id in one of the columns `owners`."""
        found = {table: [table.c[owner] for owner in owners if owner in table.c] for table in schema.TABLES}
        return {
            table.name: delete(table).where(or_(*(column == number for column in columns)))
            for table, columns in found.items()
            if columns
        }

    def put_series(self, bars: Bars, now: datetime, content: bytes) -> Any:
        """One series."""
        row = {
            "symbol": bars.symbol,
            "provider": bars.provider,
            "adjustment": bars.adjustment,
            "delay": bars.delay,
            "kept_at": now,
            "content": content,
        }
        return self._put(schema.series, row)
