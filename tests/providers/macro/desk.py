"""A desk with nothing but macro figures, and a sender that answers from a table: fakes that behave."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.commands.converter import ParseContext
from bot.commands.declaration import Command, Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_typed
from bot.desk import Caller
from bot.errors import ProviderError, Unavailable
from bot.glossary.book import Book
from bot.market.symbols import FILE, SymbolBook, read_book
from bot.providers.contract import RemoteProvider, Request, Response
from bot.providers.macro.feed import MacroFeed
from bot.render.reply import Reply
from tests.providers.macro.files import NOW

EMPTY = Book({}, {}, {})
BOOK = read_book(FILE.read_bytes())


class Hours:
    """A clock that is moved by hand."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@dataclass
class Answers:
    """What each provider (or the end of an address) answers: a response, an error, or nothing at all (unreachable).

    Counts what was asked.
    """

    by_source: dict[str, Response | ProviderError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    gate: asyncio.Event | None = None
    started: asyncio.Event = field(default_factory=asyncio.Event)
    closed: int = 0

    async def get(self, provider: RemoteProvider, request: Request) -> Response:
        self.asked.append(provider.name)
        self.started.set()
        if self.gate is not None:
            await self.gate.wait()
        got = self.by_source.get(request.url.rpartition("/")[2], self.by_source.get(provider.name)) or Unavailable(
            provider.name, "not reachable (ClientConnectorError)"
        )
        if isinstance(got, ProviderError):
            raise got
        return got

    def wait(self, provider: RemoteProvider, count: int) -> float:
        return 0.0

    async def close(self) -> None:
        self.closed += 1


@dataclass(frozen=True)
class MacroDesk:
    """The part of a desk that the macro commands use."""

    macro: MacroFeed
    clock: Callable[[], datetime]
    symbols: SymbolBook = BOOK
    book: Book = EMPTY


async def ask(desk: MacroDesk, entry: Command, text: str) -> Reply:
    reading = ParseContext(BOOK, None, desk.clock().date())  # type: ignore[arg-type]
    call = read_typed(entry, text, reading)
    made: Awaitable[Reply] = answer(desk, Registry([entry]), Caller(), call)  # type: ignore[arg-type]
    return await made


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def json_of(reply: Reply) -> dict[str, Any]:
    assert reply.error is None, reply.error
    assert reply.data is not None
    return dict(reply.data)
