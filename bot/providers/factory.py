"""Which providers a configuration means, in the order they are asked; opened and closed here.

Every file under `prices/` and `macro/` that declares a provider is walked: adding one takes that file alone.
"""

from __future__ import annotations

import pkgutil
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.config import Config, ProviderVariable
from bot.errors import one_of
from bot.files import remove_leftovers
from bot.jobs import Jobs
from bot.market.symbols import Symbol, SymbolBook
from bot.providers.calendar import Calendar
from bot.providers.contract import Provider, RemoteProvider, Transport
from bot.providers.coverage import markets, named
from bot.providers.feed import Feed
from bot.providers.figure_cache import FigureCache
from bot.providers.macro.feed import FolderFeed, MacroFeed, NetworkFeed
from bot.providers.pool import Pool
from bot.providers.series_cache import SeriesCache

if TYPE_CHECKING:
    from bot.providers.http import ConnectedProvider
    from bot.providers.macro.folder import MacroFolder
    from bot.providers.tables.folder import PriceFiles
    from bot.store.store import Store

FOLDERS = ("bot.providers.prices", "bot.providers.macro")


class _Connection(Transport, Protocol):
    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Feeds:
    """What commands ask: prices, and macro and currency figures."""

    prices: Feed
    macro: MacroFeed


@asynccontextmanager
async def open_feeds(
    config: Config, store: Store, jobs: Jobs, clock: Callable[[], datetime], symbols: SymbolBook | None = None
) -> AsyncIterator[Feeds]:
    """The feeds of this configuration; their connections are opened when first needed and closed at the end.

    `symbols` tells which symbols the files of a price folder are, where they are spelt otherwise.

    Raises StartupError when a folder that they read is not there.
    """
    remove_leftovers(config.data_dir, clock())
    remove_leftovers(config.cache_dir, clock())
    calendar = Calendar(config.cache_dir)
    chain = Chain(config, calendar, symbols)
    pool = Pool(chain, clock, chain.would_serve)
    figures = FigureCache(pool, config.cache_dir, jobs, clock, config.price_budget)
    series = SeriesCache(pool, figures, calendar, store, jobs, clock)
    feed = Feed(pool, series, jobs, clock, config.price_budget)
    macro = NetworkFeed(pool, figures, clock) if chain.folder is None else FolderFeed(chain.folder, clock)
    try:
        yield Feeds(feed, macro)
    finally:
        await feed.close()
        for connection in chain.connections:
            await connection.close()


def declared() -> tuple[type[RemoteProvider], ...]:
    """Every provider that a file declares, in the order they are asked. Loads them all, and numpy with them."""
    found: list[type[RemoteProvider]] = []
    for folder in map(import_module, FOLDERS):
        for module in pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."):
            members = getmembers(import_module(module.name), isclass)
            found += [one for _, one in members if one.__module__ == module.name and issubclass(one, RemoteProvider)]
    return tuple(sorted(found, key=lambda one: one.declaration.order))


def is_on(provider: type[RemoteProvider], config: Config) -> bool:
    """Whether a configuration has all of a provider's keys, and its consent where it is optional."""
    declaration = provider.declaration
    if declaration.optional and not config.consents.get(declaration.name):
        return False
    return all(config.keys.get(name) for name in declaration.key_names)


def could_add(config: Config) -> tuple[str, ...]:
    """What an operator may set to improve the answers, one sentence each."""
    found: list[str] = []
    for provider in declared():
        about = provider.declaration
        if not is_on(provider, config):
            found.append(f"Set {_settings(provider)} to add {about.title} ({about.terms}): {about.covers}.")
    return tuple(found)


def coverage_lines(config: Config) -> list[str]:
    """For each market who serves it with this configuration and how late, else what would."""
    found: list[str] = []
    for one in markets(declared()):
        on = one.those(lambda provider: is_on(provider, config))
        would = would_add(one.those(lambda provider: not is_on(provider, config)))
        found.append(f"market {one.market}: {named(on) or f'nobody. {would}'.strip()}")
    return found


def would_add(providers: Iterable[type[RemoteProvider]]) -> str:
    """Which settings would bring providers that are off: a sentence, "" for none."""
    told = [f"{one.declaration.title} (set {_settings(one)})" for one in providers]
    return f"{one_of(told)} would have it." if told else ""


def _settings(provider: type[RemoteProvider]) -> str:
    """What to set for a provider that is off."""
    names = [one.name for one in variables_of(provider) if not one.name.endswith("_URL")]
    return " and ".join(f"{name}=on" if provider.declaration.optional else name for name in names)


def variables_of(provider: type[RemoteProvider]) -> tuple[ProviderVariable, ...]:
    """The variables of the environment that concern a provider."""
    about = provider.declaration
    rows = [ProviderVariable(about.name, "url", about.address, f"{about.title}: where it is asked.")]
    for key in about.keys:
        doc = f"{about.title}: {about.covers} ({about.terms})." if key == "key" else f"The {key} of that key."
        rows.append(ProviderVariable(about.name, key, "", doc))
    if about.optional:
        doc = f"on asks {about.title}, too ({about.terms})."
        rows.append(ProviderVariable(about.name, "", "off", doc))
    return tuple(rows)


def provider_table() -> str:
    """The README's table of providers, in the order they are asked."""
    lines = ["| Provider | What it has | Set |", "|---|---|---|"]
    for provider in declared():
        about = provider.declaration
        names = [f"`{one.name}`" for one in variables_of(provider) if not one.name.endswith("_URL")]
        told = ", ".join(names) + (f": {about.terms}" if about.terms else "") if names else about.terms or "nothing"
        lines.append(f"| `{about.name}` | {about.covers} | {told} |")
    return "\n".join(lines)


class Chain:
    """The providers of one configuration, loaded when first needed; `connections` are those that they came to need.

    Raises StartupError when the price folder or the macro folder is not there, or the index of prices is no table.
    """

    def __init__(self, config: Config, calendar: Calendar, symbols: SymbolBook | None = None) -> None:
        self._config = config
        self._files: PriceFiles | None = None
        if config.prices:
            from bot.providers.tables.folder import PriceFiles

            self._files = PriceFiles(Path(config.prices.removeprefix("csv:")), symbols)
        self._calendar = calendar
        self.connections: list[_Connection] = []
        self.folder: MacroFolder | None = None
        if config.macro is not None:
            from bot.providers.macro.folder import MacroFolder

            self.folder = MacroFolder(config.macro)

    def would_serve(self, symbol: Symbol) -> str:
        """Which settings would bring a provider that has a symbol: a sentence, "" where none would."""
        if self._files is not None or not self.network:
            return ""
        return would_add(one for one in declared() if not is_on(one, self._config) and one().serves(symbol))

    @property
    def network(self) -> bool:
        """Whether the network's providers may be asked for figures."""
        return not (self._config.offline or self._config.demo)

    @cached_property
    def prices(self) -> Sequence[Provider]:
        """A folder alone, the demo alone, or the network's providers in order; none when offline."""
        config = self._config
        if self._files is not None:
            from bot.providers.prices.csv_folder import CsvFolder

            return [CsvFolder(self._files)]
        if config.demo:
            from bot.providers.prices.demo import Demo

            return [Demo(self._calendar)]
        remote: list[Provider] = [one for one in self.remote if one.capabilities.kinds] if self.network else []
        if self.folder is None:
            return remote
        from bot.providers.macro.folder import FolderRates

        return [FolderRates(self.folder), *(one for one in remote if "currencies" not in one.capabilities.figures)]

    @cached_property
    def figures(self) -> Sequence[ConnectedProvider]:
        """The network's providers of figures in order; without a network they only read what was kept."""
        return [one for one in self.remote if one.capabilities.figures]

    @cached_property
    def remote(self) -> list[ConnectedProvider]:
        """The network's providers that this configuration switches on."""
        from bot.providers.bad_replies import BadReplies
        from bot.providers.http import ConnectedProvider, Http

        config = self._config
        on = [one for one in declared() if is_on(one, config)]
        addresses = {one.declaration.name: config.addresses.get(one.declaration.name, "") for one in on}
        remote = [
            one(addresses[one.declaration.name], *(config.keys[name] for name in one.declaration.key_names))
            for one in on
        ]
        plain = Http([one.base_url for one in remote], config.provider_timeout, proxy_of=config.proxy_of)
        self.connections.append(plain)
        browser = self._browser([one.base_url for one in remote if one.declaration.browser])
        bad = BadReplies(config.replies_dir) if config.keep_bad_replies else None
        return [
            ConnectedProvider(one, browser if browser and one.declaration.browser else plain, bad) for one in remote
        ]

    def _browser(self, addresses: Sequence[str]) -> _Connection | None:
        """What sends as a browser does, where a provider needs it. Raises StartupError without its extra."""
        if not addresses:
            return None
        from bot.providers.browser import BrowserHttp

        browser = BrowserHttp(addresses, self._config.provider_timeout, self._config.proxy_of)
        self.connections.append(browser)
        return browser
