"""Cboe's delayed-quote back end: daily history and quotes of US shares, funds and some indices. Keyless, undocumented.

Prices are not always restated for splits, so a series with a jump that looks like one inside it is refused: a wrong
number is worse than none. Zero means missing. Unknown symbols are answered with 403 and XML. Since late summer 2026
the old host, cdn.cboe.com, redirects to cdn-api.cboe.com. Yields are quoted in tenths of a percent.

In a quote, `current_price` is this venue's last print, which misses the closing auction; `close` is the official
price of the session. Some hours after the close `prev_day_close` moves on to the close of that same session.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from math import isclose
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

_INDICES = {"^GSPC": "_SPX", "^VIX": "_VIX", "^DJI": "_DJI", "^TNX": "_TNX", "^RUT": "_RUT"}
_IN_TENTHS = frozenset({"^TNX"})
_NEW_YORK = ZoneInfo("America/New_York")
_NEVER_TRADED = 2000
_LAST_PRINT, _CLOSE = time(15, 59), time(16)
_QUIET = timedelta(hours=1)


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
        late="about 15 minutes",
        terms="undocumented back end of a public site",
        moved_to=frozenset({"cdn-api.cboe.com", "cdn.cboe.com"}),
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a US share, a fund, or one of the indices with a history: not ^NDX."""
        if symbol.kind == "index":
            return symbol.canonical in _INDICES
        return self.capabilities.cover(symbol)

    def scale(self, symbol: Symbol) -> float:
        """A tenth for yields: 47.24 is 4.724 percent."""
        return 0.1 if symbol.canonical in _IN_TENTHS else 1.0

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
            prices = {name: _zero_is_missing(_given(rows, name)) for name in ("open", "high", "low")}
            close, volume = _zero_is_missing(picked(rows, "close")), numbers(_given(rows, "volume"))
            table = Table(iso_days(picked(rows, "date")), close, **prices, volume=volume)
        index = query.symbol.kind == "index"
        label = Label(
            self.name, query.symbol.canonical, "index" if index else "split", query.now.date(), first=query.start
        )
        bars = to_bars(table, label)
        if not index and split_like(bars.close, own_move=False):
            raise SuspectSeries(self.name, "a jump that looks like an unadjusted split")
        return bars

    def quote_requests(self, query: QuoteQuery) -> Sequence[Request]:
        """One small file."""
        return [self._request(query.symbol, "quotes")]

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        """The quote in `data`, about 15 minutes old."""
        self._check(response, query.now)
        content = json_object(self.name, response)
        with documented_shape(self.name):
            found = content["data"]
            printed, before = number(found["current_price"]), number(found["prev_day_close"])
            official = number(found.get("close"))
            traded, answered = _traded(found["last_trade_time"]), _answered(content.get("timestamp"), query.now)
        price = official if official > 0 else printed
        if not price > 0 or traded.year <= _NEVER_TRADED:
            raise UnknownSymbol(self.name, "no trades in the answer")
        rolled = isclose(before, price, rel_tol=1e-6) and _is_over(traded, answered)
        return Quote(
            symbol=query.symbol.canonical,
            price=price,
            time=min(traded.astimezone(UTC), query.now),
            provider=self.name,
            delay="delayed",
            previous_close=before if before > 0 and not rolled else None,
            adjustment="index" if query.symbol.kind == "index" else "raw",
        )

    def _check(self, response: Response, now: datetime) -> None:
        """An unknown symbol is a 403 with the storage service's XML; any other 403 is a refusal."""
        head = response.body.lstrip()[:64]
        if response.status == 403 and head.startswith((b"<?xml", b"<Error")):
            raise UnknownSymbol(self.name, "no such symbol")
        check_status(self.name, response, now)


def _traded(text: str) -> datetime:
    """The time of the last trade in New York; a date alone (midnight) is that session's close."""
    local = datetime.fromisoformat(text)
    if local.time() == time():
        return datetime.combine(local.date(), _CLOSE, _NEW_YORK)
    return local.replace(tzinfo=_NEW_YORK) if local.tzinfo is None else local.astimezone(_NEW_YORK)


def _answered(text: object, now: datetime) -> datetime:
    """When the reply was made, by its own stamp in UTC; `now` where it has none."""
    stamp = datetime.fromisoformat(text) if isinstance(text, str) else now
    return stamp if stamp.tzinfo is not None else stamp.replace(tzinfo=UTC)


def _is_over(traded: datetime, answered: datetime) -> bool:
    """Whether the session of the last trade was over: nothing of it is traded on for an hour, or it is the evening."""
    return traded.time() >= _LAST_PRINT or answered - traded > _QUIET


def _given(rows: list[dict[str, object]], name: str) -> list[object]:
    """One cell of each row, None where a row has none: some indices have closes alone."""
    return [row.get(name) for row in rows]


def _zero_is_missing(cells: list[object]) -> FloatArray:
    column = numbers(cells)
    zero = column == 0
    if zero.any():
        column[zero] = NAN
    return column
