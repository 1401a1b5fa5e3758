"""`show TERM SYMBOL [SYMBOL…]`: the present value of a term that daily bars can compute, such as RSI or a drawdown."""

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from bot.analysis.lookback_bars import refuse_gaps
from bot.analysis.series import Series, fetch_series, positive_from
from bot.commands.converter import OFFERED, Converter, ParseContext
from bot.commands.converters import DateConverter, LookbackConverter, SymbolConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError, quoted
from bot.language.entities.indicators import INDICATOR, tag_indicators
from bot.language.entities.lookbacks import Lookback
from bot.language.intents import Intent, Options
from bot.language.tokens import Words
from bot.market.symbols import Symbol
from bot.render.numbers import amount, capital, day, percent, plain_percent, price
from bot.render.reply import Button, Reply, Row, Tone

if TYPE_CHECKING:
    from bot.language.message import Message
    from bot.market.bars import Bars
    from bot.market.indicator_table import Columns, Indicator, Measured

INDEX = "SPY"
_NEAR = re.compile(r"\bINDICATOR(?: \S+){0,6} (?:SYM|PAIR)\b|\b(?:SYM|PAIR)(?: \S+){0,4} INDICATOR\b")
_CLOSE = re.compile(r"\bINDICATOR (?:of|for) (?:the )?(?:SYM|PAIR)\b|\b(?:SYM|PAIR)(?: s)? INDICATOR$")
_CROSSED = re.compile(r"\b(?:last|latest|when|recent)(?: \S+){0,3} INDICATOR(?: \S+){0,4} (?:SYM|PAIR)\b")
_CROSSES = frozenset({"golden cross", "death cross"})
# Names that are ordinary words or that another command answers for in plain language: shown where they are typed.
_TYPED = frozenset(
    {"support", "resistance", "support level", "resistance level", "support and resistance", "key levels", "gap", "dd"}
    | {
        "volume",
        "volatility",
        "vol",
        "correlation",
        "relative strength",
        "relative performance",
        "ma",
        "trading volume",
    }
    | {"opening gap"}
)
LONGEST = 1000
# How parts are named for people; what ends in _pct is in percent, `relative` a multiple, the rest prices.
_PARTS = {
    "distance_pct": "Price against it",
    "signal": "Signal line",
    "histogram": "Histogram",
    "macd": "MACD",
    "lower": "Lower band",
    "upper": "Upper band",
    "width_pct": "Width",
    "position_pct": "Close from the lower edge (0 %) to the upper (100 %)",
    "of_price_pct": "Share of the price",
    "peak": "Highest close",
    "trough": "Lowest close after it",
    "correlation": "Correlation",
    "own_pct": "Own change",
    "index_pct": f"Change of {INDEX}",
    "low": "52-week low",
    "sma50": "50-session average",
    "sma200": "200-session average",
    "resistance": "Resistance",
    "support": "Support",
    "average": "Average volume",
    "relative": "Against the average",
    "open": "Open",
    "previous_close": "Close before",
}


class IndicatorConverter(Converter):
    """A term that daily bars can compute: `rsi`, `50 day moving average`, `max drawdown`."""

    order = 0
    tags = frozenset({INDICATOR})
    metavar = "TERM"
    noun = "a term that prices can compute"
    help = "What to show: rsi, sma, ema, macd, bollinger, atr, volatility, drawdown, beta, 52 week high …"

    def tag(self, words: Words, context: ParseContext) -> Words:
        """The longest names among the words."""
        from bot.market.indicator_table import BY_NAME

        return tag_indicators(words, tuple(BY_NAME))

    def settle(self, values: Any, context: ParseContext) -> str:
        """The id of the one term."""
        from bot.market.indicator_table import BY_NAME

        found = list(dict.fromkeys(BY_NAME[value].term for value in values))
        if len(found) > 1:
            raise UserError(f"One term at a time, please; I read {', '.join(BY_NAME[v].label for v in values)}.")
        return found[0]

    def convert(self, text: str, context: ParseContext) -> str:
        """The id of the term that a text names. Raises UserError."""
        from bot.market.indicator_table import BY_NAME, BY_TERM, TABLE

        name = " ".join(text.casefold().replace("-", " ").split())
        found = context.search.find(text)
        term = BY_NAME[name].term if name in BY_NAME else found.id if found.id in BY_TERM else None
        if term is None:
            known = ", ".join(one.names[0] for one in TABLE[:8])
            raise UserError(f"Prices alone do not compute {quoted(text, 40)}. ShownTerm can be {known} and more.")
        return term

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The terms with a name that begins so."""
        from bot.market.indicator_table import TABLE

        begun = text.casefold().strip()
        found = [one for one in TABLE if any(name.startswith(begun) for name in (*one.names, one.label.casefold()))]
        return [(one.label, one.names[0]) for one in found][:OFFERED]

    def typed(self, value: str) -> str:
        """The shortest name."""
        from bot.market.indicator_table import BY_TERM

        return BY_TERM[value].names[0]


def _build(message: "Message") -> Options | None:
    """The term and the symbol, None where no term that can be computed is named beside one symbol."""
    from bot.language.scoring import dated
    from bot.market.indicator_table import BY_NAME

    if len(message.symbols) != 1:
        return None
    words = tag_indicators(message.words, tuple(BY_NAME))
    names = [str(value) for value in words.values(INDICATOR)]
    if len(names) != 1 or names[0] in _TYPED or not _ways(names[0]).search(words.line):
        return None
    found: Options = {"symbol": message.symbols[0], "term": BY_NAME[names[0]].term}
    window = (message.lookback or _number_after(words)) if BY_NAME[names[0]].takes_window else None
    return dated(message, found if window is None else found | {"periods": window}, INTENT)


def _ways(name: str) -> re.Pattern[str]:
    """How a name and a symbol stand together where its value is meant: beta and the crosses are talked of, too."""
    if name == "beta":
        return _CLOSE
    return _CROSSED if name in _CROSSES else _NEAR


def _number_after(words: Words) -> int | None:
    """The bare number behind the name: "atr 20"."""
    from bot.language.message import whole_sessions

    pairs = zip(words.words, words.words[1:], strict=False)
    return next((whole_sessions(two.value) for one, two in pairs if (one.low, two.low) == (INDICATOR, "NUM")), None)


INTENT = Intent("show", symbols=(1, 1), lookback=True, date=True, settles=True, unphrased=True, build=_build)


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """One term of one symbol, or why there is none."""

    symbol: str
    got: Series | None = None
    reading: "Measured | None" = None
    last: date | None = None
    error: str | None = None


@command(
    "show",
    "The value of a term now: RSI, averages, MACD, bands, ATR, volatility, drawdown, beta, 52-week high",
    examples=["!show rsi AAPL", "!show sma 50 SPY", "!show drawdown IWM SPY", "!show macd IWM asof:2009-06-01"],
    intent=INTENT,
    order=55,
    group="market",
)
async def show(
    desk: Desk,
    caller: Caller,
    *,
    term: Annotated[str, IndicatorConverter()],
    symbol: Annotated[tuple[Symbol, ...], SymbolConverter(most=10)],
    periods: Annotated[tuple[Lookback, ...] | None, LookbackConverter()] = None,
    as_of: Annotated[date | None, DateConverter()] = None,
) -> Reply:
    """Answer with the value, its parts and its place in its own history."""
    from bot.market.indicator_table import BY_TERM

    indicator = BY_TERM[term]
    n = _window(indicator, periods)
    market = await _market(desk, as_of) if "market" in indicator.needs else None
    rows, failures = [], []
    for one in symbol:
        try:
            got = await fetch_series(desk, one, as_of)
            rows.append(ShownTerm(one.canonical, got, *measure(indicator, n, got, market)))
        except UserError as error:
            rows.append(ShownTerm(one.canonical, error=error.message))
            failures.append(error)
    if len(failures) == len(rows):
        raise failures[0]
    return _reply(indicator, n, rows)


def _window(indicator: "Indicator", periods: tuple[Lookback, ...] | None) -> int:
    """The window asked for, or the usual one. Raises UserError where the term takes none, or not this one."""
    if periods is None:
        return indicator.window
    if not indicator.takes_window:
        raise UserError(f"{indicator.label} has a window of its own and takes no look-back.")
    n = periods[0]
    if not isinstance(n, int) or not 2 <= n <= LONGEST:
        raise UserError(f"The window of {indicator.label} is a number of sessions from 2 to {LONGEST:,}.")
    return n


async def _market(desk: Desk, as_of: date | None) -> Series:
    return await fetch_series(desk, desk.symbols.resolve(INDEX), as_of)


def measure(indicator: "Indicator", n: int, got: Series, market: Series | None) -> tuple["Measured", date]:
    """What an indicator says of one series, and of which day. Raises UserError where the bars do not allow it."""
    bars = got.bars
    columns, last = (
        _with_market(bars, market.bars) if market is not None else (_columns(indicator, bars), bars.last_day)
    )
    least = indicator.least(n)
    if len(columns.close) < least:
        raise UserError(
            f"{indicator.label} takes {least:,} sessions; {bars.symbol} has {len(columns.close):,} here.",
            "too_little_history",
        )
    first = len(bars) - least
    refuse_gaps(got, bars.day(first))
    positive_from(bars, first)
    if market is not None:
        return indicator.compute(columns, n), last
    key = ("show", indicator.term, n)
    found: Measured | None = bars.derived.get(key)
    if found is None:
        found = bars.derived[key] = indicator.compute(columns, n)
    return found, last


def _with_market(bars: "Bars", market: "Bars") -> tuple["Columns", date]:
    """The closes of the days that the index has too with its own, and the last of these days."""
    import numpy as np

    from bot.market.indicator_table import Columns

    common, own, others = np.intersect1d(bars.dates, market.dates, assume_unique=True, return_indices=True)
    if not len(common):
        raise UserError(f"{bars.symbol} and {market.symbol} have no session in common here.", "too_little_history")
    return Columns(bars.close[own], market=market.close[others]), common[-1].item()


def _columns(indicator: "Indicator", bars: "Bars") -> "Columns":
    import numpy as np

    from bot.market.indicator_table import Columns

    wanted = {"range": ("high", "low"), "open": ("open",), "volume": ("volume",)}
    for need in indicator.needs & wanted.keys():
        for name in wanted[need]:
            column = getattr(bars, name)
            if column is None or np.isnan(column[-indicator.least(indicator.window) :]).any():
                raise UserError(f"{indicator.label} takes each day's {name}, which {bars.provider} does not have here.")
    return Columns(bars.close, bars.high, bars.low, bars.open, bars.volume)


def _reply(indicator: "Indicator", n: int, rows: list[ShownTerm]) -> Reply:
    good = [row for row in rows if row.got is not None and row.reading is not None]
    first = good[0].got
    assert first is not None  # noqa: S101  rows without an error have a series
    single = len(rows) == 1
    lines = _single(indicator, good[0]) if single else tuple(_line(indicator, row) for row in rows)
    warnings = dict.fromkeys(warning for row in good if row.got for warning in row.got.warnings)
    return Reply(
        title=first.name if single else capital(indicator.label),
        headline=_headline(indicator, n, good),
        rows=lines,
        more=(Row("Rule", capital(indicator.rule.format(n=n) + "; finished sessions")),),
        tone=_tone(indicator, good[0]),
        data={"rows": [_json(indicator, row) for row in rows]},
        warnings=tuple(warnings),
        terms=(indicator.term,),
        freshness=first.freshness,
        footer="Describes the past; says nothing about what comes next.",
        buttons=(Button(f"What is {indicator.label}?", f"!define {indicator.term}", private=True),),
    )


def _tone(indicator: "Indicator", row: ShownTerm) -> Tone:
    return (
        "flat"
        if indicator.unit != "%" or row.reading is None or row.reading.value is None
        else ("up" if row.reading.value > 0 else "down" if row.reading.value < 0 else "flat")
    )


def _headline(indicator: "Indicator", n: int, rows: list[ShownTerm]) -> str:
    label = f"{indicator.label}({n})" if indicator.takes_window else indicator.label
    said = [f"{row.symbol} {_value(indicator, row)}" for row in rows[:3]]
    return (
        f"{label}: {'; '.join(said)}."
        if len(rows) > 1
        else f"{label} of {rows[0].symbol}: {_value(indicator, rows[0])}."
    )


def _value(indicator: "Indicator", row: ShownTerm) -> str:
    reading, got = row.reading, row.got
    if reading is None or got is None or reading.value is None:
        return "none within the window"
    if indicator.term == "support-and-resistance":
        named = [f"{name} {price(value)}" for name, value in reading.parts.items()]
        return ", ".join(named) or "none within the window"
    if indicator.term in {"golden-cross", "death-cross"}:
        return _crossed(indicator, reading, got.bars)
    return _number(reading.value, indicator.unit)


def _crossed(indicator: "Indicator", reading: "Measured", bars: "Bars") -> str:
    """The last crossing, whichever way it went: a golden one up, a death cross down."""
    if "crossed" not in reading.days:
        return "no crossing in the history here"
    up = (reading.value or 0.0) > 0
    kind = "golden cross" if up else "death cross"
    asked = "" if kind.replace(" ", "-") == indicator.term else f"; the last {indicator.label.lower()} was before it"
    return f"the last crossing was a {kind} on {day(bars.day(reading.days['crossed']))}{asked}"


def _number(value: float, unit: str) -> str:
    if unit == "%":
        return percent(value)
    if unit == "shares":
        return f"{amount(value)} shares"
    return price(value) if unit == "price" else f"{value:.2f}"


def _single(indicator: "Indicator", row: ShownTerm) -> tuple[Row, ...]:
    reading, got = row.reading, row.got
    assert reading is not None and got is not None  # noqa: S101, PT018  the row has no error
    bars = got.bars
    lines = [Row("Last close", f"{price(float(bars.close[-1]))} on {day(bars.last_day)}")]
    for name, value in reading.parts.items():
        on = f" on {day(bars.day(reading.days[name]))}" if name in reading.days else ""
        lines.append(Row(_PARTS[name], f"{_part(name, value)}{on}"))
    for name, at in reading.days.items():
        if name not in reading.parts and name != "crossed":
            lines.append(Row(f"{capital(name)} on", day(bars.day(at))))
    if reading.percentile is not None:
        lines.append(Row("In its own history", f"at or above {reading.percentile:.0f} % of its last five years"))
    return tuple(lines)


def _part(name: str, value: float) -> str:
    if name.endswith("_pct"):
        return plain_percent(value) if name in {"width_pct", "position_pct", "of_price_pct"} else percent(value)
    if name == "relative":
        return f"{value:.2f} times"
    return f"{amount(value)} shares" if name == "average" else f"{value:.2f}" if name == "correlation" else price(value)


def _line(indicator: "Indicator", row: ShownTerm) -> Row:
    if row.error is not None or row.last is None or row.reading is None:
        return Row(row.symbol, row.error or "no value")
    rank = row.reading.percentile
    history = "" if rank is None else f", at or above {rank:.0f} % of five years"
    return Row(row.symbol, f"{_value(indicator, row)} ({day(row.last)}){history}")


def _json(indicator: "Indicator", row: ShownTerm) -> dict[str, Any]:
    """The contract's fields."""
    if row.reading is None or row.got is None:
        return {"symbol": row.symbol, "term": indicator.term, "value": None, "date": None, "percentile": None,
                "parts": {}, "error": row.error}  # fmt: skip
    reading, bars = row.reading, row.got.bars
    rank = None if reading.percentile is None else reading.percentile / 100
    dated = {f"{name}_date": bars.day(at) for name, at in reading.days.items()}
    return {
        "symbol": row.symbol, "term": indicator.term, "value": reading.value, "date": row.last,
        "percentile": rank, "parts": {**reading.parts, **dated}, "error": None,
    }  # fmt: skip
