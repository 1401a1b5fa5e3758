"""Sending as a browser does, for the one provider that refuses everybody else. Needs the extra `yahoo`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.errors import BadPayload, StartupError, Unavailable
from bot.providers.http import MAX_BODY, Gate
from bot.providers.provider import Pace, Request, Response

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

    async def get(self, provider: str, request: Request, pace: Pace) -> Response:
        """The provider's answer, whatever its status; redirects are not followed."""
        async with self._gate.passed(provider, request, pace):
            try:
                return await self._read(provider, request)
            except CurlError:
                raise Unavailable(provider, "it cannot be reached") from None

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
            if 300 <= answer.status_code < 400:
                raise Unavailable(provider, "it redirects elsewhere")
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
