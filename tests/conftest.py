"""Fixtures of the whole suite: a real Desk over simulated prices, with a clock that stands still."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import bot.desk
from bot.commands.declaration import Registry
from bot.commands.registry import build_registry
from bot.config import Config
from bot.desk import Desk, open_desk
from bot.glossary.book import Book, parse_book
from bot.glossary.search import Search
from bot.providers.calendar import load_sessions
from bot.store.glossary_cache import OpenBook
from bot.store.store import open_store
from tests.loopback_discord.fixtures import discord_server

__all__ = ["discord_server"]

# A property holds or not; how fast a busy machine finds examples says nothing about it.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_make_parametrize_id(val: object) -> str | None:
    """A test's name holds no packed bytes: they hold the time at which they were packed, and workers compare names."""
    packed = isinstance(val, bytes) and not (val.isascii() and val.decode().isprintable())
    return "bytes" if packed else None


ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "glossary.json"
NOW = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
"""Wednesday evening in New York: the last finished session is that day's."""

OpenDesk = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture(scope="session")
def book() -> Book:
    """The glossary, read once."""
    return parse_book(GLOSSARY.read_bytes())


@pytest.fixture(scope="session")
def search(book: Book) -> Search:
    """Lookup over the glossary, its indexes built once."""
    return Search(book)


@pytest.fixture(scope="session")
def registry() -> Registry:
    """Every command of the program."""
    return build_registry()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sessions file and a migrated database, which cost a second to make."""
    folder = tmp_path_factory.mktemp("prepared")
    load_sessions(Config(data_dir=folder).cache_dir, NOW.year + 1)

    async def migrate() -> None:
        async with open_store(Config(data_dir=folder).database_url, folder) as store:
            await store.keep_note("made", "for tests")

    asyncio.run(migrate())
    return folder


@pytest.fixture
def data_dir(prepared: Path, tmp_path: Path) -> Path:
    """A data folder of this test's own."""
    return Path(shutil.copytree(prepared, tmp_path / "data"))


@pytest.fixture
def config(data_dir: Path) -> Config:
    """Simulated prices, no waiting between questions."""
    return Config(demo=True, data_dir=data_dir, cooldowns=False, glossary=GLOSSARY)


@pytest.fixture
def open_demo(config: Config, book: Book, search: Search, monkeypatch: pytest.MonkeyPatch) -> OpenDesk:
    """Opens desks on the test's data folder; keywords change the Config."""
    monkeypatch.setattr(bot.desk, "open_book", lambda *_: OpenBook(book, search, fresh=False))

    @asynccontextmanager
    async def opened(clock: Callable[[], datetime] = lambda: NOW, **changes: Any) -> AsyncIterator[Desk]:
        import attrs

        async with open_desk(attrs.evolve(config, **changes), clock) as made:
            await made.store.load()
            yield made

    return opened


@pytest.fixture
async def desk(open_demo: OpenDesk) -> AsyncIterator[Desk]:
    """A desk over simulated prices at NOW."""
    async with open_demo() as made:
        yield made


class HeldFeed:
    """A feed that answers only once `gate` is opened: what a slow provider looks like from outside."""

    def __init__(self, feed: Any) -> None:
        self._feed = feed
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()

    async def history(self, *given: Any, **named: Any) -> Any:
        self.asked.set()
        await self.gate.wait()
        return await self._feed.history(*given, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._feed, name)


@pytest.fixture
def held(desk: Desk) -> Iterator[tuple[Desk, HeldFeed]]:
    """A desk whose prices come late, and the feed to let go."""
    feed = HeldFeed(desk.feed)
    yield replace(desk, feed=feed), feed  # type: ignore[arg-type]
    feed.gate.set()
