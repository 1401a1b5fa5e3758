"""Sending as a browser does, for the one provider that refuses everybody else. Needs the extra `yahoo`."""

from __future__ import annotations

from aiolimiter import AsyncLimiter

from bot.errors import StartupError, Unavailable
from bot.prices.provider import Pace, Request, Response

try:
    from curl_cffi import CurlError
    from curl_cffi.requests import AsyncSession
except ImportError as error:
    raise StartupError(["RANGEFINDER_YAHOO is on, which needs the extra: pip install 'rangefinder[yahoo]'"]) from error


class BrowserHttp:
    """The same contract as `Http.get`, over curl_cffi."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._session: AsyncSession[object] | None = None
        self._limiter: AsyncLimiter | None = None

    async def get(self, provider: str, request: Request, pace: Pace) -> Response:
        """The provider's answer, whatever its status; redirects are not followed."""
        if self._session is None:
            self._session = AsyncSession(impersonate="chrome", timeout=self._timeout)
        self._limiter = self._limiter or AsyncLimiter(pace.requests, pace.seconds)
        try:
            async with self._limiter:
                answer = await self._session.get(
                    request.url, params=dict(request.params), headers=dict(request.headers), allow_redirects=False
                )
        except CurlError as error:
            raise Unavailable(provider, f"not reachable ({type(error).__name__})") from None
        if 300 <= answer.status_code < 400:
            raise Unavailable(provider, "it redirects elsewhere")
        headers = {name.lower(): value or "" for name, value in answer.headers.items()}
        return Response(answer.status_code, answer.content, headers.get("content-type", ""), headers)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
