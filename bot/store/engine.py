"""The SQLAlchemy engine, and bringing its database to the newest revision."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import StartupError
from bot.store.peek import AS_IT_STANDS, REVISION, SCHEME

MIGRATIONS = Path(__file__).with_name("migrations")
_DISK = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "the disk is read-only",
    "SQLITE_CANTOPEN": "the disk is full or read-only",
    "SQLITE_IOERR": "the disk is full or failing",
}


def new_engine(url: str) -> AsyncEngine:
    """An engine for an address. Raises StartupError, never repeating the address: it may hold a password.

    What follows `sqlite+aiosqlite:///` is a path as it stands, whatever signs its folders have in their names.
    """
    try:
        path = url.removeprefix(SCHEME)
        engine = create_async_engine(URL.create("sqlite+aiosqlite", database=path) if path != url else make_url(url))
    except (ArgumentError, ImportError) as error:
        raise StartupError([f"RANGEFINDER_DATABASE cannot be used ({type(error).__name__})"]) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_at_once)
    return engine


def new_reader(url: str) -> AsyncEngine:
    """An engine that reads a SQLite file as it stands, on a disk where nothing can be written.

    What a killed process left in the journal beside the file is not seen.
    """
    path = Path(url.removeprefix(SCHEME)).absolute()
    return create_async_engine(f"{SCHEME}{path.as_uri()}?{AS_IT_STANDS}&uri=true")


def disk_fault(error: BaseException) -> str | None:
    """What is wrong with the disk, in words, where that is why SQLite refuses."""
    name: str = getattr(getattr(error, "orig", error), "sqlite_errorname", None) or ""
    return next((words for code, words in _DISK.items() if name.startswith(code)), None)


def _begin_at_once(connection: Connection) -> None:
    """Lock at the start, so that a second process waits its turn and a killed migration leaves nothing half done.

    Python's sqlite3 begins a transaction only before the first row that is changed, never before CREATE TABLE.
    """
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """Write-ahead logging lets readers go on while one writes, and survives a killed process.

    What is deleted is overwritten with zeros, so that what somebody had erased cannot be read from the file.

    The mode is the file's own. Where two processes that start at once both switch to it, SQLite refuses one of them
    without letting it wait; that one goes on in the mode that the other sets.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout=5000", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    with suppress(sqlite3.OperationalError):
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()


async def migrate(engine: AsyncEngine) -> None:
    """Bring the database to the newest revision. Raises StartupError when it cannot be reached or is newer."""
    try:
        async with engine.begin() as base:
            if await base.run_sync(_current) != REVISION:
                await base.run_sync(_upgrade)
    except (SQLAlchemyError, OSError) as error:
        why = disk_fault(error) or type(error).__name__
        raise StartupError([f"the database cannot be used ({why})"]) from error


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise StartupError(["the database was written by a newer version of Rangefinder"]) from None
