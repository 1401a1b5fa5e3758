"""Migrations, the form of the writes, and a process that is killed."""

from __future__ import annotations

import asyncio
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.errors import StartupError
from bot.store.engine import MIGRATIONS, migrate, new_engine
from bot.store.peek import REVISION, SCHEME, peek
from bot.store.schema import metadata
from bot.store.statements import Statements
from bot.store.store import open_store


def script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def test_the_revision_in_the_code_is_the_newest_migration() -> None:
    assert script().get_heads() == [REVISION]


async def test_migrating_from_empty_makes_the_tables_that_the_code_means(tmp_path: Path) -> None:
    engine = new_engine(f"{SCHEME}{tmp_path / 'a.db'}")

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    await migrate(engine)
    await migrate(engine)
    async with engine.connect() as base:
        assert await base.run_sync(differences) == []
    await engine.dispose()


async def test_what_an_older_version_kept_is_there_after_an_update(tmp_path: Path) -> None:
    """A database of the first version: made by its own migration, without what came later."""
    from alembic import command

    url = f"{SCHEME}{tmp_path / 'a.db'}"
    engine = new_engine(url)

    def first(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO guild_settings VALUES (5, 'prefix', '?')")

    async with engine.begin() as base:
        await base.run_sync(first)
    await engine.dispose()
    async with open_store(url, tmp_path) as store:
        await store.load()
        assert store.settings(5).prefix == "?"
        assert await store.change_watchlist(7, lambda _: ["IWM"]) == ("IWM",)


async def test_migrations_go_down_again(tmp_path: Path) -> None:
    from alembic import command

    engine = new_engine(f"{SCHEME}{tmp_path / 'a.db'}")
    await migrate(engine)

    def down(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    async with engine.begin() as base:
        await base.run_sync(down)
    await engine.dispose()
    with closing(sqlite3.connect(tmp_path / "a.db")) as plain:
        names = {name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names == {"alembic_version"}


async def test_a_database_of_a_newer_version_stops_the_start(tmp_path: Path) -> None:
    url = f"{SCHEME}{tmp_path / 'a.db'}"
    async with open_store(url, tmp_path) as store:
        await store.keep_note("a", "b")
    with closing(sqlite3.connect(tmp_path / "a.db")) as base, base:
        base.execute("UPDATE alembic_version SET version_num = '9999'")
    async with open_store(url, tmp_path) as store:
        with pytest.raises(StartupError, match="newer version"):
            await store.load()


async def test_two_processes_may_start_at_once(tmp_path: Path) -> None:
    for turn in range(10):  # the switch to write-ahead logging is refused only when two meet in it
        engines = [new_engine(f"{SCHEME}{tmp_path / f'{turn}.db'}") for _ in range(4)]
        await asyncio.gather(*(migrate(engine) for engine in engines))
        for engine in engines:
            await engine.dispose()


async def test_a_migration_that_is_cut_short_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's sqlite3 would have kept the tables made so far, and the next start would have failed on them."""
    engine = new_engine(f"{SCHEME}{tmp_path / 'a.db'}")

    def cut(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE notes (name TEXT)")
        raise OSError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("bot.store.engine._upgrade", cut)
        with pytest.raises(StartupError):
            await migrate(engine)
    await migrate(engine)
    await engine.dispose()


@pytest.mark.parametrize(("name", "dialect"), [("sqlite", sqlite.dialect()), ("postgresql", postgresql.dialect())])
def test_the_writes_are_valid_in_both_databases(name: str, dialect: object) -> None:
    """Compiled, not run: no PostgreSQL is at hand."""
    to = Statements(name)
    for statement, key in ((to.put_note("a", "b"), "name"), (to.put_setting(1, "a", "b"), "guild, name")):
        text = re.sub(r"\s+", " ", str(statement.compile(dialect=dialect)))
        assert f"ON CONFLICT ({key}) DO UPDATE SET value = excluded.value" in text


WRITER = """
import asyncio, sys
from pathlib import Path
from bot.store.store import open_store

async def main(url, folder):
    async with open_store(url, Path(folder)) as store:
        number = 0
        while True:
            number += 1
            await store.keep_note("last", str(number))
            await store.change_setting(number % 7 + 1, "prefix", f"{number % 1000}!")
            print(number, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


def write_until_killed(url: str, folder: Path, after: int) -> int:
    """Kill a writing process once it has acknowledged `after` writes; the number of the last that it did."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, url, str(folder)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        acknowledged = 0
        for line in process.stdout:
            acknowledged = int(line)
            if acknowledged == after:
                process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    return acknowledged


async def test_a_killed_process_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    url = f"{SCHEME}{tmp_path / 'a.db'}"
    acknowledged = await asyncio.to_thread(write_until_killed, url, tmp_path, 40)
    seen = peek(url)
    assert seen is not None
    assert int(dict(seen.notes)["last"]) >= acknowledged >= 40
    async with open_store(url, tmp_path) as store:
        await store.load()
        last = store.note("last")
        assert last is not None
        assert int(last) >= acknowledged
        assert store.settings(acknowledged % 7 + 1).prefix == f"{acknowledged % 1000}!"
        await store.keep_note("last", "0")
