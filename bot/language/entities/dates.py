"""Dates in words: "1 June 2009", "end of 2018", "last Friday", "2016-12-01". Today is passed in, never read.

A day, month or year alone means its last day that is past; `12/11/2018` is month first, unless that is no month.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from bot.language.tokens import Words

_MONTHS = (
    {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
    | {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
    | {"sept": 9}
)
_DAYS = {name.lower(): i for i, name in enumerate(calendar.day_name)} | {
    **{
        "mon": 0,
        "tue": 1,
        "tues": 1,
        "wed": 2,
        "weds": 2,
        "thu": 3,
        "thur": 3,
        "thurs": 3,
        "fri": 4,
        "sat": 5,
        "sun": 6,
    }
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_FULL_DAY = "|".join(name for name in _DAYS if name.endswith("day"))
_ANY_DAY = "|".join(sorted(_DAYS, key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_LEAD = (
    r"\b(?:(?:as (?:of|at|on)|asof|as_of|back (?:on|in|at)|on|at|in|by|since|from|dated?|for|of)(?: the)? )?"
    r"(?:(?:the )?(?:close|end) (?:of|on) )?"
)
_SHAPES = (
    re.compile(rf"{_LEAD}(?:(?:{_ANY_DAY}) )?(?P<numeric>\d{{1,4}}([-/.])\d{{1,2}}\2\d{{1,4}})(?= |$)"),
    re.compile(rf"{_LEAD}(?:(?:{_ANY_DAY}) )?(?:the )?{_DAY}(?: of)? (?P<month>{_MONTH})(?: of)?(?: {_YEAR})?(?= |$)"),
    re.compile(rf"{_LEAD}(?:(?:{_ANY_DAY}) )?(?P<month>{_MONTH})(?: the)? {_DAY}(?: {_YEAR})?(?= |$)"),
    re.compile(
        r"\b(?:as of |asof |at |by |on )?(?:the )?(?P<edge>end|start|beginning|close"
        r"|middle) of(?: the)? year (?P<year>(?:19|20)\d\d)(?= |$)"
    ),
    re.compile(
        r"\b(?:as of |asof |at |by |on )?(?:the )?(?P<edge>end|start|beginning|close"
        rf"|middle) of (?:(?P<month>{_MONTH}) )?{_YEAR}(?= |$)"
    ),
    re.compile(
        rf"\b(?:as of |asof |at |by )?(?P<edge>year end|late|early|mid) (?:(?P<month>{_MONTH}) )?{_YEAR}(?= |$)"
    ),
    re.compile(
        rf"\b(?:as of |asof |at )?(?:the )?(?:(?P<edge>end|start) of )?q(?P<quarter>[1-4]) (?:of )?{_YEAR}(?= |$)"
    ),
    re.compile(rf"{_LEAD}(?P<month>{_MONTH})(?: of)? {_YEAR}(?= |$)"),
    re.compile(rf"\b(?:as (?:of|at|on)|asof|back in|in|during|at) (?:the year )?{_YEAR}(?= |$)"),
    re.compile(
        r"\b(?:as of |asof |on |at |from |back on )?(?:the )?(?P<ago>day before yesterday|yesterday)(?: close)?(?= |$)"
    ),
    re.compile(
        r"\b(?:as of |asof |on |at |from |back on )?(?P<last>last|this past|past"
        rf"|previous) (?P<weekday>{_ANY_DAY})(?= |$)"
    ),
    re.compile(rf"\b(?:as of|asof|on|back on) (?P<weekday>{_FULL_DAY})(?= |$)"),
    re.compile(
        r"\b(?:as of|asof) (?:the )?(?:end of )?(?P<back>last|a|one|two|three|\d+) (?P<unit>week|month|year"
        r"|quarter|day)s?(?: ago)?(?= |$)"
    ),
)
_HINT = re.compile(rf"\d|\b(?:{_MONTH}|{_ANY_DAY}|yesterday|asof|as of)\b")
_COUNTS = {"last": 1, "a": 1, "one": 1, "two": 2, "three": 3}
_UNIT_DAYS = {"day": 1, "week": 7}


def tag_dates(words: Words, today: date) -> Words:
    """The message with a DATE mark for each date in it."""
    if not _HINT.search(words.line):
        return words
    for shape in _SHAPES:
        words = words.tag(shape, "DATE", lambda match: read_date(match, today))
    return words


def read_date(match: re.Match[str], today: date) -> date | None:
    """The day that a match of one of the shapes names, None where the calendar has no such day."""
    parts = match.groupdict()
    try:
        if parts.get("numeric"):
            return _numeric(parts["numeric"])
        if parts.get("ago"):
            return today - timedelta(days=2 if "before" in parts["ago"] else 1)
        if parts.get("weekday"):
            return _weekday(_DAYS[parts["weekday"]], today)
        if parts.get("unit"):
            return _back(parts["back"], parts["unit"], today)
        if parts.get("quarter"):
            return _edge(
                parts.get("edge") or "end",
                int(parts["year"]),
                3 * int(parts["quarter"]),
                first=3 * int(parts["quarter"]) - 2,
            )
        if parts.get("day"):
            return _day_of(int(parts["day"]), _MONTHS[parts["month"]], parts["year"], today)
        month = parts.get("month")
        return _edge(
            parts.get("edge") or "end",
            int(parts["year"]),
            _MONTHS[month] if month else 12,
            first=_MONTHS[month] if month else 1,
            today=today,
        )
    except (ValueError, OverflowError):
        return None


def _numeric(text: str) -> date:
    first, second, third = (int(part) for part in re.split(r"[-/.]", text))
    if first > 31:
        return date(first, second, third)
    if third < 100:
        third += 2000 if third < 70 else 1900
    if first > 12 or "." in text:
        return date(third, second, first)
    return date(third, first, second)


def _day_of(day: int, month: int, year: str | None, today: date) -> date:
    if year:
        return date(int(year), month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year <= today else date(today.year - 1, month, day)


def _weekday(weekday: int, today: date) -> date:
    """The latest such day before today."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


def _back(count: str, unit: str, today: date) -> date:
    many = _COUNTS.get(count) or int(count)
    if unit in _UNIT_DAYS:
        return today - timedelta(days=many * _UNIT_DAYS[unit])
    months = many * {"month": 1, "quarter": 3, "year": 12}[unit]
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _edge(edge: str, year: int, month: int, *, first: int, today: date | None = None) -> date:
    """The first, middle or last day of a month, quarter or year; the last day that is past while it still runs."""
    if edge in {"start", "beginning", "early"}:
        return date(year, first, 1)
    if edge in {"middle", "mid"}:
        return date(year, month, 15) if first == month else date(year, 6, 30)
    last = date(year, month, calendar.monthrange(year, month)[1])
    begun = today is not None and date(year, first, 1) <= today < last
    return today if begun and today is not None else last
