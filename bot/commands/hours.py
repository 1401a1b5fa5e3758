"""`hours [SYMBOL|EXCHANGE] [DAY]`: is a market open, when does it open or close next; holidays and half days ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from bot.commands.converter import OFFERED, ParseContext
from bot.commands.converters import DateConverter, SymbolConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.language.entities.coming_days import read_coming_day, tag_coming_days
from bot.language.entities.dates import DATE
from bot.language.entities.exchanges import EXCHANGE, complete_exchange, exchange_named, tag_exchanges
from bot.language.entities.symbols import FILLERS, PAIR, SYMBOL
from bot.language.intents import Intent, Options
from bot.language.tokens import Unread, Words
from bot.market.exchanges import Marketplace, by_suffix, exchange_of, exchanges
from bot.market.symbols import US_CALENDAR, Symbol
from bot.render.numbers import age, capital
from bot.render.reply import Button, Reply, Row

if TYPE_CHECKING:
    from bot.language.message import Message
    from bot.market.sessions import OddDay, Opening, Sessions, TradingHours

AHEAD, LEADING = 3, 5
FOOTER = "Regular sessions by the published calendar; halts and closures at short notice are not in it."
_CITIES = {"America/New_York": "New York", "America/Sao_Paulo": "São Paulo", "Asia/Kolkata": "Mumbai"}
_STATES = {
    "pre": "before the open: pre-market trading",
    "regular": "regular session",
    "post": "after the close: after-hours trading",
    "closed": "closed",
    "holiday": "closed for a holiday",
}


class MarketConverter(SymbolConverter):
    """One exchange or one symbol: `tokyo`, `LSE`, `XETR`, `.HK`, `forex`, `VOD.L`, `apple`."""

    tags = frozenset({EXCHANGE, SYMBOL, PAIR})
    fillers = FILLERS | frozenset(
        "is are when does do what the market markets open opens close closes closed opening closing hours hour time "
        "times trading exchange stock now currently at in will be holiday holidays next".split()
    )
    metavar = "SYMBOL|EXCHANGE"
    noun = "an exchange or a symbol"
    help = "An exchange by name, code, city or suffix, or a symbol: tokyo, LSE, XETR, .HK, forex, VOD.L"

    def tag(self, words: Words, context: ParseContext) -> Words:
        """The exchanges that are named, by their suffix too; else symbols."""
        tagged = _tag_suffix(tag_exchanges(words, typed=True))
        return tagged if _has(tagged, EXCHANGE) or tagged.unread else super().tag(tagged, context)

    def settle(self, values: Sequence[Any], context: ParseContext) -> Any:
        """The one exchange, or the one symbol."""
        found = list(dict.fromkeys(one if isinstance(one, Marketplace) else one.symbol for one in values))
        if len(found) > 1:
            names = " and ".join(_title(one) for one in found[:2])
            raise UserError(f"One exchange or symbol at a time, please; I read {names}.")
        return found[0]

    def convert(self, text: str, context: ParseContext) -> Any:
        """The exchange that a whole text names, else its symbol."""
        return exchange_named(text) or super().convert(text, context)

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The exchanges whose name begins so, then symbols."""
        places = [(f"{one.name} · {one.code}", one.code) for one in complete_exchange(text, OFFERED)]
        return [*places, *super().complete(text, context)][:OFFERED]

    def typed(self, value: Any) -> str:
        """The code of the exchange, or the symbol."""
        return value.code if isinstance(value, Marketplace) else value.canonical

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The exchange under `exchange`, or the symbol under `symbol`."""
        place = options.get("exchange")
        if place is not None:
            return place if isinstance(place, Marketplace) else exchanges()[place]
        found = super().from_json(name, options, context)
        return None if found is None else found[0]

    def to_json(self, name: str, value: Any) -> dict[str, Any]:
        """The code of an exchange, or a symbol."""
        return {"exchange": value.code} if isinstance(value, Marketplace) else {"symbol": value.canonical}


class ComingDayConverter(DateConverter):
    """A day, which may lie ahead: `tomorrow`, `on friday`, `christmas`, `2026-12-24`."""

    metavar = "DAY"
    noun = "a day"
    help = "A day, also one ahead: tomorrow, Friday, Christmas, 2026-12-24"

    def tag(self, words: Words, context: ParseContext) -> Words:
        """Every day."""
        return tag_coming_days(words, context.today)

    def settle(self, values: Sequence[date], context: ParseContext) -> date:
        """One day."""
        if len(set(values)) > 1:
            raise UserError("One day at a time, please.")
        return values[0]

    def convert(self, text: str, context: ParseContext) -> date:
        """The day."""
        return read_coming_day(text, context.today)

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """Nothing: days ahead are endless."""
        return []

    def typed(self, value: date) -> str:
        """The day as ISO text."""
        return value.isoformat()

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The day."""
        found = options.get(name)
        return date.fromisoformat(found) if isinstance(found, str) else found


def _tag_suffix(words: Words) -> Words:
    """The words with a tag for one that is the suffix of an exchange's listings: ".HK"."""
    dotted = ((at, by_suffix(f".{words.typed(at, at + 1)}")) for at in range(len(words.words)) if _is_dotted(words, at))
    return words.with_tags((at, at + 1, EXCHANGE, one) for at, one in dotted if one is not None)


def _is_dotted(words: Words, at: int) -> bool:
    start = words.words[at].start
    return not words.words[at].is_tag and words.text[:start].endswith((" .", *(["."] if start == 1 else ())))


def _has(words: Words, tag: str) -> bool:
    return any(word.low == tag for word in words.words)


def _title(one: Marketplace | Symbol) -> str:
    return one.name if isinstance(one, Marketplace) else one.canonical


def _fit(message: Message, weight: float) -> float:
    """Only where something that opens is named, or a word for a market; each name of a place is no other topic."""
    if weight <= 0:
        return 0.0
    named = [word for word in tag_exchanges(message.plain).words if isinstance(word.value, Marketplace | Unread)]
    if not named and not message.symbols and not message.says("hours", "market"):
        return 0.0
    return weight + message.off_topic_score


def _build(message: Message) -> Options | None:
    """The exchange or the symbol, and the day where one is named."""
    plain = tag_coming_days(message.plain, message.context.today)
    places = tag_exchanges(plain)
    options: Options = {}
    found = next((word.value for word in places.words if isinstance(word.value, Marketplace)), None)
    if found is not None:
        options["exchange"] = found.code
    elif message.symbols:
        options["symbol"] = message.symbols[0]
    elif message.with_symbol_meant() is not None:
        return None
    day = next((word.value for word in plain.words if word.low == DATE), None)
    if isinstance(day, date) and not (day == message.context.today and message.has("today", "tonight")):
        options["day"] = day
    return options


def _over_term(message: Message, fit: float) -> bool:
    """Whether the hours are asked for, and not what the word for them means."""
    return not message.says("hours", "the term")


INTENT = Intent(
    "hours",
    symbols=(0, 1),
    explains="regular-trading-hours",
    known_ahead=4.0,
    fit=_fit,
    build=_build,
    over_term=_over_term,
)


@dataclass(frozen=True, slots=True)
class MarketHours:
    """The hours of one exchange at a moment; `day` is the one that was asked for."""

    exchange: Marketplace
    symbol: Symbol | None
    sessions: Sessions
    now: datetime
    day: date | None

    @property
    def zone(self) -> ZoneInfo:
        """The exchange's own time."""
        return ZoneInfo(self.sessions.zone)

    @property
    def today(self) -> date:
        """The date there."""
        return self.now.astimezone(self.zone).date()

    @property
    def opening(self) -> Opening:
        """How it stands now."""
        return self.sessions.opening(self.now)

    @property
    def is_known(self) -> bool:
        """Whether the holidays of the day asked for, or of today, are known."""
        until = self.sessions.known_until
        return until is None or (self.day or self.today) <= until

    @property
    def name(self) -> str:
        """The exchange as a sentence begins with it."""
        return self.exchange.name


@command(
    "hours",
    "Is a market open? When it opens or closes next, holidays, half days and lunch breaks ahead",
    examples=["!hours", "!hours tokyo", "!hours VOD.L", "!hours nyse christmas"],
    intent=INTENT,
    aliases=("open", "holidays"),
    order=135,
    group="market",
)
async def hours(
    desk: Desk,
    caller: Caller,
    *,
    market: Annotated[Marketplace | Symbol | None, MarketConverter()] = None,
    day: Annotated[date | None, ComingDayConverter()] = None,
) -> Reply:
    """Answer with how the market stands now, or on a day; without one named, with that of the United States."""
    symbol = market if isinstance(market, Symbol) else None
    found = market if isinstance(market, Marketplace) else exchange_of(symbol) if symbol else exchanges()[US_CALENDAR]
    if found is None:
        assert symbol is not None  # noqa: S101  an exchange is one, and so is the default
        raise UserError(f"I do not know on which exchange {symbol.canonical} trades. {TRY}")
    if found.never_closes:
        return _always_open(found, symbol)
    sessions = await desk.feed.sessions_at(found.calendar, found.zone)
    return _reply(MarketHours(found, symbol, sessions, desk.clock(), day))


TRY = "Try an exchange: !hours nyse, !hours tokyo, !hours cme or !hours forex."


def _always_open(found: Marketplace, symbol: Symbol | None) -> Reply:
    what = symbol.canonical if symbol is not None else found.name
    return Reply(
        title=f"{found.name} · hours",
        headline=f"{what} trades around the clock, every day of the year.",
        rows=(Row("Closes", "never; single platforms pause for maintenance"),),
        data={"exchange": found.code, "open": True, "session": "always_open", "opens": None, "closes": None,
              "holidays": []},
    )  # fmt: skip


def _reply(found: MarketHours) -> Reply:
    facts = _rows(found)
    return Reply(
        title=f"{_heading(found)} · hours",
        headline=capital(_headline(found)),
        rows=tuple(facts[:LEADING]),
        more=tuple(facts[LEADING:]),
        data=as_json(found),
        warnings=tuple(_notes(found)),
        terms=("regular-trading-hours", "trading-session"),
        footer=FOOTER,
        buttons=(Button("What are regular hours?", "!define regular trading hours", private=True),),
    )


def _heading(found: MarketHours) -> str:
    name = found.name.removeprefix("The ")
    return f"{found.symbol.canonical} · {name}" if found.symbol is not None else capital(name)


def _headline(found: MarketHours) -> str:
    if found.day is not None:
        return _on_day(found, found.day)
    if not found.sessions.timed:
        return _untimed(found)
    now = found.opening
    if now.is_open:
        return f"{found.name} is open now{_next('closes', now.closes, found)}."
    if now.pausing:
        return f"{found.name} is in its lunch break{_next('opens again', now.opens, found)}."
    why = " for a holiday" if found.sessions.state(found.now) == "holiday" else ""
    return f"{found.name} is closed now{why}{_next('opens', now.opens, found)}."


def _next(verb: str, moment: datetime | None, found: MarketHours) -> str:
    """The rest of the sentence: "; it closes at 16:00 New York time, in 3 hours"."""
    if moment is None:
        return ""
    return f"; it {verb} {_when(moment, found)}, in {_far(moment - found.now)}"


def _far(span: timedelta) -> str:
    """How far off: hours and minutes within a day, days beyond."""
    minutes = max(1, -int(-span.total_seconds() // 60))
    if minutes >= 2 * 24 * 60:
        return age(minutes * 60)
    whole, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{whole} h" if whole else "", f"{rest} min" if rest or not whole else "")))


def _when(moment: datetime, found: MarketHours) -> str:
    """A moment in the exchange's own time, with the date where it is not today's."""
    local = moment.astimezone(found.zone)
    clock = f"at {local:%H:%M} {_city(found)} time"
    return clock if local.date() == found.today else f"on {_weekday(local.date())} {clock}"


def _city(found: MarketHours) -> str:
    return _CITIES.get(found.sessions.zone) or found.sessions.zone.rpartition("/")[2].replace("_", " ")


def _weekday(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _untimed(found: MarketHours) -> str:
    """An exchange whose hours are not known: only its weekdays are."""
    if found.sessions.is_session(found.today):
        return (
            f"I do not know the hours of {found.name}; today is a weekday there, so it trades unless it is a holiday."
        )
    first = found.opening.opens
    following = f"; its next weekday is {_weekday(first.astimezone(found.zone).date())}" if first is not None else ""
    return f"{found.name} is closed now: it is the weekend there{following}."


def _on_day(found: MarketHours, day: date) -> str:
    """What a day is: a session, a short one, a holiday, a weekend."""
    spoken = _weekday(day)
    was = day < found.today
    times = found.sessions.hours_of(day)
    if times is None:
        reason = "a holiday" if day.weekday() in found.sessions.week(day) else "the weekend"
        return f"{found.name} {'was' if was else 'is'} closed on {spoken}: {reason}."
    if not found.sessions.timed:
        return f"{found.name} trades on {spoken} unless it is a holiday: it is a weekday there."
    short = ", a shorter session than usual" if found.sessions.is_odd(day) else ""
    doubt = "" if found.is_known else " unless it is a holiday"
    verb = "was" if was else "is"
    return f"{found.name} {verb} open on {spoken}{doubt}: {_span(times, found)} {_city(found)} time{short}."


def _span(times: TradingHours, found: MarketHours) -> str:
    opens, closes = times.opens.astimezone(found.zone), times.closes.astimezone(found.zone)
    evening = f"{opens:%a} " if opens.date() != closes.date() else ""
    until = f"{closes:%a} " if evening else ""
    return f"{evening}{opens:%H:%M}–{until}{closes:%H:%M}"


def _rows(found: MarketHours) -> list[Row]:
    if not found.sessions.timed:
        return _ahead(found)
    now = found.opening
    rows = [Row("Now", f"{found.now.astimezone(found.zone):%a %H:%M} in {_city(found)}; {_state(found)}")]
    moments = [("Opens", now.opens), ("Closes", now.closes)]
    if now.closes is not None and now.opens is not None and now.closes < now.opens:
        moments.reverse()
    for label, moment in moments:
        if moment is not None:
            local = moment.astimezone(found.zone)
            rows.append(Row(label, f"{_weekday(local.date())} {local:%H:%M} in {_city(found)}", at=moment))
    return [*rows, *_usual(found), *_ahead(found)]


def _state(found: MarketHours) -> str:
    if found.opening.pausing:
        return "lunch break"
    state = found.sessions.state(found.now)
    return (
        "open, around the clock until Friday" if found.exchange.code == "FX" and state == "regular" else _STATES[state]
    )


def _usual(found: MarketHours) -> list[Row]:
    """The session that is asked for, or the next one: its hours and its lunch break."""
    moment = found.now if found.sessions.under_way(found.now) else found.opening.opens or found.now
    following = found.sessions.day_of(moment)
    times = found.sessions.hours_of(found.day or following) or found.sessions.hours_of(following)
    if times is None:
        return []
    rows = [Row("Session", f"{_span(times, found)} in {_city(found)}, regular hours{_outside(found)}")]
    if times.pause is not None:
        starts, ends = (moment.astimezone(found.zone) for moment in times.pause)
        rows.append(Row("Lunch break", f"{starts:%H:%M}–{ends:%H:%M}"))
    return rows


def _outside(found: MarketHours) -> str:
    return "; pre-market from 04:00, after hours until 20:00" if found.sessions.extended else ""


def _ahead(found: MarketHours) -> list[Row]:
    """The next holidays and short sessions."""
    odd = found.sessions.odd_days(max(found.today, found.day or found.today), AHEAD)
    return [Row("Next holiday" if one.hours is None else "Short session", _odd(one, found)) for one in odd]


def _odd(one: OddDay, found: MarketHours) -> str:
    return _weekday(one.day) if one.hours is None else f"{_weekday(one.day)}, {_span(one.hours, found)}"


def _notes(found: MarketHours) -> list[str]:
    """What is not known of this exchange, and whose calendar stands in."""
    until = found.sessions.known_until
    notes = []
    if until == date.min:
        known = "its hours are those of an ordinary day, and " if found.sessions.timed else ""
        notes.append(f"there is no calendar of {found.name} here: {known}its holidays are not known, only its weekdays")
    elif until is not None:
        notes.append(
            f"holidays of {found.name} are known here up to {_weekday(until)}; later days are taken as weekdays"
        )
    if found.exchange.apart:
        notes.append(f"{found.exchange.apart} there keep shorter hours of their own")
    if found.exchange.borrowed and found.exchange.calendar is not None:
        notes.append(f"the calendar is that of {found.exchange.calendar}, which has the same days")
    return notes


def as_json(found: MarketHours) -> dict[str, Any]:
    """The contract's fields, and the zone, the lunch break and the day."""
    now, timed = found.opening, found.sessions.timed
    odd = found.sessions.odd_days(found.today, AHEAD)
    times = found.sessions.hours_of(found.day) if found.day is not None else None
    opens, closes = (times.opens, times.closes) if times is not None else (now.opens, now.closes)
    is_open: bool | None = now.is_open if found.day is None else times is not None
    if not timed and is_open:
        is_open = None
    return {
        "exchange": found.exchange.code,
        "open": is_open,
        "session": found.sessions.state(found.now) if timed or not now.is_open else None,
        "opens": opens if timed else None,
        "closes": closes if timed else None,
        "holidays": [one.day for one in odd if one.hours is None],
        "short_sessions": [one.day for one in odd if one.hours is not None],
        "zone": found.sessions.zone,
        "day": found.day,
        "holidays_known_until": None if found.sessions.known_until in {None, date.min} else found.sessions.known_until,
    }
