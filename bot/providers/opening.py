"""Which providers a configuration means, in the order they are asked; opened and closed here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.config import Config
from bot.errors import StartupError
from bot.jobs import Jobs
from bot.market.symbols import SymbolBook
from bot.providers.asking import Opened
from bot.providers.calendar import Calendar
from bot.providers.feed import Feed
from bot.providers.provider import Provider

if TYPE_CHECKING:
    from bot.providers.http import Http
    from bot.store.store import Store


class _Closes(Protocol):
    async def close(self) -> None: ...


@asynccontextmanager
async def open_feed(
    config: Config, store: Store, jobs: Jobs, clock: Callable[[], datetime], symbols: SymbolBook | None = None
) -> AsyncIterator[Feed]:
    """A feed for this configuration; its connections are opened when first needed and closed at the end.

    `symbols` tells which symbols the files of a price folder are, where they are spelt otherwise.

    Raises StartupError when the price folder is not there.
    """
    calendar = Calendar(config.data_dir)
    chain = Chain(config, calendar, symbols)
    feed = Feed(chain.open, calendar, store, jobs, clock, config.price_budget)
    try:
        yield feed
    finally:
        await feed.close()
        for connection in chain.opened:
            await connection.close()


def could_add(config: Config) -> tuple[str, ...]:
    """What an operator may set to improve the prices, one sentence each."""
    missing = [
        (config.tiingo_key, "RANGEFINDER_TIINGO_KEY", "Tiingo (free key): US shares and funds, whole history"),
        (
            config.twelvedata_key,
            "RANGEFINDER_TWELVEDATA_KEY",
            "Twelve Data (free key): also indices, currencies, coins",
        ),
        (
            config.alpaca_key,
            "RANGEFINDER_ALPACA_KEY and _SECRET",
            "Alpaca (free key): US shares and funds, 200 a minute",
        ),
    ]
    found = [f"Set {name} to add {what}." for value, name, what in missing if not value]
    if not config.yahoo:
        found.append("Set RANGEFINDER_YAHOO=on to add Yahoo (personal use): indices such as ^RUT themselves.")
    return tuple(found)


class Chain:
    """The providers of one configuration; `opened` are the connections they came to need.

    Raises StartupError when the price folder is not there.
    """

    def __init__(self, config: Config, calendar: Calendar, symbols: SymbolBook | None = None) -> None:
        folder = config.prices.removeprefix("csv:")
        if folder and not Path(folder).expanduser().is_dir():
            raise StartupError([f"the price folder {folder} does not exist"])
        self._config = config
        self._calendar = calendar
        self._symbols = symbols
        self.opened: list[_Closes] = []

    def open(self) -> Opened:
        """Both lists; what a provider needs is loaded now."""
        return Opened(self.prices, self.fixes)

    @cached_property
    def prices(self) -> Sequence[Provider]:
        """A folder alone, the demo alone, or the network's providers in order; none when offline."""
        config = self._config
        if config.prices:
            from bot.providers.prices.csv_folder import CsvFolder

            return [CsvFolder(Path(config.prices.removeprefix("csv:")), self._symbols)]
        if config.demo:
            from bot.providers.prices.demo import Demo

            return [Demo(self._calendar)]
        return [*self.fixes, *([] if config.offline else self._market())]

    @cached_property
    def fixes(self) -> Sequence[Provider]:
        """Who has reference rates: the macro folder where one is set, else the price folder or demo, else the banks."""
        config = self._config
        if config.macro is not None:
            from bot.providers.prices.ecb import EcbFolder

            return [EcbFolder(config.macro)]
        if config.prices or config.demo:
            return self.prices
        return [] if config.offline else self._banks()

    @cached_property
    def _http(self) -> Http:
        from bot.providers.http import Http

        config = self._config
        addresses = (
            config.nasdaq_url, config.cboe_url, config.tiingo_url, config.twelvedata_url, config.alpaca_url,
            config.kraken_url, config.binance_url, config.frankfurter_url, config.ecb_url,
        )  # fmt: skip
        http = Http(addresses, config.provider_timeout)
        self.opened.append(http)
        return http

    def _banks(self) -> list[Provider]:
        from bot.providers.http import HttpProvider
        from bot.providers.prices.ecb import Ecb, EcbProvider
        from bot.providers.prices.frankfurter import Frankfurter

        config = self._config
        return [
            HttpProvider(Frankfurter(config.frankfurter_url), self._http),
            EcbProvider(Ecb(config.ecb_url), self._http),
        ]

    def _market(self) -> list[Provider]:
        """Those with a key, then the keyless ones, then Yahoo where it is switched on."""
        from bot.providers.http import HttpProvider
        from bot.providers.prices.binance import Binance
        from bot.providers.prices.cboe import Cboe
        from bot.providers.prices.kraken import Kraken
        from bot.providers.prices.nasdaq import Nasdaq

        config, http = self._config, self._http
        keyless = (
            Nasdaq(config.nasdaq_url),
            Cboe(config.cboe_url),
            Kraken(config.kraken_url),
            Binance(config.binance_url),
        )
        chain = [*self._keyed(), *(HttpProvider(source, http) for source in keyless)]
        if config.yahoo:
            from bot.providers.browser import BrowserHttp
            from bot.providers.prices.yahoo import Yahoo

            browser = BrowserHttp([config.yahoo_url], config.provider_timeout)
            self.opened.append(browser)
            chain.append(HttpProvider(Yahoo(config.yahoo_url), browser))
        return chain

    def _keyed(self) -> list[Provider]:
        from bot.providers.http import HttpProvider

        config, chain = self._config, list[Provider]()
        if config.tiingo_key:
            from bot.providers.prices.tiingo import Tiingo

            chain.append(HttpProvider(Tiingo(config.tiingo_url, config.tiingo_key), self._http))
        if config.twelvedata_key:
            from bot.providers.prices.twelvedata import TwelveData

            chain.append(HttpProvider(TwelveData(config.twelvedata_url, config.twelvedata_key), self._http))
        if config.alpaca_key and config.alpaca_secret:
            from bot.providers.prices.alpaca import Alpaca

            source = Alpaca(config.alpaca_url, config.alpaca_key, config.alpaca_secret)
            chain.append(HttpProvider(source, self._http))
        return chain
