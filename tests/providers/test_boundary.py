"""The boundary to providers: 2,000 damaged replies, headers included, and none of them gets past it.

`python -m benchmarks.fuzz_replies` tries 100,000.
"""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from bot.errors import BadPayload, ProviderError
from bot.providers.contract import HistoryQuery, RemoteProvider, Request, Response
from bot.providers.http import ConnectedProvider
from bot.providers.prices.cboe import Cboe
from tests.providers.boundary import Boundary, boundaries
from tests.providers.building import IWM, query

TRIES = 2_000
BOUNDARIES = boundaries()


@pytest.mark.parametrize("name", BOUNDARIES)
async def test_no_damaged_reply_gets_past_it(name: str) -> None:
    boundary: Boundary = BOUNDARIES[name]
    chance = random.Random(name)
    for _ in range(-(-TRIES // len(BOUNDARIES))):
        with suppress(ProviderError):
            await boundary.ask(chance)


@pytest.mark.parametrize(
    "error", [TypeError, RecursionError, MemoryError, UnicodeError, ZeroDivisionError, AssertionError, StopIteration]
)
async def test_whatever_a_parser_raises_is_a_bad_payload(
    error: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    class Stumbling(Cboe):
        def parse(self, query: HistoryQuery, response: Response) -> None:  # type: ignore[override]
            raise error

    class Answering:
        async def get(self, provider: RemoteProvider, request: Request) -> Response:
            return Response(200, b"{}")

    connected = ConnectedProvider(Stumbling(), Answering())
    for _ in range(3):
        with pytest.raises(BadPayload, match="documented shape"):
            await connected.history(query(IWM))
    assert [record.message for record in caplog.records] == ["provider answer unreadable"]
