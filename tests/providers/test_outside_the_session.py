"""What the feed makes of quotes: the session that a price is of, the close before it, and who stands in for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.errors import Unavailable, UnknownSymbol, UserError
from bot.providers.contract import Capabilities, Extended, Quote
from bot.providers.series import close_before, on_session
from tests.providers.building import (
    BOOK,
    BTC,
    CALENDAR,
    IWM,
    KINDS,
    NOW,
    RUT,
    SPY,
    Clock,
    FakeProvider,
    a_feed,
    bars,
    shelf,
)

CLOSE = datetime(2026, 11, 18, 21, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
ROLLED = Quote("IWM", 103.0, CLOSE, "first", "delayed")
KNOWN = replace(ROLLED, provider="second", previous_close=101.0)


def quoting(name: str, quote: Quote | Unavailable, place: int = 1) -> FakeProvider:
    return FakeProvider(name, shelf(name, "IWM"), {"IWM": quote}, Capabilities(KINDS, quotes=place))


class TestTheCloseBefore:
    async def test_the_kept_bars_know_it(self, tmp_path: Path) -> None:
        """The bars are of the 16th to the 18th: 100, 101, 102. The close before that of the 18th is 101."""
        first, second = quoting("first", ROLLED), quoting("second", KNOWN, 2)
        async with a_feed(tmp_path, [first, second], Clock(EVENING)) as feed:
            await feed.history(IWM)
            quote = await feed.quote(IWM)
        assert (quote.provider, quote.price, quote.previous_close) == ("first", 103.0, 101.0)
        assert quote.change_pct == pytest.approx(100 * 2 / 101)
        assert not second.asked

    async def test_the_next_provider_is_asked_where_nothing_is_kept(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, [quoting("first", ROLLED), quoting("second", KNOWN, 2)], Clock(EVENING)) as feed:
            quote = await feed.quote(IWM)
        assert (quote.provider, quote.previous_close) == ("second", 101.0)

    async def test_it_stays_unknown_where_nobody_knows(self, tmp_path: Path) -> None:
        other = quoting("second", Unavailable("second", "down"), 2)
        async with a_feed(tmp_path, [quoting("first", ROLLED), other], Clock(EVENING)) as feed:
            quote = await feed.quote(IWM)
        assert (quote.provider, quote.price, quote.previous_close, quote.change_pct) == ("first", 103.0, None, None)

    async def test_only_the_very_session_before_counts(self) -> None:
        sessions = await CALENDAR.sessions(NOW.date())
        days = ("2026-11-13", "2026-11-16", "2026-11-17")
        assert close_before(bars(days=days), ROLLED, sessions) == 102.0
        assert close_before(bars(days=days[:2]), ROLLED, sessions) is None, "a bar is missing"
        assert close_before(bars(days=("2026-11-18",)), ROLLED, sessions) is None, "they start too late"
        monday = replace(ROLLED, time=datetime(2026, 11, 16, 21, 0, tzinfo=UTC))
        assert close_before(bars(days=days), monday, sessions) == 100.0, "the session before Monday is Friday"
        halved = bars(days=days, closes=[200.0, 204.0, 206.0])
        assert close_before(halved, ROLLED, sessions) is None, "the other side of a split"
        assert close_before(bars(days=days, adjustment="split_dividend"), ROLLED, sessions) is None
        assert close_before(bars(days=days, closes=[1.0, 1.0, -1.0]), ROLLED, sessions) is None
        open_bar = replace(bars(days=days), unfinished=True)
        assert close_before(open_bar, ROLLED, sessions) is None

    async def test_a_coins_day_before_is_yesterday(self) -> None:
        coin = Quote("BTC-USD", 103.0, datetime(2026, 11, 15, 1, 0, tzinfo=UTC), "x", "real_time")
        weekend = bars("BTC-USD", days=("2026-11-13", "2026-11-14", "2026-11-15"), adjustment="raw")
        assert close_before(weekend, coin, None) == 101.0
        assert close_before(weekend.cut(0, 1), coin, None) is None


class TestTheSession:
    @pytest.mark.parametrize(
        ("stamp", "session"),
        [
            ("2026-11-14T21:00", "2026-11-13T21:00"),  # a Saturday
            ("2026-11-15T21:00", "2026-11-13T21:00"),  # a Sunday
            ("2026-11-26T21:00", "2026-11-25T21:00"),  # Thanksgiving
            ("2026-12-25T21:00", "2026-12-24T18:00"),  # Christmas: the day before closes at one o'clock
            ("2026-11-28T21:00", "2026-11-27T18:00"),  # the Saturday after a half day
            ("2026-11-18T20:59", "2026-11-18T20:59"),  # a session is itself
        ],
    )
    async def test_a_stamp_on_a_day_off_is_of_the_session_before(self, stamp: str, session: str) -> None:
        quote = replace(KNOWN, time=datetime.fromisoformat(f"{stamp}:00+00:00"))
        found = on_session(quote, await CALENDAR.sessions(NOW.date()))
        assert found.time == datetime.fromisoformat(f"{session}:00+00:00")

    async def test_before_the_calendar_a_stamp_stays(self) -> None:
        quote = replace(KNOWN, time=datetime(1940, 1, 1, tzinfo=UTC))
        assert on_session(quote, await CALENDAR.sessions(NOW.date())) == quote

    async def test_an_extended_price_keeps_its_day(self) -> None:
        sunday = datetime(2026, 11, 15, 21, 0, tzinfo=UTC)
        quote = replace(KNOWN, time=sunday, extended=Extended(100.0, sunday, before_open=True))
        assert on_session(quote, await CALENDAR.sessions(NOW.date())) == quote

    async def test_the_feed_asks_the_calendar(self, tmp_path: Path) -> None:
        saturday = datetime(2026, 11, 14, 21, 0, tzinfo=UTC)
        first = quoting("first", replace(KNOWN, time=saturday))
        async with a_feed(tmp_path, [first], Clock(datetime(2026, 11, 15, 12, 0, tzinfo=UTC))) as feed:
            quote = await feed.quote(IWM)
        assert quote.time == datetime(2026, 11, 13, 21, 0, tzinfo=UTC)
        assert not quote.unfinished


class TestStandIns:
    """Where an index's own provider is down, its fund answers and is named."""

    def providers(self, fund: bool = True) -> list[FakeProvider]:
        own = FakeProvider("own", fault=Unavailable("own", "no answer in time"), serves_only=frozenset({"^RUT"}))
        other = FakeProvider("other", shelf("other", "IWM", "SPY") if fund else {}, {"IWM": 103.0} if fund else {})
        other.serves_only = frozenset({"IWM", "SPY"})
        return [own, other]

    async def test_history_quote_and_comparison(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, self.providers()) as feed:
            assert (await feed.history(RUT, stand_in=IWM)).stand_in == "IWM"
            quote = await feed.quote(RUT, stand_in=IWM)
            assert (quote.symbol, quote.stand_in, quote.price) == ("IWM", "IWM", 103.0)
            row = await feed.batch((RUT, SPY), stand_ins={"^RUT": IWM})
        assert [getattr(one, "stand_in", "none") for one in row.series] == ["IWM", None]

    async def test_the_symbols_own_trouble_is_told_where_the_stand_in_has_some_too(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, self.providers(fund=False)) as feed:
            with pytest.raises(UserError, match=r"RUT.*own"):
                await feed.history(RUT, stand_in=IWM)
            with pytest.raises(UserError, match=r"RUT.*own"):
                await feed.quote(RUT, stand_in=IWM)

    async def test_an_unknown_index_stands_aside(self, tmp_path: Path) -> None:
        own = FakeProvider("own", {"^RUT": UnknownSymbol("own", "no such symbol")}, serves_only=frozenset({"^RUT"}))
        async with a_feed(tmp_path, [own, self.providers()[1]]) as feed:
            assert (await feed.quote(RUT, stand_in=IWM)).stand_in == "IWM"

    async def test_other_errors_are_told(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, []) as feed:
            with pytest.raises(UserError):
                await feed.quote(BTC, stand_in=None)


def test_a_yield_in_tenths_of_a_percent() -> None:
    cells = np.array([47.24, 42.75])
    tens = replace(bars("^TNX", days=("2026-11-17", "2026-11-18"), closes=cells.tolist()), high=cells)
    assert tens.scaled(0.1).close.tolist() == pytest.approx([4.724, 4.275])
    assert tens.scaled(0.1).high is not None
    assert tens.scaled(0.1).low is None
    late = Extended(47.0, CLOSE, before_open=False)
    quote = Quote("^TNX", 47.24, CLOSE, "cboe", "delayed", previous_close=46.0, extended=late).scaled(0.1)
    assert (quote.price, quote.previous_close) == (pytest.approx(4.724), pytest.approx(4.6))
    assert quote.extended is not None
    assert quote.extended.price == pytest.approx(4.7)
    assert replace(quote, previous_close=None, extended=None).scaled(10).previous_close is None
    assert "percent" in BOOK.symbols["^TNX"].name
