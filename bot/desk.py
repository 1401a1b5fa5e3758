"""The Desk: everything a command may use, opened and closed in one place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar, cast

from bot.config import Config
from bot.files import keep_private
from bot.glossary.book import Book
from bot.glossary.search import Search
from bot.jobs import Jobs
from bot.market.symbols import FILE as SYMBOLS_FILE
from bot.market.symbols import SymbolBook, read_book
from bot.providers.factory import open_feeds
from bot.providers.feed import Feed
from bot.providers.language_model import LanguageModel
from bot.providers.macro.feed import MacroFeed
from bot.store.glossary_cache import open_book
from bot.store.store import Store, open_store

Clock = Callable[[], datetime]
Kept = TypeVar("Kept")


def utc_now() -> datetime:
    """The time now, aware UTC: the one clock of the process, handed to whatever needs it."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and where: ids only. `guild` is None in direct messages and at the console.

    `tell` takes a line on how far a long answer has come, where the face has a place for it.
    """

    person: int = 0
    channel: int = 0
    guild: int | None = None
    may_manage: bool = False
    tell: Callable[[str], None] | None = field(default=None, repr=False, compare=False)


class CommandMemory:
    """What commands have worked out and may use again: one object of each kind, made when it is first asked for.

    Each kind bounds itself.
    """

    def __init__(self) -> None:
        self._kept: dict[type, object] = {}

    def of(self, kind: type[Kept]) -> Kept:
        """The one object of this kind."""
        if kind not in self._kept:
            self._kept[kind] = kind()
        return cast("Kept", self._kept[kind])


@dataclass(frozen=True, slots=True)
class Desk:
    """What commands work with. Tests build one from parts; the process opens one with `open_desk`.

    `language_model` is the operator's, None where none is named.
    `fresh_book` says that the glossary was read and checked in this process: its commands are then checked too.
    `memory` is its own: a desk that is made from another one with `replace` starts with an empty one.
    """

    config: Config
    book: Book
    search: Search
    symbols: SymbolBook
    feed: Feed
    macro: MacroFeed
    store: Store
    clock: Clock
    jobs: Jobs
    fresh_book: bool = False
    language_model: LanguageModel | None = None
    memory: CommandMemory = field(init=False, default_factory=CommandMemory, repr=False, compare=False)


@asynccontextmanager
async def open_desk(config: Config, clock: Clock = utc_now) -> AsyncIterator[Desk]:
    """Open everything that `config` asks for; close it again in reverse order.

    Raises StartupError with every reason when something cannot be opened.
    """
    async with AsyncExitStack() as stack:
        keep_private(config.data_dir)
        shelf = open_book(config.glossary, config.data_dir)
        symbols = _symbols(config)
        store = await stack.enter_async_context(open_store(config.database_url, config.data_dir))
        jobs = await stack.enter_async_context(Jobs())
        feeds = await stack.enter_async_context(open_feeds(config, store, jobs, clock, symbols))
        feed, macro, model = feeds.prices, feeds.macro, _language_model(config)
        if model is not None:
            stack.push_async_callback(model.close)
        book, search, fresh = shelf.book, shelf.search, shelf.fresh
        yield Desk(config, book, search, symbols, feed, macro, store, clock, jobs, fresh, model)


def _language_model(config: Config) -> LanguageModel | None:
    """The operator's language model, where one is named and the network is used."""
    if not config.llm_url or config.offline:
        return None
    return LanguageModel(config.llm_url, config.llm_model, config.llm_key, config.proxy_of)


def _symbols(config: Config) -> SymbolBook:
    """The symbol book, with the symbols of the price folder where one is set. Raises StartupError."""
    book = read_book(SYMBOLS_FILE.read_bytes())
    if not config.prices:
        return book
    from bot.providers.tables.folder import PriceFiles

    return book.joined(PriceFiles(Path(config.prices.removeprefix("csv:")), book).symbols())
