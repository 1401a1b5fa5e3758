"""The one place that sends HTTP requests: bounded in time, size and pace, and only to configured hosts."""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urljoin, urlsplit

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
from bot.providers.bad_replies import BadReplies, Question
from bot.providers.contract import (
    Capabilities,
    FigureQuery,
    HistoryQuery,
    Quote,
    QuoteQuery,
    RemoteProvider,
    Request,
    Response,
    Transport,
)
from bot.providers.rate_limit import Gate
from bot.providers.response_checks import remaining
from bot.providers.unpacking import ENCODINGS, Body

if TYPE_CHECKING:
    from bot.market.bars import Bars

log = logging.getLogger(__name__)
S = TypeVar("S")
T = TypeVar("T")
MAX_BODY = 16 * 2**20
MOST_PAGES = 20
_CHUNK = 64 * 2**10
TOO_MANY = 429
_BLIPS = frozenset({502, 503, 504})
_HOST = re.compile(r"[A-Za-z0-9.-]{1,80}")


def short_wait() -> float:
    """The seconds before the one repeat: a quarter on average, not the same for everybody."""
    return random.uniform(0.1, 0.4)  # noqa: S311  spreads load, guards nothing


class Http:
    """GETs to the configured hosts. Raises ProviderError subclasses only.

    A provider that moves is a fault to be seen, and no answer may send the bot, or a key in a header, to a host that
    nobody named: one redirect is followed, to a host that the provider's file lists, and any other is an error that
    names its host. Bodies over 16 MiB, after decompression, are refused while they are read. A gateway's 502, 503 or
    504 is tried once more after a short wait of random length (a dropped connection is repeated by aiohttp); nothing
    else is, because a refused port, a timeout or a 429 would only cost the person the time in which the next provider
    answers.
    """

    def __init__(
        self,
        addresses: Iterable[str],
        timeout: float,
        wait: Callable[[], float] = short_wait,
        proxy_of: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._gate = Gate(addresses, timeout)
        self._wait = wait
        self._proxy_of = proxy_of
        self._session: ClientSession | None = None

    async def get(self, provider: RemoteProvider, request: Request) -> Response:
        """The provider's answer, whatever its status but a redirect."""
        async with self._gate.passed(provider, request):
            response = await self._read(provider, request)
            if response.status in _BLIPS and "retry-after" not in response.headers:
                await asyncio.sleep(self._wait())
                response = await self._read(provider, request)
            if is_redirect(response):
                there = redirected(provider, request, response)
                response = await self._read(provider, there)
                if is_redirect(response):
                    raise Unavailable(provider.name, "it redirects twice")
                response = replace(response, moved_to=urlsplit(there.url).netloc)
            if response.status == TOO_MANY:
                self._gate.turn_away(provider, request)
            return response

    def wait(self, provider: RemoteProvider, count: int) -> float:
        """The seconds until the last of so many requests of the present asker would be sent."""
        return self._gate.wait(provider, count)

    async def _read(self, provider: RemoteProvider, request: Request) -> Response:
        if self._session is None:
            self._session = ClientSession(
                timeout=ClientTimeout(),
                cookie_jar=DummyCookieJar(),
                headers={"Accept-Encoding": ENCODINGS},
                auto_decompress=False,  # aiohttp would unpack a piece of any size before it is counted
            )
        with _in_words(provider.name):
            async with self._session.get(
                request.url,
                params=request.params,
                headers=request.headers,
                allow_redirects=False,
                proxy=self._proxy_of(request.url),
            ) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                body = Body(provider.name, headers.get("content-encoding", ""), MAX_BODY)
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    body.add(chunk)
                return Response(answer.status, body.whole(), headers.get("content-type", ""), headers)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def is_redirect(response: Response) -> bool:
    """Whether the answer sends elsewhere."""
    return 300 <= response.status < 400


def redirected(provider: RemoteProvider, request: Request, response: Response) -> Request:
    """The request to where the answer sends. Raises Unavailable where the provider's file does not list that host."""
    try:
        url = urljoin(request.url, response.headers.get("location", ""))
        where, now = urlsplit(url), urlsplit(request.url)
        host = where.hostname or ""
        if where.netloc in provider.declaration.moved_to and where.scheme == now.scheme and where.netloc != now.netloc:
            return Request(url, {}, request.headers)
    except ValueError:
        host = ""
    told = host if _HOST.fullmatch(host) else "nowhere"
    raise Unavailable(provider.name, f"it redirects to {told}")


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


class ConnectedProvider:
    """A provider made of its pure half and whatever sends its requests.

    This is the boundary to what others write: whatever a parser raises, the answer was a bad one, and the next
    provider is asked. That is logged once for each kind of error, and the answer is kept where `bad_replies` are.
    """

    def __init__(self, remote: RemoteProvider, http: Transport, bad_replies: BadReplies | None = None) -> None:
        self.remote = remote
        self.http = http
        self._bad_replies = bad_replies
        self._remaining: int | None = None
        self._logged: set[str] = set()

    @property
    def name(self) -> str:
        """The provider's name."""
        return self.remote.name

    @property
    def capabilities(self) -> Capabilities:
        """What the provider can serve."""
        return self.remote.capabilities

    @property
    def remaining(self) -> int | None:
        """Requests left in the present allowance, as the provider last said."""
        return self._remaining

    def serves(self, symbol: Symbol) -> bool:
        """Whether the provider has a spelling for this symbol."""
        return self.remote.serves(symbol)

    def basis(self, symbol: Symbol) -> str:
        """What its numbers of a symbol are where they are no prices that somebody paid."""
        return self.remote.basis(symbol)

    def wait(self, count: int) -> float:
        """The seconds until the last of so many requests of the present asker would be sent."""
        return self.http.wait(self.remote, count)

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
        """One span, page by page where it comes in pages, in the house's unit."""
        found: list[Bars] = []
        requests, question = self.remote.requests(query), Question("history", query.symbol.canonical, query.now)
        while requests and len(found) < MOST_PAGES:
            (bars, following), _ = await self._exchange(requests, partial(self._page, query), question)
            found.append(bars)
            requests = [] if following is None else [following]
        if requests:
            raise BadPayload(self.name, "more pages than a history can fill")
        factor = self.remote.scale(query.symbol)
        bars = _in_order(found)
        return bars if factor == 1.0 else bars.scaled(factor)

    def _page(self, query: HistoryQuery, response: Response) -> tuple[Bars, Request | None]:
        return self.remote.parse(query, response), self.remote.next_page(query, response)

    async def quote(self, query: QuoteQuery) -> Quote:
        """The newest price. Raises Unavailable where there are no quotes."""
        requests, question = self.remote.quote_requests(query), Question("quote", query.symbol.canonical, query.now)
        quote, _ = await self._exchange(requests, partial(self.remote.parse_quote, query), question)
        return quote.scaled(self.remote.scale(query.symbol))

    async def figure(self, query: FigureQuery) -> tuple[Any, bytes]:
        """The figure, and the body that it was read from: what `read_figure` reads again."""
        requests, question = self.remote.figure_requests(query), Question("figure", query.name, query.now)
        return await self._exchange(requests, partial(self.remote.parse_figure, query), question)

    def read_figure(self, query: FigureQuery, body: bytes) -> Any:
        """The figure in a body that was kept. Raises a ProviderError."""
        return self._parsed(partial(self.remote.parse_figure, query), Response(200, body))

    def history_of(self, query: HistoryQuery, figure: Any) -> Bars:
        """The bars of one symbol in the figure that holds every history. Raises a ProviderError."""
        return self._parsed(partial(self.remote.history_of, query), figure)

    async def _exchange(
        self, requests: Sequence[Request], parse: Callable[[Response], T], question: Question
    ) -> tuple[T, bytes]:
        """Ask until one request is not answered with UnknownSymbol; figures are read off the event loop."""
        unknown: ProviderError = UnknownSymbol(self.name, "no such symbol")
        for request in requests:
            response = await self.http.get(self.remote, request)
            self._remaining = remaining(response)
            try:
                if question.kind == "figure":
                    return await asyncio.to_thread(self._parsed, parse, response), response.body
                return self._parsed(parse, response), response.body
            except UnknownSymbol as error:
                unknown = error
            except BadPayload:
                if self._bad_replies is not None:
                    await asyncio.to_thread(self._bad_replies.keep, self.name, question, response)
                raise
        raise unknown

    def _parsed(self, parse: Callable[[S], T], answer: S) -> T:
        try:
            return parse(answer)
        except ProviderError:
            raise
        except Exception as error:  # noqa: BLE001  whatever a parser trips over came from the provider
            kind = type(error).__name__
            if kind not in self._logged:
                self._logged.add(kind)
                log.warning("provider answer unreadable", extra={"fields": {"provider": self.name, "error": kind}})
            raise BadPayload(self.name, "not the documented shape") from None


def _in_order(pages: Sequence[Bars]) -> Bars:
    if len(pages) == 1:
        return pages[0]
    from bot.providers.rows import joined

    return joined(sorted(pages, key=lambda page: page.day(0)))


def spans(query: HistoryQuery, max_days: int | None) -> Iterator[HistoryQuery]:
    """The query in parts of at most `max_days` days, oldest first."""
    start = query.start
    step = timedelta(days=max_days) if max_days is not None else query.end - start + timedelta(days=1)
    while start <= query.end:
        end = min(start + step - timedelta(days=1), query.end)
        yield replace(query, start=start, end=end)
        start = end + timedelta(days=1)
