"""`python -m bot doctor --live`: each provider asked once for something well known, and what came of it in a table."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from bot.config import Config
from bot.console.replay import figure_facts
from bot.errors import ProviderError, UserError
from bot.logs import for_terminal
from bot.market.symbols import Symbol, SymbolBook
from bot.providers.calendar import Calendar
from bot.providers.contract import FigureQuery, HistoryQuery, QuoteQuery, RemoteProvider, Request, Response, Transport
from bot.providers.coverage import examples
from bot.providers.factory import Chain
from bot.providers.http import ConnectedProvider
from bot.render.numbers import count, day, moment, price

PROBES = ("SPY", "^GSPC", "EUR/USD", "BTC-USD")
ESSENTIALS = {
    "prices of US shares": ("history SPY",),
    "a quote": ("quote SPY",),
    "currencies": ("history EUR/USD", "currencies"),
    "the policy rate": ("policy",),
}
_SPAN = timedelta(days=30)
_KILO = 1_000


@dataclass(frozen=True, slots=True)
class LiveResult:
    """One question to one provider: what came over the wire, and what it was read as or why it was refused."""

    provider: str
    asked: str
    came: str
    outcome: str
    good: bool


@dataclass(slots=True)
class Recorder:
    """A sender that remembers the answers to one question."""

    http: Transport
    answers: list[Response] = field(default_factory=list)

    async def get(self, provider: RemoteProvider, request: Request) -> Response:
        """The answer, remembered."""
        response = await self.http.get(provider, request)
        self.answers.append(response)
        return response

    def wait(self, provider: RemoteProvider, count: int) -> float:
        """The seconds until the last of so many requests would be sent."""
        return self.http.wait(provider, count)


async def live_check(config: Config, book: SymbolBook, now: datetime) -> int:
    """Ask every provider that is switched on and print the table. Exit status: 0 when the essentials answer, else 1."""
    if config.demo or config.prices or config.offline:
        sys.stderr.write("A live check needs the network: leave --demo, --prices and --offline out.\n")
        return 2
    opened = Chain(config, Calendar(config.cache_dir))
    try:
        found = await check(opened.remote, book, now)
    finally:
        for connection in opened.connections:
            await connection.close()
    lacking = missing(found)
    told = f"missing: {', '.join(lacking)}" if lacking else "the essentials answer"
    sys.stdout.write(for_terminal("\n".join([*table(found), told])) + "\n")
    return 1 if lacking else 0


async def check(providers: Sequence[ConnectedProvider], book: SymbolBook, now: datetime) -> list[LiveResult]:
    """What each provider answers, in their order: one history, one quote and each figure that it has."""

    async def one(provider: ConnectedProvider) -> list[LiveResult]:
        return [await _ask(provider, kind, what, now) for kind, what in _questions(provider, book)]

    return [result for results in await asyncio.gather(*map(one, providers)) for result in results]


def missing(results: Iterable[LiveResult]) -> list[str]:
    """The essentials that nobody answers."""
    answered = {result.asked for result in results if result.good}
    return [name for name, ways in ESSENTIALS.items() if not answered.intersection(ways)]


def table(results: Sequence[LiveResult]) -> list[str]:
    """The results in columns under a heading, one line each."""
    rows = [("provider", "asked", "what came", "read as")]
    rows += [(row.provider, row.asked, row.came, row.outcome if row.good else f"! {row.outcome}") for row in results]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _questions(provider: ConnectedProvider, book: SymbolBook) -> list[tuple[str, Symbol | str]]:
    able = provider.capabilities
    probes = (*map(book.resolve, PROBES), *chain.from_iterable(examples().values()))
    served = [symbol for symbol in probes if provider.serves(symbol)]
    found: list[tuple[str, Symbol | str]] = [("figure", name) for name in sorted(able.figures)]
    if served and able.history and able.history_figure is None:
        found.append(("history", served[0]))
    if served and able.quotes:
        found.append(("quote", served[0]))
    return found


async def _ask(provider: ConnectedProvider, kind: str, what: Symbol | str, now: datetime) -> LiveResult:
    recorder = Recorder(provider.http)
    connected = ConnectedProvider(provider.remote, recorder)
    asked = what if isinstance(what, str) else f"{kind} {what.canonical}"
    try:
        outcome, good = await _read(connected, kind, what, now), True
    except (ProviderError, UserError) as error:
        outcome, good = error.detail if isinstance(error, ProviderError) else error.message, False
    return LiveResult(provider.name, asked, _came(recorder.answers), outcome, good)


async def _read(provider: ConnectedProvider, kind: str, what: Symbol | str, now: datetime) -> str:
    if isinstance(what, str):
        found, _ = await provider.figure(FigureQuery(what, now))
        return _figure(found)
    if kind == "quote":
        quote = await provider.quote(QuoteQuery(what, now))
        return f"{price(quote.price)} of {moment(quote.time)}"
    bars = await provider.history(HistoryQuery(what, now.date() - _SPAN, now.date(), now))
    return f"{count(len(bars), 'bar')} up to {day(bars.last_day)}, close {price(float(bars.close[-1]))}"


def _figure(found: Any) -> str:
    facts = figure_facts(found)
    value = "" if facts["value"] is None else f", {price(facts['value'])}"
    return f"{facts['count']:,} up to {facts['last']}{value}"


def _came(answers: Sequence[Response]) -> str:
    """Status, kind and size of the last answer, and the host that it was redirected to."""
    if not answers:
        return "nothing"
    last = answers[-1]
    kind = last.content_type.partition(";")[0] or "no type"
    size = len(last.body)
    told = f"{last.status} {kind} {size} B" if size < _KILO else f"{last.status} {kind} {size // _KILO} kB"
    return f"{told}, redirected to {last.moved_to}" if last.moved_to else told
