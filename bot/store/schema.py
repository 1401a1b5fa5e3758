"""The tables. `REVISION` is the newest migration; a test keeps the two in step.

A column named `guild` or `person` holds a Discord id: what stands in its row goes when that id is erased, and
docs/privacy.md says what it is.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, LargeBinary, MetaData, String, Table, Text

from bot.store.peek import REVISION

__all__ = ["REVISION", "TABLES", "departures", "guild_settings", "metadata", "notes", "series", "watchlists"]

metadata = MetaData()

guild_settings = Table(
    "guild_settings",
    metadata,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

departures = Table(
    "departures",
    metadata,
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    Column("left_at", DateTime(timezone=True), nullable=False),
)

series = Table(
    "series",
    metadata,
    Column("symbol", String(40), primary_key=True),
    Column("provider", String(40), nullable=False),
    Column("adjustment", String(20), nullable=False),
    Column("delay", String(20), nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)

watchlists = Table(
    "watchlists",
    metadata,
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("symbols", Text, nullable=False),
)

TABLES = (guild_settings, departures, series, notes, watchlists)
