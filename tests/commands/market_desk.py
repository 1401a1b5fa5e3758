"""A desk whose prices are given by the test: series on real session days, one provider or several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.desk import Caller, Desk
from bot.market.bars import Adjustment, Bars
from bot.providers.calendar import load_sessions
from bot.providers.contract import Capabilities, Provider, Quote
from bot.render.envelope import envelope
from bot.render.reply import Reply
from tests.providers.building import CALENDAR, CALENDAR_FOLDER, FakeProvider, feed_over

LAST = date(2026, 3, 4)
ALL_KINDS = frozenset({"stock", "fund", "index", "fx", "crypto", "commodity", "unknown"})


def session_days(count: int, last: date = LAST, *, without: Iterable[str] = ()) -> np.ndarray:
    """The last `count` sessions up to a day, some of them left out."""
    days = load_sessions(CALENDAR_FOLDER, 2027).between(date(1990, 1, 1), last)[-count:]
    return np.array([day for day in days if str(day) not in set(without)], dtype="datetime64[D]")


def series_of(
    symbol: str,
    closes: Sequence[float] | np.ndarray,
    *,
    days: np.ndarray | None = None,
    adjustment: Adjustment = "split",
    provider: str = "fake",
    **more: Any,
) -> Bars:
    """Bars on the newest sessions."""
    prices = np.array(closes, dtype=float)
    dates = session_days(prices.size) if days is None else days
    return Bars(symbol, dates, prices, adjustment, provider, **more)


def walk(count: int, seed: int = 1, sigma: float = 0.01, drift: float = 0.0) -> np.ndarray:
    """A random walk in log prices."""
    return 100 * np.exp(np.cumsum(drift + sigma * np.random.default_rng(seed).standard_normal(count)))


def provider_of(*series: Bars, name: str = "fake", only: bool = True, **quotes: float | Quote) -> FakeProvider:
    """A provider with these series; `only`: it is asked for nothing else."""
    shelf = {bars.symbol: bars for bars in series}
    return FakeProvider(
        name,
        dict(shelf),
        dict(quotes),
        Capabilities(ALL_KINDS, quotes=1 if quotes else 0, local=True),
        serves_only=frozenset({*shelf, *quotes}) if only else None,
    )


def with_prices(desk: Desk, *sources: Provider | Bars) -> Desk:
    """The desk over these providers; loose series make one provider of their own."""
    loose = [one for one in sources if isinstance(one, Bars)]
    providers: list[Provider] = [one for one in sources if not isinstance(one, Bars)]
    if loose:
        providers.append(provider_of(*loose))
    return replace(desk, feed=feed_over(providers, CALENDAR, desk.store, desk.jobs, desk.clock))


async def ask(desk: Desk, registry: Registry, question: str) -> Reply:
    """The reply to one typed question."""
    return await answer(desk, registry, Caller(person=1), read_question(desk, registry, question))


async def ask_json(desk: Desk, registry: Registry, question: str) -> dict[str, Any]:
    """The same as the JSON envelope."""
    return envelope(question, await ask(desk, registry, question), 0.0)
