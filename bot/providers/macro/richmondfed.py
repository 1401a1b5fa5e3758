"""The Richmond Fed: the Lubik-Matthes natural rate, a time-varying VAR's median, quarterly from 1967. Keyless."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.providers.macro.newyorkfed import of_model
from bot.providers.macro.source import BROWSER, MacroQuery, body_of
from bot.providers.macro.wire import Pace, Request, Response
from bot.providers.macro.workbooks import LUBIK_MATTHES

if TYPE_CHECKING:
    from bot.market.rates import Estimates

_FILE = "/-/media/RichmondFedOrg/research/economists/bios/data/lubik_matthes_natural_rate_interest.xlsx"


class LubikMatthes:
    """The source `richmondfed`."""

    name = "richmondfed"
    pace = Pace(10, 60.0)

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def request(self, query: MacroQuery) -> Request:
        """The workbook."""
        return Request(f"{self.base_url}{_FILE}", headers={"User-Agent": BROWSER})

    def parse(self, query: MacroQuery, response: Response) -> Estimates:
        """The median column."""
        return of_model(self.name, LUBIK_MATTHES, body_of(self.name, response, query.now))
