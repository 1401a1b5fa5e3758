"""The European Central Bank's euro reference rates: every fixing since 1999 in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.providers.macro.source import MacroQuery, body_of
from bot.providers.macro.wire import Pace, Request, Response

if TYPE_CHECKING:
    from bot.market.rates import RateTable

HISTORY = "/stats/eurofxref/eurofxref-hist.zip"


class EcbHistory:
    """The source `ecb`."""

    name = "ecb"
    pace = Pace(5, 60.0)

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def request(self, query: MacroQuery) -> Request:
        """The whole history."""
        return Request(f"{self.base_url}{HISTORY}")

    def parse(self, query: MacroQuery, response: Response) -> RateTable:
        """The zip's only table."""
        from bot.providers.reference_rates import parse_zip

        return parse_zip(body_of(self.name, response, query.now))
