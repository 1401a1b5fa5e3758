"""`scan`: the universe, the order, what is remembered, and that the loop and the answer stay whole while it runs."""

from __future__ import annotations

import asyncio
import csv
import os
import threading
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis import scanning as _scanning
from bot.analysis.ranking import ScanTask
from bot.analysis.scan_cache import BUNDLED, load_universe, read_universe
from bot.analysis.scanning import ScanPool, scan_rows
from bot.commands import scan as command
from bot.commands.declaration import Registry
from bot.commands.reading import parse_context, read_typed
from bot.desk import Caller, Desk
from bot.errors import Unavailable, UserError
from bot.market.scan import ScanRow, scan_one
from bot.providers.prices.csv_folder import CsvFolder
from tests.commands.market_desk import ask, ask_json, provider_of, series_of, session_days, walk, with_prices
from tests.conftest import NOW
from tests.market.shared_series import SHARED, needs_shared
from tests.providers.building import BOOK, Clock


@pytest.fixture
def universe(desk: Desk, tmp_path: Path) -> tuple[Desk, Path]:
    path = tmp_path / "mine.csv"
    path.write_text("symbol,name,kind\nIWM,,\nZZAA,Zaa Corp,stock\nZZBB,Zbb Fund,fund\n")
    return replace(desk, config=attrs.evolve(desk.config, universe=path)), path


def test_the_bundled_universe() -> None:
    with BUNDLED.open() as file:
        rows = list(csv.DictReader(file))
    symbols = [row["symbol"] for row in rows]
    assert len(symbols) == len(set(symbols)) >= 350
    assert all(row["name"] and row["kind"] in {"stock", "fund"} for row in rows)
    assert {"SPY", "IWM", "AAPL", "BRK-B"} <= set(symbols)
    found = load_universe(None, BOOK)
    assert [symbol.canonical for symbol in found] == symbols
    assert all(symbol.calendar == "XNYS" and symbol.currency == "USD" for symbol in found)
    assert all(
        BOOK.symbols[symbol].name == row["name"]
        for symbol, row in zip(symbols, rows, strict=True)
        if symbol in BOOK.symbols
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("IWM\nspy\nIWM\n", ["IWM", "SPY"]),
        ("ticker;name;kind\nBRK.B;;\nQQZZ;Q;fund\nbtc;;crypto\n", ["BRK-B", "QQZZ", "BTC-USD"]),
        ("symbol\nEUR/USD\n^RUT\n", ["EUR/USD", "^RUT"]),
    ],
)
def test_the_operators_own(text: str, names: list[str]) -> None:
    assert [symbol.canonical for symbol in read_universe(text, BOOK)] == names


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("symbol\n=1+1\n", "Line 2 has a formula"),
        ("symbol\nnot a symbol\n", "line 2: I do not know the symbol"),
        ("symbol\n", "it has 0 symbols"),
        ('symbol\n"IWM\n', "a quote does not close"),
        ("x" * (2**20 + 1), "more than 1 MB"),
    ],
)
async def test_a_universe_that_cannot_be_used(
    universe: tuple[Desk, Path], registry: Registry, text: str, says: str
) -> None:
    desk, path = universe
    path.write_text(text)
    reply = await ask(desk, registry, "!scan")
    assert reply.error is not None
    assert reply.error.code == "unavailable"
    assert says in reply.headline


async def test_a_universe_that_is_not_there(universe: tuple[Desk, Path], registry: Registry) -> None:
    desk, path = universe
    path.unlink()
    assert "cannot be read: No such file" in (await ask(desk, registry, "!scan")).headline
    path.write_bytes(b"symbol\n\xff\xfe\n")
    assert "it is not UTF-8 text" in (await ask(desk, registry, "!scan")).headline


async def test_rows_in_order_and_what_failed(universe: tuple[Desk, Path], registry: Registry) -> None:
    closes = {"IWM": walk(400, 1), "ZZAA": walk(400, 2)}
    prices = provider_of(*(series_of(name, close) for name, close in closes.items()), series_of("ZZBB", [-1.0] * 30))
    here = with_prices(universe[0], prices)
    found = await ask_json(here, registry, "!scan 63")
    rows = found["data"]["rows"]
    slow = {name: 100 * (close[-1] / close[-64] - 1) for name, close in closes.items()}
    assert [row["symbol"] for row in rows] == [*sorted(slow, key=lambda name: -slow[name]), "ZZBB"]
    assert rows[0]["roc_pct"] == pytest.approx(max(slow.values()))
    expected = scan_one(closes[rows[0]["symbol"]], 63)
    assert (rows[0]["rally"], rows[0]["range"]) == (expected.rally, expected.range)
    assert rows[2]["roc_pct"] is None
    assert "no answer for 1 symbol: ZZBB" in found["text"].replace("No answer", "no answer")
    assert (found["data"]["by"], found["data"]["periods"]) == ("roc", 63)


async def test_only_what_is_served_is_scanned(desk: Desk, registry: Registry) -> None:
    prices = provider_of(series_of("IWM", walk(300, 1)), series_of("AAPL", walk(300, 2)))
    found = await ask_json(with_prices(desk, prices), registry, "!scan by range")
    assert {row["symbol"] for row in found["data"]["rows"]} == {"IWM", "AAPL"}
    assert set(prices.asked) == {"IWM", "AAPL"}
    assert any("386 symbols of the universe have no prices here" in note for note in found["warnings"])
    nobody = await ask(with_prices(desk, provider_of(series_of("ZZZZ", walk(9)))), registry, "!scan")
    assert nobody.error is not None
    assert nobody.error.code == "unavailable"


async def test_an_outage_is_an_outage(universe: tuple[Desk, Path], registry: Registry) -> None:
    prices = provider_of(*(series_of(name, walk(300)) for name in ("IWM", "ZZAA", "ZZBB")))
    prices.fault = Unavailable("fake", "unreachable")
    reply = await ask(with_prices(universe[0], prices), registry, "!scan")
    assert reply.error is not None
    assert reply.error.code == "unavailable"
    assert "unreachable" in reply.headline


async def test_the_same_bars_again_cost_nothing(
    universe: tuple[Desk, Path], registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[int] = []
    real = _scanning.scan_part

    def counted(part: Any) -> Any:
        computed.append(len(part))
        return real(part)

    monkeypatch.setattr(_scanning, "scan_part", counted)
    clock = Clock(NOW)
    prices = provider_of(*(series_of(name, walk(300, i)) for i, name in enumerate(("IWM", "ZZAA", "ZZBB"))))
    here = with_prices(replace(universe[0], clock=clock), prices)
    first = await ask_json(here, registry, "!scan")
    assert sum(computed) == 3
    clock.forward(minutes=1)
    assert (await ask_json(here, registry, "!scan"))["data"] == first["data"]
    assert sum(computed) == 3
    other = await ask_json(here, registry, "!scan by rally 10")
    assert sum(computed) == 3  # other order, other ROC, the same states
    close = np.asarray(prices.shelf["IWM"].close)  # type: ignore[union-attr]
    roc = {row["symbol"]: row["roc_pct"] for row in other["data"]["rows"]}
    assert roc["IWM"] == pytest.approx(100 * (close[-1] / close[-11] - 1))
    clock.forward(days=1)
    longer = np.append(close, 123.0)
    days = np.append(session_days(300), np.datetime64("2026-03-05"))
    prices.shelf["IWM"] = series_of("IWM", longer, days=days)
    later = await ask_json(here, registry, "!scan")
    assert sum(computed) == 4
    assert {row["symbol"]: row["roc_pct"] for row in later["data"]["rows"]}["IWM"] == pytest.approx(
        100 * (123.0 / longer[-22] - 1)
    )
    assert any("newest bars are of 5 Mar 2026, but of ZZAA" in note for note in later["warnings"])


async def test_a_changed_universe_is_read_again(universe: tuple[Desk, Path], registry: Registry) -> None:
    prices = provider_of(*(series_of(name, walk(300)) for name in ("IWM", "ZZAA", "ZZBB")))
    here = with_prices(universe[0], prices)
    assert len((await ask_json(here, registry, "!scan"))["data"]["rows"]) == 3
    universe[1].write_text("symbol\nIWM\n")
    assert len((await ask_json(here, registry, "!scan"))["data"]["rows"]) == 1


async def test_the_session_of_a_remembered_answer_is_that_of_now(
    universe: tuple[Desk, Path], registry: Registry
) -> None:
    clock = Clock(NOW)
    here = with_prices(
        replace(universe[0], clock=clock), provider_of(*(series_of(n, walk(90)) for n in ("IWM", "ZZAA")))
    )
    assert (await ask_json(here, registry, "!scan"))["freshness"]["session"] == "post"
    clock.forward(hours=6)
    assert (await ask_json(here, registry, "!scan"))["freshness"]["session"] == "closed"
    past = [await ask_json(here, registry, "!scan asof:2026-02-17") for _ in range(2)]
    assert past[0]["data"] == past[1]["data"]
    assert past[1]["freshness"]["as_of"] == "2026-02-17"


async def test_long_lists_show_both_ends(desk: Desk, registry: Registry) -> None:
    names = [symbol.canonical for symbol in load_universe(None, BOOK)[:40]]
    here = with_prices(desk, *(series_of(name, walk(80, i)) for i, name in enumerate(names)))
    found = await ask_json(here, registry, "!scan")
    lines = found["text"].splitlines()
    assert sum(line.split(".")[0].isdigit() for line in lines) == 20
    assert "… 20 more …" in lines
    assert any(line.startswith("40. ") for line in lines)
    assert len(found["data"]["rows"]) == 40


def tasks(count: int) -> list[ScanTask]:
    return [ScanTask(f"S{i}", walk(300, i), 21) for i in range(count)]


def one_by_one(work: list[ScanTask]) -> list[ScanRow]:
    return [scan_one(one.close, one.periods) for one in work]


async def test_work_is_done_off_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: set[int] = set()
    real = _scanning.scan_part

    def watched(part: Any) -> Any:
        threads.add(threading.get_ident())
        assert len(part) == 1
        return real(part)

    monkeypatch.setattr(_scanning, "scan_part", watched)
    rows = await scan_rows(tasks(4))
    assert threading.get_ident() not in threads
    assert rows == one_by_one(tasks(4))


async def pooled(work: list[ScanTask], expected: int) -> list[Any]:
    async with ScanPool(expected, processes=2) as pool:
        for one in work:
            await pool.add(one)
        return await pool.rows()


async def test_many_are_shared_out_to_processes(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "bot")
    work = tasks(60)
    assert await pooled(work, 500) == one_by_one(work)
    assert [vars(record)["fields"]["done"] for record in caplog.records if record.message == "scan"] == [25, 50]


def test_processes_give_way_to_everything_else() -> None:
    with _scanning.open_pool(1) as pool:
        assert pool.submit(os.getpriority, os.PRIO_PROCESS, 0).result() == min(19, os.nice(0) + _scanning.PATIENCE)


async def test_few_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_scanning, "open_pool", None)
    assert await pooled(tasks(30), 30) == one_by_one(tasks(30))


async def test_without_processes_a_thread_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: int) -> None:
        raise OSError

    monkeypatch.setattr(_scanning, "open_pool", none)
    assert await pooled(tasks(60), 500) == one_by_one(tasks(60))


async def test_when_processes_die_a_thread_does_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Dying(ThreadPoolExecutor):
        def submit(self, *_: Any, **__: Any) -> Any:
            future: Future[Any] = Future()
            future.set_exception(BrokenExecutor("a process ended abruptly"))
            return future

    monkeypatch.setattr(_scanning, "open_pool", Dying)
    assert await pooled(tasks(60), 500) == one_by_one(tasks(60))
    assert [record.message for record in caplog.records if "without" in record.message] == ["scan without processes"]


async def test_a_pool_that_takes_no_more_work_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Closed(ThreadPoolExecutor):
        def submit(self, *given: Any, **named: Any) -> Any:
            if self._threads:
                raise BrokenExecutor("a process ended abruptly")
            return super().submit(*given, **named)

    monkeypatch.setattr(_scanning, "open_pool", Closed)
    assert await pooled(tasks(110), 500) == one_by_one(tasks(110))
    assert [record.message for record in caplog.records if "without" in record.message] == ["scan without processes"]


async def test_other_work_goes_on_while_bars_are_gathered(universe: tuple[Desk, Path], registry: Registry) -> None:
    names = [f"Q{chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(60)]
    universe[1].write_text("symbol\n" + "\n".join(names))
    here = with_prices(universe[0], *(series_of(name, walk(70)) for name in names))
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.ensure_future(others())  # noqa: TID251  a bystander, cancelled below
    reply = await ask(here, registry, "!scan")
    other.cancel()
    assert reply.ok
    assert turns > 60


@given(st.lists(st.floats(1, 1e4), min_size=0, max_size=30))
async def test_short_series_never_raise(closes: list[float]) -> None:
    rows = await scan_rows([ScanTask("X", np.array(closes), 21)])
    assert (rows[0].error == "too_little_history") == (len(closes) <= 21)


def test_until_then_nothing_can_change() -> None:
    from bot.analysis.scan_cache import ScanCache, ScanQuestion
    from bot.render.reply import Reply

    cache, reply = ScanCache(), Reply("", "")
    questions = [ScanQuestion(i, "roc", 21, None) for i in range(20)]
    for question in questions:
        cache.keep(question, reply, NOW + timedelta(minutes=1))
    assert cache.answer(questions[0], NOW) is None  # only the last 16 are kept
    assert cache.answer(questions[-1], NOW) is reply
    assert cache.answer(questions[-1], NOW + timedelta(minutes=1)) is None


@needs_shared
async def test_real_series(desk: Desk, registry: Registry) -> None:
    found = await ask_json(with_prices(desk, CsvFolder(SHARED / "data")), registry, "!scan asof:2017-11-10")
    assert {row["symbol"] for row in found["data"]["rows"]} == {
        *("IWM", "SPY", "IWB", "QQQ", "MTUM", "QUAL", "SIZE", "USMV", "VLUE")
    }


def test_a_bad_row_of_a_universe_is_named() -> None:
    with pytest.raises(UserError, match="line 3"):
        read_universe("symbol\nIWM\n???\n", BOOK)


async def test_a_long_scan_tells_how_far_it_has_come(desk: Desk, registry: Registry, tmp_path: Path) -> None:
    names = [f"Z{chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(60)]
    own = tmp_path / "own.csv"
    own.write_text("symbol,name,kind\n" + "".join(f"{name},{name},stock\n" for name in names))
    here = with_prices(desk, provider_of(*(series_of(name, walk(80, i)) for i, name in enumerate(names))))
    here = replace(here, config=attrs.evolve(here.config, universe=own))
    told: list[str] = []
    entry = registry.get("scan")
    assert entry is not None
    await entry.run(here, Caller(tell=told.append))
    assert told == ["prices of 25 of 60 symbols are here", "prices of 50 of 60 symbols are here"]


def listed(desk: Desk, typed: str) -> Any:
    return read_typed(command.scan, typed, parse_context(desk))


@pytest.mark.parametrize(
    ("typed", "name", "periods"),
    [
        ("sectors", "sectors", 21),
        ("S&P 500 sectors", "sectors", 21),
        ("nasdaq 100", "nasdaq", 21),
        ("nasdaq 100 63", "nasdaq", 63),
        ("by rally europe large", "europe", 21),
        ("the world indices 10", "indices", 10),
        ("crypto majors", "crypto", 21),
        ("this server", "server", 21),
        ("63", None, 63),
    ],
)
def test_lists_go_by_their_names(desk: Desk, typed: str, name: str | None, periods: int) -> None:
    call = listed(desk, typed)
    assert call.error is None
    assert call.options.get("universe") == name
    assert call.options.get("periods", 21) == periods


def test_names_of_no_list(desk: Desk) -> None:
    unknown, several = listed(desk, "moon stocks").error, listed(desk, "us japan").error
    assert unknown is not None
    assert unknown.message.startswith("I have no list “moon”. There are sectors, us, nasdaq, europe, japan")
    assert several is not None
    assert several.message == "One list at a time, please; I read us and japan."


def test_names_of_lists_are_completed(desk: Desk) -> None:
    complete = command.ListConverter().complete
    assert complete("jap", parse_context(desk)) == [("japan · large Japanese shares (25)", "japan")]
    assert complete("ser", parse_context(desk)) == [("server · this server's own list", "server")]
    assert len(complete("", parse_context(desk))) == 9


def test_every_list_is_of_symbols_of_the_book() -> None:
    from bot.analysis.scan_cache import scan_lists

    for one in scan_lists().values():
        assert len(one.symbols) == len(set(one.symbols)) > 10
        found = [BOOK.symbol(canonical) for canonical in one.symbols]
        assert [symbol.canonical for symbol in found if symbol is not None] == list(one.symbols)
        assert one.source


async def test_a_list_is_scanned_and_says_what_it_was_chosen_by(desk: Desk, registry: Registry) -> None:
    series = [series_of(name, walk(300, seed)) for seed, name in enumerate(("XLK", "XLE", "IWM"))]
    here = with_prices(desk, *series)
    found = await ask_json(here, registry, "!scan sectors")
    assert found["data"]["universe"] == "sectors"
    assert {row["symbol"] for row in found["data"]["rows"]} >= {"XLK", "XLE"}
    assert "IWM" not in {row["symbol"] for row in found["data"]["rows"]}
    reply = await ask(here, registry, "!scan sectors")
    assert any("eleven Select Sector SPDR funds" in row.value for row in reply.more)
    assert reply.title.startswith("Scan of S&P 500 sectors")
    own = await ask(here, registry, "!scan server")
    assert own.error is not None
    assert "RANGEFINDER_UNIVERSE" in own.error.message
