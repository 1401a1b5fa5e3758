"""The one place that sends HTTP requests for prices: bounded in time, size and pace, and only to configured hosts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import stamina
from aiohttp import ClientConnectionError, ClientError, ClientPayloadError, ClientSession, ClientTimeout
from aiolimiter import AsyncLimiter

from bot.errors import BadPayload, ProviderError, Unavailable, UnknownSymbol
from bot.market.symbols import Symbol
from bot.prices.provider import Capabilities, HistoryQuery, HttpSource, Pace, Request, Response, Sender

if TYPE_CHECKING:
    from bot.market.bars import Bars

log = logging.getLogger(__name__)
MAX_BODY = 16 * 2**20
_CHUNK = 64 * 2**10


class Http:
    """GETs to the configured hosts. Raises ProviderError subclasses only.

    Redirects are not followed: a provider that moves is a fault to be seen, and no answer may send the bot to a
    host that nobody configured. Bodies over 16 MiB, after decompression, are refused while they are read.
    """

    def __init__(self, addresses: Iterable[str], timeout: float) -> None:
        self._hosts = frozenset(urlsplit(address).netloc for address in addresses)
        self._timeout = ClientTimeout(total=timeout, connect=min(timeout, 4.0))
        self._session: ClientSession | None = None
        self._limits: dict[str, AsyncLimiter] = {}

    async def get(self, provider: str, request: Request, pace: Pace) -> Response:
        """The provider's answer, whatever its status."""
        host = urlsplit(request.url).netloc
        if host not in self._hosts:
            raise Unavailable(provider, "its address is not among the configured ones")
        limiter = self._limits.setdefault(host, AsyncLimiter(pace.requests, pace.seconds))
        try:
            async with asyncio.timeout(self._timeout.total):
                async with limiter:
                    return await self._send(provider, request)
        except TimeoutError:
            raise Unavailable(provider, "no answer in time") from None

    async def _send(self, provider: str, request: Request) -> Response:
        if self._session is None:
            self._session = ClientSession(timeout=self._timeout, auto_decompress=True)
        try:
            async for attempt in stamina.retry_context(on=ClientConnectionError, attempts=2, wait_initial=0.1):
                with attempt:
                    return await self._read(self._session, provider, request)
        except ClientPayloadError:
            raise BadPayload(provider, "the answer broke off") from None
        except ClientError as error:
            raise Unavailable(provider, f"not reachable ({type(error).__name__})") from None
        raise Unavailable(provider, "not reachable")

    async def _read(self, session: ClientSession, provider: str, request: Request) -> Response:
        async with session.get(
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
            return Response(answer.status, bytes(body), answer.content_type, headers)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


class HttpProvider:
    """A provider made of a pure source and whatever sends its requests."""

    def __init__(self, source: HttpSource, http: Sender) -> None:
        self._source = source
        self._http = http

    @property
    def name(self) -> str:
        """The source's name."""
        return self._source.name

    @property
    def capabilities(self) -> Capabilities:
        """What the source can serve."""
        return self._source.capabilities

    def serves(self, symbol: Symbol) -> bool:
        """Whether the source has a spelling for this symbol."""
        return self._source.serves(symbol)

    async def history(self, query: HistoryQuery) -> Bars:
        """Ask until one request is not answered with UnknownSymbol."""
        unknown: ProviderError = UnknownSymbol(self.name, "no such symbol")
        for request in self._source.requests(query):
            response = await self._http.get(self.name, request, self._source.pace)
            try:
                return self._source.parse(query, response)
            except UnknownSymbol as error:
                unknown = error
        raise unknown
