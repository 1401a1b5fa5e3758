"""The store: what is kept comes back, from a fresh process too, and a database that refuses is said in words."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger

from bot.errors import StartupError, UserError
from bot.market.bars import Bars
from bot.settings import DEFAULTS
from bot.store.peek import SCHEME, StoredRows, peek
from bot.store.schema import TABLES, metadata
from bot.store.series import pack, unpack
from bot.store.statements import Statements
from bot.store.store import Store, open_store

NOW = datetime(2026, 11, 19, 21, 0, tzinfo=UTC)


def url_in(folder: Path) -> str:
    return f"{SCHEME}{folder / 'odd name %#?.db'}"


def bars(**changes: object) -> Bars:
    days = np.array(["2026-11-17", "2026-11-18", "2026-11-19"], dtype="datetime64[D]")
    values: dict[str, object] = {
        "symbol": "IWM",
        "dates": days,
        "close": np.array([240.1, 241.5, 0.1 + 0.2]),
        "adjustment": "split",
        "provider": "nasdaq",
        "high": np.array([241.0, np.nan, 243.0]),
    }
    return Bars(**(values | changes))  # type: ignore[arg-type]


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


class TestSettings:
    async def test_what_is_set_holds_here_and_after_a_restart(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.load()
            assert store.settings(1) == DEFAULTS
            assert store.settings(None) == DEFAULTS
            changed = await store.change_setting(1, "prefix", "rf!")
            assert changed.prefix == "rf!"
            await store.change_setting(1, "bare_terms", "off")
            await store.change_setting(2, "prefix", "?")
            await store.change_setting(2, "prefix", "$")
        async with open_store(url_in(tmp_path), tmp_path) as again:
            await again.load()
            assert (again.settings(1).prefix, again.settings(1).bare_terms) == ("rf!", False)
            assert again.settings(2).prefix == "$"
            assert again.settings(3) == DEFAULTS

    async def test_two_changes_at_once_both_hold(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await asyncio.gather(store.change_setting(1, "prefix", "rf!"), store.change_setting(1, "bare_terms", "off"))
            assert (store.settings(1).prefix, store.settings(1).bare_terms) == ("rf!", False)

    async def test_a_bad_value_changes_nothing_and_opens_nothing(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            for name, value in (("prefix", ""), ("colour", "red"), ("bare_terms", "perhaps")):
                with pytest.raises(UserError):
                    await store.change_setting(1, name, value)
        assert names_in(tmp_path) == []

    async def test_a_row_that_is_no_longer_valid_falls_back(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.change_setting(1, "prefix", "?")
        with closing(sqlite3.connect(tmp_path / "odd name %#?.db")) as base, base:
            base.execute("UPDATE guild_settings SET value = 'far too long' WHERE name = 'prefix'")
            base.execute("INSERT INTO guild_settings VALUES (1, 'colour', 'red')")
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.load()
            assert store.settings(1) == DEFAULTS


async def test_notes(tmp_path: Path) -> None:
    async with open_store(url_in(tmp_path), tmp_path) as store:
        assert store.note("commands") is None
        await store.keep_note("commands", "abc")
        await store.keep_note("commands", "def")
        assert store.note("commands") == "def"
    async with open_store(url_in(tmp_path), tmp_path) as store:
        await store.load()
        assert store.note("commands") == "def"


class TestSeries:
    async def test_a_series_comes_back_as_it_was(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            assert await store.kept_series("IWM") is None
            await store.keep_series(bars(close=np.array([1.0, 2.0, 3.0])), NOW)
            await store.keep_series(bars(), NOW)
        async with open_store(url_in(tmp_path), tmp_path) as store:
            kept = await store.kept_series("IWM")
        assert kept is not None
        found, since = kept
        assert since == NOW
        assert found.fetched_at == NOW
        assert found.dates.tolist() == bars().dates.tolist()
        assert found.close.tolist() == bars().close.tolist()
        assert found.high is not None
        assert bars().high is not None
        assert np.array_equal(found.high, bars().high, equal_nan=True)  # type: ignore[arg-type]
        assert (found.open, found.low, found.volume) == (None, None, None)
        assert (found.symbol, found.adjustment, found.provider, found.delay) == (
            "IWM", "split", "nasdaq", "end_of_day",
        )  # fmt: skip

    async def test_an_unfinished_bar_is_left_out(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.keep_series(bars(unfinished=True), NOW)
            kept = await store.kept_series("IWM")
            assert kept is not None
            assert kept[0].last_day == date(2026, 11, 18)
            await store.keep_series(bars(symbol="SPY").cut(0, 1), NOW)
            lone = bars(symbol="QQQ", unfinished=True).cut(2, 3)
            await store.keep_series(lone, NOW)
            assert await store.kept_series("SPY") is not None
            assert await store.kept_series("QQQ") is None

    @pytest.mark.parametrize("damage", [b"", b"nonsense", b"\x78\x9c\x03\x00\x00\x00\x00\x01"])
    async def test_damaged_bytes_are_no_series(self, tmp_path: Path, damage: bytes) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.keep_series(bars(), NOW)
            with closing(sqlite3.connect(tmp_path / "odd name %#?.db")) as base, base:
                base.execute("UPDATE series SET content = ?", (damage,))
            assert await store.kept_series("IWM") is None

    @given(st.binary(max_size=200))
    def test_no_bytes_raise(self, content: bytes) -> None:
        row = {"symbol": "IWM", "provider": "a", "adjustment": "split", "delay": "fix", "content": content}
        unpack(row, NOW)

    @given(st.integers(0, 400), st.integers(0, 255))
    def test_a_changed_byte_raises_nothing(self, place: int, value: int) -> None:
        content = bytearray(pack(bars()))
        content[place % len(content)] = value
        unpack({"symbol": "I", "provider": "a", "adjustment": "split", "delay": "fix", "content": bytes(content)}, NOW)

    def test_days_that_are_none_and_closes_that_are_missing_are_no_series(self) -> None:
        import zlib

        for place in (0, 4):
            table = np.ones((6, 2))
            table[0] = [1, 2]
            table[place] = np.nan
            row = {"symbol": "I", "provider": "a", "adjustment": "split", "delay": "fix"}
            assert unpack(row | {"content": zlib.compress(table.tobytes())}, NOW) is None

    @given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=50))
    def test_pack_and_unpack_are_inverse(self, closes: list[float]) -> None:
        days = np.datetime64("1999-01-04") + np.arange(len(closes))
        whole = bars(dates=days, close=np.array(closes), high=None)
        row = {"symbol": "IWM", "provider": "nasdaq", "adjustment": "split", "delay": "end_of_day"}
        found = unpack(row | {"content": pack(whole)}, NOW)
        assert found is not None
        assert found.close.tolist() == closes
        assert found.dates.tolist() == days.tolist()


class TestPeek:
    async def test_it_sees_what_the_engine_sees(self, tmp_path: Path) -> None:
        url = url_in(tmp_path)
        async with open_store(url, tmp_path) as store:
            await store.change_setting(1, "prefix", "?")
            await store.change_setting(2**63 - 1, "bare_terms", "off")
            await store.keep_note("commands", "ünïcode ✓")
            await store.settle_guilds({1}, NOW)
            peeked, loaded = peek(url), await store._load_by_engine()
            assert peeked is not None
            assert [set(rows) for rows in peeked] == [set(rows) for rows in loaded]
            assert set(peeked.departures) == {(2**63 - 1, NOW)}
            assert dict(peeked.notes) == {"commands": "ünïcode ✓"}
        assert peek(url) == peeked

    async def test_it_leaves_what_it_does_not_know_to_the_engine(self, tmp_path: Path) -> None:
        url = url_in(tmp_path)
        assert peek(url) == StoredRows((), ()), "a file that is not there has no rows"
        assert peek("postgresql+asyncpg://db.invalid/x") is None
        async with open_store(url, tmp_path) as store:
            await store.keep_note("a", "b")
        path = tmp_path / "odd name %#?.db"
        with closing(sqlite3.connect(path)) as base, base:
            base.execute("UPDATE alembic_version SET version_num = '0000'")
        assert peek(url) is None
        path.write_bytes(b"not a database" * 100)
        assert peek(url) is None

    async def test_a_start_without_a_file_makes_none(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.load()
            assert store.settings(1) == DEFAULTS
        assert names_in(tmp_path) == []

    async def test_an_empty_database_file_is_made_by_the_engine(self, tmp_path: Path) -> None:
        (tmp_path / "odd name %#?.db").write_bytes(b"")
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.load()
            await store.keep_note("a", "b")
        assert peek(url_in(tmp_path)) == StoredRows((), (("a", "b"),))


class TestDepartures:
    """What is kept of a server that the bot left: for 30 days, unless it joins again."""

    MONTH = timedelta(days=30)

    async def test_it_goes_thirty_days_later(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.change_setting(1, "prefix", "?")
            await store.change_setting(2, "prefix", "$")
            assert await store.settle_guilds({1, 2}, NOW) == ()
            assert await store.settle_guilds({2}, NOW) == ()
            assert await store.settle_guilds({2}, NOW + self.MONTH - timedelta(seconds=1)) == ()
            assert store.settings(1).prefix == "?"
            assert await store.settle_guilds({2}, NOW + self.MONTH) == (1,)
            assert store.settings(1) == DEFAULTS
        assert peek(url_in(tmp_path)) == StoredRows(((2, "prefix", "$"),), (), ())

    async def test_the_days_are_counted_over_a_restart(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.change_setting(1, "prefix", "?")
            await store.settle_guilds((), NOW)
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.load()
            assert await store.settle_guilds((), NOW + self.MONTH / 2) == ()
            assert await store.settle_guilds((), NOW + self.MONTH) == (1,)

    async def test_joining_again_cancels_it(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.change_setting(1, "prefix", "?")
            await store.settle_guilds((), NOW)
            await store.settle_guilds({1}, NOW + self.MONTH - timedelta(days=1))
            assert peek(url_in(tmp_path)) == StoredRows(((1, "prefix", "?"),), (), ())
            assert await store.settle_guilds((), NOW + self.MONTH) == (), "it left a second time just now"
            assert await store.settle_guilds((), NOW + 2 * self.MONTH) == (1,)

    async def test_a_clock_that_was_ahead_keeps_nothing_for_ever(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.change_setting(1, "prefix", "?")
            await store.settle_guilds((), NOW + timedelta(days=9999))
            assert await store.settle_guilds((), NOW) == ()
            assert await store.settle_guilds((), NOW + self.MONTH) == (1,)

    async def test_of_a_server_without_settings_not_even_the_leaving_is_kept(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.load()
            assert await store.settle_guilds({1}, NOW) == ()
            assert await store.settle_guilds((), NOW) == ()
        assert names_in(tmp_path) == []

    async def test_an_erased_server_that_stays_begins_anew(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.change_setting(1, "prefix", "?")
            await store.settle_guilds((), NOW)
            assert await store.erase(1) == {"guild_settings": 1, "departures": 1, "watchlists": 0}
            await store.change_setting(1, "prefix", "$")
            assert await store.settle_guilds({1}, NOW + self.MONTH) == ()
            assert store.settings(1).prefix == "$"


class TestErasing:
    async def test_a_person_is_erased_and_nobody_else(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.change_watchlist(7, lambda _: ("ZZTOPQ", "SPY"))
            await store.change_watchlist(8, lambda _: ("QQQ",))
            await store.change_setting(9, "prefix", "?")
            assert (await store.erase(7))["watchlists"] == 1
            assert await store.watchlist(7) == ()
            assert await store.watchlist(8) == ("QQQ",)
            assert store.settings(9).prefix == "?"
            assert not any((await store.erase(7)).values())
        content = (tmp_path / "odd name %#?.db").read_bytes()
        assert b"ZZTOPQ" not in content, "not even between the rows of the file"
        assert b"QQQ" in content
        assert names_in(tmp_path) == ["odd name %#?.db"]

    def test_every_table_with_an_owner_is_erased(self) -> None:
        """A table that holds a Discord id names the column `guild` or `person`, and erasing finds it."""
        erased = Statements("sqlite").erasures(1, "guild", "person")
        owned = {table.name for table in TABLES if {"guild", "person"} & set(table.c.keys())}
        assert set(erased) == owned == {"guild_settings", "departures", "watchlists"}
        ids = [(table.name, name) for table in TABLES for name, c in table.c.items() if isinstance(c.type, BigInteger)]
        assert {name for _, name in ids} <= {"guild", "person"}
        assert {table.name for table in TABLES} == set(metadata.tables)

    async def test_a_database_that_refuses_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "odd name %#?.db").write_bytes(b"not a database" * 100)
        async with open_store(url_in(tmp_path), tmp_path) as store:
            with pytest.raises(UserError, match="could not be saved"):
                await store.erase(7)


class TestRefusals:
    async def test_a_damaged_database_stops_the_start(self, tmp_path: Path) -> None:
        (tmp_path / "odd name %#?.db").write_bytes(b"not a database" * 100)
        async with open_store(url_in(tmp_path), tmp_path) as store:
            with pytest.raises(StartupError, match="cannot be used"):
                await store.load()

    async def test_after_the_start_it_is_told_in_words(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.ERROR)
        (tmp_path / "odd name %#?.db").write_bytes(b"not a database" * 100)
        async with open_store(url_in(tmp_path), tmp_path) as store:
            with pytest.raises(UserError, match="nothing was changed") as caught:
                await store.change_setting(1, "prefix", "?")
            assert caught.value.code == "unavailable"
            assert store.settings(1) == DEFAULTS
            await store.keep_series(bars(), NOW)
            assert await store.kept_series("IWM") is None
        assert {record.message for record in caplog.records} == {"database refused"}

    async def test_tables_that_vanish_are_told_in_words(self, tmp_path: Path) -> None:
        async with open_store(url_in(tmp_path), tmp_path) as store:
            await store.keep_note("a", "b")
            with closing(sqlite3.connect(tmp_path / "odd name %#?.db")) as base, base:
                base.execute("DROP TABLE series")
                base.execute("DROP TABLE notes")
            with pytest.raises(UserError):
                await store.keep_note("a", "c")
            assert store.note("a") == "b"
            assert await store.kept_series("IWM") is None

    @pytest.mark.parametrize(
        "url", ["nonsense", "mysql+nothing://user:PASSWORD@host/x", "sqlite+aiosqlite:////proc/nowhere/x.db"]
    )
    async def test_an_address_that_cannot_be_used_is_not_repeated(self, tmp_path: Path, url: str) -> None:
        store = Store(url)
        with pytest.raises(StartupError) as caught:
            await store._open()
        assert "PASSWORD" not in str(caught.value)
        await store.close()

    async def test_a_folder_that_cannot_be_made_stops_the_start(self, tmp_path: Path) -> None:
        blocked = tmp_path / "file"
        blocked.write_text("")
        with pytest.raises(StartupError, match="cannot be made"):
            async with open_store(url_in(blocked), blocked):
                pass

    async def test_another_database_needs_no_folder(self, tmp_path: Path) -> None:
        async with open_store("postgresql+asyncpg://db.invalid/x", tmp_path / "unused"):
            pass
        assert not (tmp_path / "unused").exists()
