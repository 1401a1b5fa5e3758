"""What providers of the world's markets need beyond one good answer: years, units, other currencies, quotes alone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.config import Secret, read_config
from bot.errors import ProviderError, UnknownSymbol, UserError
from bot.jobs import Jobs
from bot.market.rates import RateTable
from bot.market.symbols import Symbol
from bot.providers.contract import FigureQuery, QuoteQuery, RemoteProvider, Request, Response, SuspectSeries
from bot.providers.coverage import MARKETS, examples, market_table, markets
from bot.providers.factory import Chain, coverage_lines, declared
from bot.providers.feed import Feed
from bot.providers.figure_cache import FigureCache
from bot.providers.http import ConnectedProvider
from bot.providers.macro.ecb import Ecb
from bot.providers.macro.folder import FolderRates, MacroFolder
from bot.providers.macro.frankfurter import Frankfurter
from bot.providers.macro.fred import FredCsv
from bot.providers.pool import Pool
from bot.providers.prices.alphavantage import AlphaVantage
from bot.providers.prices.nbp import Nbp
from bot.providers.prices.swissquote import Swissquote
from bot.providers.prices.treasury import Treasury
from bot.providers.prices.yahoo import Yahoo
from bot.providers.reference_rates import COMPUTED, restated
from bot.providers.series_cache import SeriesCache
from bot.store.store import open_store
from tests.providers.building import CALENDAR, NOW, Clock, These, bars, query, symbol_of

REPLIES = Path(__file__).with_name("replies")
BASE, BUDGET = "https://prices.invalid", 5.0
GOLD, PLATINUM, DOLLAR, TEN_YEARS = map(symbol_of, ("XAU/USD", "XPT/USD", "^DXY", "US10Y"))
VODAFONE = symbol_of("VOD.L")
RATES = (
    "Date,USD,JPY,GBP,CAD,SEK,CHF,PLN,CZK,DKK,HUF,RON,\n"
    "2026-11-18,1.16,180.0,0.85,1.6,11.0,0.93,4.30,24.0,7.46,390.0,5.1,\n"
    "2026-11-16,1.15,179.0,0.86,1.6,11.1,0.94,4.20,24.0,7.46,390.0,5.1,\n"
)


class Answering:
    """A sender that answers by what is asked, and remembers it."""

    def __init__(self, answer: Callable[[Request], Response | bytes]) -> None:
        self._answer = answer
        self.asked: list[Request] = []

    async def get(self, provider: RemoteProvider, request: Request) -> Response:
        self.asked.append(request)
        answer = self._answer(request)
        return answer if isinstance(answer, Response) else Response(200, answer)

    def wait(self, provider: RemoteProvider, count: int) -> float:
        return 0.0


def recorded(path: str) -> bytes:
    return (REPLIES / path).read_bytes()


def curve(*rows: tuple[str, str, float]) -> bytes:
    cells = (
        f'<m:properties><d:NEW_DATE m:type="Edm.DateTime">{day}T00:00:00</d:NEW_DATE>'
        f'<d:{field} m:type="Edm.Double">{value}</d:{field}></m:properties>'
        for day, field, value in rows
    )
    return f'<?xml version="1.0"?><feed xmlns:d="d" xmlns:m="m">{"".join(cells)}</feed>'.encode()


def treasury(years: Mapping[str, bytes]) -> tuple[ConnectedProvider, Answering]:
    sender = Answering(lambda request: years[request.params["field_tdr_date_value"]])
    return ConnectedProvider(Treasury(BASE), sender), sender


class TestTreasury:
    async def test_a_span_is_asked_year_by_year_from_the_newest(self) -> None:
        provider, sender = treasury(
            {
                "2026": curve(("2026-01-02", "BC_10YEAR", 4.2), ("2026-11-18", "BC_10YEAR", 4.28)),
                "2025": curve(("2025-01-02", "BC_10YEAR", 4.5), ("2025-12-31", "BC_10YEAR", 4.1)),
            }
        )
        found = await provider.history(query(TEN_YEARS, start=date(2025, 1, 1)))
        assert found.close.tolist() == [4.5, 4.1, 4.2, 4.28]
        assert (found.adjustment, found.delay) == ("fix", "fix")
        assert [request.params["field_tdr_date_value"] for request in sender.asked] == ["2026", "2025"]

    async def test_on_the_first_of_january_the_year_before_answers(self) -> None:
        provider, sender = treasury({"2027": curve(), "2026": curve(("2026-01-02", "BC_10YEAR", 4.28))})
        found = await provider.history(query(TEN_YEARS, now=datetime(2027, 1, 1, 15, tzinfo=UTC)))
        assert (found.last_day, len(sender.asked)) == (date(2026, 1, 2), 2)

    async def test_a_maturity_is_not_asked_for_before_it_began(self) -> None:
        """The four-month bill came on 19 October 2022."""
        provider, sender = treasury({"2022": curve(("2022-10-19", "BC_4MONTH", 4.06))})
        asked = query(symbol_of("US4M"), start=date(2016, 1, 1), now=datetime(2022, 11, 19, tzinfo=UTC))
        assert (await provider.history(asked)).close.tolist() == [4.06]
        assert len(sender.asked) == 1

    def test_what_is_no_us_yield_is_not_served(self) -> None:
        provider = Treasury(BASE)
        assert [name for name in ("US1M", "US30Y", "DE10Y", "^TNX") if provider.serves(symbol_of(name))] == [
            "US1M",
            "US30Y",
        ]
        assert "fitted curve" in provider.basis(TEN_YEARS)


class TestDollarIndex:
    def test_the_banks_file_and_frankfurter_give_the_same(self) -> None:
        rates = {
            "2026-11-16": {"USD": 1.15, "JPY": 179.0, "GBP": 0.86, "CAD": 1.6, "SEK": 11.1, "CHF": 0.94},
            "2026-11-18": {"USD": 1.16, "JPY": 180.0, "GBP": 0.85, "CAD": 1.6, "SEK": 11.0, "CHF": 0.93},
        }
        answer = json.dumps({"amount": 1.0, "base": "EUR", "rates": rates}).encode()
        ecb = Ecb(BASE)
        file = ecb.parse_figure(figure_query(), Response(200, RATES.encode()))
        mine = ecb.history_of(query(DOLLAR), file)
        theirs = Frankfurter(BASE).parse(query(DOLLAR), Response(200, answer, "application/json"))
        assert mine.close.tolist() == theirs.close.tolist()
        assert (mine.symbol, mine.adjustment, mine.delay) == ("^DXY", "fix", "fix")

    def test_it_is_refused_without_one_of_its_currencies(self) -> None:
        ecb = Ecb(BASE)
        file = ecb.parse_figure(figure_query(), Response(200, RATES.replace("SEK", "ISK").encode()))
        with pytest.raises(UnknownSymbol, match="no reference rates of SEK"):
            ecb.history_of(query(DOLLAR), file)

    async def test_every_answer_says_that_it_is_computed_also_from_the_store(self, tmp_path: Path) -> None:
        ecb = ConnectedProvider(Ecb(BASE), Answering(lambda _: RATES.encode()))
        clock = Clock()
        async with a_world(tmp_path, [ecb], clock) as feed:
            assert (await feed.history(DOLLAR)).bars.basis == COMPUTED
            assert (await feed.quote(DOLLAR)).basis == COMPUTED
            assert (await feed.history(symbol_of("EUR/USD"))).bars.basis == ""
        silent = ConnectedProvider(Ecb(BASE), Answering(lambda _: Response(503, b"")))
        clock.forward(days=2)
        async with a_world(tmp_path, [silent], clock, cache=tmp_path / "other") as feed:
            kept = await feed.history(DOLLAR)
            assert kept.kept_since == NOW
            assert kept.bars.basis == COMPUTED


def figure_query() -> FigureQuery:
    return FigureQuery("currencies-history", NOW)


@asynccontextmanager
async def a_world(
    folder: Path,
    providers: Sequence[ConnectedProvider],
    clock: Clock | None = None,
    would_serve: Callable[[Symbol], str] = lambda _: "",
    cache: Path | None = None,
) -> AsyncIterator[Feed]:
    """A feed over connected providers, those with figures among them."""
    url = f"sqlite+aiosqlite:///{folder / 'feed.db'}"
    clock = clock or Clock()
    these = These(providers, [one for one in providers if one.capabilities.figures])
    async with open_store(url, folder) as store, Jobs() as jobs:
        pool = Pool(these, clock, would_serve)
        figures = FigureCache(pool, cache or folder / "cache", jobs, clock, BUDGET)
        feed = Feed(pool, SeriesCache(pool, figures, CALENDAR, store, jobs, clock), jobs, clock, BUDGET)
        yield feed
        await feed.close()
        assert not jobs.failed


class TestGold:
    async def test_zloty_become_dollars_by_the_rates_of_the_same_day(self, tmp_path: Path) -> None:
        """By hand: 512.34 zloty a gram on 16 November, 4.20 zloty and 1.15 dollars for a euro; no rates on the 17th."""
        nbp = ConnectedProvider(Nbp(BASE), Answering(only_2026))
        ecb = ConnectedProvider(Ecb(BASE), Answering(lambda _: RATES.encode()))
        async with a_world(tmp_path, [nbp, ecb]) as feed:
            found = (await feed.history(GOLD)).bars
            polish = (await feed.history(symbol_of("XAU/PLN"))).bars
        assert [str(day) for day in found.dates] == ["2026-11-16", "2026-11-18"]
        assert found.close.tolist() == [
            pytest.approx(512.34 * 31.1034768 * 1.15 / 4.20),
            pytest.approx(514.2 * 31.1034768 * 1.16 / 4.30),
        ]
        assert (found.currency, found.adjustment, found.provider) == ("USD", "fix", "nbp")
        assert "converted with the ECB's reference rates" in found.basis
        assert (len(polish), polish.currency) == (3, "PLN")
        assert "converted" not in polish.basis

    async def test_without_rates_there_is_no_price(self, tmp_path: Path) -> None:
        nbp = ConnectedProvider(Nbp(BASE), Answering(only_2026))
        async with a_world(tmp_path, [nbp]) as feed:
            with pytest.raises(UserError, match="currencies-history") as caught:
                await feed.history(GOLD)
        assert caught.value.code == "unavailable"

    def test_days_and_currencies_without_rates(self) -> None:
        series = bars("XAU/USD", provider="nbp")
        rates = RateTable(np.array(["2026-11-20"], dtype="datetime64[D]"), {"USD": np.array([1.1])})
        with pytest.raises(UnknownSymbol, match="no reference rates of these days"):
            restated(series, "USD", rates)
        with pytest.raises(UnknownSymbol, match="no reference rates of PLN"):
            restated(series, "PLN", rates)

    def test_before_its_first_price_nobody_is_asked(self) -> None:
        provider = Nbp(BASE)
        assert provider.requests(query(GOLD, start=date(2012, 1, 1), now=datetime(2012, 6, 1, tzinfo=UTC))) == []
        (request,) = provider.requests(query(GOLD, start=date(2012, 1, 1), now=datetime(2013, 2, 1, tzinfo=UTC)))
        assert request.url.endswith("/api/cenyzlota/2013-01-02/2013-02-01/")

    async def test_a_live_quote_is_not_compared_with_a_fixing(self, tmp_path: Path) -> None:
        swissquote = ConnectedProvider(Swissquote(BASE), Answering(lambda _: recorded("quotes/swissquote_good.json")))
        nbp = ConnectedProvider(Nbp(BASE), Answering(only_2026))
        ecb = ConnectedProvider(Ecb(BASE), Answering(lambda _: RATES.encode()))
        async with a_world(tmp_path, [swissquote, nbp, ecb]) as feed:
            await feed.history(GOLD)
            quote = await feed.quote(GOLD)
        assert (quote.price, quote.previous_close, quote.currency) == (4389.5, None, "USD")
        assert quote.basis == "the middle of bid and ask"
        assert quote.unfinished

    async def test_what_is_only_quoted_has_no_history(self, tmp_path: Path) -> None:
        swissquote = ConnectedProvider(Swissquote(BASE), Answering(lambda _: recorded("quotes/swissquote_good.json")))
        async with a_world(tmp_path, [swissquote]) as feed:
            assert (await feed.quote(PLATINUM)).price == 4389.5
            with pytest.raises(UserError, match="no history of XPT/USD here, only the price of now, from swissquote"):
                await feed.history(PLATINUM)


def only_2026(request: Request) -> Response:
    """The recorded prices for the span that holds them; every other span has none."""
    end = request.url.rstrip("/").rpartition("/")[2]
    if end < "2026-11-18":
        return Response(404, b"404 NotFound - Not Found - Brak danych", "text/plain")
    return Response(200, recorded("nbp/good.json"), "application/json")


def yahoo_answer(currency: str, closes: Sequence[float | None], **meta: Any) -> Response:
    content = json.loads(recorded("yahoo/good.json"))
    result = content["chart"]["result"][0]
    size = len(closes)
    result["meta"] |= {"currency": currency, "regularMarketPrice": closes[-1] or closes[0], **meta}
    result["timestamp"] = result["timestamp"][:size]
    columns = {name: list(closes) for name in ("open", "high", "low", "close")}
    result["indicators"]["quote"][0] = {**columns, "volume": [1_000] * size}
    return Response(200, json.dumps(content).encode(), "application/json")


class TestYahoosUnits:
    @pytest.mark.parametrize(
        ("symbol", "told", "currency", "units"),
        [
            ("VOD.L", "GBp", "GBP", 100),
            ("VOD.L", "GBP", "GBP", 1),
            ("NPN.JO", "ZAc", "ZAR", 100),
            ("TEVA.TA", "ILA", "ILS", 100),
            ("NBK.KW", "KWF", "KWD", 1_000),
            ("KC=F", "USX", "USD", 100),
            ("ES=F", "USD", "USD", 1),
            ("^TA35", "ILA", "ILS", 1),
            ("^JALSH", "ZAc", "ZAR", 1),
            ("US10Y", "USD", None, 1),
        ],
    )
    def test_the_answers_own_currency_decides_and_points_of_an_index_stay(
        self, symbol: str, told: str, currency: str | None, units: int
    ) -> None:
        found = Yahoo(BASE).parse(query(symbol_of(symbol)), yahoo_answer(told, [7_340.0, 7_350.0, 7_355.0]))
        assert found.close.tolist() == [7_340.0 / units, 7_350.0 / units, 7_355.0 / units]
        assert found.currency == currency

    def test_two_units_in_one_series_are_refused(self) -> None:
        yahoo = Yahoo(BASE)
        for symbol, told in (("VOD.L", "GBp"), ("KC=F", "USX")):
            with pytest.raises(SuspectSeries, match="pence and in pounds"):
                yahoo.parse(query(symbol_of(symbol)), yahoo_answer(told, [73.4, 73.5, 0.7355]))
        found = yahoo.parse(query(symbol_of("BTC-USD")), yahoo_answer("USD", [73.4, 73.5, 0.7355]))
        assert len(found) == 3, "a coin may fall so far"

    def test_a_series_in_another_unit_than_the_newest_price_is_refused(self) -> None:
        yahoo, asked = Yahoo(BASE), query(VODAFONE)
        with pytest.raises(SuspectSeries, match="pence and in pounds"):
            yahoo.parse(asked, yahoo_answer("GBp", [0.734, 0.735, 0.7355], regularMarketPrice=73.6))
        old = yahoo_answer("GBp", [0.734, 0.735, 0.7355], regularMarketPrice=73.6, regularMarketTime=1_700_000_000)
        assert len(yahoo.parse(asked, old)) == 3, "a price of another time proves nothing"
        none = yahoo_answer("GBp", [73.4, 73.5, 73.55], regularMarketPrice=None)
        assert len(yahoo.parse(asked, none)) == 3

    def test_a_quote_in_two_units_is_refused(self) -> None:
        answer = yahoo_answer("GBp", [73.4], regularMarketPrice=0.734, previousClose=73.5)
        with pytest.raises(SuspectSeries, match="pence"):
            Yahoo(BASE).parse_quote(QuoteQuery(VODAFONE, NOW), answer)

    def test_a_newest_bar_without_prices_is_left_out(self) -> None:
        """GLD of 18 August 2026: volume and no prices."""
        found = Yahoo(BASE).parse(query(symbol_of("GLD")), yahoo_answer("USD", [300.0, 301.0, None]))
        assert found.close.tolist() == [300.0, 301.0]
        assert found.missing == ()

    def test_what_it_has_no_spelling_for_is_not_served(self) -> None:
        yahoo = Yahoo(BASE)
        served = {
            name: yahoo.serves(symbol_of(name))
            for name in (
                "ES=F",
                "ESZ26=F",
                "FDAX=F",
                "US10Y",
                "US2Y",
                "XAU/USD",
                "BTC-EUR",
                "BTC-USDT",
                "VOD.L",
                "^N225",
            )
        }
        assert [name for name, one in served.items() if not one] == ["FDAX=F", "US2Y", "XAU/USD", "BTC-USDT"]
        assert yahoo.basis(TEN_YEARS) == "Cboe's index ^TNX, not the Treasury's par yield"


class TestAlphaVantage:
    def test_pence_become_pounds_by_the_exchange(self) -> None:
        body = recorded("alphavantage/good.json").replace(b'"IWM"', b'"VOD.LON"')
        found = AlphaVantage(BASE, Secret("k")).parse(query(VODAFONE), Response(200, body, "application/json"))
        assert found.close.tolist() == [2.4, 2.3925, 2.415]
        assert (found.currency, found.adjustment) == ("GBP", "raw")

    def test_only_where_the_exchange_tells_the_unit(self) -> None:
        provider = AlphaVantage(BASE, Secret("k"))
        fund = Symbol("ZZZZ.L", "", "unknown", "XLON", "GBP", venue="XLON", unit="GBp", per_major=100)
        assert not provider.serves(fund), "a fund in London may be in dollars"
        served = [
            name
            for name in ("AAPL", "VOD.L", "SAP.DE", "7203.T", "0700.HK", "BHP.AX", "^GSPC", "RELIANCE.BO")
            if provider.serves(symbol_of(name))
        ]
        assert served == ["AAPL", "VOD.L", "SAP.DE", "RELIANCE.BO"]


def test_oil_was_below_zero_and_a_number_that_nothing_can_have_is_refused() -> None:
    """20 April 2020."""
    provider, wti = FredCsv(BASE), symbol_of("WTI")
    asked = query(wti, start=date(2020, 1, 1))
    found = provider.parse(asked, Response(200, b"observation_date,DCOILWTICO\n2020-04-20,-36.98\n2020-04-21,8.91\n"))
    assert found.close.tolist() == [-36.98, 8.91]
    assert (found.adjustment, found.delay, found.currency) == ("raw", "end_of_day", "USD")
    with pytest.raises(ProviderError, match="nothing can have"):
        provider.parse(asked, Response(200, b"observation_date,DCOILWTICO\n2020-04-20,1e15\n"))


class TestWhoServesWhat:
    def test_what_nobody_paid_is_said_by_whoever_serves_it(self, tmp_path: Path) -> None:
        said = {
            (one.declaration.name, symbol.canonical): one().basis(symbol)
            for one in declared()
            for symbols in examples().values()
            for symbol in symbols
            if one().serves(symbol)
        }
        assert said["fred", "WTI"] == said["fred-csv", "BRENT"] == "spot price, published days later"
        assert said["fred", "US10Y"] == "par yield, the Federal Reserve's copy"
        assert said["frankfurter", "^DXY"] == said["ecb", "^DXY"] == COMPUTED
        assert FolderRates(MacroFolder(tmp_path)).basis(DOLLAR) == COMPUTED
        spoken = {provider for (provider, _), basis in said.items() if basis}
        assert spoken == {"treasury", "fred", "fred-csv", "frankfurter", "ecb", "nbp", "swissquote", "yahoo"}
        assert not any(basis.endswith(".") or basis[:1].isspace() for basis in said.values())

    def test_every_market_has_symbols_of_its_kind(self) -> None:
        assert set(examples()) == set(MARKETS)
        for market, symbols in examples().items():
            assert {symbol.kind for symbol in symbols} <= {MARKETS[market][0], "fund"}, market

    def test_the_table_says_how_late_and_who_has_nobody(self) -> None:
        table = market_table(declared())
        assert "| UK shares | – | alphavantage (end of day) | yahoo (0 to 35 minutes) |" in table
        assert "| other government yields | – | – | – |" in table
        assert "swissquote (quotes alone, live)" in table
        by_name = {one.market: [p.declaration.name for p in one.providers] for one in markets(declared())}
        assert by_name["the dollar index"] == ["frankfurter", "ecb", "yahoo"]
        assert by_name["US government yields"] == ["treasury", "fred", "fred-csv", "yahoo"]

    def test_doctor_says_who_serves_a_market_and_what_would(self, tmp_path: Path) -> None:
        config = read_config({"RANGEFINDER_DATA": str(tmp_path), "RANGEFINDER_ALPHAVANTAGE_KEY": "k"})
        lines = coverage_lines(config)
        assert "market UK shares: alphavantage (end of day)" in lines
        assert "market futures: nobody. Yahoo (set RANGEFINDER_YAHOO=on) would have it." in lines
        assert "market other government yields: nobody." in lines

    async def test_what_nobody_serves_names_what_would(self, tmp_path: Path) -> None:
        chain = Chain(read_config({"RANGEFINDER_DATA": str(tmp_path)}), CALENDAR)
        ecb = ConnectedProvider(Ecb(BASE), Answering(lambda _: RATES.encode()))
        async with a_world(tmp_path, [ecb], would_serve=chain.would_serve) as feed:
            with pytest.raises(UserError) as caught:
                await feed.history(VODAFONE)
        assert caught.value.code == "unavailable"
        assert caught.value.message == (
            "There are no prices for VOD.L here. Alpha Vantage (set RANGEFINDER_ALPHAVANTAGE_KEY) or Yahoo "
            "(set RANGEFINDER_YAHOO=on) would have it."
        )
