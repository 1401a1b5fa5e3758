"""Alpaca: daily history of US shares and funds from 2016, with a key and its secret. Split-adjusted.

The free plan covers the feed `iex`; the consolidated one (`sip`) is free only when the end is 15 minutes past, which
daily bars up to the day before always are. Wire format: docs.alpaca.markets, historical bars. 200 requests a minute.
An unknown symbol is a missing key in `bars`, or 400 "invalid symbol" where it cannot be one. Asked for one symbol by
its own path, `bars` is a list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.errors import AuthRefused, BadPayload, PlanRefused, UnknownSymbol
from bot.providers.columns import Table, iso_days, numbers, picked
from bot.providers.contract import (
    Capabilities,
    Declaration,
    HistoryQuery,
    Pace,
    RemoteProvider,
    Request,
    Response,
    address,
)
from bot.providers.response_checks import check_status, documented_shape, json_object
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars

_NEW_YORK = ZoneInfo("America/New_York")
_LAG = timedelta(minutes=16)
_NO_SYMBOL = re.compile(rb"invalid symbol|(symbol|asset)[^,}]* not found")


class Alpaca(RemoteProvider):
    """The provider `alpaca`."""

    declaration = Declaration(
        name="alpaca",
        title="Alpaca",
        covers="US shares and funds from 2016",
        address="https://data.alpaca.markets",
        pace=Pace(180, 60.0),
        order=50,
        capabilities=Capabilities(frozenset({"stock", "fund", "unknown"}), history_years=10),
        keys=("key", "secret"),
        late="end of day",
        terms="free key, 200 requests a minute",
    )

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """One page holds 10,000 bars: more than any span asked for."""
        end = min(datetime.combine(query.end, datetime.max.time(), UTC), query.now - _LAG)
        params = {
            "symbols": query.symbol.canonical.replace("-", "."),
            "timeframe": "1Day",
            "start": query.start.isoformat(),
            "end": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "adjustment": "split",
            "feed": "sip",
            "limit": "10000",
        }
        key, secret = self._keys
        keys = {"APCA-API-KEY-ID": key.reveal(), "APCA-API-SECRET-KEY": secret.reveal()}
        return [Request(address(self.base_url, "v2", "stocks", "bars"), params, keys)]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The bars of the one symbol in `bars`; `t` is midnight in New York, written in UTC."""
        if response.status in {400, 404, 422} and _NO_SYMBOL.search(response.body.lower()):
            raise UnknownSymbol(self.name, "no such symbol")
        if response.status == 403:
            if b"subscription" in response.body:
                raise PlanRefused(self.name, "the plan does not cover this")
            raise AuthRefused(self.name, "the key was refused")
        check_status(self.name, response, query.now)
        content = json_object(self.name, response)
        spelling = query.symbol.canonical.replace("-", ".")
        with documented_shape(self.name):
            rows = content["bars"]
            if isinstance(rows, dict):
                rows = rows.get(spelling)
            elif rows and content["symbol"] != spelling:
                raise BadPayload(self.name, "the bars of another symbol")
            if not rows:
                raise UnknownSymbol(self.name, "no such symbol")
            columns = {name: numbers(picked(rows, name[0])) for name in ("close", "open", "high", "low", "volume")}
            # Midnight in New York is 04:00 or 05:00 in UTC: the date is the same.
            table = Table(iso_days(picked(rows, "t")), **columns)
        today = query.now.astimezone(_NEW_YORK).date()
        return to_bars(table, Label(self.name, query.symbol.canonical, "split", today, currency="USD"))

    def next_page(self, query: HistoryQuery, response: Response) -> Request | None:
        """The next page by the answer's token."""
        token = json_object(self.name, response).get("next_page_token")
        if not isinstance(token, str) or not token:
            return None
        (first,) = self.requests(query)
        return replace(first, params={**first.params, "page_token": token})
