"""Frankfurter v1: the ECB's reference rates as JSON, keyless. Frozen on v1, which is ECB only."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.providers.macro.source import MacroQuery
from bot.providers.macro.wire import Pace, Request, Response, check_status, json_object

if TYPE_CHECKING:
    from bot.market.rates import RateTable

DAYS = timedelta(days=45)


class Frankfurter:
    """The source `frankfurter`: the last weeks of fixings, every currency."""

    name = "frankfurter"
    pace = Pace(30, 60.0)

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def request(self, query: MacroQuery) -> Request:
        """Six weeks up to the date: enough for a change over a month, small enough to keep."""
        end = query.as_of or query.now.date()
        return Request(f"{self.base_url}/v1/{end - DAYS}..{end}", {"base": "EUR"})

    def parse(self, query: MacroQuery, response: Response) -> RateTable:
        """The rates by day, or the one day that was asked for."""
        from bot.providers.reference_rates import parse_rates

        check_status(self.name, response, query.now)
        return parse_rates(json_object(self.name, response))
