"""Which macro sources a configuration means, in the order they are asked; opened and closed here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Protocol

from bot.config import Config
from bot.providers.macro.cache import KeptAnswers
from bot.providers.macro.feed import FolderFeed, MacroFeed, NetworkFeed
from bot.providers.macro.source import Source
from bot.providers.macro.wire import Sender
from bot.providers.macro.workbooks import HLW, LUBIK_MATTHES, LW

_ADDRESSES = (
    "frankfurter_url",
    "ecb_url",
    "newyorkfed_url",
    "newyorkfed_rates_url",
    "richmondfed_url",
    "fred_url",
    "fred_csv_url",
    "ishares_url",
)


class ClosingSender(Sender, Protocol):
    """What sends requests and is closed at the end."""

    async def close(self) -> None:
        """Close the connections."""


OpenHttp = Callable[[Iterable[str]], ClosingSender]


@asynccontextmanager
async def open_macro(config: Config, open_http: OpenHttp, clock: Callable[[], datetime]) -> AsyncIterator[MacroFeed]:
    """A macro feed for this configuration. `open_http` makes a sender for the given addresses alone, when first needed.

    Raises StartupError when the folder of macro files does not exist.
    """
    if config.macro is not None:
        from bot.providers.macro.folder import MacroFolder

        yield FolderFeed(MacroFolder(config.macro), clock)
        return
    opened: list[ClosingSender] = []

    def open_sender() -> Sender:
        opened.append(open_http(getattr(config, name) for name in _ADDRESSES))
        return opened[0]

    reachable = not (config.offline or config.demo)
    answers = KeptAnswers(config.data_dir / "macro")
    try:
        yield NetworkFeed(chains(config), open_sender if reachable else None, answers, clock, config.price_budget)
    finally:
        for connection in opened:
            await connection.close()


def chains(config: Config) -> dict[str, Sequence[Source[Any]]]:
    """The sources of each figure in the order they are asked. Pure: they are opened nowhere."""
    from bot.providers.macro.ecb import EcbHistory
    from bot.providers.macro.frankfurter import Frankfurter
    from bot.providers.macro.fred import FredApi, FredCsv
    from bot.providers.macro.ishares import IwmHoldings
    from bot.providers.macro.newyorkfed import Effr, RStarWorkbook
    from bot.providers.macro.richmondfed import LubikMatthes

    def fred(series: str) -> list[Source[Any]]:
        keyed: list[Source[Any]] = [FredApi(config.fred_url, series, config.fred_key)] if config.fred_key else []
        return [*keyed, FredCsv(config.fred_csv_url, series)]

    ecb = EcbHistory(config.ecb_url)
    return {
        "currencies": [Frankfurter(config.frankfurter_url), ecb],
        "currencies-history": [ecb],
        HLW: [RStarWorkbook(config.newyorkfed_url, HLW)],
        LW: [RStarWorkbook(config.newyorkfed_url, LW)],
        LUBIK_MATTHES: [LubikMatthes(config.richmondfed_url)],
        "policy": [Effr(config.newyorkfed_rates_url), *fred("DFF")],
        "core-pce": fred("PCEPILFE"),
        "holdings": [IwmHoldings(config.ishares_url)],
    }
