"""`python -m bot replay`: one saved reply of a provider, read by that provider's own parser, as one JSON object."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.config import Config
from bot.errors import ProviderError, UserError
from bot.files import read_whole
from bot.logs import for_json
from bot.market.symbols import FILE, AssetKind, Symbol, SymbolBook, placed, read_book
from bot.providers.calendar import Calendar
from bot.providers.contract import FigureQuery, HistoryQuery, QuoteQuery, RemoteProvider, Response, SuspectSeries
from bot.providers.factory import declared
from bot.providers.macro.workbooks import HLW, LUBIK_MATTHES, LW
from bot.render.envelope import clean, dump

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.sessions import Sessions
    from bot.providers.contract import Quote

MAX_FILE = 16 * 2**20
_SINCE = date(1900, 1, 1)
_SHORT = {
    "hlw": ("newyorkfed", HLW),
    "lw": ("newyorkfed", LW),
    "lm": ("richmondfed", LUBIK_MATTHES),
    "effr": ("newyorkfed-rates", "policy"),
}
_METALS = ("XAU/", "XAG/", "XPT/", "XPD/")
_BY_SERIES = frozenset({"fred", "fred-csv"})


async def replay(config: Config, arguments: argparse.Namespace, now: datetime) -> int:
    """Print what the reply says. Exit status: 0 whatever it says, 2 where the call itself is wrong."""
    try:
        body = _body(arguments.file)
        response = Response(arguments.status, body, arguments.content_type)
        symbol = symbol_of(arguments.symbol)
        sessions = await Calendar(config.cache_dir).of(symbol, now.date()) if arguments.kind == "quote" else None
        found = read(arguments.provider, arguments.kind, symbol, response, now, sessions)
    except UserError as error:
        sys.stderr.write(f"{error.message}\n")
        return 2
    sys.stdout.write(f"{for_json(dump(clean(found)))}\n")
    return 0


def _body(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise UserError(f"There is no file {path}.")
        if path.stat().st_size > MAX_FILE:
            raise UserError(f"{path} is larger than any reply that is read: {MAX_FILE // 2**20} MiB.")
        return read_whole(path, MAX_FILE)
    except OSError as error:
        raise UserError(f"{path} cannot be read ({type(error).__name__}).") from None


def symbol_of(text: str, book: SymbolBook | None = None) -> Symbol:
    """The symbol of the book, else one of the kind that its writing shows; replies are of any symbol."""
    canonical = text.strip().upper()
    known = (book or read_book(FILE.read_bytes())).known(text) or placed(canonical)
    if known is not None:
        return known
    kind: AssetKind = "unknown"
    if canonical.startswith("^"):
        kind = "index"
    elif "/" in canonical:
        kind = "metal" if canonical.startswith(_METALS) else "fx"
    elif canonical.endswith(("-USD", "-EUR", "-GBP", "-USDT", "-USDC", "-BTC")):
        kind = "crypto"
    return Symbol(canonical, "", kind, None, None)


def read(
    name: str, kind: str, symbol: Symbol, response: Response, now: datetime, sessions: Sessions | None = None
) -> dict[str, Any]:
    """What a reply says, or why it was refused. Raises UserError where the provider has nothing of the kind."""
    provider, figure = _provider(name, kind, symbol)
    try:
        if kind == "figure":
            return {"ok": True} | figure_facts(provider.parse_figure(FigureQuery(figure, now), response))
        if kind == "history":
            bars = _bars(provider, HistoryQuery(symbol, _SINCE, now.date(), now), response)
            return _of_history(bars, symbol) | _scale(provider, symbol)
        quote = provider.parse_quote(QuoteQuery(symbol, now), response)
        return _of_quote(quote, symbol, now, sessions) | _scale(provider, symbol)
    except ProviderError as error:
        code = "suspect" if isinstance(error, SuspectSeries) else error.code
        return {"ok": False, "error": {"code": code, "message": error.detail}}


def _provider(name: str, kind: str, symbol: Symbol) -> tuple[RemoteProvider, str]:
    """The provider of a name, and the figure that is meant. It asks nothing, so it needs neither address nor key.

    Raises UserError where there is none, or none of the kind.
    """
    known = {one.declaration.name: one for one in declared()}
    short, figure = _SHORT.get(name, (name, symbol.canonical))
    if short not in known:
        raise UserError(f"There is no provider {name} here. There are {', '.join(sorted({*known, *_SHORT}))}.")
    able = known[short].declaration.capabilities
    has = {"history": bool(able.kinds) and able.history, "quote": bool(able.quotes), "figure": bool(able.figures)}
    if not has[kind]:
        kinds = " and ".join(one for one in has if has[one])
        raise UserError(f"{name} has no {kind} here, but {kinds}.")
    if short not in _BY_SERIES and figure not in able.figures and len(able.figures) == 1:
        (figure,) = able.figures
    return known[short](), figure


def _bars(provider: RemoteProvider, query: HistoryQuery, response: Response) -> Bars:
    """The history in the reply, which for some is the figure that holds every history."""
    figure = provider.capabilities.history_figure
    if figure is None:
        return provider.parse(query, response)
    return provider.history_of(query, provider.parse_figure(FigureQuery(figure, query.now), response))


def _scale(provider: RemoteProvider, symbol: Symbol) -> dict[str, Any]:
    """What answers multiply the reply's numbers by, where that is not 1: a yield in tenths of a percent."""
    factor = provider.scale(symbol)
    return {} if factor == 1.0 else {"scale": factor}


def _of_history(bars: Bars, symbol: Symbol) -> dict[str, Any]:
    volume = None if bars.volume is None else float(bars.volume[-1])
    return {
        "ok": True,
        "bars": len(bars),
        "first": bars.day(0),
        "last": bars.last_day,
        "close": float(bars.close[-1]),
        "volume": volume if volume is not None and isfinite(volume) else None,
        "currency": bars.currency or symbol.currency,
        "adjustment": bars.adjustment,
    }


def _of_quote(quote: Quote, symbol: Symbol, now: datetime, sessions: Sessions | None) -> dict[str, Any]:
    from bot.providers.series import has_closes, on_session

    if sessions is not None and has_closes(symbol):
        quote = on_session(quote, sessions)
    session = "always_open" if symbol.kind == "crypto" else None if sessions is None else sessions.state(now)
    late = None if quote.extended is None else {"price": quote.extended.price, "time": quote.extended.time}
    return {
        "ok": True,
        "price": quote.price,
        "previous_close": quote.previous_close,
        "change_pct": quote.change_pct,
        "time": quote.time,
        "delay": quote.delay,
        "session": session,
        "extended": late,
        "currency": quote.currency or symbol.currency,
    }


def figure_facts(figure: Any) -> dict[str, Any]:
    """Name, count, first and last day or quarter, and newest value of a figure of any kind.

    The value of a fund's holdings is the percent of the fund that they make up; a table of rates has none.
    """
    from bot.market.index import Holdings
    from bot.market.rates import Estimates, Quarter, RateTable

    if isinstance(figure, RateTable):
        days = [figure.days[place].item() for place in (0, -1)]
        return _facts("rates", len(figure.days), days[0], days[1], None)
    if isinstance(figure, Holdings):
        total = sum(row.weight_pct for row in figure.rows)
        return _facts(figure.fund, len(figure.rows), figure.day, figure.day, total)
    first, last = min(figure.values), max(figure.values)
    value = figure.values[last]
    if isinstance(first, Quarter):
        first, last = str(first), str(last)
    return _facts(
        figure.model if isinstance(figure, Estimates) else figure.name, len(figure.values), first, last, value
    )


def _facts(name: str, size: int, first: object, last: object, value: float | None) -> dict[str, Any]:
    return {"name": name, "count": size, "first": first, "last": last, "value": value}
