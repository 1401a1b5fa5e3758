"""`scan [LIST] [by roc|rally|range] [PERIODS]`: a whole universe of symbols, or a list by its name, in order."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Annotated

from bot.analysis.conversion import local_prices
from bot.analysis.lookback_bars import lookback_json
from bot.analysis.ranking import (
    By,
    RankedSymbol,
    ScanTask,
    dates_note,
    headline,
    in_order,
    order_row,
    ranked_symbol,
    ranking_row,
)
from bot.analysis.scan_cache import ScanCache, ScanQuestion, scan_lists
from bot.analysis.scanning import GatheredSeries, ScanPool, ScanRequest, gather
from bot.commands.converter import Converter, ParseContext, without
from bot.commands.converters import BY, DateConverter, IntoConverter, LookbackConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError, quoted
from bot.language.entities.lookbacks import Lookback
from bot.language.tokens import Word, Words, read_words
from bot.market.symbols import Symbol
from bot.providers.asker import about
from bot.render.buttons import working_of_first
from bot.render.numbers import count
from bot.render.reply import Reply, Row
from bot.render.state_words import RALLY, RALLY_ORDER, RANGE, RANGE_ORDER

DEFAULT: tuple[Lookback, ...] = (21,)
LEADING, TOP, BOTTOM = 5, 15, 5
TOLD_EVERY = 25
AGAIN_AFTER_FAILURES = timedelta(minutes=1)
SERVER = "server"
_LONGEST_NAME = 5
NO_SERVER_LIST = (
    "This server has no list of its own here. The operator makes one: a CSV of symbols, named by RANGEFINDER_UNIVERSE; "
    "!scan then goes through it. Your own list is !watchlist add IWM SPY QQQ, and !rank watchlist puts it in order."
)


class ListConverter(Converter):
    """The name of a list to scan: `sectors`, `europe large`, `crypto`."""

    order = 1
    tags = frozenset({"LIST"})
    fillers = Converter.fillers | frozenset("list lists all".split())
    metavar = "LIST"
    noun = "the name of a list"

    def __init__(self) -> None:
        self.help = f"A list by its name: {', '.join([*scan_lists(), SERVER])}"

    def tag(self, words: Words, context: ParseContext) -> Words:
        """Every name of a list, the longest first: the number of "nasdaq 100" is no look-back."""
        return words.with_tags(_named_lists(words))

    def tag_rest(self, words: Words, context: ParseContext) -> Words:
        """All words that are left, as one name, where no list was named."""
        if any(word.low in self.tags for word in words.words):
            return words
        rest = [word for word in words.words if not word.is_tag and word.low not in self.fillers]
        if not rest:
            return words
        text = " ".join(words.text[word.start : word.end] for word in rest)
        name = Word("LIST", rest[0].start, rest[-1].end, value=text)
        return replace(words, words=(*without(words, rest).words, name))

    def settle(self, values: Sequence[str], context: ParseContext) -> str:
        """The list of the name that was typed. Raises UserError for several."""
        found = list(dict.fromkeys(self.convert(value, context) for value in values))
        if len(found) > 1:
            raise UserError(f"One list at a time, please; I read {' and '.join(found)}.")
        return found[0]

    def convert(self, text: str, context: ParseContext) -> str:
        """The list's own name. Raises UserError for what names none."""
        found = _list_names().get(read_words(text).line)
        if found is not None:
            return found
        known = tuple(scan_lists())
        raise UserError(
            f"I have no list {quoted(text, 30)}. There are {', '.join(known)}; !scan alone goes through large US "
            "funds and shares.",
            "bad_input",
            tuple(f"!scan {name}" for name in known[:3]),
        )

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The lists that a name of begins so."""
        start = text.strip().casefold()
        found = [
            (f"{one.name} · {one.title} ({len(one.symbols)})", one.name)
            for one in scan_lists().values()
            if any(name.casefold().startswith(start) for name in (one.name, one.title, *one.also))
        ]
        return [*found, ("server · this server's own list", SERVER)] if SERVER.startswith(start) else found


@cache
def _list_names() -> Mapping[str, str]:
    """Every name of a list as it is tokenized, and the list's own name."""
    found = dict.fromkeys((SERVER, "this server", "the server"), SERVER)
    for one in scan_lists().values():
        found |= dict.fromkeys((read_words(name).line for name in (one.name, one.title, *one.also)), one.name)
    return found


def _named_lists(words: Words) -> Iterator[tuple[int, int, str, str]]:
    """Where names of lists stand in the words."""
    names, at = _list_names(), 0
    while at < len(words.words):
        for last in range(min(at + _LONGEST_NAME, len(words.words)), at, -1):
            some = words.words[at:last]
            name = "" if any(word.is_tag for word in some) else names.get(" ".join(word.low for word in some), "")
            if name:
                yield at, last, "LIST", name
                at = last - 1
                break
        at += 1


@command(
    "scan",
    "Many symbols in order, by rate of change, rally or range: large US ones, or a list (japan …)",
    examples=["!scan", "!scan by rally", "!scan sectors", "!scan japan by range", "!scan 63 asof:2016-12-01"],
    order=110,
    group="lists",
    cost=4,
)
async def scan(  # noqa: PLR0913  each is an option
    desk: Desk,
    caller: Caller,
    *,
    by: Annotated[By, BY] = "roc",
    periods: Annotated[tuple[Lookback, ...], LookbackConverter()] = DEFAULT,
    as_of: Annotated[date | None, DateConverter()] = None,
    currency: Annotated[str | None, IntoConverter()] = None,
    universe: Annotated[str | None, ListConverter()] = None,
) -> Reply:
    """Answer with the first and last of the universe, from memory as long as no bar can have been added."""
    if universe == SERVER:
        raise UserError(NO_SERVER_LIST, "bad_input", ("!watchlist add IWM SPY QQQ",))
    cache = desk.memory.of(ScanCache)
    symbols = await _symbols(desk, cache, universe)
    question = ScanQuestion(hash(symbols), by, periods[0], as_of, currency, universe)
    known = cache.answer(question, desk.clock())
    if known is not None:
        return known if as_of is not None else await _today(desk, known)
    if cache.turn.locked() and caller.tell is not None:
        caller.tell("another scan is being computed")
    async with cache.turn:
        return cache.answer(question, desk.clock()) or await _scanned(desk, caller, symbols, question, cache)


async def _symbols(desk: Desk, cache: ScanCache, universe: str | None) -> tuple[Symbol, ...]:
    """The symbols of a list, or of the universe file."""
    if universe is None:
        return await cache.universe(desk.config.universe, desk.symbols)
    return tuple(desk.symbols.stored(canonical) for canonical in scan_lists()[universe].symbols)


async def _scanned(
    desk: Desk, caller: Caller, symbols: Sequence[Symbol], question: ScanQuestion, cache: ScanCache
) -> Reply:
    """A new answer. One that is not whole yet is not remembered: the next is fuller."""
    found = await _computed(desk, symbols, question, cache, caller.tell)
    if not found.tasks:
        raise _nothing(found, len(symbols), _whole(question))
    reply = await asyncio.to_thread(_put_together, found, question, cache)
    if found.until is not None and not found.pending:
        retry = desk.clock() + AGAIN_AFTER_FAILURES
        until = min(found.until, retry) if "unavailable" in found.codes.values() else found.until
        cache.keep(question, reply, until)
    return reply


async def _computed(
    desk: Desk, symbols: Sequence[Symbol], question: ScanQuestion, cache: ScanCache, tell: Callable[[str], None] | None
) -> GatheredSeries:
    """Gather the bars, and compute what is new in them as they come in; the memory then knows every row."""
    async with ScanPool(len(symbols)) as pool:
        done = 0

        async def ready(one: ScanTask) -> None:
            nonlocal done
            done += 1
            if tell is not None and done % TOLD_EVERY == 0:
                tell(f"prices of {done:,} of {len(symbols):,} symbols are here")
            if not cache.has_row(one):
                await pool.add(one)

        found = await gather(
            desk, symbols, ScanRequest(question.periods, question.as_of, ready, tell, question.currency)
        )
        cache.add_rows(pool.added, await pool.rows(tell))
    return found


def _put_together(found: GatheredSeries, question: ScanQuestion, cache: ScanCache) -> Reply:
    """The answer from rows that are all known. Thousands of them take a while: not for the event loop."""
    tasks = list(found.tasks.values())
    rows = [ranked_symbol(one, row) for one, row in zip(tasks, cache.rows(tasks), strict=True)]
    return _reply(in_order([*rows, *found.failed.values()], question.by), question, found)


async def _today(desk: Desk, reply: Reply) -> Reply:
    """A remembered answer with the session as it is now."""
    fresh = reply.freshness
    if fresh is None or fresh.session == "always_open":
        return reply
    sessions = await desk.feed.sessions()
    return replace(reply, freshness=replace(fresh, session=sessions.state(desk.clock())))


def _whole(question: ScanQuestion) -> str:
    return "universe" if question.universe is None else "list"


def _nothing(found: GatheredSeries, size: int, whole: str) -> UserError:
    if found.pending:
        return UserError(
            f"The prices of the {size:,} symbols of the {whole} are still being fetched{_left(found)}. "
            "Ask again in a minute for the first of them.",
            "unavailable",
        )
    reasons = list(dict.fromkeys(row.error for row in found.failed.values()))
    if not reasons:
        return UserError(f"None of the {size:,} symbols of the {whole} has prices here.", "unavailable")
    code = next(iter(found.codes.values()))
    return UserError(f"None of the {size:,} symbols of the {whole} has prices here: {reasons[0]}", code)


def _reply(rows: Sequence[RankedSymbol], question: ScanQuestion, found: GatheredSeries) -> Reply:
    good = [row for row in rows if row.error is None]
    size = len(rows) + found.pending
    chosen = scan_lists()[question.universe] if question.universe is not None else None
    named = f"{chosen.title}: {count(size, 'symbol')}" if chosen is not None else count(size, "symbol")
    source = (Row("List", f"{chosen.title}, {chosen.source}"),) if chosen is not None else ()
    listed = _shown(good)
    covers = f"{len(good):,} of {count(size, 'symbol')}: " if len(good) < size else ""
    return Reply(
        title=f"Scan of {named}",
        headline=covers + headline(rows, question.by, question.periods),
        rows=(*listed[:LEADING], *_counts(good)),
        more=(*listed[LEADING:], order_row(question.by, question.periods), *source),
        data={
            "rows": [row.to_json() for row in rows],
            "by": question.by,
            **lookback_json(question.periods),
            "universe": question.universe,
            "covered": len(good),
            "symbols": size,
            "currency": question.currency,
        },
        warnings=tuple(_warnings(rows, found, _whole(question))),
        terms=("stock-screener", "rate-of-change", "rally", "range-bound-market"),
        freshness=found.freshness,
        footer="Describes the past; says nothing about what comes next.",
        buttons=tuple(
            working_of_first(row.symbol, question.by, question.periods, found.last_days[row.symbol], question.currency)
            for row in good[:1]
        ),
    )


def _left(found: GatheredSeries) -> str:
    """How long the rest takes, as a part of a sentence."""
    return f", which takes {about(found.seconds_left)}" if found.seconds_left is not None else ""


def _shown(good: Sequence[RankedSymbol]) -> list[Row]:
    """The first and the last few."""
    if len(good) <= TOP + BOTTOM + 1:
        return [ranking_row(place, row) for place, row in enumerate(good, 1)]
    last = len(good) - BOTTOM
    return [
        *(ranking_row(place, row) for place, row in enumerate(good[:TOP], 1)),
        Row("", f"… {last - TOP:,} more …"),
        *(ranking_row(place, row) for place, row in enumerate(good[last:], last + 1)),
    ]


def _counts(good: Sequence[RankedSymbol]) -> list[Row]:
    """How many are in each state."""
    rallies, ranges = Counter(row.rally for row in good), Counter(row.range for row in good)
    return [
        Row("Rally states", ", ".join(f"{RALLY[s]} {rallies[s]}" for s in RALLY_ORDER if rallies[s])),
        Row("Range states", ", ".join(f"{RANGE[s]} {ranges[s]}" for s in RANGE_ORDER if ranges[s])),
    ]


def _warnings(rows: Sequence[RankedSymbol], found: GatheredSeries, whole: str) -> list[str]:
    bad = [row for row in rows if row.error is not None]
    notes = []
    if found.pending:
        notes.append(
            f"the prices of {count(found.pending, 'symbol')} more are being fetched{_left(found)}; "
            "ask again for a fuller list"
        )
    if bad:
        some = " ".join(row.error or "" for row in bad[:3])
        names = ", ".join(row.symbol for row in bad[:12])
        more = f" and {len(bad) - 12} more" if len(bad) > 12 else ""
        notes.append(f"no answer for {count(len(bad), 'symbol')}: {names}{more}. {some}")
    if found.unserved:
        notes.append(f"{count(found.unserved, 'symbol')} of the {whole} have no prices here and were left out")
    notes += dates_note(found.last_days)
    notes += found.conversion or local_prices(found.currencies)
    if len(found.adjustments) > 1 or len(found.providers) > 1:
        kinds = ", ".join(sorted(found.adjustments))
        notes.append(f"prices from {', '.join(sorted(found.providers))}, adjusted in different ways ({kinds})")
    return notes
