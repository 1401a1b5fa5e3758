"""Spans in words, as sessions: "two weeks" is 10, "a quarter" 63, "20d" 20, "this year so far" "ytd"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.language.tokens import Words


@dataclass(frozen=True, slots=True)
class Since:
    """A look-back that starts from the close of a day."""

    day: date

    def __str__(self) -> str:
        return f"since {self.day.isoformat()}"


ToDate = Literal["wtd", "mtd", "qtd", "ytd"]
Lookback = int | ToDate | Since
Period = Lookback
LONGEST_LOOKBACK = 5_000

_SESSIONS = {
    1: "d day days session sessions bar bars period periods",
    5: "w wk wks week weeks",
    10: "fortnight fortnights",
    21: "m mo mos mth month months",
    63: "q qtr quarter quarters",
    252: "y yr yrs year years",
    2520: "decade decades",
}
_UNITS = {unit: sessions for sessions, units in _SESSIONS.items() for unit in units.split()}
_COUNTS = {
    **{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40},
    **{"fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100, "couple": 2, "pair": 2, "dozen": 12},
}
_COUNT = "|".join(sorted(_COUNTS, key=len, reverse=True))
_UNIT = "|".join(sorted((unit for unit in _UNITS if len(unit) > 1), key=len, reverse=True))
_LEAD = (
    r"\b(?:(?:over|for|in|during|within|across|through|throughout|on|of|from|since|versus|vs|at)(?: about"
    r"| around| roughly| maybe| only| just)? )?"
    r"(?:(?:the|this|these|a|its|their|my|our) )?(?:(?:last|past|previous|prior|latest|recent|trailing"
    r"|preceding|most recent|entire|whole|full|current) )?"
)
_TAIL = (
    r"(?: (?:ago|earlier|back|prior|span|lookback|look back|window|timeframe|time frame|stretch|period"
    r"|horizon|basis|now))?"
)
_TRADED = r"(?:trading |business |market |calendar |full |whole )?"
_NOT_YET = re.compile(r"next|coming|upcoming|following")

_YTD = re.compile(
    r"\b(?:(?:for|over|in|on|during) )?(?:the )?(?:ytd(?: basis)?|year to date|(?:this|the"
    r"|current) year (?:so far|to date|until now|till now|up to now)|"
    r"so far (?:in )?(?:this|the) year|(?:thus|so) far this year|"
    r"(?:since|from) (?:(?:the )?(?:start|beginning|turn|first day) of (?:the|this) year|new year(?: day)?"
    r"|january(?: 1st| 1)?|jan(?: 1st| 1)?|year start|the new year))(?= |$)"
)
_HALF = re.compile(
    rf"{_LEAD}(?:(?P<more>one|two|three|1|2|3|a) (?:and a half) (?P<unit>{_UNIT})|half (?:a |an "
    rf"|the )?(?P<half>year|quarter|month|decade))s?{_TAIL}(?= |$)"
)
_COUNTED = re.compile(
    rf"{_LEAD}(?:(?P<digits>\d{{1,4}})|(?:a |the )?(?P<words>(?:(?:{_COUNT}) )?"
    rf"(?:{_COUNT})(?: of)?)) {_TRADED}(?P<unit>{_UNIT}){_TAIL}(?= |$)"
)
_GLUED = re.compile(rf"{_LEAD}(?P<digits>\d{{1,4}})(?P<unit>{_UNIT}|d|w|q|m|y){_TAIL}(?= |$)")
_ONE = re.compile(
    r"\b(?:(?:over|for|in|during|within|across|since|from|versus|vs|on) )?(?:all )?(?:this|the|last|past"
    r"|previous|the last|the past|the previous|the current|current|prior|"
    rf"whole|the whole|the entire|this past|this last|per|the prior|all) {_TRADED}(?P<unit>session|week"
    rf"|fortnight|month|quarter|year|decade){_TAIL}(?= |$)"
)
_ADVERB = re.compile(
    r"\b(?:the )?(?P<unit>dai|week|month|quarter|year|annual)ly(?! (?:chart|candle|candles|candlestick"
    r"|candlesticks|graph|bars?|picture|time|plot|timeframe)\b)(?= |$)"
)
_SINCE = re.compile(
    r"\b(?:since|from|versus|vs|than) (?:yesterday|the (?:previous|prior|last) close|last close)(?= |$)"
)
_HINT = re.compile(rf"(?:\b|\d)(?:{_UNIT}|ytd|far|january|jan|yesterday|close|half)|ly\b|\d[dwmqy]\b")
_ADVERBS = {"dai": 1, "week": 5, "month": 21, "quarter": 63, "year": 252, "annual": 252}


def tag_lookbacks(words: Words) -> Words:
    """The message with a PER mark for each span in it."""
    if not _HINT.search(words.line):
        return words
    words = words.tag(_YTD, "PER", lambda _: "ytd")
    words = words.tag(_SINCE, "PER", lambda _: 1)
    words = words.tag(_HALF, "PER", _half)
    words = words.tag(_COUNTED, "PER", _counted)
    words = words.tag(_GLUED, "PER", _counted)
    words = words.tag(_ONE, "PER", lambda match: _UNITS[match["unit"]])
    return words.tag(_ADVERB, "PER", lambda match: _ADVERBS[match["unit"]])


def _half(match: re.Match[str]) -> Period | None:
    if match["half"]:
        return {"year": 126, "quarter": 31, "month": 10, "decade": 1260}[match["half"]]
    more = _COUNTS.get(match["more"]) or int(match["more"])
    return _within(int((more + 0.5) * _UNITS[match["unit"]]))


def _counted(match: re.Match[str]) -> Period | None:
    parts = match.groupdict()
    many = int(parts["digits"]) if parts["digits"] else _count(parts["words"])
    return _within(many * _UNITS[parts["unit"]])


def _count(words: str) -> int:
    """A count in words: "two", "a couple of", "twenty five", "a hundred", "two hundred"."""
    total = 0
    for word in words.split():
        if word in {"of", "the"}:
            continue
        value = _COUNTS[word]
        total = (
            max(total, 1) * value
            if value == 100 or word in {"couple", "pair", "dozen"}
            else (0 if word in {"a", "an"} else total + value)
        )
    return total or 1


def _within(sessions: int) -> Period | None:
    return sessions if 1 <= sessions <= LONGEST_LOOKBACK else None
