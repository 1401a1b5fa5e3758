"""The writes, each one statement that may be repeated: insert, or replace what is there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table
from sqlalchemy.dialects.sqlite import insert

from bot.store import schema

if TYPE_CHECKING:
    from bot.market.bars import Bars


def _put(table: Table, row: Mapping[str, Any]) -> Any:
    """Insert or replace by primary key: SQLite and PostgreSQL share this form of ON CONFLICT."""
    statement = insert(table).values(**row)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in row if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


def put_setting(guild: int, name: str, value: str) -> Any:
    """One setting of one server."""
    return _put(schema.guild_settings, {"guild": guild, "name": name, "value": value})


def put_note(name: str, value: str) -> Any:
    """One note."""
    return _put(schema.notes, {"name": name, "value": value})


def put_series(bars: Bars, now: datetime, content: bytes) -> Any:
    """One series."""
    row = {
        "symbol": bars.symbol,
        "provider": bars.provider,
        "adjustment": bars.adjustment,
        "delay": bars.delay,
        "kept_at": now,
        "content": content,
    }
    return _put(schema.series, row)
