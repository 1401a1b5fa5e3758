"""The provider `demo`: simulated prices with a fixed seed, for a first look without network or key.

Not market prices: every bar is labelled `simulated`. A few symbols have a script of their own, so that together they
show every state; every other symbol that the book places gets one by its kind and name: a level and a volatility as
its kind has them, the same each time. The newest bar is that of the newest finished session of the symbol's own
exchange, so nothing looks stale that is made up anyway.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import UnknownSymbol
from bot.market.bars import Bars, DateArray, FloatArray
from bot.market.symbols import AssetKind, Symbol
from bot.market.venues import futures
from bot.providers.contract import Capabilities, HistoryQuery
from bot.providers.macro.figures import last_known_rates

if TYPE_CHECKING:
    from bot.providers.calendar import Calendar

BARS = 1_300
YEARS, FIRST_DAY = 7, date(1990, 1, 1)
CALMEST = 0.012
FILE = Path(__file__).with_name("demo_levels.json")


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch of a path: `drift` and `sigma` a day in log price; `pull` back to the leg's start, 0 to 1 a day."""

    bars: int
    drift: float
    sigma: float
    pull: float = 0.0


@dataclass(frozen=True, slots=True)
class Script:
    """How one symbol is simulated: it ends at `last` after its legs; what comes before them is a calm `climb` a day."""

    seed: int
    last: float
    legs: tuple[Leg, ...]
    climb: float = 0.0004
    has_volume: bool = True


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
    "BTC-USD": Script(2, 91_250.0, _WIDE),
}


_SHAPES = (_SMALL, _LARGE, _STARTING, _BREAKING_UP, _FALLING, _BREAKING_DOWN)
_RESTLESS = (Leg(BARS, 0.0, 0.06, 0.05),)
"""What a volatility index does: it jumps, and comes back."""
_TIMES: Mapping[AssetKind, float] = {"stock": 1.5, "crypto": 2.5, "fx": 0.45, "commodity": 1.8, "future": 1.2}
"""How much more or less than the scripts' funds a kind moves in a day."""
_PEGGED = frozenset("USDT USDC BUSD FDUSD DAI".split())
_CLIMBING = frozenset({"stock", "fund", "index", "crypto"})
_WITH_VOLUME = _CLIMBING | {"future"}
_VOLATILITY = re.compile(r"\^V|\^(?:RVX|OVX|GVZ|MOVE)")
_LOWEST_SHARE, _HIGHEST_SHARE = 20.0, 400.0
_LOWEST_INDEX, _HIGHEST_INDEX = 800.0, 20_000.0


def _place(canonical: str) -> float:
    """Where a symbol lies between nothing and one: by its name, the same everywhere."""
    return int.from_bytes(sha256(canonical.encode()).digest()[:6], "big") / 2**48


def _between(low: float, high: float, canonical: str) -> float:
    """A level from `low` to `high`, as likely in each octave, in four digits."""
    return float(f"{low * (high / low) ** _place(canonical):.4g}")


@cache
def levels() -> Mapping[str, float]:
    """The levels that symbols end at, where they are no matter of chance."""
    table: dict[str, float] = json.loads(FILE.read_bytes())["levels"]
    return table | {canonical: script.last for canonical, script in SCRIPTS.items() if canonical not in table}


def _in_dollars(code: str) -> float:
    """US dollars for one of a currency, a metal or a coin."""
    rates = last_known_rates()
    per_euro = {**rates.per_euro, "EUR": np.ones(1)}
    if code in per_euro:
        return float(per_euro["USD"][0] / per_euro[code][0])
    for canonical in (f"{code}-USD", f"{code}/USD"):
        if canonical in levels():
            return levels()[canonical]
    return _between(0.05, 40.0, code)


def level(symbol: Symbol) -> float:
    """The price that a symbol's bars end at: in its currency, of a size that its kind has."""
    name, kind = symbol.canonical, symbol.kind
    if name in levels():
        return levels()[name]
    if kind in {"fx", "metal", "crypto"}:
        base, _, quote = name.replace("/", "-").rpartition("-")
        return _in_dollars(base) / _in_dollars(quote)
    if kind == "future":
        root = re.sub(r"[FGHJKMNQUVXZ]\d\d=F$", "=F", name)
        front = futures().get(root)
        underlying = front.underlying or "" if front is not None else ""
        known = levels().get(root) or levels().get(underlying)
        return known if known is not None else _between(1.0, 200.0, root)
    if kind == "yield":
        return levels().get(f"{name[:2]}10Y", 3.2) - (0.35 if name[2:] in {"2Y", "1Y", "6M", "3M", "1M"} else 0.1)
    if kind == "index":
        return _between(_LOWEST_INDEX, _HIGHEST_INDEX, name)
    return float(f"{_between(_LOWEST_SHARE, _HIGHEST_SHARE, name) / _in_dollars(symbol.currency or 'USD'):.4g}")


def script_of(symbol: Symbol) -> Script:
    """The script of a symbol: its own, or one by its kind and name."""
    name, kind = symbol.canonical, symbol.kind
    if name in SCRIPTS:
        return SCRIPTS[name]
    place = _place(name)
    seed = int(place * 2**32)
    if _VOLATILITY.match(name):
        return Script(seed, level(symbol), _RESTLESS, has_volume=False)
    times = 0.02 if kind == "crypto" and name.partition("-")[0] in _PEGGED else _TIMES.get(kind, 1.0)
    shape = _SHAPES[seed % len(_SHAPES)]
    legs = tuple(replace(leg, drift=leg.drift * times, sigma=leg.sigma * times) for leg in shape)
    return Script(seed, level(symbol), legs, 0.0004 if kind in _CLIMBING else 0.0, kind in _WITH_VOLUME)


class Demo:
    """The simulated provider."""

    name = "demo"
    capabilities = Capabilities(
        frozenset({"stock", "fund", "index", "fx", "metal", "crypto", "future", "yield", "commodity"}),
        local=True,
        abroad=True,
    )

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar

    def serves(self, symbol: Symbol) -> bool:
        """Whether the book places the symbol: of what it does not know there are no made-up prices either."""
        return self.capabilities.cover(symbol)

    async def history(self, query: HistoryQuery) -> Bars:
        """The simulated bars up to the newest finished session of the symbol's exchange."""
        symbol = query.symbol
        if not self.serves(symbol):
            raise UnknownSymbol(self.name, "the demo simulates the symbols of the book alone")
        return simulate(symbol.canonical, script_of(symbol), await self._days(query))

    async def _days(self, query: HistoryQuery) -> DateArray:
        """The days of the bars: the newest five years, or all since the start that is asked for where it is earlier."""
        today = query.now.date()
        around_the_clock = query.symbol.kind == "crypto"
        sessions = None
        if not around_the_clock and query.symbol.kind not in {"fx", "metal", "commodity"}:
            sessions = await self._calendar.of(query.symbol, today)
        newest = today - timedelta(days=1) if sessions is None else sessions.newest_closed(query.now) or today
        usual = date(newest.year - YEARS, 1, 1)
        first = max(FIRST_DAY, min(query.start, usual))
        if sessions is not None:
            days = sessions.between(first, newest)
        else:
            days = np.arange(np.datetime64(first, "D"), np.datetime64(newest, "D") + 1)
            days = days if around_the_clock else days[np.is_busday(days)]
        return days if first < usual else days[-BARS:]


def simulate(symbol: str, script: Script, days: DateArray) -> Bars:
    """Bars on the given days from a script: the same bars, counted from the end, whatever the days are."""
    rng = np.random.default_rng(script.seed)
    calm = BARS - sum(leg.bars for leg in script.legs)
    legs = (Leg(calm, script.climb, script.legs[0].sigma), *script.legs)
    path: list[float] = [0.0]
    for leg in legs:
        base = path[-1]
        for noise in rng.normal(0.0, leg.sigma, leg.bars):
            path.append(path[-1] + leg.drift + leg.pull * (base - path[-1]) + float(noise))
    sigma = script.legs[-1].sigma
    opening = rng.normal(0.0, sigma / 3, BARS + 1)
    spread = np.abs(rng.normal(0.0, sigma / 2, (2, BARS + 1)))
    volume = np.round(rng.lognormal(16.5, 0.3, BARS + 1))
    before = np.random.default_rng((script.seed, BARS))
    more, calmer = max(0, len(days) - BARS - 1), min(legs[0].sigma, CALMEST)
    earlier = path[0] - np.cumsum(before.normal(script.climb / 2, calmer, more))[::-1]
    x = np.concatenate([earlier, path])[-len(days) :]
    opening = np.concatenate([before.normal(0.0, calmer / 3, more), opening])[-len(days) :]
    spread = np.hstack([np.abs(before.normal(0.0, calmer / 2, (2, more))), spread])[:, -len(days) :]
    volume = np.concatenate([np.round(before.lognormal(16.5, 0.3, more)), volume])[-len(days) :]
    close: FloatArray = script.last * np.exp(x - x[-1])
    opened = close * np.exp(opening)
    return Bars(
        symbol=symbol,
        dates=days,
        close=close,
        adjustment="simulated",
        provider="demo",
        open=opened,
        high=np.maximum(opened, close) * np.exp(spread[0]),
        low=np.minimum(opened, close) * np.exp(-spread[1]),
        volume=volume if script.has_volume else None,
        delay="simulated",
    )
