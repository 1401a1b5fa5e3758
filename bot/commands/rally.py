"""`rally SYMBOL`: whether it is rising out of a decline, from which low, how far, and what would end it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from bot.analysis.series import Series, bar_warnings, fetch_series, positive_tail
from bot.commands.converters import DateConverter, SymbolConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.language.intents import Intent
from bot.market.symbols import Symbol
from bot.render.buttons import working
from bot.render.numbers import count, day, percent, plain_percent, price
from bot.render.reply import Button, Reply, Row, Tone

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.rally import Rally, RallyState
    from bot.market.sessions import Sessions

WINDOW = 756
_HEADLINES = {
    "rally": "is in a rally",
    "fading": "is in a rally that is fading",
    "attempt": "is attempting a rally, not confirmed",
    "declining": "is not in a rally: it is declining or near its low",
    "none": "is in no rally: there was no decline to rally from",
}
_REASONS = {
    "undercut": "closed below the low it started from",
    "reversal": "fell by the threshold from its high",
    "giveback": "gave back 61.8 % of its gain",
    "stall": "made no new high for 126 sessions",
}
_TONES: dict[str, Tone] = {"rally": "up", "fading": "flat", "attempt": "flat", "declining": "down", "ended": "down"}


@dataclass(frozen=True, slots=True)
class MeasuredRally:
    """The state of one series and the bars it was computed from."""

    got: Series
    bars: "Bars"
    state: "RallyState"
    stalls_on: date | None

    def date_of(self, bar: int | None) -> date | None:
        """The date of a bar, None for none."""
        return None if bar is None else self.bars.day(bar)


INTENT = Intent("rally", symbols=(1, 1), date=True, explains="rally", as_pair=2.0)


@command(
    "rally",
    "Is it a rally? Measured from which low, how far, and what would end it",
    examples=["!rally IWM", "!rally russell 2000", "!rally SPY asof:2009-06-01"],
    intent=INTENT,
    order=60,
    group="market",
)
async def rally(
    desk: Desk,
    caller: Caller,
    *,
    symbol: Annotated[tuple[Symbol, ...], SymbolConverter()],
    as_of: Annotated[date | None, DateConverter()] = None,
) -> Reply:
    """Answer with the rally state and all that it rests on."""
    got = await fetch_series(desk, symbol[0], as_of)
    found = measure(got, await desk.feed.sessions_of(got.shown))
    return _reply(found)


def measure(got: Series, sessions: "Sessions | None") -> MeasuredRally:
    """The rally state of a series. Raises UserError (not_positive) when a price in the window is zero or less."""
    from bot.market import rally as rule

    bars = positive_tail(got.bars, WINDOW)
    state = rule.rally(bars.close)
    return MeasuredRally(got, bars, state, _stalls_on(got, bars, state, sessions))


def _stalls_on(got: Series, bars: "Bars", state: "RallyState", sessions: "Sessions | None") -> date | None:
    if state.stalls_in is None:
        return None
    if sessions is not None and got.shown.calendar is not None:
        return sessions.after(bars.last_day, state.stalls_in)
    if got.shown.kind == "crypto":
        return bars.last_day + timedelta(days=state.stalls_in)
    import numpy as np

    stalls: date = np.busday_offset(bars.dates[-1], state.stalls_in, roll="forward").item()
    return stalls


def _reply(found: MeasuredRally) -> Reply:
    state = found.state
    return Reply(
        title=found.got.name,
        headline=_headline(found),
        rows=tuple(_rows(found)),
        more=tuple(_more(found)),
        tone=_TONES.get(state.state, "plain"),
        data=as_json(found),
        warnings=(*found.got.warnings, *_warnings(found)),
        terms=("rally", "bear-market-rally") if state.bear_market else ("rally",),
        freshness=found.got.freshness,
        footer="Describes what closes have done; random walks have rallies too.",
        buttons=(
            Button("What is a rally?", "!define rally", private=True),
            working(f"rally {found.bars.symbol}", found.bars.last_day),
        ),
    )


def _headline(found: MeasuredRally) -> str:
    state = found.state
    if state.state == "insufficient":
        return f"{found.bars.symbol} has {count(len(found.bars), 'close')}; a rally state needs 61."
    if state.ended is not None:
        return _ended_headline(found, state.ended)
    text = f"{found.bars.symbol} {_HEADLINES[state.state]}"
    if state.state in {"rally", "fading", "attempt"} and state.gain_pct is not None and state.low_bar is not None:
        text += f": {percent(state.gain_pct)} from the low of {day(found.bars.day(state.low_bar))}"
    if state.bear_market:
        text += ", inside a 20 % bear market"
    return f"{text}."


def _ended_headline(found: MeasuredRally, ended: "Rally") -> str:
    """The rally that has ended in one line: how far it went, when and why it ended."""
    bars = found.bars
    far = percent(_change(float(bars.close[ended.low]), float(bars.close[ended.high])))
    end = bars.last_day if ended.end is None else bars.day(ended.end)
    why = _REASONS[ended.reason] if ended.reason is not None else "ended"
    return f"{bars.symbol}'s rally of {far} has ended: on {day(end)} it {why}."


def _rows(found: MeasuredRally) -> list[Row]:
    state, bars = found.state, found.bars
    if state.state == "insufficient" or state.since_bar is None:
        return []
    since = Row("State since", day(bars.day(state.since_bar)))
    if state.ended is not None:
        return [*_ended_rows(found), *_limits(found)]
    fall = _decline_rows(found)
    if state.high is None:
        return [*_low_rows(found, "Low"), *fall[:1], since, *_starting_row(state)]
    return [*_low_rows(found, "Low"), *_high_rows(found), *fall[-1:], *_limits(found)]


def _more(found: MeasuredRally) -> list[Row]:
    """When the state began, the fall before it, how even it is, and the rule."""
    state, bars = found.state, found.bars
    if state.state == "insufficient" or state.since_bar is None:
        return []
    since = Row("State since", day(bars.day(state.since_bar)))
    if state.ended is not None:
        return [*_low_rows(found, "Low since"), since, *_rule_rows(found)]
    fall, rows = _decline_rows(found), _confirmed_rows(found)
    if state.high is None:
        return [*fall[1:], *_rule_rows(found)]
    return [*rows, since, *fall[:-1], *_rule_rows(found)]


def _starting_row(state: "RallyState") -> list[Row]:
    """From which close on the rise counts as a rally, where there was a fall to rally from."""
    if state.low is None or state.theta_pct is None or state.state == "none":
        return []
    level = price(state.low * (1.0 + state.theta_pct / 100.0))
    return [
        Row("Would start one", f"a close of about {level} or more, 5 sessions or more after that low, in an even rise")
    ]


def _limits(found: MeasuredRally) -> list[Row]:
    """What would change the verdict."""
    state, rows = found.state, []
    if state.ends_below is not None:
        stalls = f", or no new high by {day(found.stalls_on)}" if found.stalls_on is not None else ""
        rows.append(Row("Would end it", f"a close below {price(state.ends_below)}{stalls}"))
    if state.resumes_above is not None:
        rows.append(Row("Would resume it", f"a close above {price(state.resumes_above)}"))
    return rows


def _low_rows(found: MeasuredRally, label: str) -> list[Row]:
    """The low that is measured from and where price stands against it; nothing where an end made today the low."""
    state, bars = found.state, found.bars
    if state.low_bar is None or state.low is None or (state.ended is not None and not state.bars_since_low):
        return []
    ago = f"{count(state.bars_since_low or 0, 'session')} ago"
    now = f"{price(float(bars.close[-1]))} on {day(bars.last_day)}, {percent(state.gain_pct or 0.0)} from the low"
    return [Row(label, f"{price(state.low)} on {day(bars.day(state.low_bar))}, {ago}"), Row("Now", now)]


def _high_rows(found: MeasuredRally) -> list[Row]:
    """The high of a rally that runs, and how far price has fallen from it."""
    state, bars = found.state, found.bars
    if state.high is None or state.high_bar is None:
        return []
    fall = f", now {percent(state.drawdown_pct)} from it" if state.drawdown_pct else ""
    return [Row("High", f"{price(state.high)} on {day(bars.day(state.high_bar))}{fall}")]


def _confirmed_rows(found: MeasuredRally) -> list[Row]:
    confirmed = found.date_of(found.state.confirmed_bar)
    return [] if confirmed is None else [Row("Confirmed", day(confirmed))]


def _decline_rows(found: MeasuredRally) -> list[Row]:
    """The decline before the low, and how much of it is recovered."""
    state, rows = found.state, []
    if state.peak is not None and state.peak_bar is not None and state.decline_pct:
        peak = f"{price(state.peak)} on {day(found.bars.day(state.peak_bar))}"
        rows.append(Row("Fall before it", f"{percent(state.decline_pct)} from {peak}"))
    if state.recovery_pct is not None:
        rows.append(Row("Recovered", f"{plain_percent(state.recovery_pct)} of the fall before it"))
    return rows


def _change(base: float, now: float) -> float:
    """The change from one price to another in percent."""
    return 100.0 * (now / base - 1.0)


def _ended_rows(found: MeasuredRally) -> list[Row]:
    """The rally that has ended: from which low to which high, how long, on which day it ended, and what came since."""
    ended, bars = found.state.ended, found.bars
    if ended is None or ended.end is None:  # a rally in this state has its end
        return []
    low, high = float(bars.close[ended.low]), float(bars.close[ended.high])
    closed, now = float(bars.close[ended.end]), float(bars.close[-1])
    rows = [
        Row("Rally from", f"{price(low)} on {day(bars.day(ended.low))}, confirmed {day(bars.day(ended.confirmed))}"),
        Row(
            "Rally to",
            f"{price(high)} on {day(bars.day(ended.high))}: {percent(_change(low, high))} in "
            f"{count(ended.high - ended.low, 'session')}",
        ),
        Row(
            "Ended",
            f"on {day(bars.day(ended.end))} at {price(closed)}, {percent(_change(high, closed))} from that high",
        ),
    ]
    since = len(bars) - 1 - ended.end
    if since:
        rows.append(
            Row(
                "Since then",
                f"{percent(_change(closed, now))} in {count(since, 'session')}; "
                f"{percent(_change(high, now))} from the high",
            )
        )
    return rows


def _rule_rows(found: MeasuredRally) -> list[Row]:
    """What the verdict rests on."""
    state = found.state
    rows = []
    if state.consistency is not None and state.r2 is not None and state.ended is None:
        rows.append(Row("Evenness", f"{state.consistency:.0f} of 100 (R² {state.r2:.2f})"))
    if state.theta_pct is not None:
        rows.append(
            Row(
                "Rule",
                f"a rise of {plain_percent(state.theta_pct)} (1.5 monthly standard deviations) from a low after a fall "
                "of as much, 5 sessions or more, evenness 50 or more; closing prices",
            )
        )
    return rows


def _warnings(found: MeasuredRally) -> list[str]:
    notes = bar_warnings(found.got, found.bars)
    if found.state.short_history:
        notes.append(f"short history: {count(len(found.bars), 'close')}, where 250 are usual")
    return notes


def as_json(found: MeasuredRally) -> dict[str, Any]:
    """The contract's fields."""
    state = found.state
    names = (
        "low gain_pct bars_since_low high drawdown_pct theta_pct consistency peak decline_pct recovery_pct phase"
        " ends_below end_reason r2 up_share efficiency_ratio bear_market"
    )
    return {
        "symbol": found.bars.symbol,
        "state": state.state,
        "since": found.date_of(state.since_bar),
        "low_date": found.date_of(state.low_bar),
        "high_date": found.date_of(state.high_bar),
        "confirmed_date": found.date_of(state.confirmed_bar),
        "peak_date": found.date_of(state.peak_bar),
        "stalls_on": found.stalls_on,
        "ended_rally": _ended_json(found),
        **{name: getattr(state, name) for name in names.split()},
    }


def _ended_json(found: MeasuredRally) -> dict[str, Any] | None:
    """The rally that has ended, in the contract's fields; None in every other state."""
    ended, bars = found.state.ended, found.bars
    if ended is None:
        return None
    low, high = float(bars.close[ended.low]), float(bars.close[ended.high])
    return {
        "low_date": bars.day(ended.low),
        "low": low,
        "high_date": bars.day(ended.high),
        "high": high,
        "gain_pct": _change(low, high),
        "confirmed_date": bars.day(ended.confirmed),
        "ended_date": found.date_of(ended.end),
        "reason": ended.reason,
        "since_high_pct": _change(high, float(bars.close[-1])),
    }
