"""Which providers a configuration means, and that a bot that is only asked for terms loads none of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import Config, read_config
from bot.errors import StartupError
from bot.jobs import Jobs
from bot.providers.factory import Chain, could_add, open_feeds
from bot.store.store import open_store
from tests.providers.building import CALENDAR, EURUSD, IWM, RUT, Clock

KEYS = {
    "RANGEFINDER_TIINGO_KEY": "t-hunter2",
    "RANGEFINDER_TWELVEDATA_KEY": "d-hunter2",
    "RANGEFINDER_ALPACA_KEY": "a-hunter2",
    "RANGEFINDER_ALPACA_SECRET": "a-hunter3",
    "RANGEFINDER_FRED_KEY": "f-hunter2",
    "RANGEFINDER_YAHOO": "on",
}
FIGURES = ["frankfurter", "ecb", "newyorkfed", "newyorkfed-rates", "richmondfed", "fred-csv", "ishares"]
KEYLESS = ["frankfurter", "ecb", "nasdaq", "cboe", "kraken", "binance", "fred-csv"]


def config(folder: Path, **environment: str) -> Config:
    return read_config({"RANGEFINDER_DATA": str(folder), **environment})


KNOWN = {*FIGURES, *KEYLESS, "tiingo", "twelvedata", "alpaca", "yahoo", "fred", "csv", "demo"}


def names(chain: Chain) -> tuple[list[str], list[str]]:
    """Whom a configuration means, of those that are known here: a new provider's place is said in its own file."""
    return [p.name for p in chain.prices if p.name in KNOWN], [p.name for p in chain.figures if p.name in KNOWN]


async def test_without_anything_set(tmp_path: Path) -> None:
    assert names(Chain(config(tmp_path), CALENDAR)) == (KEYLESS, FIGURES)


async def test_with_every_key_and_yahoo(tmp_path: Path) -> None:
    chain = Chain(config(tmp_path, **KEYS), CALENDAR)
    keyed = ["tiingo", "twelvedata", "alpaca"]
    assert names(chain)[0] == [*KEYLESS[:2], *keyed, *KEYLESS[2:-1], "fred", "fred-csv", "yahoo"]
    assert names(chain)[1] == [*FIGURES[:5], "fred", *FIGURES[5:]]
    assert len(chain.connections) == 2
    for connection in chain.connections:
        await connection.close()
    text = repr(chain.prices) + repr(config(tmp_path, **KEYS))
    assert not any(key in text for key in KEYS.values() if "-" in key)


async def test_a_folder_and_the_demo_stand_alone_and_offline_asks_nobody(tmp_path: Path) -> None:
    folder = Chain(config(tmp_path, RANGEFINDER_PRICES=f"csv:{tmp_path}"), CALENDAR)
    assert (*names(folder), folder.network) == (["csv"], FIGURES, True)
    for setting, prices in (("RANGEFINDER_DEMO", ["demo"]), ("RANGEFINDER_OFFLINE", [])):
        chain = Chain(config(tmp_path, **{setting: "on"}), CALENDAR)
        assert (names(chain)[0], chain.network) == (prices, False)


async def test_a_macro_folder_has_the_reference_rates(tmp_path: Path) -> None:
    macro = {"RANGEFINDER_MACRO": str(tmp_path)}
    csv = {"RANGEFINDER_PRICES": f"csv:{tmp_path}"}
    assert names(Chain(config(tmp_path, **macro, **csv), CALENDAR)) == (["csv"], FIGURES)
    offline = Chain(config(tmp_path, **macro, RANGEFINDER_OFFLINE="on"), CALENDAR)
    assert names(offline)[0] == ["ecb"]
    assert names(Chain(config(tmp_path, **macro), CALENDAR))[0] == ["ecb", *KEYLESS[2:]]


def test_folders_that_are_not_there_stop_the_start(tmp_path: Path) -> None:
    for setting in ({"RANGEFINDER_PRICES": f"csv:{tmp_path / 'x'}"}, {"RANGEFINDER_MACRO": str(tmp_path / "x")}):
        with pytest.raises(StartupError, match="does not exist"):
            Chain(config(tmp_path, **setting), CALENDAR)


def hints(folder: Path, **environment: str) -> dict[str, str]:
    """What could be added, by the first variable to set, of what is known here."""
    found = {hint.split()[1]: hint for hint in could_add(config(folder, **environment))}
    return {name: hint for name, hint in found.items() if name.removesuffix("=on") in KEYS}


def test_what_could_be_added(tmp_path: Path) -> None:
    found = hints(tmp_path)
    assert list(found) == [
        "RANGEFINDER_TIINGO_KEY", "RANGEFINDER_TWELVEDATA_KEY", "RANGEFINDER_ALPACA_KEY", "RANGEFINDER_FRED_KEY",
        "RANGEFINDER_YAHOO=on",
    ]  # fmt: skip
    both = "RANGEFINDER_ALPACA_KEY and RANGEFINDER_ALPACA_SECRET to add Alpaca (free key"
    assert both in found["RANGEFINDER_ALPACA_KEY"]
    assert "RANGEFINDER_ALPACA_KEY" in hints(tmp_path, RANGEFINDER_ALPACA_KEY="a"), "one of two is none"
    assert hints(tmp_path, **KEYS) == {}


async def test_opening_and_closing_with_the_demo(tmp_path: Path) -> None:
    settings = config(tmp_path, RANGEFINDER_DEMO="on")
    async with (
        open_store(settings.database_url, settings.data_dir) as store,
        Jobs() as jobs,
        open_feeds(settings, store, jobs, Clock()) as feeds,
    ):
        feed = feeds.prices
        found = await feed.history(IWM, stand_in=None)
        assert (found.bars.provider, found.bars.adjustment) == ("demo", "simulated")
        assert (await feed.history(RUT, stand_in=IWM)).stand_in is None
        assert (await feed.history(EURUSD)).bars.adjustment == "simulated"
        assert (await feed.quote(IWM)).delay == "simulated"


async def test_connections_are_closed(tmp_path: Path) -> None:
    """Opened when first needed, closed at the end: a forgotten session would warn, and warnings are errors."""
    settings = config(
        tmp_path,
        RANGEFINDER_NASDAQ_URL="http://127.0.0.1:9",
        RANGEFINDER_CBOE_URL="http://127.0.0.1:9",
        RANGEFINDER_FRANKFURTER_URL="http://127.0.0.1:9",
    )
    async with (
        open_store(settings.database_url, settings.data_dir) as store,
        Jobs() as jobs,
        open_feeds(settings, store, jobs, Clock()) as feeds,
    ):
        with pytest.raises(Exception, match="cannot be reached"):
            await feeds.prices.history(IWM)
        assert [name for name in feeds.prices.states if name in KNOWN] == KEYLESS


async def test_yahoo_without_its_extra_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "curl_cffi", None)
    monkeypatch.delitem(sys.modules, "bot.providers.browser", raising=False)
    with pytest.raises(StartupError, match="pip install"):
        list(Chain(config(tmp_path, RANGEFINDER_YAHOO="on"), CALENDAR).prices)


def test_importing_the_feed_and_the_store_loads_nothing_heavy() -> None:
    heavy = ("numpy", "pandas", "sqlalchemy", "alembic", "exchange_calendars", "aiohttp", "curl_cffi", "rapidfuzz")
    code = (
        "import sys, bot.providers.feed, bot.providers.factory, bot.store.store\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
