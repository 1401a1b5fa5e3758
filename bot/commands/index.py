"""`index RUT`: how the Russell 2000 stands, against large companies too, what it is and when it is made anew."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from bot.analysis.aligned_pair import compare_pair, fetch_pair
from bot.analysis.lookback_bars import bars_back, refuse_gaps
from bot.analysis.series import STATE_BARS, Series, bar_warnings, fetch_series, positive_tail
from bot.commands.converter import Converter, ParseContext, without
from bot.commands.converters import DateConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import ProviderError, UserError, quoted
from bot.language.intents import Intent, Options
from bot.language.tokens import Word, Words
from bot.render.buttons import states, working
from bot.render.numbers import day, percent, plain_percent, price
from bot.render.reply import Button, Reply, Row, Tone
from bot.render.state_words import RALLY, RANGE

if TYPE_CHECKING:
    from bot.language.message import Message
    from bot.market.index import Reconstitution
    from bot.market.rally import RallyState
    from bot.market.ranges import RangeState

SPANS = (21, 63, 252)
SMALL, LARGE = "IWM", ("IWB", "SPY")
WHAT = (
    "The roughly 2,000 smallest of the 3,000 largest US companies (Russell 3000), by FTSE Russell; each weighs as "
    "much as the market value of its freely traded shares. The price index ^RUT leaves dividends out; "
    "the fund IWM follows it."
)


class IndexConverter(Converter):
    """The name of the one index that is explained here: RUT, by any of its names."""

    order = 1
    tags = frozenset({"INDEX"})
    metavar = "RUT"
    noun = "an index"
    help = "The Russell 2000: RUT"

    def tag_rest(self, words: Words, context: ParseContext) -> Words:
        """All words that are left, as one name."""
        rest = [word for word in words.words if not word.is_tag and word.low not in self.fillers]
        if not rest:
            return words
        text = " ".join(words.text[word.start : word.end] for word in rest)
        name = Word("INDEX", rest[0].start, rest[-1].end, value=text)
        return replace(words, words=(*without(words, rest).words, name))

    def settle(self, values: Sequence[str], context: ParseContext) -> str:
        """`RUT` for the Russell 2000."""
        return self.convert(values[0], context)

    def convert(self, text: str, context: ParseContext) -> str:
        """`RUT` for the Russell 2000. Raises UserError for everything else."""
        found = context.symbols.known(text)
        if found is not None and found.canonical == "^RUT":
            return self.metavar
        raise UserError(
            f"I explain one index, the Russell 2000 (!index RUT); for {quoted(text, 30)} there are !quote, !roc, "
            "!rally and !range.",
            "bad_input",
            ("!index RUT",),
        )

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The one index that there is."""
        return [("Russell 2000", self.metavar)]


@dataclass(slots=True)
class Standing:
    """What is known of the index; None, or absent from a mapping, where it is not, with the reason in `notes`."""

    got: Series
    roc: dict[str, float | None] = field(default_factory=dict)
    rally: "RallyState | None" = None
    range: "RangeState | None" = None
    relative: list[dict[str, Any]] = field(default_factory=list)
    calendar: "Reconstitution | None" = None
    sectors: dict[str, float] | None = None
    sectors_day: date | None = None
    notes: list[str] = field(default_factory=list)


def _fit(message: "Message", weight: float) -> float:
    """Only the Russell 2000 has facts here; a look-back or a date asks for its price instead, but for its schedule."""
    canonical = [symbol.canonical for symbol in message.symbols]
    if canonical == ["^RUT"]:
        named = re.sub(r"\b(?:the )?SYM(?: index| companies)?\b", "RUT", message.line)
        weight = message.weight_of("index", named) or weight
    elif canonical or not message.says("index", "russell"):
        return 0.0
    spanned = bool(canonical) and message.lookback is not None and not message.has("today")
    least = 6.0 if spanned else 4.0 if message.as_of is not None else 0.0
    return weight if weight >= least else 0.0


def _build(message: "Message") -> Options | None:
    """The one index, where the message is about no other symbol."""
    canonical = [symbol.canonical for symbol in message.symbols]
    return {"name": "RUT"} if canonical == ["^RUT"] or (not canonical and message.says("index", "russell")) else None


INTENT = Intent(
    "index",
    symbols=(0, 1),
    explains="russell-2000-index",
    known_ahead=4.0,
    fit=_fit,
    build=_build,
    over_term=lambda message, _: message.says("index", "not the term"),
)


@command(
    "index",
    "The Russell 2000: level, states, small against large companies, reconstitution dates",
    examples=["!index RUT", "!index russell 2000", "!index RUT asof:2016-12-01"],
    intent=INTENT,
    order=160,
    cost=2,
)
async def index(
    desk: Desk,
    caller: Caller,
    *,
    name: Annotated[str, IndexConverter()] = "RUT",
    as_of: Annotated[date | None, DateConverter()] = None,
) -> Reply:
    """Answer with all of it; what is missing is said and null."""
    found = Standing(await fetch_series(desk, desk.symbols.resolve(f"^{name}"), as_of))
    _states(found)
    await _against_large(desk, found, as_of)
    _calendar(found, as_of or desk.clock().date())
    await _sectors(desk, found, as_of)
    return _reply(found, as_of)


def _states(found: Standing) -> None:
    from bot.market.momentum import last_roc
    from bot.market.rally import rally
    from bot.market.ranges import range_state

    bars = found.got.bars
    for span in SPANS:
        try:
            base = len(bars) - 1 - bars_back(bars, span)
            refuse_gaps(found.got, bars.day(base))
            found.roc[str(span)] = last_roc(bars.close, span)
        except UserError as error:
            found.roc[str(span)] = None
            found.notes.append(f"no ROC({span}): {error.message}")
    try:
        good = positive_tail(bars, STATE_BARS)
    except UserError as error:
        found.notes.append(f"no rally or range state: {error.message}")
        return
    found.rally, found.range = rally(good.close), range_state(good.close)
    found.notes += bar_warnings(found.got, good)


async def _against_large(desk: Desk, found: Standing, as_of: date | None) -> None:
    for large in LARGE:
        try:
            pair = await fetch_pair(desk, desk.symbols.symbols[SMALL], desk.symbols.symbols[large], as_of)
            rows = [compare_pair(pair, span) for span in SPANS if span < pair.days.size]
        except UserError as error:
            found.notes.append(f"{SMALL} is not compared with {large}: {error.message}")
            continue
        found.relative += [
            {"against": large, "periods": row.bars, "relative_pct": row.relative_pct, "date": row.last_day}
            for row in rows
        ]


def _calendar(found: Standing, on: date) -> None:
    from bot.market.index import FILE, read_calendar

    try:
        found.calendar = read_calendar(FILE.read_bytes()).reconstitution(on)
    except UserError as error:
        found.notes.append(error.message)


async def _sectors(desk: Desk, found: Standing, as_of: date | None) -> None:
    """Sector weights of IWM's holdings, where there is a file of them that is not newer than the date asked for."""
    from bot.market.index import sector_weights

    macro = getattr(desk, "macro", None)
    if macro is None:
        return
    try:
        held = (await macro.holdings()).value
    except (ProviderError, UserError):
        return
    if as_of is None or held.day <= as_of:
        found.sectors, found.sectors_day = sector_weights(held.rows), held.day


def _reply(found: Standing, as_of: date | None) -> Reply:
    got, change = found.got, found.roc["21"] or 0.0
    tone: Tone = "up" if change > 0 else "down" if change < 0 else "flat"
    return Reply(
        title="Russell 2000",
        headline=_headline(found),
        rows=(*_market_rows(found), *_fact_rows(found), Row("What it is", WHAT)),
        tone=tone,
        data=as_json(found),
        warnings=(*got.warnings, *found.notes),
        terms=("russell-2000-index", "index-reconstitution", "market-cap-weighting"),
        freshness=got.freshness,
        footer="Describes the past; says nothing about what comes next.",
        buttons=(
            Button("How is it weighted?", "!define market-cap weighting", private=True),
            working(f"roc {got.bars.symbol} {SPANS[0]}", got.bars.last_day),
            *states(got.bars.symbol, as_of),
        ),
    )


def _headline(found: Standing) -> str:
    bars, change = found.got.bars, found.roc["21"]
    what = "The Russell 2000 is at" if bars.symbol == "^RUT" else f"{bars.symbol}, the fund on the Russell 2000, is at"
    moved = f", {percent(change)} over 21 sessions" if change is not None else ""
    return f"{what} {price(float(bars.close[-1]))}{moved}."


def _market_rows(found: Standing) -> list[Row]:
    changes = [f"{span}: {percent(value)}" for span, value in found.roc.items() if value is not None]
    rows = [Row("ROC over sessions", " · ".join(changes))] if changes else []
    if found.rally is not None and found.range is not None:
        rows.append(Row("Rally", _rally_words(found.rally, found.got)))
        rows.append(Row("Range", _range_words(found.range)))
    for large in LARGE:
        parts = [f"{r['periods']}: {percent(r['relative_pct'])}" for r in found.relative if r["against"] == large]
        if parts:
            rows.append(Row(f"Small against large ({SMALL} against {large})", " · ".join(parts)))
    return rows


def _rally_words(state: "RallyState", got: Series) -> str:
    words = RALLY[state.state]
    if state.state in {"rally", "fading"} and state.low is not None and state.gain_pct is not None:
        return f"{words}, {percent(state.gain_pct)} from the low of {price(state.low)}"
    return words


def _range_words(state: "RangeState") -> str:
    words = RANGE[state.state]
    if state.support is not None and state.resistance is not None:
        return f"{words}, between {price(state.support)} and {price(state.resistance)}"
    return words


def _fact_rows(found: Standing) -> list[Row]:
    rows = []
    if found.calendar is not None:
        coming = found.calendar
        if coming.last is not None:
            rows.append(Row("Last reconstitution", f"{day(coming.last)}, after the close"))
        ranked = f", companies ranked on {day(coming.rank_day)}" if coming.rank_day else ""
        sure = "announced" if coming.announced else "by the published rule"
        effective = f"effective {day(coming.effective)}"
        rows.append(Row("Next reconstitution", f"{day(coming.next)} after the close ({sure}), {effective}{ranked}"))
    if found.sectors and found.sectors_day:
        top = ", ".join(f"{name} {plain_percent(share)}" for name, share in list(found.sectors.items())[:5])
        rows.append(Row("Sectors", f"{top} (holdings of {SMALL} on {day(found.sectors_day)})"))
    else:
        rows.append(Row("Sectors", f"not known here: there is no holdings file of {SMALL} for this date"))
    return rows


def as_json(found: Standing) -> dict[str, Any]:
    """The contract's fields."""
    coming = found.calendar
    names = ("last", "next", "effective", "rank_day", "announced")
    dates: Mapping[str, Any] | None = {n: getattr(coming, n) for n in names} if coming is not None else None
    return {
        "name": "Russell 2000",
        "symbol": found.got.bars.symbol,
        "price": float(found.got.bars.close[-1]),
        "reconstitution": dates,
        "sectors": found.sectors,
        "sectors_date": found.sectors_day,
        "roc": found.roc,
        "rally": found.rally.state if found.rally is not None else None,
        "range": found.range.state if found.range is not None else None,
        "relative": found.relative,
    }
