"""The one place that sends HTTP requests for prices: bounded in time, size and pace, and only to configured hosts."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientPayloadError,
    ClientResponseError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    InvalidURL,
)

from bot.errors import BadPayload, ProviderError, Unavailable, UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.answers import remaining
from bot.providers.pace import Pacer
from bot.providers.provider import (
    Busy,
    Capabilities,
    HistoryQuery,
    HttpSource,
    Pace,
    Quote,
    QuoteQuery,
    QuoteSource,
    Request,
    Response,
    Sender,
)

if TYPE_CHECKING:
    from bot.market.bars import Bars

MAX_BODY = 16 * 2**20
_CHUNK = 64 * 2**10
_BLIPS = frozenset({502, 503, 504})


def short_wait() -> float:
    """The seconds before the one repeat: a quarter on average, not the same for everybody."""
    return random.uniform(0.1, 0.4)  # noqa: S311  spreads load, guards nothing


class Gate:
    """What every request passes: the host must be configured, the pace kept, the time bounded."""

    def __init__(self, addresses: Iterable[str], timeout: float) -> None:
        self._hosts = frozenset(urlsplit(address).netloc for address in addresses)
        self._timeout = timeout
        self._pacers: dict[str, Pacer] = {}

    @asynccontextmanager
    async def passed(self, provider: str, request: Request, pace: Pace) -> AsyncIterator[None]:
        """Wait for a slot, then bound the time of what is done inside. Raises Busy or Unavailable."""
        host = urlsplit(request.url).netloc
        if host not in self._hosts:
            raise Unavailable(provider, "its address is not among the configured ones")
        pacer = self._pacers.setdefault(host, Pacer(pace))
        wait = pacer.reserve(asyncio.get_running_loop().time(), self._timeout)
        if wait is None:
            raise Busy(provider, "asked as often as it allows just now")
        if wait:
            await asyncio.sleep(wait)
        try:
            async with asyncio.timeout(self._timeout):
                yield
        except TimeoutError:
            raise Unavailable(provider, "no answer in time") from None


class Http:
    """GETs to the configured hosts. Raises ProviderError subclasses only.

    Redirects are not followed: a provider that moves is a fault to be seen, and no answer may send the bot, or a key
    in a header, to a host that nobody configured. Bodies over 16 MiB, after decompression, are refused while they
    are read. A gateway's 502, 503 or 504 is tried once more after a short wait of random length (a dropped connection
    is repeated by aiohttp); nothing else is, because a refused port, a timeout or a 429 would only cost the person the
    time in which the next provider answers.
    """

    def __init__(self, addresses: Iterable[str], timeout: float, wait: Callable[[], float] = short_wait) -> None:
        self._gate = Gate(addresses, timeout)
        self._wait = wait
        self._session: ClientSession | None = None

    async def get(self, provider: str, request: Request, pace: Pace) -> Response:
        """The provider's answer, whatever its status."""
        async with self._gate.passed(provider, request, pace):
            response = await self._read(provider, request)
            if response.status in _BLIPS and "retry-after" not in response.headers:
                await asyncio.sleep(self._wait())
                response = await self._read(provider, request)
            return response

    async def _read(self, provider: str, request: Request) -> Response:
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(), cookie_jar=DummyCookieJar())
        with _in_words(provider):
            async with self._session.get(
                request.url, params=request.params, headers=request.headers, allow_redirects=False
            ) as answer:
                if 300 <= answer.status < 400:
                    raise Unavailable(provider, "it redirects elsewhere")
                body = bytearray()
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    body += chunk
                    if len(body) > MAX_BODY:
                        raise BadPayload(provider, "the answer is too large")
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Response(answer.status, bytes(body), headers.get("content-type", ""), headers)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


@contextmanager
def _in_words(provider: str) -> Iterator[None]:
    """Turn aiohttp's errors into ours; none of their text is kept, since it may hold an address with a key."""
    try:
        yield
    except ClientPayloadError:
        raise BadPayload(provider, "the answer broke off") from None
    except ClientResponseError:
        raise BadPayload(provider, "a malformed answer") from None
    except (ClientConnectorError, InvalidURL, ValueError):
        raise Unavailable(provider, "it cannot be reached") from None
    except ClientError:
        raise Unavailable(provider, "the connection broke") from None


class HttpProvider:
    """A provider made of a pure source and whatever sends its requests."""

    def __init__(self, source: HttpSource, http: Sender) -> None:
        self._source = source
        self._http = http
        self._remaining: int | None = None

    @property
    def name(self) -> str:
        """The source's name."""
        return self._source.name

    @property
    def capabilities(self) -> Capabilities:
        """What the source can serve."""
        return self._source.capabilities

    @property
    def remaining(self) -> int | None:
        """Requests left in the present allowance, as the provider last said."""
        return self._remaining

    def serves(self, symbol: Symbol) -> bool:
        """Whether the source has a spelling for this symbol."""
        return self._source.serves(symbol)

    async def history(self, query: HistoryQuery) -> Bars:
        """The whole span; in parts, oldest first, where it is longer than one request may ask."""
        parts = list(spans(query, self.capabilities.max_days))
        if len(parts) == 1:
            return await self._part(query)
        found: list[Bars] = []
        unknown: ProviderError = UnknownSymbol(self.name, "no such symbol")
        for part in parts:
            try:
                bars = (await self._part(part)).until(part.end)
            except UnknownSymbol as error:
                unknown = error
                continue
            if bars is not None:
                found.append(bars)
        if not found:
            raise unknown
        from bot.providers.rows import joined

        return joined(found)

    async def _part(self, query: HistoryQuery) -> Bars:
        unknown: ProviderError = UnknownSymbol(self.name, "no such symbol")
        for request in self._source.requests(query):
            response = await self._ask(request)
            try:
                return self._source.parse(query, response)
            except UnknownSymbol as error:
                unknown = error
        raise unknown

    async def quote(self, query: QuoteQuery) -> Quote:
        """Ask until one request is not answered with UnknownSymbol. Raises Unavailable where there are no quotes."""
        source = self._source
        if not isinstance(source, QuoteSource):
            raise Unavailable(self.name, "it has no quotes")
        unknown: ProviderError = UnknownSymbol(self.name, "no such symbol")
        for request in source.quote_requests(query):
            response = await self._ask(request)
            try:
                return source.parse_quote(query, response)
            except UnknownSymbol as error:
                unknown = error
        raise unknown

    async def _ask(self, request: Request) -> Response:
        response = await self._http.get(self.name, request, self._source.pace)
        self._remaining = remaining(response)
        return response


def spans(query: HistoryQuery, max_days: int | None) -> Iterator[HistoryQuery]:
    """The query in parts of at most `max_days` days, oldest first."""
    start = query.start
    step = timedelta(days=max_days) if max_days is not None else query.end - start + timedelta(days=1)
    while start <= query.end:
        end = min(start + step - timedelta(days=1), query.end)
        yield replace(query, start=start, end=end)
        start = end + timedelta(days=1)
