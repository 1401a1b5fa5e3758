"""Sending as a browser does, for the one provider that refuses everybody else. Needs the extra `yahoo`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.errors import BadPayload, StartupError, Unavailable
from bot.providers.contract import RemoteProvider, Request, Response
from bot.providers.http import MAX_BODY, is_redirect, redirected
from bot.providers.rate_limit import Gate

try:
    from curl_cffi import CurlError
    from curl_cffi.requests import AsyncSession
except ImportError as error:
    raise StartupError(["RANGEFINDER_YAHOO is on, which needs the extra: pip install 'rangefinder[yahoo]'"]) from error


class BrowserHttp:
    """The same contract as `Http`, over curl_cffi."""

    def __init__(self, addresses: Iterable[str], timeout: float) -> None:
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
        return response

    async def _read(self, provider: str, request: Request) -> Response:
        if self._session is None:
            self._session = AsyncSession(impersonate="chrome", timeout=self._timeout)
        answer = await self._session.get(
            request.url,
            params=dict(request.params),
            headers=dict(request.headers),
            allow_redirects=False,
            stream=True,
        )
        try:
            body = bytearray()
            async for chunk in answer.aiter_content():
                body += chunk
                if len(body) > MAX_BODY:
                    raise BadPayload(provider, "the answer is too large")
        finally:
            await answer.aclose()
        headers = {name.lower(): value or "" for name, value in answer.headers.items()}
        return Response(answer.status_code, bytes(body), headers.get("content-type", ""), headers)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
