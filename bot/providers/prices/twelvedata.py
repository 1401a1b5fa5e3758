"""Twelve Data: daily history of US shares, funds, currencies and crypto, with a key.

That is all that its free key covers: London, Xetra, Euronext and Toronto, indices and metals are on paid plans, though
its lists, which need no key, name the whole world (checked by others in September 2026).

Prices are split-adjusted (`adjust=splits`). Errors mostly come with HTTP 200 and a `code` in the body, whose text
tells the minute's limit from the day's. Limits: 8 credits a minute, 800 a day, one per symbol.
Wire format: twelvedata.com/docs#time-series. What `code` 400 covers was read from clients, not from its documentation.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.errors import AuthRefused, PlanRefused, ProviderError, QuotaExhausted, RateLimited, Unavailable, UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.columns import Table, iso_days, major, numbers, picked
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
    from bot.market.bars import Adjustment, Bars


class TwelveData(RemoteProvider):
    """The provider `twelvedata`."""

    declaration = Declaration(
        name="twelvedata",
        title="Twelve Data",
        covers="US shares, funds, currencies and coins (its free key has no other exchange, index or metal)",
        address="https://api.twelvedata.com",
        pace=Pace(8, 60.0),
        order=40,
        capabilities=Capabilities(
            frozenset({"stock", "fund", "unknown", "fx", "crypto"}),
            max_days=5_000,
        ),
        keys=("key",),
        late="end of day",
        terms="free key",
    )

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """One request for the whole span."""
        params = {
            "symbol": _spelling(query.symbol),
            "interval": "1day",
            "start_date": query.start.isoformat(),
            "end_date": (query.end + timedelta(days=1)).isoformat(),
            "outputsize": "5000",
            "adjust": "splits",
        }
        return [
            Request(
                address(self.base_url, "time_series"), params, {"Authorization": f"apikey {self._keys[0].reveal()}"}
            )
        ]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The bars of `values`, newest first in the answer."""
        if response.body.lstrip()[:1] != b"{":
            check_status(self.name, response, query.now)
        content = json_object(self.name, response)
        if content.get("status") == "error" or "code" in content:
            raise self._refusal(content)
        check_status(self.name, response, query.now)
        with documented_shape(self.name):
            rows = content["values"]
            currency, units = major(content.get("meta", {}).get("currency"))
            prices = {name: numbers(picked(rows, name)) / units for name in ("close", "open", "high", "low")}
            volume = numbers([row.get("volume") for row in rows])
            table = Table(iso_days(picked(rows, "datetime")), **prices, volume=volume)
        label = Label(
            self.name,
            query.symbol.canonical,
            _adjustment(query.symbol),
            query.now.date(),
            first=query.start,
            currency=currency,
        )
        return to_bars(table, label)

    def _refusal(self, content: dict[str, Any]) -> ProviderError:
        """The error that a body with a `code` amounts to; its own text is read, never repeated."""
        code, text = content.get("code"), str(content.get("message", "")).casefold()
        if code == 429 and ("the day" in text or "daily" in text):
            return QuotaExhausted(self.name, "the day's allowance is used up")
        if code == 429:
            return RateLimited(self.name, "too many requests for now")
        if code == 401:
            return AuthRefused(self.name, "the key was refused")
        if code == 403 or "plan" in text:
            return PlanRefused(self.name, "the plan does not cover this")
        if code in {400, 404}:
            return UnknownSymbol(self.name, "no such symbol")
        return Unavailable(self.name, "it answered with an error of its own")


def _spelling(symbol: Symbol) -> str:
    if symbol.kind == "crypto":
        return symbol.canonical.replace("-", "/")
    return symbol.canonical if symbol.kind == "fx" else symbol.canonical.replace("-", ".")


def _adjustment(symbol: Symbol) -> Adjustment:
    if symbol.kind in {"fx", "crypto"}:
        return "raw"
    return "index" if symbol.kind == "index" else "split"
