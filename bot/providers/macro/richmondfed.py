"""The Richmond Fed: the Lubik-Matthes natural rate, a time-varying VAR's median, quarterly from 1967. Keyless."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.providers.contract import (
    BROWSER,
    Capabilities,
    Declaration,
    FigureQuery,
    Pace,
    RemoteProvider,
    Request,
    Response,
)
from bot.providers.macro.workbooks import LUBIK_MATTHES, estimates_of
from bot.providers.response_checks import body_of

if TYPE_CHECKING:
    from bot.market.rates import Estimates

_FILE = "/-/media/RichmondFedOrg/research/economists/bios/data/lubik_matthes_natural_rate_interest.xlsx"


class LubikMatthes(RemoteProvider):
    """The provider `richmondfed`."""

    declaration = Declaration(
        name="richmondfed",
        title="Richmond Fed",
        covers="the Lubik-Matthes natural rate",
        address="https://www.richmondfed.org",
        pace=Pace(10, 60.0),
        order=130,
        capabilities=Capabilities(figures=frozenset({LUBIK_MATTHES})),
    )

    def figure_requests(self, query: FigureQuery) -> Sequence[Request]:
        """The workbook."""
        del query
        return [Request(f"{self.base_url}{_FILE}", headers={"User-Agent": BROWSER})]

    def parse_figure(self, query: FigureQuery, response: Response) -> Estimates:
        """The median column."""
        return estimates_of(self.name, LUBIK_MATTHES, body_of(self.name, response, query.now))
