"""Nasdaq's website back end: daily history and quotes of US shares, funds and its own indices. Keyless, undocumented.

Closes are restated after splits; dividends are not included. An unknown symbol and a wrong asset class look the
same (status.rCode 400 with HTTP 200), so both classes are tried.

In a quote, `primaryData` is the newest price whatever the session: outside the regular one it is the extended price,
and `secondaryData` ("Closed at …") then holds the regular close.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.errors import BadPayload, UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.columns import Table, money, number, picked, us_days
from bot.providers.contract import (
    BROWSER,
    Capabilities,
    Declaration,
    Extended,
    HistoryQuery,
    Pace,
    Quote,
    QuoteQuery,
    RemoteProvider,
    Request,
    Response,
    address,
)
from bot.providers.response_checks import check_status, documented_shape, json_object
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Adjustment, Bars

_HEADERS = {
    "User-Agent": BROWSER,
    "Accept": "application/json, text/plain, */*",
    "Origin": "https://www.nasdaq.com",
    "Referer": "https://www.nasdaq.com/",
}
_INDICES = {"^NDX": "NDX", "^IXIC": "COMP"}
_NEW_YORK = ZoneInfo("America/New_York")
_CLOSE = time(16)
_CLOSED_AT, _UNCHANGED = "Closed at ", "UNCH"
_FRIDAY = 4


class Nasdaq(RemoteProvider):
    """The provider `nasdaq`."""

    declaration = Declaration(
        name="nasdaq",
        title="Nasdaq",
        covers="US shares, funds, ^NDX and ^IXIC, ten years; quotes",
        address="https://api.nasdaq.com",
        pace=Pace(1, 2.0),
        order=60,
        capabilities=Capabilities(frozenset({"stock", "fund", "unknown", "index"}), quotes=2, history_years=10),
        late="about 15 minutes",
        terms="undocumented back end of a public site",
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a US share or fund, of a kind that is not known, or one of Nasdaq's own indices."""
        if symbol.kind == "index":
            return symbol.canonical in _INDICES
        return self.capabilities.cover(symbol)

    def _requests(self, symbol: Symbol, call: str, params: dict[str, str]) -> list[Request]:
        """One request per asset class, the likely one first."""
        classes = {"fund": ("etf", "stocks"), "index": ("index",)}.get(symbol.kind, ("stocks", "etf"))
        spelling = _INDICES.get(symbol.canonical, symbol.canonical.replace("-", "."))
        where = address(self.base_url, "api", "quote", spelling, call)
        return [Request(where, {"assetclass": name, **params}, _HEADERS) for name in classes]

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """The whole span, once per asset class."""
        span = {"fromdate": query.start.isoformat(), "todate": query.end.isoformat(), "limit": "9999"}
        return self._requests(query.symbol, "historical", span)

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The bars of `data.tradesTable.rows`, newest first in the answer."""
        table = self._content(response, query.now).get("tradesTable")
        rows = table.get("rows") if isinstance(table, dict) else None
        if rows is None or rows == []:
            raise UnknownSymbol(self.name, "no prices in the answer")
        with documented_shape(self.name):
            columns = {name: money(picked(rows, name)) for name in ("close", "open", "high", "low", "volume")}
            found = Table(us_days(picked(rows, "date")), **columns)
        index = query.symbol.kind == "index"
        adjustment: Adjustment = "index" if index else "split"
        currency = None if index else "USD"
        return to_bars(found, Label(self.name, query.symbol.canonical, adjustment, query.now.date(), currency=currency))

    def quote_requests(self, query: QuoteQuery) -> Sequence[Request]:
        """One request per asset class."""
        return self._requests(query.symbol, "info", {})

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        """The regular session's newest price, and the extended one where there is one."""
        content = self._content(response, query.now)
        with documented_shape(self.name):
            status = str(content.get("marketStatus")).casefold()
            newest = _Price.read(content["primaryData"])
            closed = None if status.endswith("open") else _closed(content.get("secondaryData"))
        if closed is None and status.startswith("after"):
            raise BadPayload(self.name, "a price after hours without the close")
        shown, before, extended = _facts(newest, closed, before_open=status.startswith("pre"))
        if shown is None:
            raise UnknownSymbol(self.name, "no price in the answer")
        index = query.symbol.kind == "index"
        return Quote(
            symbol=query.symbol.canonical,
            price=shown.price,
            time=min(shown.time, query.now),
            provider=self.name,
            delay="real_time" if shown.real_time else "delayed",
            previous_close=before,
            adjustment="index" if index else "raw",
            extended=extended,
            currency=None if index else "USD",
        )

    def _content(self, response: Response, now: datetime) -> dict[str, Any]:
        check_status(self.name, response, now)
        content = json_object(self.name, response)
        status, found = content.get("status"), content.get("data")
        code = status.get("rCode") if isinstance(status, dict) else None
        if code == 400:
            raise UnknownSymbol(self.name, "no such symbol")
        if code != 200 or not isinstance(found, dict):
            raise BadPayload(self.name, "not the documented shape")
        return found


@dataclass(frozen=True, slots=True)
class _Price:
    """One of the two prices of a quote; `previous_close` is None where there is no change to reckon it from."""

    price: float
    time: datetime
    previous_close: float | None
    real_time: bool

    @classmethod
    def read(cls, cells: Any) -> _Price | None:
        """The price in `primaryData` or `secondaryData`; None where there is none, as in a session that is open."""
        price = number(cells["lastSalePrice"])
        if not price > 0:
            return None
        change = str(cells.get("netChange")).strip().removeprefix("+")
        before = price - (0.0 if change.upper() == _UNCHANGED else number(change))
        known = round(before, 6) if before > 0 else None
        return cls(price, _moment(cells["lastTradeTimestamp"]), known, cells.get("isRealTime") is True)

    def follows(self, closed: _Price) -> bool:
        """Whether this price is of a later day than a close: of the morning before the next open."""
        return self.time.astimezone(_NEW_YORK).date() > closed.time.astimezone(_NEW_YORK).date()


def _closed(cells: Any) -> _Price | None:
    """The regular close in `secondaryData`, None where the newest price is of the regular session itself."""
    return _Price.read(cells) if isinstance(cells, dict) else None


def _facts(
    newest: _Price | None, closed: _Price | None, *, before_open: bool
) -> tuple[_Price | None, float | None, Extended | None]:
    """The price of the day that is on, the close of the day before, and the extended price.

    `closed` is there outside the regular session alone. A price of a later day than that close is of the morning
    before the next open.
    """
    if newest is None or closed is None:
        shown = newest or closed
        early = Extended(newest.price, newest.time, before_open=True) if newest is not None and before_open else None
        return shown, None if shown is None else shown.previous_close, early
    if newest.follows(closed):
        return newest, closed.price, Extended(newest.price, newest.time, before_open=True)
    late = Extended(newest.price, newest.time, before_open=False) if newest.time > closed.time else None
    return closed, closed.previous_close, late


def _moment(text: str) -> datetime:
    """`Nov 19, 2026 3:59 PM ET`, `Closed at Nov 19, 2026 4:00 PM ET`, or `Nov 19, 2026` for a session's close.

    At weekends the close of Friday is stamped with the day that it is asked on.
    """
    text = text.strip().removeprefix(_CLOSED_AT)
    if text.endswith((" ET", " EST", " EDT")):
        local = datetime.strptime(text.rpartition(" ")[0], "%b %d, %Y %I:%M %p")  # noqa: DTZ007  its zone follows
    else:
        local = datetime.combine(datetime.strptime(text, "%b %d, %Y"), _CLOSE)  # noqa: DTZ007  its zone follows
    local -= timedelta(days=max(local.weekday() - _FRIDAY, 0))
    return local.replace(tzinfo=_NEW_YORK).astimezone(UTC)
