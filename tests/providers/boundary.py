"""Each provider as the feed asks it, over a sender that gives damaged replies instead of the network's."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.config import Secret
from bot.providers.contract import FigureQuery, HistoryQuery, QuoteQuery, RemoteProvider, Request, Response
from bot.providers.factory import declared
from bot.providers.http import ConnectedProvider
from tests.providers.building import IWM, served_by
from tests.providers.test_mutants import NOW, READERS, mutant, plausible

ODD_HEADERS = (
    "²", "9" * 5_000, "-1", "", "1e308", "٣", "\x00", "Thu, 01 Jan 0000 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:60 GMT",
    "nan", "gzip, br", "text/html", "application/json; charset=\x9b", "Mon, 99 Foo 2026", "0x10", "1_0",
)  # fmt: skip
HEADERS = ("x-ratelimit-remaining", "api-credits-left", "retry-after", "date", "content-type", "x-other")
STATUSES = (*[200] * 12, 404, 403, 429, 500, 204, 418)


class Damaging:
    """A sender whose every reply is a mutant of a recorded one."""

    def __init__(self, bodies: tuple[bytes, ...]) -> None:
        self._bodies = bodies
        self.chance = random.Random(0)

    async def get(self, provider: RemoteProvider, request: Request) -> Response:
        chance = self.chance
        headers = {name: chance.choice(ODD_HEADERS) for name in HEADERS if chance.random() < 0.15}
        body = mutant(chance.choice(self._bodies), chance)
        return Response(chance.choice(STATUSES), body, headers.get("content-type", ""), headers)


@dataclass
class Boundary:
    """One reader behind the boundary."""

    sender: Damaging
    question: Callable[[], Awaitable[Any]]

    async def ask(self, chance: random.Random) -> None:
        """Ask once. Raises a ProviderError for what was refused, AssertionError for what cannot be true."""
        self.sender.chance = chance
        plausible(await self.question())


def boundaries() -> dict[str, Boundary]:
    """Every reader of every provider, by the names that READERS has."""
    known = {one.declaration.name: one for one in declared()}
    found: dict[str, Boundary] = {}
    for name, reader in READERS.items():
        provider, _, kind = name.partition(" ")
        made = known[provider]
        remote = made("https://prices.invalid", *(Secret("KEY") for _ in made.declaration.keys))
        sender = Damaging(reader.bodies)
        found[name] = Boundary(sender, question_of(ConnectedProvider(remote, sender), kind))
    return found


def question_of(connected: ConnectedProvider, kind: str) -> Callable[[], Awaitable[Any]]:
    symbol = served_by(connected) if connected.capabilities.kinds else IWM
    history = HistoryQuery(symbol, date(2026, 1, 1), NOW.date(), NOW)
    if kind == "quote":
        return lambda: connected.quote(QuoteQuery(symbol, NOW))
    figure = connected.capabilities.history_figure if kind == "history" else kind

    async def of_figure() -> Any:
        found, _ = await connected.figure(FigureQuery(str(figure), NOW))
        return connected.history_of(history, found) if kind == "history" else found

    return of_figure if figure is not None else lambda: connected.history(history)
