"""Frankfurter v1: the ECB's reference rates as JSON, keyless. Frozen on v1, which is ECB only."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.errors import BadPayload
from bot.macro.ecb import Table, to_table
from bot.macro.source import MacroQuery, figure
from bot.macro.wire import Pace, Request, Response, check_status, json_object

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
        check_status(self.name, response, query.now)
        return parse_rates(json_object(self.name, response))


def parse_rates(content: dict[str, Any]) -> RateTable:
    """The table of a v1 answer: `rates` by day and code, or by code with a `date`. Raises BadPayload."""
    rates = content.get("rates")
    if content.get("base") != "EUR" or content.get("amount") != 1 or not isinstance(rates, dict):
        raise BadPayload("frankfurter", "not the documented shape")
    by_day = {content["date"]: rates} if "date" in content else rates
    table: Table = {}
    try:
        for day, row in by_day.items():
            values = {str(code): figure(rate) for code, rate in row.items()}
            table[date.fromisoformat(day)] = {code: rate for code, rate in values.items() if rate is not None}
    except (AttributeError, TypeError, ValueError):
        raise BadPayload("frankfurter", "not the documented shape") from None
    return to_table("frankfurter", table)
