"""The demo, the calendar and the browser's way of sending."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from bot.errors import BadPayload, ProviderError, Unavailable, UnknownSymbol
from bot.providers.calendar import Calendar, load_sessions
from bot.providers.contract import Request
from bot.providers.http import MAX_BODY
from bot.providers.prices.demo import SCRIPTS, Demo
from bot.providers.prices.yahoo import Yahoo
from tests.providers.building import BOOK, BTC, CALENDAR, EURUSD, IWM, NOW, Clock, a_feed, query
from tests.providers.upstream import Fault, Upstream, upstream


class TestDemo:
    async def test_every_script_ends_at_the_newest_finished_session(self) -> None:
        demo = Demo(CALENDAR)
        for canonical, script in SCRIPTS.items():
            found = await demo.history(query(BOOK.symbols[canonical]))
            assert (found.adjustment, found.delay, found.provider) == ("simulated", "simulated", "demo")
            assert found.close[-1] == pytest.approx(script.last)
            assert len(found) > 1_260
            assert found.high is not None
            assert found.low is not None
            assert bool(np.all((found.high >= found.close) & (found.low <= found.close)))
            around_the_clock = canonical in {"BTC-USD", "EUR/USD"}
            assert found.last_day == date(2026, 11, 18 if around_the_clock else 19)

    async def test_the_same_bars_every_time(self) -> None:
        demo = Demo(CALENDAR)
        first, second = await demo.history(query()), await demo.history(query())
        assert first.close.tolist() == second.close.tolist()

    async def test_before_the_close_the_day_before_is_the_newest(self) -> None:
        found = await Demo(CALENDAR).history(query(now=datetime(2026, 11, 19, 20, 59, tzinfo=UTC)))
        assert found.last_day == date(2026, 11, 18)

    @pytest.mark.parametrize(
        ("canonical", "low", "high", "last_day"),
        [
            ("MSFT", 20, 400, date(2026, 11, 19)),
            ("VOD.L", 15, 350, date(2026, 11, 19)),
            ("7203.T", 3_000, 65_000, date(2026, 11, 19)),
            ("^GDAXI", 23_900, 23_900, date(2026, 11, 19)),
            ("^TWII", 27_700, 27_700, date(2026, 11, 19)),
            ("ES=F", 6_720, 6_720, date(2026, 11, 18)),
            ("ESZ26=F", 6_720, 6_720, date(2026, 11, 18)),
            ("MCL=F", 1, 200, date(2026, 11, 18)),
            ("US10Y", 4.11, 4.11, date(2026, 11, 19)),
            ("DE2Y", 2.28, 2.28, date(2026, 11, 19)),
            ("US20Y", 4.01, 4.01, date(2026, 11, 19)),
            ("^ISEQ", 800, 20_000, date(2026, 11, 19)),
            ("^VIX", 17.4, 17.4, date(2026, 11, 19)),
            ("XAU/USD", 4_005, 4_005, date(2026, 11, 18)),
            ("GBP/JPY", 210.6, 210.8, date(2026, 11, 18)),
            ("BTC-EUR", 81_600, 81_700, date(2026, 11, 18)),
            ("USDT-USD", 1, 1, date(2026, 11, 18)),
            ("UNI-USD", 0.05, 40, date(2026, 11, 18)),
            ("WTI", 61.4, 61.4, date(2026, 11, 18)),
        ],
    )
    async def test_every_kind_has_bars_of_its_size_on_its_own_days(
        self, canonical: str, low: float, high: float, last_day: date
    ) -> None:
        """Pounds and yen by the ECB's rates of 30 October 2026: 1 pound is 175.68 / 0.8338 = 210.70 yen."""
        demo, symbol = Demo(CALENDAR), BOOK.symbol(canonical)
        assert symbol is not None
        assert demo.serves(symbol)
        found = await demo.history(query(symbol))
        assert low * 0.999_999 <= found.close[-1] <= high * 1.000_001
        assert found.last_day == last_day
        assert found.close.min() > 0
        assert found.close.tolist() == (await demo.history(query(symbol))).close.tolist()
        assert found.close.max() / found.close.min() < (30 if symbol.kind in {"crypto", "index"} else 12)

    async def test_holidays_are_those_of_its_exchange(self) -> None:
        """Thanksgiving is no session in New York and one in London; 3 November is none in Tokyo (Culture Day)."""
        moment = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
        days = {}
        for canonical in ("AAPL", "VOD.L", "7203.T"):
            symbol = BOOK.symbol(canonical)
            assert symbol is not None
            days[canonical] = {*(await Demo(CALENDAR).history(query(symbol, now=moment))).dates.tolist()}
        assert [date(2026, 11, 26) in days[one] for one in days] == [False, True, True]
        assert [date(2026, 11, 3) in days[one] for one in days] == [True, True, False]

    async def test_an_older_start_brings_older_bars_before_the_same_newest_ones(self) -> None:
        demo = Demo(CALENDAR)
        for symbol in (IWM, BTC, EURUSD):
            usual = await demo.history(query(symbol))
            older = await demo.history(replace(query(symbol), start=date(2005, 1, 1)))
            assert older.dates[0] >= np.datetime64("2005-01-01")
            assert older.day(0).year == 2005
            assert older.close[-len(usual) :] == pytest.approx(usual.close)
            assert older.volume is not None
            assert older.volume.size == len(older)

    async def test_what_no_book_has_it_has_not_either(self, tmp_path: Path) -> None:
        demo = Demo(CALENDAR)
        other = BOOK.resolve("ZZZQ")
        assert not demo.serves(other)
        with pytest.raises(UnknownSymbol, match="symbols of the book alone"):
            await demo.history(query(other))
        async with a_feed(tmp_path, [demo], Clock(NOW)) as feed:
            assert (await feed.history(IWM)).bars.unfinished is False
            assert (await feed.history(BTC)).bars.unfinished is False
            assert (await feed.history(EURUSD)).bars.unfinished is False


class TestCalendar:
    """Expected days are the New York Stock Exchange's published ones."""

    async def test_sessions(self) -> None:
        sessions = await CALENDAR.sessions(NOW.date())
        for day, there in (
            (date(2026, 11, 26), False),
            (date(2026, 11, 27), True),
            (date(2026, 12, 25), False),
            (date(2012, 10, 29), False),
            (date(2001, 9, 12), False),
            (date(2011, 2, 17), True),
            (date(1950, 1, 3), True),
        ):
            assert sessions.is_session(day) is there
        assert sessions.days[-1] == np.datetime64("2027-12-31")

    async def test_it_is_kept_in_a_file_and_a_damaged_file_is_made_again(self, tmp_path: Path) -> None:
        built = load_sessions(CALENDAR._folder, 2027)
        copy = tmp_path / next(iter(kept_files()))
        copy.write_bytes(b"damaged")
        again = load_sessions(tmp_path, 2027)
        assert np.array_equal(again.closes, built.closes)
        assert names_in(tmp_path) == [copy.name]
        assert np.array_equal(load_sessions(tmp_path, 2027).opens, built.opens)

    async def test_a_folder_that_cannot_be_written_to_costs_time_only(self, tmp_path: Path) -> None:
        blocked = tmp_path / "file"
        blocked.write_text("")
        assert load_sessions(blocked, 2027).is_session(date(2026, 11, 19))

    async def test_a_new_year_is_a_new_calendar(self, tmp_path: Path) -> None:
        calendar = Calendar(None)
        first = await calendar.sessions(NOW.date())
        assert await calendar.sessions(NOW.date()) is first


def kept_files() -> list[str]:
    assert CALENDAR._folder is not None
    return [path.name for path in CALENDAR._folder.glob(f"sessions-XNYS-2027-{version('exchange_calendars')}*.npz")]


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


class TestBrowser:
    """curl_cffi against the loopback: the same contract as `Http`."""

    @pytest.fixture
    async def host(self) -> AsyncIterator[Upstream]:
        pytest.importorskip("curl_cffi")
        async with upstream() as found:
            yield found

    async def test_an_answer(self, host: Upstream) -> None:
        from bot.providers.browser import BrowserHttp

        http = BrowserHttp([host.address], 20.0)
        found = await http.get(Yahoo(host.address), Request(f"{host.address}/v8/x", {"a": "1"}))
        assert (found.status, found.body) == (200, host.body)
        assert "json" in found.content_type
        await http.close()

    @pytest.mark.parametrize(
        ("fault", "limit", "kind", "detail"),
        [
            ("redirect", 20.0, Unavailable, "redirects"),
            ("huge", 20.0, BadPayload, "too large"),
            ("gzip_bomb", 20.0, ProviderError, "too large|cannot be reached"),
            ("hang_in_body", 0.2, Unavailable, "no answer in time|cannot be reached"),
            ("reset", 20.0, Unavailable, "cannot be reached"),
            ("hang", 0.2, Unavailable, "no answer in time|cannot be reached"),
        ],
    )
    async def test_faults(
        self, host: Upstream, fault: Fault, limit: float, kind: type[ProviderError], detail: str
    ) -> None:
        from bot.providers.browser import BrowserHttp

        host.fault = fault
        http = BrowserHttp([host.address], limit)
        with pytest.raises(kind, match=detail):
            await http.get(Yahoo(host.address), Request(host.address))
        await http.close()

    async def test_a_bomb_is_refused_while_it_is_unpacked(self, host: Upstream) -> None:
        from bot.providers.browser import BrowserHttp

        host.body, host.headers = gzip.compress(b" " * 2**28), {"Content-Encoding": "gzip"}
        http = BrowserHttp([host.address], 20.0)
        tracemalloc.start()
        try:
            with pytest.raises(BadPayload, match="too large"):
                await http.get(Yahoo(host.address), Request(host.address))
            assert tracemalloc.get_traced_memory()[1] < 4 * MAX_BODY
        finally:
            tracemalloc.stop()
        await http.close()

    async def test_only_configured_hosts(self) -> None:
        pytest.importorskip("curl_cffi")
        from bot.providers.browser import BrowserHttp

        http = BrowserHttp(["https://query1.finance.yahoo.com"], 20.0)
        with pytest.raises(Unavailable, match="configured"):
            await http.get(Yahoo(), Request("http://127.0.0.1:9/"))
        await http.close()
