"""`index RUT`: level or stand-in, states, small against large, sectors where there are any, reconstitution dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from bot.commands import index as command
from bot.commands.declaration import Registry
from bot.commands.reading import parse_context, read_question, read_typed
from bot.desk import Desk
from bot.errors import Unavailable
from bot.market.index import Holding, Holdings
from bot.market.rally import rally_name
from bot.market.ranges import range_name
from bot.providers.figure_cache import Figure
from bot.providers.prices.csv_folder import CsvFolder
from tests.commands.market_desk import ask, ask_json, provider_of, series_of, session_days, walk, with_prices
from tests.market.shared_series import SHARED, needs_shared
from tests.providers.building import BOOK


def change(close: Any, n: int) -> float:
    return 100 * (float(close[-1]) / float(close[-1 - n]) - 1)


def funds(count: int = 400) -> list[Any]:
    return [series_of(name, walk(count, i)) for i, name in enumerate(("IWM", "IWB", "SPY"), 1)]


async def test_all_of_it(desk: Desk, registry: Registry) -> None:
    level = series_of("^RUT", 20 * walk(400, 9), adjustment="index")
    found = await ask_json(with_prices(desk, level, *funds()), registry, "!index RUT")
    data = found["data"]
    assert found["options"] == {"name": "RUT"}
    assert (data["name"], data["symbol"]) == ("Russell 2000", "^RUT")
    assert data["roc"] == {str(n): pytest.approx(change(level.close, n)) for n in (21, 63, 252)}
    assert (data["rally"], data["range"]) == (rally_name(level.close), range_name(level.close))
    small, large = walk(400, 1), {"IWB": walk(400, 2), "SPY": walk(400, 3)}
    expected = {
        (name, n): 100 * ((1 + change(small, n) / 100) / (1 + change(close, n) / 100) - 1)
        for name, close in large.items()
        for n in (21, 63, 252)
    }
    assert {(row["against"], row["periods"]): row["relative_pct"] for row in data["relative"]} == pytest.approx(
        expected
    )
    assert found["freshness"]["stand_in"] is None
    assert data["sectors"] is None
    assert "there is no holdings file" in found["text"]


async def test_the_fund_stands_in(desk: Desk, registry: Registry) -> None:
    found = await ask_json(with_prices(desk, *funds()), registry, "!index russell 2000")
    assert found["data"]["symbol"] == "IWM"
    assert found["freshness"]["stand_in"] == "IWM"
    assert any("IWM stands in" in note for note in found["warnings"])
    assert "IWM, the fund on the Russell 2000, is at" in found["text"]


@pytest.mark.parametrize(
    ("as_of", "dates"),
    [
        (None, ("2025-06-27", "2026-06-26", "2026-06-29", "2026-04-30")),
        ("2018-06-21", ("2017-06-23", "2018-06-22", "2018-06-25", "2018-05-11")),
        ("2018-06-22", ("2017-06-23", "2018-06-22", "2018-06-25", "2018-05-11")),
        ("2018-06-25", ("2018-06-22", "2019-06-28", "2019-07-01", None)),
    ],
)
async def test_reconstitution(desk: Desk, registry: Registry, as_of: str | None, dates: tuple[str | None, ...]) -> None:
    here = with_prices(desk, series_of("IWM", walk(4000)))
    found = await ask_json(here, registry, "!index RUT" + (f" asof:{as_of}" if as_of else ""))
    got = found["data"]["reconstitution"]
    assert tuple(got[name] for name in ("last", "next", "effective", "rank_day")) == dates


async def test_before_the_calendar(desk: Desk, registry: Registry) -> None:
    found = await ask_json(with_prices(desk, series_of("IWM", walk(4200))), registry, "!index RUT asof:2009-12-31")
    assert found["data"]["reconstitution"] is None
    assert any("starts in 2010" in note for note in found["warnings"])


async def test_too_few_bars_gaps_and_missing_funds(desk: Desk, registry: Registry) -> None:
    days = session_days(60, without=["2026-02-17"])
    here = with_prices(desk, series_of("IWM", walk(59), days=days))
    found = await ask_json(here, registry, "!index")
    assert found["ok"]
    assert found["options"] == {}
    assert found["data"]["roc"] == {"21": None, "63": None, "252": None}
    assert found["data"]["relative"] == []
    assert found["data"]["rally"] == "insufficient"
    notes = " ".join(found["warnings"])
    assert "no ROC(21)" in notes
    assert "17 Feb 2026" in notes
    assert "not compared with SPY" in notes


async def test_a_price_below_zero_is_a_missing_one_of_the_fund(desk: Desk, registry: Registry) -> None:
    close = walk(100)
    close[50] = -1.0
    found = await ask_json(with_prices(desk, series_of("IWM", close)), registry, "!index")
    assert None not in (found["data"]["rally"], found["data"]["range"])
    assert any("1 row with a price of zero or less" in note for note in found["warnings"])


async def test_words_for_states(desk: Desk, registry: Registry) -> None:
    import numpy as np

    up = 100 * np.exp(np.cumsum(np.concatenate([np.full(200, -0.006), np.full(120, 0.006)])))
    risen = await ask(with_prices(desk, series_of("IWM", up)), registry, "!index")
    assert any(row.label == "Rally" and row.value.startswith("rally, +") for row in risen.rows)
    wave = 100 * np.exp(0.03 * np.sin(np.arange(400) * np.pi / 10))
    banded = await ask(with_prices(desk, series_of("IWM", wave)), registry, "!index")
    assert any(row.label == "Range" and "between 97.04 and 103.05" in row.value for row in banded.rows)


@dataclass
class Macro:
    held: Holdings | None

    async def holdings(self) -> Figure[Holdings]:
        if self.held is None:
            raise Unavailable("ishares", "unreachable")
        return Figure(self.held, "ishares")


class WithMacro:
    """A desk with macro figures of the test's own."""

    def __init__(self, desk: Desk, macro: Macro) -> None:
        self._desk, self.macro = desk, macro

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)


def lines(*parts: tuple[str, str, float]) -> tuple[Holding, ...]:
    return tuple(Holding("X", "X Corp", sector, kind, 1.0, weight) for sector, kind, weight in parts)


async def test_sectors(desk: Desk, registry: Registry) -> None:
    rows = lines(
        ("Financials", "Equity", 2.0), ("Energy", "Equity", 5.0), ("Financials", "Equity", 4.5), ("", "Cash", 1.0)
    )
    here: Any = WithMacro(with_prices(desk, *funds()), Macro(Holdings("IWM", date(2026, 3, 2), rows)))
    found = await ask_json(here, registry, "!index")
    assert found["data"]["sectors"] == {"Financials": 6.5, "Energy": 5.0}
    assert "Financials 6.5 %, Energy 5.0 % (holdings of IWM on 2 Mar 2026)" in found["text"]
    earlier = await ask_json(here, registry, "!index asof:2026-02-17")
    assert earlier["data"]["sectors"] is None
    none: Any = WithMacro(with_prices(desk, *funds()), Macro(None))
    assert (await ask_json(none, registry, "!index"))["data"]["sectors"] is None


@pytest.mark.parametrize("typed", ["RUT", "the russell", "russell 2000", "^RUT", "r2k", "small caps asof:2020-01-02"])
def test_its_names(desk: Desk, typed: str) -> None:
    call = read_typed(command.index, typed, parse_context(desk))
    assert call.error is None
    assert call.options["name"] == "RUT"


@pytest.mark.parametrize(
    ("typed", "name"),
    [("SPX", "GSPC"), ("the dow", "DJI"), ("ftse 100", "FTSE"), ("nikkei", "N225"), ("^FCHI", "FCHI"), ("cac", "FCHI")],
)
def test_other_indices(desk: Desk, typed: str, name: str) -> None:
    call = read_typed(command.index, typed, parse_context(desk))
    assert call.error is None
    assert call.options["name"] == name


@pytest.mark.parametrize("typed", ["nasdaq", "IWM", "^TWII", "VIX"])
def test_no_facts_of_these(desk: Desk, typed: str) -> None:
    call = read_typed(command.index, typed, parse_context(desk))
    assert call.error is not None
    assert call.error.message.startswith("I explain 18 stock indices (RUT, GSPC, NDX, DJI and others)")


def test_completion(desk: Desk) -> None:
    complete = command.IndexConverter().complete
    assert complete("rus", parse_context(desk))[0] == ("RUT · Russell 2000", "RUT")
    assert complete("footsie", parse_context(desk)) == [("FTSE · FTSE 100", "FTSE")]
    assert len(complete("", parse_context(desk))) == 18


async def test_an_index_with_prices_of_its_own(desk: Desk, registry: Registry) -> None:
    """FTSE: quarterly on third Fridays, so after 4 March 2026 on the 20th, before it on 19 December 2025."""
    found = await ask_json(with_prices(desk, series_of("^FTSE", 9000 * walk(400, 9))), registry, "!index footsie")
    data = found["data"]
    assert (data["name"], data["symbol"], data["sectors"], data["relative"]) == ("FTSE 100", "^FTSE", None, [])
    dates = data["reconstitution"]
    assert (dates["last"], dates["next"], dates["effective"]) == ("2025-12-19", "2026-03-20", "2026-03-23")
    assert (data["facts"]["members"], data["facts"]["read"]) == (100, "2013")
    assert data["facts"]["url"].startswith("http")


async def test_a_fund_stands_in_and_says_what_it_follows(desk: Desk, registry: Registry) -> None:
    reply = await ask(with_prices(desk, series_of("EWU", walk(400, 9))), registry, "!index ftse")
    assert reply.headline.startswith("EWU, a fund on the MSCI United Kingdom, an index near it, is at")
    assert reply.freshness is not None
    assert reply.freshness.stand_in == "EWU"
    exact = await ask(with_prices(desk, series_of("DIA", walk(400, 9))), registry, "!index the dow")
    assert exact.headline.startswith("DIA, a fund on the Dow Jones Industrial Average, is at")


async def test_facts_alone_where_nothing_has_a_price(desk: Desk, registry: Registry) -> None:
    reply = await ask(with_prices(desk, provider_of()), registry, "how many companies are in the dax")
    assert reply.error is None
    assert "40 companies." in reply.headline
    assert reply.data is not None
    assert (reply.data["price"], reply.data["reconstitution"]) == (None, None)
    assert reply.warnings[0].startswith("no level and no states:")
    unknown = await ask(with_prices(desk, provider_of()), registry, "!index hang seng")
    assert unknown.data is not None
    assert unknown.data["facts"]["members"] is None
    assert unknown.data["reconstitution"]["next"].isoformat() == "2026-03-06"
    early = await ask(with_prices(desk, provider_of()), registry, "!index hang seng asof:2005-01-03")
    assert early.data is not None
    assert early.data["reconstitution"] is None


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("how many stocks are in the dax", "GDAXI"),
        ("when is the nasdaq 100 rebalanced?", "NDX"),
        ("how is the s&p 500 weighted", "GSPC"),
        ("what is the ftse 100 made of", "FTSE"),
    ],
)
async def test_facts_are_asked_in_plain_words(desk: Desk, registry: Registry, question: str, name: str) -> None:
    call = read_question(desk, registry, question)
    assert (call.command, call.options["name"]) == ("index", name)


@pytest.mark.parametrize(
    "question", ["how is the s&p 500 doing", "ftse 100 today", "how much has the dax moved in 10 days"]
)
async def test_how_it_does_is_asked_of_its_price(desk: Desk, registry: Registry, question: str) -> None:
    assert read_question(desk, registry, question).command != "index"


def test_every_fact_has_its_source_and_every_fund_its_place() -> None:
    from bot.market.index import index_facts

    assert len(index_facts()) == 17
    for canonical, facts in index_facts().items():
        symbol, fund = BOOK.symbol(canonical), BOOK.symbol(facts.fund)
        assert symbol is not None
        assert symbol.kind == "index"
        assert fund is not None
        assert fund.kind == "fund"
        assert facts.source
        assert re.fullmatch(r"20\d\d(-\d\d)?", facts.read)


async def test_no_prices(desk: Desk, registry: Registry) -> None:
    reply = await ask(with_prices(desk, provider_of()), registry, "!index RUT")
    assert reply.error is not None
    assert reply.error.code == "unknown_symbol"


@needs_shared
async def test_real_series(desk: Desk, registry: Registry) -> None:
    found = await ask_json(with_prices(desk, CsvFolder(SHARED / "data")), registry, "!index RUT asof:2016-12-01")
    assert found["data"]["symbol"] == "IWM"
    assert (found["data"]["rally"], found["data"]["range"]) == ("rally", "trending_up")
