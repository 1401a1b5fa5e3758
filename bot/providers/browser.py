"""Sending as a browser does, for the one provider that refuses everybody else. Needs the extra `yahoo`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bot.errors import BadPayload, StartupError, Unavailable
from bot.providers.contract import RemoteProvider, Request, Response
from bot.providers.http import MAX_BODY, TOO_MANY, is_redirect, redirected
from bot.providers.rate_limit import Gate
from bot.providers.unpacking import Body

try:
    from curl_cffi import CurlError, CurlOpt
    from curl_cffi.curl import CURL_WRITEFUNC_ERROR
    from curl_cffi.requests import AsyncSession
except ImportError as error:
    raise StartupError(["RANGEFINDER_YAHOO is on, which needs the extra: pip install 'rangefinder[yahoo]'"]) from error


class BrowserHttp:
    """The same contract as `Http`, over curl_cffi."""

    def __init__(
        self, addresses: Iterable[str], timeout: float, proxy_of: Callable[[str], str | None] = lambda _: None
    ) -> None:
        self._proxy_of = proxy_of
        self._gate = Gate(addresses, timeout)
        self._timeout = timeout
        self._session: AsyncSession[Any] | None = None

    async def get(self, provider: RemoteProvider, request: Request) -> Response:
        """The provider's answer, whatever its status but a redirect."""
        async with self._gate.passed(provider, request):
            try:
                response = await self._read(provider.name, request)
                if is_redirect(response):
                    response = await self._read(provider.name, redirected(provider, request, response))
            except CurlError:
                raise Unavailable(provider.name, "it cannot be reached") from None
        if is_redirect(response):
            raise Unavailable(provider.name, "it redirects twice")
        if response.status == TOO_MANY:
            self._gate.turn_away(provider, request)
        return response

    def wait(self, provider: RemoteProvider, count: int) -> float:
        """The seconds until the last of so many requests of the present asker would be sent."""
        return self._gate.wait(provider, count)

    async def _read(self, provider: str, request: Request) -> Response:
        if self._session is None:
            # libcurl reads the environment for proxies and for hosts that need none, unless it is given both.
            unread = {CurlOpt.NOPROXY: ""}
            self._session = AsyncSession(
                impersonate="chrome", timeout=self._timeout, trust_env=False, curl_options=unread
            )
        body = Body(provider, "", MAX_BODY)
        refused: list[BadPayload] = []

        def take(piece: bytes) -> int:
            """Count each piece as curl has unpacked it; a stream would let curl unpack ahead of who reads."""
            try:
                body.add(piece)
            except BadPayload as error:
                refused.append(error)
                return int(CURL_WRITEFUNC_ERROR)
            return len(piece)

        try:
            answer = await self._session.get(
                request.url,
                params=dict(request.params),
                headers=dict(request.headers),
                allow_redirects=False,
                content_callback=take,
                proxies={"all": self._proxy_of(request.url) or ""},
            )
        except CurlError:
            if refused:
                raise refused[0] from None
            raise
        headers = {name.lower(): value or "" for name, value in answer.headers.items()}
        return Response(answer.status_code, body.whole(), headers.get("content-type", ""), headers)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
