"""`index RUT`: how a stock index stands, what it is and when it is made anew; the Russell 2000 in full."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from bot.analysis.aligned_pair import compare_pair, fetch_pair
from bot.analysis.lookback_bars import bars_back, refuse_gaps
from bot.analysis.series import STATE_BARS, Series, bar_warnings, fetch_series, positive_tail
from bot.commands.converter import OFFERED, Converter, ParseContext, without
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
    from bot.market.index import IndexFacts, Reconstitution, ReconstitutionCalendar
    from bot.market.rally import RallyState
    from bot.market.ranges import RangeState

SPANS, LEADING = (21, 63, 252), 4
_FACTS_WEIGHT = 6.5
OLDEST_RULE = 2010
TERMS = ("index-reconstitution", "market-cap-weighting")
FOOTER = "Describes the past; says nothing about what comes next."
WEIGHTED = Button("How is it weighted?", "!define market-cap weighting", private=True)
FULL, FULL_NAME = "^RUT", "Russell 2000"
SMALL, LARGE = "IWM", ("IWB", "SPY")
WHAT = (
    "The roughly 2,000 smallest of the 3,000 largest US companies (Russell 3000), by FTSE Russell; each weighs as "
    "much as the market value of its freely traded shares. The price index ^RUT leaves dividends out; "
    "the fund IWM follows it."
)


def _explained() -> list[str]:
    """The indices that are explained here, as they are typed: RUT, GSPC."""
    from bot.market.index import index_facts

    return [canonical.removeprefix("^") for canonical in (FULL, *index_facts())]


class IndexConverter(Converter):
    """The name of an index that is explained here, by any of its names: its symbol without the caret."""

    order = 1
    tags = frozenset({"INDEX"})
    metavar = "RUT"
    noun = "an index"
    help = "A stock index: RUT, SPX, FTSE, DAX, nikkei and others"

    def tag_rest(self, words: Words, context: ParseContext) -> Words:
        """All words that are left, as one name."""
        rest = [word for word in words.words if not word.is_tag and word.low not in self.fillers]
        if not rest:
            return words
        text = " ".join(words.text[word.start : word.end] for word in rest)
        name = Word("INDEX", rest[0].start, rest[-1].end, value=text)
        return replace(words, words=(*without(words, rest).words, name))

    def settle(self, values: Sequence[str], context: ParseContext) -> str:
        """The index of the name that was typed."""
        return self.convert(values[0], context)

    def convert(self, text: str, context: ParseContext) -> str:
        """`RUT` for the Russell 2000, `FTSE` for the FTSE 100. Raises UserError for what is no index of these."""
        found = context.symbols.known(text) or context.symbols.symbol(f"^{text.strip().upper()}")
        if found is None or found.kind != "index":
            found = context.symbols.resolve(text)
        name, known = found.canonical.removeprefix("^"), _explained()
        if found.kind == "index" and name in known:
            return name
        raise UserError(
            f"I explain {len(known)} stock indices ({', '.join(known[:4])} and others); for {quoted(text, 30)} there "
            "are !quote, !roc, !rally and !range.",
            "bad_input",
            ("!index RUT",),
        )

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The indices whose symbol or a name begins so."""
        start = text.strip().casefold().removeprefix("^")
        found = []
        for name in _explained():
            symbol = context.symbols.symbol(f"^{name}")
            names = [name, symbol.name, *symbol.aliases] if symbol is not None else [name]
            if any(one.casefold().startswith(start) for one in names):
                found.append((f"{name} · {symbol.name}" if symbol is not None else name, name))
        return found[:OFFERED]


@dataclass(slots=True)
class Standing:
    """What is known of the index; None, or absent from a mapping, where it is not, with the reason in `notes`.

    `facts` are those of an index other than the Russell 2000.
    """

    got: Series
    name: str = FULL_NAME
    facts: "IndexFacts | None" = None
    roc: dict[str, float | None] = field(default_factory=dict)
    rally: "RallyState | None" = None
    range: "RangeState | None" = None
    relative: list[dict[str, Any]] = field(default_factory=list)
    calendar: "Reconstitution | None" = None
    sectors: dict[str, float] | None = None
    sectors_day: date | None = None
    notes: list[str] = field(default_factory=list)


def _fit(message: "Message", weight: float) -> float:
    """Facts of an index; a look-back or a date asks for its price instead, but for its schedule.

    The words that ask how an index does lead here for the Russell 2000 alone; of others the facts alone are asked.
    """
    canonical = [symbol.canonical for symbol in message.symbols]
    if len(canonical) == 1 and _has_facts(canonical[0]):
        return _FACTS_WEIGHT if message.says("index", "facts") and message.lookback is None else 0.0
    if canonical == [FULL]:
        named = re.sub(r"\b(?:the )?SYM(?: index| companies)?\b", "RUT", message.line)
        weight = message.weight_of("index", named) or weight
    elif canonical or not message.says("index", "russell"):
        return 0.0
    spanned = bool(canonical) and message.lookback is not None and not message.has("today")
    least = 6.0 if spanned else 4.0 if message.as_of is not None else 0.0
    return weight if weight >= least else 0.0


def _build(message: "Message") -> Options | None:
    """The index, where the message is about no other symbol; of one that is not the Russell 2000 the facts alone."""
    canonical = [symbol.canonical for symbol in message.symbols]
    if canonical == [FULL] or (not canonical and message.says("index", "russell")):
        return {"name": "RUT"}
    if len(canonical) == 1 and _has_facts(canonical[0]) and message.says("index", "facts"):
        return {"name": canonical[0].removeprefix("^")}
    return None


def _has_facts(canonical: str) -> bool:
    return canonical.removeprefix("^") in _explained()[1:]


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
    "A stock index: what it is, weighting, members, review dates, level, states; the Russell 2000 in full",
    examples=["!index RUT", "!index russell 2000", "!index FTSE", "!index RUT asof:2016-12-01"],
    intent=INTENT,
    order=160,
    group="rates",
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
    from bot.market.index import FILE, index_facts, read_calendar

    symbol, on = desk.symbols.resolve(f"^{name}"), as_of or desk.clock().date()
    facts = index_facts().get(symbol.canonical)
    if facts is not None:
        symbol = replace(symbol, stand_in=symbol.stand_in or facts.fund)
    try:
        got = await fetch_series(desk, symbol, as_of)
    except UserError as error:
        if facts is None or error.code not in {"unknown_symbol", "unavailable"}:
            raise
        return _facts_alone(symbol.name, facts, error.message, on)
    found = Standing(got, symbol.name, facts)
    _states(found)
    if facts is not None:
        _calendar(found, facts.calendar, on)
        return _reply(found, as_of)
    await _against_large(desk, found, as_of)
    _calendar(found, read_calendar(FILE.read_bytes()), on)
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


def _calendar(found: Standing, calendar: "ReconstitutionCalendar | None", on: date) -> None:
    if calendar is None:
        return
    try:
        found.calendar = calendar.reconstitution(on)
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
    got, change, facts = found.got, found.roc["21"] or 0.0, found.facts
    tone: Tone = "up" if change > 0 else "down" if change < 0 else "flat"
    market, dates = _market_rows(found), _dates(found)
    about = (Row("What it is", WHAT),) if facts is None else tuple(_about(facts))
    return Reply(
        title=found.name,
        headline=_headline(found),
        rows=(*market[:LEADING], *dates[-1:]),
        more=(*market[LEADING:], *dates[:-1], *_sector_rows(found), *about),
        tone=tone,
        data=as_json(found),
        warnings=(*got.warnings, *found.notes),
        terms=(*(("russell-2000-index",) if facts is None else ()), *TERMS),
        freshness=got.freshness,
        footer=FOOTER,
        buttons=(
            WEIGHTED,
            working(f"roc {got.bars.symbol} {SPANS[0]}", got.bars.last_day),
            *states(got.bars.symbol, as_of),
        ),
    )


def _facts_alone(name: str, facts: "IndexFacts", why: str, on: date) -> Reply:
    """The answer where neither the index nor a fund on it has a price here."""
    members = f", {_members(facts)}" if facts.members is not None else ""
    dates = facts.calendar.reconstitution(on) if facts.calendar is not None and on.year >= OLDEST_RULE else None
    blank = dict.fromkeys(("price", "sectors", "sectors_date", "rally", "range"))
    return Reply(
        title=name,
        headline=f"{name}: {facts.what[0].lower()}{facts.what[1:]}{members}.",
        rows=(*_date_rows(dates, "review"), *_about(facts)),
        data={
            "name": name,
            "symbol": facts.symbol,
            "reconstitution": _dates_json(dates),
            "roc": {},
            "relative": [],
            **blank,
            "facts": _facts_json(facts),
        },
        warnings=(f"no level and no states: {why}",),
        terms=TERMS,
        footer=FOOTER,
        buttons=(WEIGHTED,),
    )


def _members(facts: "IndexFacts") -> str:
    return f"{'about ' if facts.roughly else ''}{facts.members:,} companies"


def _about(facts: "IndexFacts") -> list[Row]:
    """What is known of an index, and from where."""
    rows = [Row("What it is", f"{facts.what}.")]
    if facts.members is not None:
        rows.append(Row("Members", _members(facts)))
    rows.append(Row("Weighted by", facts.weighting))
    if facts.review is not None:
        rows.append(Row("Reviewed", facts.review))
    rows.append(Row("These facts", f"{facts.source}, as read of {facts.read}"))
    return rows


def _headline(found: Standing) -> str:
    bars, change, facts = found.got.bars, found.roc["21"], found.facts
    its = found.name if facts is None or facts.follows is None else f"{facts.follows}, an index near it,"
    fund = "the fund" if facts is None else "a fund"
    stands = bars.symbol != found.got.symbol.canonical
    what = f"{bars.symbol}, {fund} on the {its.rstrip(',')}," if stands else f"The {found.name}"
    moved = f", {percent(change)} over 21 sessions" if change is not None else ""
    return f"{what} is at {price(float(bars.close[-1]))}{moved}."


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


def _dates(found: Standing) -> list[Row]:
    """When its members changed last, and when they change next."""
    reviewed = found.facts is not None and "^RU" not in found.facts.symbol
    return _date_rows(found.calendar, "review" if reviewed else "reconstitution")


def _sector_rows(found: Standing) -> list[Row]:
    """The largest sectors of the Russell 2000."""
    if found.facts is not None:
        return []
    if not found.sectors or not found.sectors_day:
        return [Row("Sectors", f"not known here: there is no holdings file of {SMALL} for this date")]
    top = ", ".join(f"{name} {plain_percent(share)}" for name, share in list(found.sectors.items())[:5])
    return [Row("Sectors", f"{top} (holdings of {SMALL} on {day(found.sectors_day)})")]


def _date_rows(coming: "Reconstitution | None", event: str) -> list[Row]:
    """When its members changed last and change next, as far as a rule or an announcement says."""
    if coming is None:
        return []
    rows = [] if coming.last is None else [Row(f"Last {event}", f"{day(coming.last)}, after the close")]
    ranked = f", companies ranked on {day(coming.rank_day)}" if coming.rank_day else ""
    sure = "announced" if coming.announced else "by the published rule"
    effective = f"effective {day(coming.effective)}"
    rows.append(Row(f"Next {event}", f"{day(coming.next)} after the close ({sure}), {effective}{ranked}"))
    return rows


def _dates_json(coming: "Reconstitution | None") -> dict[str, Any] | None:
    names = ("last", "next", "effective", "rank_day", "announced")
    return None if coming is None else {name: getattr(coming, name) for name in names}


def _facts_json(facts: "IndexFacts") -> dict[str, Any]:
    names = ("what", "weighting", "members", "review", "source", "url", "read")
    return {name: getattr(facts, name) for name in names}


def as_json(found: Standing) -> dict[str, Any]:
    """The contract's fields, and what is known of an index other than the Russell 2000."""
    return {
        "name": found.name,
        "symbol": found.got.bars.symbol,
        "price": float(found.got.bars.close[-1]),
        "reconstitution": _dates_json(found.calendar),
        "sectors": found.sectors,
        "sectors_date": found.sectors_day,
        "roc": found.roc,
        "rally": found.rally.state if found.rally is not None else None,
        "range": found.range.state if found.range is not None else None,
        "relative": found.relative,
        **({} if found.facts is None else {"facts": _facts_json(found.facts)}),
    }
