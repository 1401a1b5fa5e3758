"""Which providers a configuration means, in the order they are asked; opened and closed here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.config import Config
from bot.jobs import Jobs
from bot.prices.calendar import Calendar
from bot.prices.feed import Feed
from bot.prices.provider import Provider

if TYPE_CHECKING:
    from bot.store.store import Store


class _Closes(Protocol):
    async def close(self) -> None: ...


@asynccontextmanager
async def open_feed(
    config: Config, store: Store, jobs: Jobs, clock: Callable[[], datetime]
) -> AsyncIterator[Feed]:
    """A feed for this configuration; its connections are opened when first needed and closed at the end."""
    calendar = Calendar(config.data_dir)
    opened: list[_Closes] = []
    try:
        yield Feed(lambda: providers(config, calendar, opened), calendar, store, jobs, clock, config.price_budget)
    finally:
        for connection in opened:
            await connection.close()


def providers(config: Config, calendar: Calendar, opened: list[_Closes]) -> Sequence[Provider]:
    """The chain of one configuration: the demo alone, a folder alone, or the network's providers in order."""
    if config.prices:
        from bot.prices.csv_folder import CsvFolder

        return [CsvFolder(Path(config.prices.removeprefix("csv:")))]
    if config.demo:
        from bot.prices.demo import Demo

        return [Demo(calendar)]
    return [] if config.offline else _network(config, opened)


def _network(config: Config, opened: list[_Closes]) -> list[Provider]:
    from bot.prices.cboe import Cboe
    from bot.prices.http import Http, HttpProvider
    from bot.prices.nasdaq import Nasdaq

    http = Http([config.nasdaq_url, config.cboe_url], config.provider_timeout)
    opened.append(http)
    chain: list[Provider] = [
        HttpProvider(Nasdaq(config.nasdaq_url), http),
        HttpProvider(Cboe(config.cboe_url), http),
    ]
    if config.yahoo:
        from bot.prices.browser import BrowserHttp
        from bot.prices.yahoo import Yahoo

        browser = BrowserHttp(config.provider_timeout)
        opened.append(browser)
        chain.append(HttpProvider(Yahoo(config.yahoo_url), browser))
    return chain
