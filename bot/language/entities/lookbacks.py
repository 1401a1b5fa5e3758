"""How far back: "10", "two weeks" (10), "a quarter" (63), "20d", "1y", "ytd", "since 3 November", "between A and B".

A look-back is a number of sessions, the start of a week, month, quarter or year (`wtd`, `mtd`, `qtd`, `ytd`), or a day
from which on a change is measured (`Since`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, cast

from bot.errors import UserError, quoted
from bot.language.entities.dates import DATE, tag_dates
from bot.language.entities.numbers import NUMBER, PERCENT, Counted, counted, read_digits, restored, tag_numbers
from bot.language.tokens import UNREAD, Unread, Word, Words, compiled, read_words


@dataclass(frozen=True, slots=True)
class Since:
    """From the close of this day on, or the last one before it."""

    day: date

    def __str__(self) -> str:
        return f"since {self.day.isoformat()}"


ToDate = Literal["wtd", "mtd", "qtd", "ytd"]
Lookback = int | ToDate | Since
Period = Lookback
LOOKBACK = "PER"
LONGEST_LOOKBACK = 5_000
_ALL = frozenset({"all", "max", "ever", "always", "all of it", "everything", "forever", "whole history", "inception"})

SESSIONS: dict[str, int] = {
    unit: sessions
    for sessions, units in {
        1: "d day days session sessions bar bars period periods candle candles",
        5: "w wk wks week weeks",
        10: "fortnight fortnights",
        21: "m mo mos mth mths month months",
        63: "q qtr qtrs quarter quarters",
        252: "y yr yrs year years",
        2520: "decade decades",
    }.items()
    for unit in units.split()
}
_HALVES = {"year": 126, "quarter": 31, "month": 10, "decade": 1260}
_FINE_UNITS = frozenset("minute minutes min mins hour hours hr hrs second seconds sec secs".split())
_TAILS = frozenset({*SESSIONS, *_FINE_UNITS, "h"})
_UNIT = "|".join(sorted((unit for unit in SESSIONS if len(unit) > 1), key=len, reverse=True))
_FINE = "|".join(sorted(_FINE_UNITS, key=len, reverse=True))
_LEAD = (
    r"\b(?:(?:over|for|in|during|within|across|through|throughout|on|of|from|since|versus|vs|at)(?: about"
    r"| around| roughly| maybe| only| just)? )?"
    r"(?:(?:the|this|these|a|its|their|my|our) )?(?:(?:last|past|passed|previous|prior|latest|recent|trailing"
    r"|preceding|most recent|entire|whole|full|current) )?"
)
_TAIL = (
    r"(?: (?:ago|earlier|back|prior|span|lookback|look back|window|timeframe|time frame|stretch|period"
    r"|horizon|basis|now))?"
)
_TRADED = r"(?:trading |business |market |calendar |full |whole )?"
_END = r"(?= |$)"

_NEW_YEAR = (
    r"(?:the )?(?:start|beginning|turn|first day) of (?:the|this) year|new year(?: day)?|january(?: 1st| 1)?"
    r"|jan(?: 1st| 1)?|year start|the new year"
)
_PARTS: tuple[tuple[ToDate, str], ...] = (("qtd", "quarter"), ("mtd", "month"), ("wtd", "week"))
_TO_DATE: tuple[tuple[str, ToDate], ...] = (
    (
        (
            r"\b(?:(?:for|over|in|on|during) )?(?:the )?(?:ytd(?: basis)?|year to date|(?:this|the|current) year"
            r" (?:so far|to date|until now|till now|up to now)|so far (?:in )?(?:this|the) year"
            rf"|(?:thus|so) far this year|(?:since|from) (?:{_NEW_YEAR})){_END}"
        ),
        "ytd",
    ),
    *(
        (
            (
                rf"\b(?:(?:for|over|in|on|during) )?(?:the )?(?:{short}(?: basis)?|{unit} to date|(?:this|the|current)"
                rf" {unit} (?:so far|to date|until now|till now|up to now)|so far (?:in )?(?:this|the) {unit}"
                rf"|thus far this {unit}|(?:since|from) (?:the )?(?:start|beginning|first day) of (?:the|this) {unit})"
                rf"{_END}"
            ),
            short,
        )
        for short, unit in _PARTS
    ),
)
_RANGE = (
    r"\b(?:(?:from|since|starting|in) )?DATE (?:up )?(?:to|until|till|through|thru) DATE\b"
    r"|\bbetween DATE (?:and|to) DATE\b|\bDATE DATE\b"
)
_SINCE_DATE = (
    r"\b(?:(?:ever )?since|starting(?: from| on| in)?|beginning(?: on| in)?) DATE(?: on| onwards?)?(?= |$)"
    r"|\b(?:counting |measured |starting )?from DATE"
    r" (?:on|onwards?|forward|(?:till|until|to|up to) (?:now|date|today))(?= |$)"
)
_FROM_DATE = r"\bfrom DATE\b"
_UNTIL_DATE = r"\b(?:until|till|through|thru|up to|ending) DATE\b"
_YESTERDAY = r"\b(?:since|from|versus|vs|than) (?:yesterday|the (?:previous|prior|last) close|last close)(?= |$)"
_HALF = (
    rf"{_LEAD}(?:(?P<count>N|an?) (?P<unit>{_UNIT}) and a half|(?P<unit3>{_UNIT}) and a half"
    rf"|a and a half (?P<unit2>{_UNIT})|half (?:a |an |the )?(?P<half>year|quarter|month|decade))s?{_TAIL}{_END}"
)
_COUNTED = rf"{_LEAD}(?P<count>N)(?: of)? {_TRADED}(?P<unit>{_UNIT}|[dwmqy]){_TAIL}{_END}"
_SINGLE = rf"{_LEAD}an? {_TRADED}(?P<unit>{_UNIT}){_TAIL}{_END}"
_ONE = (
    r"\b(?:(?:over|for|in|during|within|across|since|from|versus|vs|on) )?(?:all )?(?:this|the|last|past"
    r"|previous|the last|the past|the previous|the current|current|prior|"
    rf"whole|the whole|the entire|this past|this last|per|the prior|all) {_TRADED}(?P<unit>session|week"
    rf"|fortnight|month|quarter|year|decade){_TAIL}{_END}"
)
# A unit alone: at the end, before what is measured or a date. See `_alone`.
_ALONE = (
    r"(?<= )(?P<unit>week|fortnight|month|quarter|year)(?: (?:lookback|window|basis))?"
    r"(?= (?:percent|performance|momentum|returns?|change|move|PCT|DATE|as|ending|roc|is fine|will do|please|thanks)"
    r"(?: |$)|$)"
)
_BEFORE_ALONE = frozenset("by for over on their its momentum roc return change percent performance vs and".split())
_ADVERB = (
    r"\b(?:the )?(?P<unit>dai|week|month|quarter|year|annual)ly(?! (?:chart|candle|candles|candlestick"
    r"|candlesticks|graph|bars?|picture|time|plot|timeframe)\b)(?= |$)"
)
_OVER = r"\b(?:(?P<short>yoy|qoq)|(?P<unit>year|quarter|month|week) (?:over|on) (?P=unit))" + _END
_TOO_FINE = rf"{_LEAD}(?:N|an?|half an?|couple of) (?:{_FINE}|h){_TAIL}{_END}"
_FOR_EVER = (
    r"\b(?:of |over |in |for |since )?(?:all time(?! (?:high|low|record|best|worst|peak|ath))"
    r"|(?:since )?(?:inception|its ipo"
    r"|ever began|the beginning of time)|(?:its|the) whole (?:life|history))" + _END
)
# Where a start is named: not at the beginning, and up to four words that are no tags.
_UNREAD_START = re.compile(
    r"(?<=\S )(?P<start>(?:(?:ever )?since|during(?! (?:the )?(?:day|night|session|hours|market|trading|week)))"
    r"(?: (?![A-Z]+(?: |$))\S+){1,4}"
    r"|on (?:the )?(?:day of )?(?!(?:a|an|the|that|this|any|every|each|one|some|same|which|what|next|first|last|other"
    r"|given|trading|bad|good|big|down|up|red|green|single|typical|normal) )[a-z]+ day)(?= |$)"
)
_AFTER_ALL = r"\S (?P<span>max|all time|(?:its )?whole history|everything)$"
_HINT = re.compile(
    rf"(?:\b|\d)(?:{_UNIT}|[wmqy]td|far|january|jan|yesterday|close|half|inception|ipo|{_FINE}|all time|history)"
    r"|ly\b|\d ?[dwmqyh]\b|\b(?:yoy|qoq)\b"
)
_ADVERBS = {"dai": 1, "week": 5, "month": 21, "quarter": 63, "year": 252, "annual": 252}


def tag_lookbacks(words: Words, today: date) -> Words:
    """The words with a PER tag for each look-back: a number of sessions, `ytd` and its kin, or `Since`.

    Dates have to be tagged before. "Between A and B" becomes a look-back since A and the DATE B. What looks like a
    look-back and cannot be had ("90 minutes", "all time", "0 days") is UNREAD.
    """
    words = _with_dates(words, today)
    if not _HINT.search(words.line):
        return words
    for pattern, start in _TO_DATE:
        words = words.tag(pattern, LOOKBACK, lambda _, start=start: start)  # type: ignore[misc]
    words = words.tag(_YESTERDAY, LOOKBACK, lambda _: 1)
    return _with_counts(words)


def _with_dates(words: Words, today: date) -> Words:
    if "DATE" not in words.line:
        return words
    words = words.with_tags(_ranges(words, today))
    since = words
    words = words.tag(_SINCE_DATE, LOOKBACK, lambda match: _since(since, match, today))
    return tag_ends(words.tag(_FROM_DATE, DATE, lambda match: _last(words, match)))


def tag_ends(words: Words) -> Words:
    """The words with each "until DATE" made the date itself; dates have to be tagged before."""
    return words.tag(_UNTIL_DATE, DATE, lambda match: _last(words, match))


def _last(words: Words, match: re.Match[str]) -> object:
    return words.words[words.span(*match.span())[1] - 1].value


def _ranges(words: Words, today: date) -> Iterator[tuple[int, int, str, object]]:
    """A look-back and a date for each "from A to B": B ends the series, and a year that A leaves out comes from B."""
    for match in compiled(_RANGE).finditer(words.line):
        first, last = words.span(*match.span())
        places = [place for place in range(first, last) if words.words[place].low == DATE]
        named, end = (cast("date", words.words[place].value) for place in places)
        if last - first == 2 and "-" not in words.text[words.words[first].end : words.words[first + 1].start]:
            continue
        text = words.typed(first, last)
        dated = re.search(r"\d{4}|\d\d$", words.typed(places[0], places[0] + 1))
        begin = named if dated else _latest_before(named, end)
        if begin is None or begin > end:
            wrong = "begins on no day of the calendar" if begin is None else "ends before it begins"
            yield first, last, UNREAD, _refused(text, f"{quoted(text, 50)} {wrong}.")
            continue
        yield first, places[0] + 1, LOOKBACK, Since(begin)
        yield places[0] + 1, last, DATE, end


def _latest_before(day: date, end: date) -> date | None:
    """The last such day and month up to `end`; None where that year has no such day."""
    try:
        return day.replace(year=end.year - ((day.month, day.day) > (end.month, end.day)))
    except ValueError:
        return None


def _since(words: Words, match: re.Match[str], today: date) -> Lookback | None:
    first, last = words.span(*match.span())
    place = next(at for at in range(first, last) if words.words[at].low == DATE)
    if words.typed(place, place + 1).casefold() == "yesterday":
        return 1
    day = words.words[place].value
    return Since(day) if isinstance(day, date) else None


def tag_unbounded(words: Words) -> Words:
    """The words with an UNREAD tag for a look-back without a beginning after something else: "IWM max"."""
    return words.tag(_AFTER_ALL, UNREAD, lambda match: _no_bounds(words, *words.span(*match.span("span"))))


def _no_bounds(words: Words, first: int, last: int) -> Unread | None:
    return None if words.words[first].upper else _unbounded(words.typed(first, last))


def _with_counts(words: Words) -> Words:
    """Look-backs that count something: "two weeks", "half a year", "90 minutes"."""
    numbered = counted(words, _TAILS)
    for pattern in (_HALF, _COUNTED):
        at = numbered
        numbered = numbered.tag(pattern, LOOKBACK, lambda match, at=at: _count(at, match))  # type: ignore[misc]
    at = numbered
    numbered = numbered.tag(_TOO_FINE, UNREAD, lambda match: _too_fine(at, match))
    words = restored(numbered)
    words = words.tag(_SINGLE, LOOKBACK, lambda match: SESSIONS[match["unit"]])
    words = words.tag(_ONE, LOOKBACK, lambda match: SESSIONS[match["unit"]])
    words = words.tag(
        _OVER, LOOKBACK, lambda match: _ADVERBS.get(match["unit"] or {"y": "year", "q": "quarter"}[match["short"][0]])
    )
    words = words.tag(_ADVERB, LOOKBACK, lambda match: _ADVERBS[match["unit"]])
    alone = words
    words = words.tag(_ALONE, LOOKBACK, lambda match: _alone(alone, match))
    ever = words
    return words.tag(_FOR_EVER, UNREAD, lambda match: _unbounded(ever.typed(*ever.span(*match.span()))))


def _alone(words: Words, match: re.Match[str]) -> int | None:
    """The sessions of a unit without article or number: after a symbol, a comma or a word such as "by"."""
    before = words.words[words.span(*match.span())[0] - 1]
    beside = before.is_tag or before.upper or before.stop or before.low in _BEFORE_ALONE
    return SESSIONS[match["unit"]] if beside else None


def _count(words: Words, match: re.Match[str]) -> Lookback | Unread:
    parts = match.groupdict()
    text = words.typed(*words.span(*match.span()))
    if half := parts.get("half"):
        return _HALVES[half]
    unit = parts["unit"] or parts["unit2"] or parts["unit3"]
    many = Decimal(1)
    if parts["count"] == "N":
        place = words.line.count(" ", 0, match.start("count"))
        number = words.words[place].value
        assert isinstance(number, Counted)  # noqa: S101
        many = number.value
        if any(re.search(r"\de[-+]?\d", word.low) for word in number.covered):
            return _not_whole(text)
    if " and a half" in match[0]:
        many += Decimal("0.5")
    if SESSIONS[unit] == 1 and many != many.to_integral_value():
        return _not_whole(text)
    return sessions(many * SESSIONS[unit], text)


def sessions(number: Decimal, text: str) -> int | Unread:
    """A number of sessions, where it is one that can be looked back; `text` is what was typed for it."""
    whole = int(number)
    if 1 <= whole <= LONGEST_LOOKBACK:
        return whole
    reason = f"A look-back is 1 to {LONGEST_LOOKBACK:,} sessions; {quoted(text, 40)} is outside."
    return _refused(text, reason)


def _not_whole(text: str) -> Unread:
    return _refused(text, f"The number of sessions is a whole number such as 10, not {quoted(text, 40)}.")


def _too_fine(words: Words, match: re.Match[str]) -> Unread:
    text = words.typed(*words.span(*match.span()))
    reason = (
        f"The shortest look-back is one session, so not {quoted(text, 40)}; two weeks, 10 sessions or ytd would work."
    )
    return _refused(text, reason)


def _unbounded(text: str) -> Unread:
    most = f"up to {LONGEST_LOOKBACK:,} sessions, or since a date"
    reason = f"I need a look-back with a beginning, not {quoted(text, 40)}: {most}."
    return _refused(text, reason)


def _refused(text: str, reason: str) -> Unread:
    return Unread("lookback", text, reason)


def tag_bare_lookbacks(words: Words) -> Words:
    """The words with the numbers that are left read as look-backs, as they are after a command: `!roc IWM 10`.

    Numbers have to be tagged before.
    """
    if all(word.low not in {NUMBER, PERCENT} for word in words.words):
        return words
    out: list[Word] = []
    for place, word in enumerate(words.words):
        if word.low not in {NUMBER, PERCENT} or not isinstance(word.value, Decimal):
            out.append(word)
            continue
        text = words.typed(place, place + 1)
        value = _bare(word.value, text) if word.low == NUMBER else _not_whole(text)
        out.append(replace(word, low=UNREAD if isinstance(value, Unread) else LOOKBACK, value=value))
    return Words(words.text, tuple(out), words.all_caps)


def _bare(number: Decimal, text: str) -> Lookback | Unread:
    grouped = read_digits(text, grouped=True)
    number = number if grouped is None else grouped
    if number != number.to_integral_value() or re.search(r"\de[-+]?\d", text, re.IGNORECASE):
        return _not_whole(text)
    return sessions(number, text)


def unread_starts(words: Words) -> Iterator[tuple[int, int, Unread]]:
    """From where to where a start is named that is no date: "since the election", once dates and look-backs are tagged.

    So is a time that goes by a name: "during the crash", "on election day". A "since" that begins a sentence gives a
    reason, and the name of a day may go with its date.
    """
    for match in _UNREAD_START.finditer(words.line):
        first, last = words.span(*match.span("start"))
        text = words.typed(first, last)
        dated = DATE in words.line.split() and text.startswith("on ")
        if not words.words[first - 1].stop and not dated:
            yield first, last, _no_start(text)


def _no_start(text: str) -> Unread:
    reason = f"I do not know the date of {quoted(text, 40)}; write one, such as since 2016-06-24 or on 24 June 2016."
    return _refused(text, reason)


def read_lookbacks(text: str, today: date) -> tuple[Lookback, ...]:
    """The look-backs that a whole text names, each once: "10", "5 10 21", "two weeks", "ytd". Raises UserError."""
    if text.strip().casefold() in _ALL:
        raise _unbounded(text.strip()).error()
    words = read_words(f"a {text}" if text.strip().casefold() in SESSIONS else text)
    words = tag_lookbacks(tag_dates(words, today), today)
    words = tag_bare_lookbacks(tag_numbers(words, every=True))
    found: list[Lookback] = []
    for unread in words.unread:
        raise unread.error()
    for word in words.words:
        if word.low == LOOKBACK:
            found.append(cast("Lookback", word.value))
        elif word.low not in {"and", "or", "/"}:
            raise _not_a_lookback(text)
    if not found:
        raise _not_a_lookback(text)
    return tuple(dict.fromkeys(found))


def read_lookback(text: str, today: date) -> Lookback:
    """The one look-back that a whole text names. Raises UserError."""
    found = read_lookbacks(text, today)
    if len(found) > 1:
        raise UserError(f"One look-back at a time here, please; I read {len(found)} in {quoted(text, 40)}.")
    return found[0]


def _not_a_lookback(text: str) -> UserError:
    examples = "10, two weeks, 3 months, ytd or since 3 November"
    return UserError(f"I cannot read {quoted(text, 40)} as a look-back; write it like {examples}.")
