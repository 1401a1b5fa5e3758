"""`chart SYMBOL [SPAN]`: the answer in words, and a picture of prices, levels and ROC."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from bot.analysis.lookback_bars import bars_back
from bot.analysis.series import STATE_BARS, Series, bar_warnings, fetch_series, positive_from, positive_tail
from bot.commands.converter import Converter, ParseContext, beginning, without
from bot.commands.converters import DateConverter, LookbackConverter, SymbolConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError, quoted
from bot.language.entities.lookbacks import Lookback
from bot.language.intents import Intent, Options
from bot.language.tokens import Words
from bot.market.symbols import Symbol
from bot.render.buttons import states, working
from bot.render.numbers import count, day, plain_percent, price
from bot.render.reply import Attachment, Reply, Row, Tone

if TYPE_CHECKING:
    from bot.language.message import Message
    from bot.market.bars import Bars
    from bot.render.chart import Picture
    from bot.render.chart_spec import ChartSpec, States

DEFAULT: tuple[Lookback, ...] = (120,)
LEAST = 2
DAILY, INTERVAL = "daily", "INTERVAL"
_SIZE = re.compile(
    r"\b(?:(?:dai|week|month|quarter|year|hour)ly|intraday|(?:\d{1,3} ?)?(?:min|minutes?|hours?))(?=\W|$)"
)
_LOOKS = {"candles", "candle", "candlesticks", "candlestick", "bars"}


class IntervalConverter(Converter):
    """The size of a bar: `daily`, `weekly`, `5 minutes`. That they are candles or bars says nothing more."""

    order = 0
    tags = frozenset({INTERVAL})
    metavar = DAILY
    noun = "the size of a bar"
    help = "The size of a bar; only daily ones are drawn"

    def tag(self, words: Words, context: ParseContext) -> Words:
        """The size of a bar wherever it stands."""
        looks = [word for word in words.words if word.low in _LOOKS]
        return without(words, looks).tag(_SIZE, INTERVAL, lambda match: match[0])

    def settle(self, values: Sequence[str], context: ParseContext) -> str:
        """One size. Raises UserError for several."""
        if len(set(values)) > 1:
            raise UserError(f"One size of a bar, please; I read {' and '.join(dict.fromkeys(values))}.")
        return values[0]

    def convert(self, text: str, context: ParseContext) -> str:
        """The size that a text names. Raises UserError."""
        found = _SIZE.fullmatch(text.strip().casefold())
        if found is None:
            raise UserError(
                f"A bar is {DAILY}, weekly or the like, not {quoted(text, 20)}.", "bad_input", ("!chart IWM",)
            )
        return found[0]

    def to_json(self, name: str, value: str) -> dict[str, Any]:
        """Nothing: whatever was asked for, a bar is a day."""
        return {}

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The one size that is drawn."""
        return beginning(text, (DAILY,))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart, what it shows, and what has to be said about it."""

    spec: "ChartSpec"
    picture: "Picture"
    warnings: tuple[str, ...]


def _build(message: "Message") -> Options:
    """As for every command that takes one symbol, but "today" and "weekly" are not the length of a chart."""
    from bot.language.scoring import about, dated, with_lookback

    size = _SIZE.search(message.words.text.casefold())
    today = message.lookback == 1 and message.has("today")
    spans = [word for word in message.words.words if word.low == "PER"]
    sized = size is not None and all(word.start <= size.start() < word.end for word in spans)
    options = about(message, INTENT)
    return dated(message, options if today or sized else with_lookback(message, options, INTENT), INTENT)


def _note(message: "Message") -> str:
    size = _SIZE.search(message.words.text.casefold())
    return "" if size is None or size[0] == DAILY else not_drawn(size[0])


def not_drawn(interval: str) -> str:
    """That bars of another size were asked for."""
    return f"a bar is one day here: {interval} ones are not drawn"


INTENT = Intent(
    "chart",
    symbols=(1, 1),
    lookback=True,
    date=True,
    explains="candlestick-chart",
    as_pair=2.0,
    build=_build,
    note=_note,
)


@command(
    "chart",
    "A picture of the price: candles, support and resistance, rally low and peak, ROC below",
    examples=["!chart IWM", "!chart SPY 250", "!chart russell 2000 ytd", "!chart QQQ asof:2009-06-01"],
    intent=INTENT,
    order=120,
    group="market",
    cost=2,
)
async def chart(
    desk: Desk,
    caller: Caller,
    *,
    symbol: Annotated[tuple[Symbol, ...], SymbolConverter()],
    periods: Annotated[tuple[Lookback, ...], LookbackConverter(today=False)] = DEFAULT,
    as_of: Annotated[date | None, DateConverter()] = None,
    interval: Annotated[str, IntervalConverter()] = DAILY,
) -> Reply:
    """Answer with the change over the span, the states, and the picture, which is drawn in a thread."""
    got = await fetch_series(desk, symbol[0], as_of)
    drawn = await asyncio.to_thread(make, got, bars_shown(got.bars, periods[0]))
    reply = _reply(got, drawn, as_of)
    if interval == DAILY:
        return reply
    return replace(reply, warnings=(not_drawn(interval), *reply.warnings))


def bars_shown(bars: "Bars", lookback: Lookback) -> int:
    """How many bars a look-back shows. Raises UserError when a chart of them would show nothing."""
    shown = lookback if isinstance(lookback, int) else bars_back(bars, lookback)
    if isinstance(lookback, int) and shown < LEAST:
        raise UserError(f"A chart needs {LEAST} sessions or more: for example !chart {bars.symbol} 120")
    if min(shown, len(bars)) < LEAST:
        have = f"{bars.symbol} has {count(min(shown, len(bars)), 'bar')} up to {day(bars.last_day)}"
        raise UserError(f"{have}; a chart needs {LEAST}.", "too_little_history")
    return shown


def make(got: Series, shown: int) -> Drawn:
    """Draw the last `shown` bars. Raises UserError (not_positive) when a price among them is zero or less."""
    from bot.render.chart import draw
    from bot.render.chart_spec import chart_spec

    positive_from(got.bars, max(0, len(got.bars) - shown - 1))
    bars, states, notes = _states(got)
    spec = chart_spec(bars, states, shown, name=got.shown.name)
    if shown > len(spec):
        notes.append(f"{bars.symbol} has only {count(len(spec), 'bar')} up to {day(bars.last_day)}; all are shown")
    return Drawn(spec, draw(spec), (*got.warnings, *notes))


def _states(got: Series) -> "tuple[Bars, States, list[str]]":
    """The bars, their states, and notes; without states where a price in their window is zero or less."""
    from bot.market.rally import rally
    from bot.market.ranges import range_state
    from bot.render.chart_spec import States

    try:
        bars = positive_tail(got.bars, STATE_BARS)
    except UserError as error:
        return got.bars, States(), [f"no range or rally state: {error.message}"]
    return bars, States(range_state(bars.close), rally(bars.close)), bar_warnings(got, bars)


def _reply(got: Series, drawn: Drawn, as_of: date | None) -> Reply:
    from bot.render.chart_words import alt_text, marks_json

    spec, picture = drawn.spec, drawn.picture
    alt = alt_text(spec)
    change = spec.change_pct or 0.0
    tone: Tone = "up" if change > 0 else "down" if change < 0 else "flat"
    return Reply(
        title=got.name,
        headline=_headline(spec),
        rows=tuple(_rows(spec)),
        more=tuple(_marks(spec)),
        tone=tone,
        data={
            "periods": len(spec),
            "bytes": len(picture.png),
            "width": picture.width,
            "height": picture.height,
            "marks": marks_json(spec),
            "alt": alt,
        },
        warnings=drawn.warnings,
        terms=_terms(spec),
        freshness=got.freshness,
        footer="Describes the past; says nothing about what comes next.",
        buttons=(
            *([working(f"roc {spec.symbol} {spec.change_bars}", got.bars.last_day)] if spec.change_bars else []),
            *states(spec.symbol, as_of),
        ),
        attachments=(Attachment(_filename(spec), picture.png, alt),),
    )


def _headline(spec: "ChartSpec") -> str:
    change = spec.change_pct or 0.0
    way = f"{'up' if change > 0 else 'down'} {plain_percent(abs(change), 2)}" if change else "unchanged"
    state = f"; {spec.state[:1].lower()}{spec.state[1:]}" if spec.state else ""
    return f"{spec.symbol} is {way} over {count(spec.change_bars, 'session')}{state}."


def _rows(spec: "ChartSpec") -> list[Row]:
    top, bottom = int(spec.close.argmax()), int(spec.close.argmin())
    return [
        Row("Shown", spec.span_words),
        Row("Last close", price(float(spec.close[-1]))),
        Row("Highest close", f"{price(float(spec.close[top]))} on {day(spec.day(top))}"),
        Row("Lowest close", f"{price(float(spec.close[bottom]))} on {day(spec.day(bottom))}"),
    ]


def _marks(spec: "ChartSpec") -> list[Row]:
    """The levels and points that are marked in the picture."""
    rows = [Row(level.label, price(level.price)) for level in spec.levels]
    rows += [Row(mark.label, f"{price(mark.price)} on {day(spec.day(mark.bar))}") for mark in spec.marks]
    return rows


def _terms(spec: "ChartSpec") -> tuple[str, ...]:
    kinds = {level.kind for level in spec.levels}
    levels = ("support", "resistance") if kinds & {"support", "resistance"} else ()
    return (*levels, *(("rally",) if spec.marks else ()), "rate-of-change")


def _filename(spec: "ChartSpec") -> str:
    letters = "".join(c if c.isascii() and c.isalnum() else "-" for c in spec.symbol).strip("-").lower()
    return f"{letters or 'chart'}-{spec.day(-1).isoformat()}.png"
