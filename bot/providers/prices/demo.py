"""The provider `demo`: simulated prices with a fixed seed, for a first look without network or key.

Not market prices: every bar is labelled `simulated`. Each symbol's path is scripted so that the symbols together show
every state; the newest bar is that of the newest finished session, so nothing looks stale that is made up anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import UnknownSymbol
from bot.market.bars import Bars, DateArray, FloatArray
from bot.market.symbols import Symbol
from bot.providers.contract import Capabilities, HistoryQuery

if TYPE_CHECKING:
    from bot.providers.calendar import Calendar

BARS = 1_300


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch of a path: `drift` and `sigma` a day in log price; `pull` back to the leg's start, 0 to 1 a day."""

    bars: int
    drift: float
    sigma: float
    pull: float = 0.0


@dataclass(frozen=True, slots=True)
class Script:
    """How one symbol is simulated: it ends at `last` after its legs; what comes before them is a calm climb."""

    seed: int
    last: float
    legs: tuple[Leg, ...]
    always_open: bool = False


_SMALL = (Leg(60, -0.004, 0.010), Leg(150, 0.0022, 0.009))
_LARGE = (Leg(50, -0.002, 0.007), Leg(110, 0.0020, 0.006), Leg(60, 0.0, 0.006, 0.25))
_STARTING = (Leg(120, 0.0006, 0.008), Leg(30, -0.0035, 0.009), Leg(9, 0.005, 0.006))
_BREAKING_UP = (Leg(800, 0.0010, 0.004), Leg(60, 0.0, 0.004, 0.35), Leg(4, 0.007, 0.002))
_FALLING = (Leg(110, 0.0018, 0.010), Leg(40, -0.0055, 0.009))
_BREAKING_DOWN = (Leg(60, 0.0012, 0.004), Leg(60, 0.0, 0.004, 0.35), Leg(4, -0.008, 0.002))
_WIDE = (Leg(60, -0.008, 0.022), Leg(60, 0.010, 0.020), Leg(60, 0.0, 0.020, 0.3))
# A test holds these to the states they are for: rally and trend, fading in a range, attempt, breakout up without a
# decline before it, decline, a rally ended by a breakout down, and a rally resting in a range.
SCRIPTS: dict[str, Script] = {
    "IWM": Script(1, 241.50, _SMALL),
    "^RUT": Script(1, 2431.20, _SMALL),
    "SPY": Script(4, 668.40, _LARGE),
    "^GSPC": Script(4, 6702.10, _LARGE),
    "IWB": Script(6, 366.80, _STARTING),
    "QQQ": Script(12, 612.30, _BREAKING_UP),
    "AAPL": Script(1, 268.90, _FALLING),
    "EUR/USD": Script(1, 1.1534, _BREAKING_DOWN),
    "BTC-USD": Script(2, 91_250.0, _WIDE, always_open=True),
}


class Demo:
    """The simulated provider."""

    name = "demo"
    capabilities = Capabilities(frozenset({"stock", "fund", "index", "fx", "crypto"}), local=True)

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar

    def serves(self, symbol: Symbol) -> bool:
        """Whether the symbol has a script."""
        return symbol.canonical in SCRIPTS

    async def history(self, query: HistoryQuery) -> Bars:
        """The simulated bars up to the newest finished session."""
        script = SCRIPTS.get(query.symbol.canonical)
        if script is None:
            raise UnknownSymbol(self.name, f"the demo has only {', '.join(SCRIPTS)}")
        if script.always_open or query.symbol.kind == "fx":
            days = _plain_days(query.now.date() - timedelta(days=1), weekdays=not script.always_open)
        else:
            sessions = await self._calendar.sessions(query.now.date())
            newest = sessions.newest_closed(query.now) or query.now.date()
            days = sessions.between(date(newest.year - 7, 1, 1), newest)[-BARS:]
        return simulate(query.symbol.canonical, script, days)


def _plain_days(last: date, *, weekdays: bool) -> DateArray:
    days = np.arange(np.datetime64(last, "D") - 2 * BARS, np.datetime64(last, "D") + 1)
    return days[np.is_busday(days)][-BARS:] if weekdays else days[-BARS:]


def simulate(symbol: str, script: Script, days: DateArray) -> Bars:
    """Bars on the given days from a script: the same bars, counted from the end, whatever the days are."""
    rng = np.random.default_rng(script.seed)
    calm = BARS - sum(leg.bars for leg in script.legs)
    legs = (Leg(calm, 0.0004, script.legs[0].sigma), *script.legs)
    path: list[float] = [0.0]
    for leg in legs:
        base = path[-1]
        for noise in rng.normal(0.0, leg.sigma, leg.bars):
            path.append(path[-1] + leg.drift + leg.pull * (base - path[-1]) + float(noise))
    x = np.array(path[-len(days) :])
    close: FloatArray = script.last * np.exp(x - x[-1])
    sigma = script.legs[-1].sigma
    opened = close * np.exp(rng.normal(0.0, sigma / 3, BARS + 1))[-len(days) :]
    spread = np.abs(rng.normal(0.0, sigma / 2, (2, BARS + 1)))[:, -len(days) :]
    return Bars(
        symbol=symbol,
        dates=days,
        close=close,
        adjustment="simulated",
        provider="demo",
        open=opened,
        high=np.maximum(opened, close) * np.exp(spread[0]),
        low=np.minimum(opened, close) * np.exp(-spread[1]),
        volume=np.round(rng.lognormal(16.5, 0.3, BARS + 1))[-len(days) :],
        delay="simulated",
    )
