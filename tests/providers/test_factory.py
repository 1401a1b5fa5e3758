"""Which providers a configuration means, and that a bot that is only asked for terms loads none of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import Config, read_config
from bot.errors import StartupError
from bot.jobs import Jobs
from bot.providers.factory import Chain, could_add, open_feed
from bot.store.store import open_store
from tests.providers.building import CALENDAR, EURUSD, IWM, RUT, Clock

KEYS = {
    "RANGEFINDER_TIINGO_KEY": "t-key",
    "RANGEFINDER_TWELVEDATA_KEY": "d-key",
    "RANGEFINDER_ALPACA_KEY": "a-key",
    "RANGEFINDER_ALPACA_SECRET": "a-secret",
    "RANGEFINDER_YAHOO": "on",
}
KEYLESS = ["frankfurter", "ecb", "nasdaq", "cboe", "kraken", "binance"]


def config(folder: Path, **environment: str) -> Config:
    return read_config({"RANGEFINDER_DATA": str(folder), **environment})


def names(chain: Chain) -> tuple[list[str], list[str]]:
    opened = chain.open()
    return [p.name for p in opened.prices], [p.name for p in opened.fixes]


def test_without_anything_set(tmp_path: Path) -> None:
    assert names(Chain(config(tmp_path), CALENDAR)) == (KEYLESS, ["frankfurter", "ecb"])


async def test_with_every_key_and_yahoo(tmp_path: Path) -> None:
    chain = Chain(config(tmp_path, **KEYS), CALENDAR)
    keyed = ["tiingo", "twelvedata", "alpaca"]
    assert names(chain)[0] == [*KEYLESS[:2], *keyed, *KEYLESS[2:], "yahoo"]
    assert len(chain.opened) == 2
    for connection in chain.opened:
        await connection.close()
    text = repr(chain.open()) + repr(config(tmp_path, **KEYS))
    assert not any(key in text for key in KEYS.values() if "-" in key)


def test_a_folder_the_demo_and_offline_stand_alone(tmp_path: Path) -> None:
    csv = {"RANGEFINDER_PRICES": f"csv:{tmp_path}"}
    assert names(Chain(config(tmp_path, **csv), CALENDAR)) == (["csv"], ["csv"])
    assert names(Chain(config(tmp_path, RANGEFINDER_DEMO="on"), CALENDAR)) == (["demo"], ["demo"])
    assert names(Chain(config(tmp_path, RANGEFINDER_OFFLINE="on"), CALENDAR)) == ([], [])


def test_a_macro_folder_has_the_reference_rates(tmp_path: Path) -> None:
    macro = {"RANGEFINDER_MACRO": str(tmp_path)}
    csv = {"RANGEFINDER_PRICES": f"csv:{tmp_path}"}
    assert names(Chain(config(tmp_path, **macro, **csv), CALENDAR)) == (["csv"], ["ecb"])
    offline = names(Chain(config(tmp_path, **macro, RANGEFINDER_OFFLINE="on"), CALENDAR))
    assert offline == (["ecb"], ["ecb"])
    assert names(Chain(config(tmp_path, **macro), CALENDAR))[0] == ["ecb", *KEYLESS[2:]]


def test_what_could_be_added(tmp_path: Path) -> None:
    assert len(could_add(config(tmp_path))) == 4
    assert could_add(config(tmp_path, **KEYS)) == ()
    assert "RANGEFINDER_TIINGO_KEY" in could_add(config(tmp_path))[0]


async def test_opening_and_closing_with_the_demo(tmp_path: Path) -> None:
    settings = config(tmp_path, RANGEFINDER_DEMO="on")
    async with (
        open_store(settings.database_url, settings.data_dir) as store,
        Jobs() as jobs,
        open_feed(settings, store, jobs, Clock()) as feed,
    ):
        found = await feed.history(IWM, stand_in=None)
        assert (found.bars.provider, found.bars.adjustment) == ("demo", "simulated")
        assert (await feed.history(RUT, stand_in=IWM)).stand_in is None
        assert (await feed.reference(EURUSD)).bars.adjustment == "simulated"
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
        open_feed(settings, store, jobs, Clock()) as feed,
    ):
        with pytest.raises(Exception, match="cannot be reached"):
            await feed.history(IWM)
        assert list(feed.states) == KEYLESS


def test_yahoo_without_its_extra_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "curl_cffi", None)
    monkeypatch.delitem(sys.modules, "bot.providers.browser", raising=False)
    with pytest.raises(StartupError, match="pip install"):
        Chain(config(tmp_path, RANGEFINDER_YAHOO="on"), CALENDAR).open()


def test_importing_the_feed_and_the_store_loads_nothing_heavy() -> None:
    heavy = ("numpy", "pandas", "sqlalchemy", "alembic", "exchange_calendars", "aiohttp", "curl_cffi", "rapidfuzz")
    code = (
        "import sys, bot.providers.feed, bot.providers.factory, bot.store.store\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
