"""`range SYMBOL`: inside a trading range between which levels, trending, or breaking out."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from bot.analysis.series import Series, bar_warnings, fetch_series, positive_tail
from bot.commands.converters import DateConverter, SymbolConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.language.intents import Intent
from bot.market.symbols import Symbol
from bot.render.buttons import working
from bot.render.numbers import count, day, plain_percent, price
from bot.render.reply import Button, Reply, Row, Tone

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.ranges import RangeState

WINDOW = 262
_TONES: dict[str, Tone] = {
    "trending_up": "up",
    "breaking_out_up": "up",
    "trending_down": "down",
    "breaking_out_down": "down",
}
_TERMS = {
    "range_bound": ("range-bound-market", "support", "resistance"),
    "trending_up": ("uptrend",),
    "trending_down": ("downtrend",),
    "breaking_out_up": ("breakout", "resistance"),
    "breaking_out_down": ("breakdown", "support"),
}


@dataclass(frozen=True, slots=True)
class MeasuredRange:
    """The state of one series and the bars it was computed from."""

    got: Series
    bars: "Bars"
    state: "RangeState"


INTENT = Intent("range", symbols=(1, 1), date=True, explains="trading-range", as_pair=2.0)


@command(
    "range",
    "Is it in a trading range? Between which support and resistance, or breaking out",
    examples=["!range IWM", "!range RUT", "!range EUR/USD asof:2015-06-01"],
    intent=INTENT,
    order=70,
    group="market",
)
async def range_(
    desk: Desk,
    caller: Caller,
    *,
    symbol: Annotated[tuple[Symbol, ...], SymbolConverter()],
    as_of: Annotated[date | None, DateConverter()] = None,
) -> Reply:
    """Answer with the range state and all that it rests on."""
    return _reply(measure(await fetch_series(desk, symbol[0], as_of)))


def measure(got: Series) -> MeasuredRange:
    """The range state of a series. Raises UserError (not_positive) when a price in the window is zero or less."""
    from bot.market.ranges import range_state

    bars = positive_tail(got.bars, WINDOW)
    return MeasuredRange(got, bars, range_state(bars.close))


def _reply(found: MeasuredRange) -> Reply:
    state = found.state.state
    return Reply(
        title=found.got.name,
        headline=_headline(found),
        rows=tuple(_rows(found)),
        more=tuple(_more(found.state)),
        tone=_TONES.get(state, "flat"),
        data=as_json(found),
        warnings=(*found.got.warnings, *_warnings(found)),
        terms=_TERMS.get(state, ("trading-range",)),
        freshness=found.got.freshness,
        footer="Describes what closes have done. Of 216 breakouts counted, 58 % fell back within ten sessions; "
        "of those of a random walk, 60 %.",
        buttons=(
            Button("What is a range?", "!define trading range", private=True),
            working(f"range {found.bars.symbol}", found.bars.last_day),
        ),
    )


def _headline(found: MeasuredRange) -> str:
    state, symbol = found.state, found.bars.symbol
    band = ""
    if state.support is not None and state.resistance is not None:
        band = f"{price(state.support)} and {price(state.resistance)}"
    match state.state:
        case "insufficient":
            return f"{symbol} has {count(len(found.bars), 'close')}; a range state needs 21."
        case "range_bound":
            return f"{symbol} is in a trading range between {band}."
        case "breaking_out_up" | "breaking_out_down":
            way = "up" if state.state.endswith("up") else "down"
            sure = "confirmed" if state.breakout_confirmed else "not yet confirmed"
            return f"{symbol} is breaking out {way} of the range between {band}, {sure}."
        case "trending_up" | "trending_down":
            return f"{symbol} is trending {'up' if state.state.endswith('up') else 'down'}, not in a range."
    return f"{symbol} is in neither a clear range nor a clear trend{_lean(state)}."


def _lean(state: "RangeState") -> str:
    words = {"range_bound": ", leaning range-bound", "up": ", leaning up", "down": ", leaning down"}
    return words.get(state.leaning or "", "")


def _rows(found: MeasuredRange) -> list[Row]:
    state, bars = found.state, found.bars
    rows = [Row("Now", f"{price(float(bars.close[-1]))} on {day(bars.last_day)}{_position(state)}")]
    if state.no_movement:
        return [*rows, Row("", "The price has not moved in the window.")]
    if state.support is not None and state.resistance is not None:
        rows += [
            Row("Resistance", _level(state.resistance, state.resistance_tests, state.resistance_bars, bars)),
            Row("Support", _level(state.support, state.support_tests, state.support_bars, bars)),
        ]
        rows += _distance_rows(state)
    elif state.recent_low is not None and state.recent_high is not None:
        extremes = f"{price(state.recent_low)} to {price(state.recent_high)}"
        rows.append(Row("Last 64 closes", f"{extremes} (extremes, not tested levels)"))
    return rows + _strength_rows(state)


def _more(state: "RangeState") -> list[Row]:
    """How wide and how old the band is, and the rule."""
    rows = []
    if state.support is not None and state.resistance is not None:
        rows = [
            Row("Width", f"{plain_percent(state.width_pct or 0.0)} of support"),
            Row("Age", f"{count(state.age_bars or 0, 'session')} between these levels"),
        ]
    return rows + ([] if state.no_movement else _rule_rows(state))


def _position(state: "RangeState") -> str:
    """Where price stands in the band, or how far outside of it, in widths of the band."""
    if state.position_pct is None:
        return ""
    if 0.0 <= state.position_pct <= 100.0:
        return f", {state.position_pct:.0f} % of the way from support to resistance"
    over = state.position_pct > 100.0
    width = state.position_pct - 100.0 if over else -state.position_pct
    return f", {'above resistance' if over else 'below support'} by {width:.0f} % of the range's width"


def _level(level: float, tests: int | None, touched: tuple[int, ...], bars: "Bars") -> str:
    last = f", last on {day(bars.day(touched[-1]))}" if touched else ""
    return f"{price(level)}, tested {count(tests or 0, 'time')}{last}"


def _distance_rows(state: "RangeState") -> list[Row]:
    if state.state != "range_bound" or state.support is None or state.resistance is None or state.sigma_pct is None:
        return []
    edge = 0.5 * state.sigma_pct / 100
    over, under = state.resistance * (1 + edge), state.support * (1 - edge)
    return [Row("Would break it", f"closes above about {price(over)} or below about {price(under)}")]


def _strength_rows(state: "RangeState") -> list[Row]:
    rows = []
    if state.confidence is not None and state.state not in {"unclear", "insufficient"}:
        kind = "trend-like" if state.state.startswith("trending") else "range-like"
        rank = "over 99 %" if state.confidence > 0.99 else f"{state.confidence * 100:.0f} %"
        rows.append(Row("Strength", f"{state.strength}: more {kind} than {rank} of random-walk days"))
    if state.breakout_age is not None:
        rows.append(Row("Out for", count(state.breakout_age, "session")))
    return rows


def _rule_rows(state: "RangeState") -> list[Row]:
    rows = []
    if state.window is not None:
        found = f"best of 12 windows ({state.window} sessions)"
        rows.append(Row("Rule", f"narrow and tested on both sides for its movement, {found}; closing prices"))
    elif state.state != "insufficient":
        against = "random walks over windows of 20 to 250 sessions"
        rows.append(Row("Rule", f"range and trend are each ranked against {against}; closing prices"))
    return rows


def _warnings(found: MeasuredRange) -> list[str]:
    notes = bar_warnings(found.got, found.bars)
    if found.state.short_windows:
        notes.append("fewer than 127 closes: only short windows could be used")
    return notes


def as_json(found: MeasuredRange) -> dict[str, Any]:
    """The contract's fields."""
    names = (
        "state support resistance support_tests resistance_tests width_pct position_pct age_bars window recent_low"
        " recent_high confidence strength breakout_age breakout_confirmed leaning"
    )
    return {"symbol": found.bars.symbol} | {name: getattr(found.state, name) for name in names.split()}
