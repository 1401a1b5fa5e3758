"""`roc SYMBOL [PERIODS]`: rate of change, for one or several symbols and spans."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from bot.analysis.lookback_bars import apart_words, bars_back, lookback_json, over_words, refuse_gaps
from bot.analysis.series import RECENT_BARS, Series, fetch_series, jump_notes, positive_from
from bot.commands.converters import DateConverter, LookbackConverter, SymbolConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.language.entities.lookbacks import Lookback
from bot.language.intents import Intent
from bot.market.symbols import Symbol
from bot.render.buttons import working
from bot.render.numbers import day, percent, plain_percent, price
from bot.render.reply import Button, Reply, Row, Tone

if TYPE_CHECKING:
    from bot.language.message import Message
    from bot.market.bars import Bars

_SIDES = {1: "above", -1: "below", 0: "at"}
DEFAULT: tuple[Lookback, ...] = (10,)
WORKINGS = LEADING = 3


@dataclass(frozen=True, slots=True)
class Roc:
    """One rate of change: over which bars, between which prices, and where it stands in its own history."""

    symbol: str
    periods: Lookback
    roc_pct: float | None = None
    price: float | None = None
    price_date: date | None = None
    base_price: float | None = None
    base_date: date | None = None
    percentile: float | None = None
    side: str | None = None
    crossed: date | None = None
    error: str | None = None


def _fit(message: "Message", weight: float) -> float:
    """A look-back beside one symbol or two currencies asks for its change; an amount beside currencies does not."""
    if not message.symbols:
        spanned = (message.lookback or message.happened) is not None and not message.has("today")
        if message.amounts or len(message.currencies) != 2:
            return 0.0
        return max(weight + 1.8, 5.0) if spanned else weight
    if len(message.symbols) == 1 and message.lookback is not None and not message.has("today"):
        return max(weight + 0.7, 3.2)
    return weight


INTENT = Intent(
    "roc", symbols=(1, 1), lookback=True, date=True, explains="rate-of-change", as_pair=0.7, of_span=True, fit=_fit
)


@command(
    "roc",
    "Rate of change: how many percent a price has moved over a number of sessions",
    examples=["!roc IWM 10", "!roc IWM 5 10 21", "!roc IWM SPY 63", "!roc IWM asof:2009-06-01"],
    intent=INTENT,
    order=50,
    group="market",
)
async def roc(
    desk: Desk,
    caller: Caller,
    *,
    symbol: Annotated[tuple[Symbol, ...], SymbolConverter(most=10)],
    periods: Annotated[tuple[Lookback, ...], LookbackConverter(most=6)] = DEFAULT,
    as_of: Annotated[date | None, DateConverter()] = None,
) -> Reply:
    """Answer with the change over each span; rows that cannot be computed say why."""
    found: list[Series] = []
    rows: list[Roc] = []
    failures: list[UserError] = []
    for one in symbol:
        try:
            got = await fetch_series(desk, one, as_of)
        except UserError as error:
            rows += [Roc(one.canonical, span, error=error.message) for span in periods]
            failures.append(error)
            continue
        found.append(got)
        for span in periods:
            row, failure = measure(got, span)
            rows.append(row)
            failures += [failure] if failure else []
    if all(row.error for row in rows):
        raise failures[0]
    return _reply(found, rows)


def measure(got: Series, span: Lookback) -> tuple[Roc, UserError | None]:
    """The rate of change of one series over one span, or the reason why there is none."""
    try:
        n = bars_back(got.bars, span)
        refuse_gaps(got, got.bars.day(len(got.bars) - 1 - n))
        row: Roc | None = got.bars.derived.get((Roc, span))
        if row is None:
            row = got.bars.derived[Roc, span] = _measured(got.bars, span, n)
    except UserError as error:
        return Roc(got.bars.symbol, span, error=error.message), error
    return row, None


def _measured(bars: "Bars", span: Lookback, n: int) -> Roc:
    """The rate of change over `n` bars."""
    from bot.market.momentum import last_roc, roc_percentile, zero_line

    base = len(bars) - 1 - n
    positive_from(bars, base)
    zero = zero_line(bars.close, n)
    crossed = zero.crossed_bar if zero is not None else None
    return Roc(
        symbol=bars.symbol,
        periods=span,
        roc_pct=last_roc(bars.close, n),
        price=float(bars.close[-1]),
        price_date=bars.last_day,
        base_price=float(bars.close[base]),
        base_date=bars.day(base),
        percentile=roc_percentile(bars.close, n),
        side=_SIDES[zero.side] if zero is not None else None,
        crossed=bars.day(crossed) if crossed is not None else None,
    )


def _reply(found: list[Series], rows: list[Roc]) -> Reply:
    good = [row for row in rows if row.error is None]
    first = good[0]
    title = found[0].name if len(found) == 1 else "Rate of change"
    several = len({row.symbol for row in rows}) > 1
    lines = _single(first) if len(rows) == 1 else tuple(_line(row, several) for row in rows)
    warnings = dict.fromkeys(warning for one in found for warning in (*one.warnings, *_jumps(one, good)))
    value = first.roc_pct or 0.0
    tone: Tone = "up" if value > 0 else "down" if value < 0 else "flat"
    return Reply(
        title=title,
        headline=_headline(first) if len(rows) == 1 else _headline_of_many(good, several),
        rows=lines,
        more=tuple(_rules(rows)),
        tone=tone,
        data={"rows": [_json(row) for row in rows]},
        warnings=tuple(warnings),
        terms=("rate-of-change",),
        freshness=found[0].freshness,
        footer="Describes the past; says nothing about what comes next.",
        buttons=(Button("What is ROC?", "!define rate of change", private=True), *_working(good)),
    )


def _jumps(got: Series, good: list[Roc]) -> tuple[str, ...]:
    """What looks wrong inside the longest window that was used, before the last year, at which every answer looks."""
    import numpy as np

    bases = [row.base_date for row in good if row.symbol == got.bars.symbol and row.base_date is not None]
    if not bases:
        return ()
    first = int(np.searchsorted(got.bars.dates, np.datetime64(min(bases), "D")))
    if first >= len(got.bars) - RECENT_BARS:
        return ()
    return tuple(jump_notes(got.bars.cut(first, len(got.bars)), got.shown))


def _working(good: list[Roc]) -> list[Button]:
    """A button to the working of each of the first rows."""
    if len(good) == 1:
        return [working(f"roc {good[0].symbol} {good[0].periods}", _dated(good[0]))]
    named = [(f"{row.symbol} {row.periods}", _dated(row)) for row in good[:WORKINGS]]
    return [working(f"roc {name}", last_day, f"Working of {name}") for name, last_day in named]


def _dated(row: Roc) -> date:
    assert row.price_date is not None  # noqa: S101  rows without an error have a date
    return row.price_date


def _headline(row: Roc) -> str:
    assert row.roc_pct is not None  # noqa: S101  rows without an error have a value
    if row.roc_pct == 0:
        return f"{row.symbol} is unchanged {over_words(row.periods)}."
    way = "up" if row.roc_pct > 0 else "down"
    return f"{row.symbol} is {way} {plain_percent(abs(row.roc_pct), 2)} {over_words(row.periods)}."


def _headline_of_many(rows: list[Roc], several: bool) -> str:
    """The first changes: of one symbol by span, else by symbol."""
    changes = [f"{percent(row.roc_pct or 0.0)} {over_words(row.periods)}" for row in rows]
    if not several:
        return f"{rows[0].symbol}: {', '.join(changes[:LEADING])}."
    return "; ".join(f"{row.symbol} {change}" for row, change in zip(rows[:LEADING], changes, strict=False)) + "."


def _single(row: Roc) -> tuple[Row, ...]:
    assert row.price_date and row.base_date and row.price is not None and row.base_price is not None  # noqa: S101, PT018
    lines = [
        Row("Now", f"{price(row.price)} on {day(row.price_date)}"),
        Row("Then", f"{price(row.base_price)} on {day(row.base_date)}"),
    ]
    if row.percentile is not None:
        lines.append(Row("In its own history", standing(row.percentile)))
    if row.side is not None:
        lines.append(Row("Zero line", _zero_line(row)))
    return tuple(lines)


def _rules(rows: list[Roc]) -> list[Row]:
    """How it is computed, for each span once."""
    return [
        Row("Rule", f"ROC({span}) = 100 × (now ÷ then − 1), closing prices, {apart_words(span)}")
        for span in dict.fromkeys(row.periods for row in rows)
    ]


def _zero_line(row: Roc) -> str:
    """On which side of zero, and since when."""
    since = (
        f" since {day(row.crossed)}, when it last crossed" if row.crossed is not None else " in all of its history here"
    )
    return f"{row.side}{since}"


def standing(share: float) -> str:
    """Where a value stands among its own past values, in words that claim no more than that."""
    text = f"higher than or equal to {share * 100:.0f} % of its last five years of values"
    if share >= 0.95:
        return f"{text} (stretched up, which can persist)"
    return f"{text} (stretched down, which can persist)" if share <= 0.05 else text


def _line(row: Roc, named: bool) -> Row:
    label = f"{row.symbol} {row.periods}" if named else f"{row.periods}"
    if row.error is not None or row.roc_pct is None or row.base_date is None or row.base_price is None:
        return Row(label, row.error or "no value")
    return Row(label, f"{percent(row.roc_pct)} from {price(row.base_price)} on {day(row.base_date)}")


def _json(row: Roc) -> dict[str, Any]:
    names = {"price_date": "date"}
    fields = {names.get(name, name): getattr(row, name) for name in Roc.__slots__}
    return fields | lookback_json(row.periods)
