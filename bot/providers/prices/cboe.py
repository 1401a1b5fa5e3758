"""Cboe's delayed-quote back end: daily history and quotes of US shares, funds and some indices. Keyless, undocumented.

Prices are not always restated for splits, so a series with a jump that looks like one inside it is refused: a wrong
number is worse than none. Zero means missing. Unknown symbols are answered with 403 and XML.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.errors import BadPayload, UnknownSymbol
from bot.market.checks import split_like
from bot.market.symbols import Symbol
from bot.providers.columns import NAN, Table, iso_days, number, numbers, picked
from bot.providers.contract import (
    Capabilities,
    Declaration,
    HistoryQuery,
    Pace,
    Quote,
    QuoteQuery,
    RemoteProvider,
    Request,
    Response,
    SuspectSeries,
    address,
)
from bot.providers.response_checks import check_status, documented_shape, json_object
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars, FloatArray

_INDICES = {"^GSPC": "_SPX", "^VIX": "_VIX", "^DJI": "_DJI", "^TNX": "_TNX"}
_NEW_YORK = ZoneInfo("America/New_York")
_NEVER_TRADED = 2000


class Cboe(RemoteProvider):
    """The provider `cboe`."""

    declaration = Declaration(
        name="cboe",
        title="Cboe",
        covers="US shares, funds and some indices, their whole life; quotes",
        address="https://cdn-api.cboe.com",
        pace=Pace(40, 60.0),
        order=70,
        capabilities=Capabilities(frozenset({"stock", "fund", "unknown", "index"}), quotes=1),
        terms="undocumented back end of a public site",
        moved_to=frozenset({"cdn-api.cboe.com", "cdn.cboe.com"}),
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a US share, a fund, or one of the indices with a history: not ^RUT, not ^NDX."""
        if symbol.kind == "index":
            return symbol.canonical in _INDICES
        return symbol.kind in self.capabilities.kinds

    def _request(self, symbol: Symbol, *call: str) -> Request:
        spelling = _INDICES.get(symbol.canonical, symbol.canonical.replace("-", "."))
        return Request(address(self.base_url, "api", "global", "delayed_quotes", *call, f"{spelling}.json"))

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """The whole listed life; there is no range parameter."""
        return [self._request(query.symbol, "charts", "historical")]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The bars of `data` from the asked start on."""
        self._check(response, query.now)
        rows = json_object(self.name, response).get("data")
        if not isinstance(rows, list):
            raise BadPayload(self.name, "not the documented shape")
        with documented_shape(self.name):
            prices = {name: _zero_is_missing(picked(rows, name)) for name in ("close", "open", "high", "low")}
            volume = numbers([row.get("volume") for row in rows])
            table = Table(iso_days(picked(rows, "date")), **prices, volume=volume)
        index = query.symbol.kind == "index"
        label = Label(
            self.name, query.symbol.canonical, "index" if index else "split", query.now.date(), first=query.start
        )
        bars = to_bars(table, label)
        if not index and split_like(bars.close):
            raise SuspectSeries(self.name, "a jump that looks like an unadjusted split")
        return bars

    def quote_requests(self, query: QuoteQuery) -> Sequence[Request]:
        """One small file."""
        return [self._request(query.symbol, "quotes")]

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        """The quote in `data`, about 15 minutes old; the time of the last trade is New York's."""
        self._check(response, query.now)
        found = json_object(self.name, response).get("data")
        with documented_shape(self.name):
            price, before = number(found["current_price"]), number(found["prev_day_close"])  # type: ignore[index]
            local = datetime.fromisoformat(found["last_trade_time"])  # type: ignore[index]
        if not price > 0 or local.year <= _NEVER_TRADED:
            raise UnknownSymbol(self.name, "no trades in the answer")
        moment = (local if local.tzinfo is not None else local.replace(tzinfo=_NEW_YORK)).astimezone(UTC)
        return Quote(
            symbol=query.symbol.canonical,
            price=price,
            time=min(moment, query.now),
            provider=self.name,
            delay="delayed",
            previous_close=before if before > 0 else None,
            adjustment="index" if query.symbol.kind == "index" else "raw",
        )

    def _check(self, response: Response, now: datetime) -> None:
        """An unknown symbol is a 403 with the storage service's XML; any other 403 is a refusal."""
        head = response.body.lstrip()[:64]
        if response.status == 403 and head.startswith((b"<?xml", b"<Error")):
            raise UnknownSymbol(self.name, "no such symbol")
        check_status(self.name, response, now)


def _zero_is_missing(cells: list[object]) -> FloatArray:
    column = numbers(cells)
    zero = column == 0
    if zero.any():
        column[zero] = NAN
    return column
