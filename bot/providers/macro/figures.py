"""What the r-star answer is made of, and what a file or folder of figures may hold."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.market.index import Holdings
    from bot.market.rates import Estimates, RateTable, Readings

FILE = Path(__file__).with_name("last_known.json")


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the r-star answer is made of, as far as it could be had.

    `editions` hold at least one of HLW. `bundled`: nothing could be reached, and it is the one shipped with the
    program. `missing` says, per input that is not there, why; `shipped` names the other inputs that are the ones
    shipped with the program.
    """

    editions: tuple[Estimates, ...]
    policy: tuple[Readings, ...]
    prices: Readings | None
    provider: str
    kept_since: datetime | None = None
    bundled: bool = False
    missing: tuple[str, ...] = ()
    shipped: tuple[str, ...] = ()


@dataclass(slots=True)
class Pieces:
    """What was recognised in a folder or a file. `workbooks` are unread: opening one takes longer than all the rest."""

    tables: list[RateTable] = field(default_factory=list)
    workbooks: list[bytes] = field(default_factory=list)
    series: list[Readings] = field(default_factory=list)
    holdings: list[Holdings] = field(default_factory=list)

    def add(self, other: Pieces) -> None:
        """Take over what another holds."""
        self.tables += other.tables
        self.workbooks += other.workbooks
        self.series += other.series
        self.holdings += other.holdings

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return len(self.tables) + len(self.workbooks) + len(self.series) + len(self.holdings)


def _bundled(name: str) -> dict[str, Any]:
    part: dict[str, Any] = json.loads(FILE.read_bytes())[name]
    return part


def last_known() -> Estimates:
    """The r-star estimate shipped with the program."""
    from bot.market.rates import Estimates, Quarter

    row = _bundled("r_star")
    year, number = row["quarter"].split("Q")
    return Estimates(row["model"], {Quarter(int(year), int(number)): row["r_star_pct"]})


def last_known_rates() -> RateTable:
    """The ECB's reference rates shipped with the program: those of one day."""
    import numpy as np

    from bot.market.rates import RateTable

    row = _bundled("rates")
    per_euro = {code: np.array([rate], dtype=np.float64) for code, rate in row["per_euro"].items()}
    return RateTable(np.array([row["date"]], dtype="datetime64[D]"), per_euro)


def last_known_readings(name: str) -> Readings:
    """The newest values of a series shipped with the program: `policy` or `core_pce`."""
    from bot.market.rates import Readings

    row = _bundled(name)
    values = {date.fromisoformat(day): value for day, value in row["values"].items()}
    return Readings(row["name"], values, monthly=row["monthly"])
