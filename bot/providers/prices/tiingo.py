"""Tiingo: daily history of US shares and funds, with a key. Ahead of the keyless providers when the key is set.

Each row has raw prices, fully adjusted prices and the day's split. `split` prices are computed here from the raw ones
and the splits, so that one kind of price is used whoever answers; `adjClose` would count dividends in as well.
Wire format: tiingo.com/documentation/end-of-day. Limits (not reconciled by its own pages): 50 an hour, 1,000 a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import AuthRefused, QuotaExhausted, RateLimited, UnknownSymbol
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
from bot.providers.response_checks import check_status, documented_shape, json_array, retry_after
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars, FloatArray

_SENTENCE, _LARGEST_SPLIT = 400, 1e5


class Tiingo(RemoteProvider):
    """The provider `tiingo`."""

    declaration = Declaration(
        name="tiingo",
        title="Tiingo",
        covers="US shares and funds, whole history",
        address="https://api.tiingo.com",
        pace=Pace(45, 3_600.0),
        order=30,
        capabilities=Capabilities(frozenset({"stock", "fund", "unknown"})),
        keys=("key",),
        late="end of day",
        terms="free key, own use by its terms",
    )

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """One request for the whole span; the key goes in a header, since addresses end up in logs."""
        where = address(self.base_url, "tiingo", "daily", query.symbol.canonical, "prices")
        span = {"startDate": query.start.isoformat(), "endDate": query.end.isoformat()}
        return [Request(where, span, {"Authorization": f"Token {self._keys[0].reveal()}"})]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The raw prices, restated for the splits that came after each day."""
        self._check(response, query)
        rows = json_array(self.name, response)
        if not rows:
            raise UnknownSymbol(self.name, "no prices in the answer")
        with documented_shape(self.name), np.errstate(over="raise"):
            factor = _later_splits(numbers(picked(rows, "splitFactor")))
            prices = {name: numbers(picked(rows, name)) / factor for name in ("close", "open", "high", "low")}
            volume = numbers(picked(rows, "volume")) * factor
            table = Table(iso_days(picked(rows, "date")), **prices, volume=volume)
        return to_bars(table, Label(self.name, query.symbol.canonical, "split", query.now.date()))

    def _check(self, response: Response, query: HistoryQuery) -> None:
        """Raise what a sentence in the place of the rows means: it comes with any status, 200 as well."""
        text = response.body[:_SENTENCE].lower().lstrip()
        if response.status == 404 or (text[:1] == b"{" and b"not found" in text):
            raise UnknownSymbol(self.name, "no such symbol")
        if text[:1] not in {b"[", b"<"}:
            if b"hourly request" in text:
                raise RateLimited(self.name, "too many requests for now", retry_after(response, query.now))
            if b"run over your" in text:
                raise QuotaExhausted(self.name, "the day's or month's allowance is used up")
            if response.status == 403 or b"token" in text:
                raise AuthRefused(self.name, "the key was refused")
        check_status(self.name, response, query.now)


def _later_splits(factors: FloatArray) -> FloatArray:
    """For each row the product of the split factors of the rows after it; rows are oldest first.

    A row without a factor has no split. Raises ValueError for one that no split has.
    """
    steps = np.where(np.isfinite(factors), factors, 1.0)
    if not bool(((steps > 1 / _LARGEST_SPLIT) & (steps < _LARGEST_SPLIT)).all()):
        raise ValueError("an impossible split")
    after = np.append(steps[1:], 1.0)
    product: FloatArray = np.cumprod(after[::-1])[::-1]
    return product
