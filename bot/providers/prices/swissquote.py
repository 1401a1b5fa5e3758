"""Swissquote's public quotes of gold, silver, platinum and palladium: a broker's website feed. Keyless, no histories.

Each of its servers has its own bid and ask by client profile, and a time. The price here is the middle of bid and ask
of the profile `prime`, else of the first, on the server with the newest time. From Friday to Sunday evening the last
quote stays: its own time says so. Limits are not published. Wire format: read from clients and probes of 2026.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import BadPayload, UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.columns import number
from bot.providers.contract import (
    Capabilities,
    Declaration,
    Pace,
    Quote,
    QuoteQuery,
    RemoteProvider,
    Request,
    Response,
    address,
)
from bot.providers.response_checks import check_status, documented_shape, json_array

_METALS = frozenset({"XAU", "XAG", "XPT", "XPD"})
_PREFERRED = "prime"
_WIDEST = 0.1
_TRADING = timedelta(hours=1)


class Swissquote(RemoteProvider):
    """The provider `swissquote`."""

    declaration = Declaration(
        name="swissquote",
        title="Swissquote",
        covers="quotes of gold, silver, platinum and palladium, between bid and ask",
        address="https://forex-data-feed.swissquote.com",
        pace=Pace(1, 10.0),
        order=76,
        capabilities=Capabilities(frozenset({"metal"}), quotes=1, history=False),
        late="live",
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a metal in a currency."""
        return symbol.kind == "metal" and symbol.canonical.partition("/")[0] in _METALS

    def basis(self, symbol: Symbol) -> str:
        """That it lies between two prices."""
        return "the middle of bid and ask"

    def quote_requests(self, query: QuoteQuery) -> Sequence[Request]:
        """All servers' quotes of one pair."""
        pair = query.symbol.canonical.partition("/")[::2]
        return [Request(address(self.base_url, "public-quotes", "bboquotes", "instrument", *pair))]

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        """The newest server's middle of bid and ask, at its own time."""
        if response.status == 404:
            raise UnknownSymbol(self.name, "no such pair")
        check_status(self.name, response, query.now)
        servers = json_array(self.name, response)
        if not servers:
            raise UnknownSymbol(self.name, "no such pair")
        with documented_shape(self.name):
            newest = max(servers, key=lambda server: number(server["ts"]))
            moment = datetime.fromtimestamp(number(newest["ts"]) / 1000, UTC)
            bid, ask = _prices(newest["spreadProfilePrices"])
        if not 0 < bid <= ask <= bid * (1 + _WIDEST):
            raise BadPayload(self.name, "bid and ask that cannot be")
        moment = min(moment, query.now)
        return Quote(
            symbol=query.symbol.canonical,
            price=(bid + ask) / 2,
            time=moment,
            provider=self.name,
            delay="real_time",
            unfinished=query.now - moment < _TRADING,
            currency=query.symbol.canonical.partition("/")[2],
        )


def _prices(profiles: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Bid and ask of the preferred profile, else of the first. Raises IndexError where there is none."""
    preferred = [one for one in profiles if one["spreadProfile"] == _PREFERRED]
    chosen = (preferred or list(profiles))[0]
    return number(chosen["bid"]), number(chosen["ask"])
