"""Dates in words: "1 June 2009", "28-Mar-24", "end of 2018", "last Friday", "Christmas 2018", "2016-12-01".

Today is passed in, never read. A month, quarter or year means its last day that is past, after "since", "from" and
"between" its first day. A day without a year is the last one that is past. Two-digit years: 69 is 2069, 70 is 1970.
Days and months in digits: with dots the day comes first; with slashes and hyphens a number over 12 or a day that has
not been yet decides, and where nothing does, it is asked which day is meant.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from bot.errors import quoted
from bot.language.tokens import Unread, Words, compiled, read_words

DATE = "DATE"
_MONTHS = (
    {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
    | {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
    | {"sept": 9}
)
_DAYS = {name.lower(): i for i, name in enumerate(calendar.day_name)} | {
    short: i
    for i, names in enumerate(("mon", "tue tues", "wed weds", "thu thur thurs", "fri", "sat", "sun"))
    for short in names.split()
}
_ORDINALS = {
    name: i
    for i, name in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
}
_ORDINALS |= {f"twenty {name}": 20 + i for name, i in list(_ORDINALS.items())[:9]}
_ORDINALS |= {"thirtieth": 30, "thirty first": 31}
_UNITS = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_BELOW_HUNDRED = (
    {name: i for i, name in enumerate(_UNITS, 1)}
    | {name: i for i, name in enumerate(_TEENS, 10)}
    | {name: 10 * i for i, name in enumerate(_TENS, 2)}
    | {f"{tens} {unit}": 10 * i + j for i, tens in enumerate(_TENS, 2) for j, unit in enumerate(_UNITS, 1)}
)


def _either(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_MONTH = _either(_MONTHS)
_ANY_DAY = _either(_DAYS)
_FULL_DAY = _either(name for name in _DAYS if name.endswith("day"))
_SPOKEN_YEAR = (
    rf"two thousand(?: and)?(?: (?:{_either(_UNITS + _TEENS)}))?|"
    rf"(?:twenty|nineteen) (?:oh (?:{_either(_UNITS)})|{_either(name for name, i in _BELOW_HUNDRED.items() if i > 9)})"
)
_YEAR = rf"(?P<year>(?:19|20)\d\d|{_SPOKEN_YEAR})"
_NOT_COUNTED = r"(?! (?:days?|weeks?|months?|years?|sessions?|bars?|percent|pct|%|CUR|m|k))"
_ANY_YEAR = rf"(?P<year>(?:19|20)\d\d|(?:\d\d)?\d\d{_NOT_COUNTED}|{_SPOKEN_YEAR})"
_DAY = rf"(?P<day>\d{{1,2}}(?:st|nd|rd|th)?|{_either(_ORDINALS)})"
_QUARTER = r"(?:q(?P<quarter>[1-4])|(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th) quarter)"
_EDGE = r"(?P<edge>end|start|beginning|close|middle|turn)"
_AS_OF = (
    r"\b(?:(?:as (?:of|at|on)|asof|as_of|back (?:on|in|at)|on|at|in|by|dated?|for|of|during)(?: the)? )?"
    r"(?:(?:the )?(?:close|end) (?:of|on) )?"
)
_MARKED = r"\b(?:as (?:of|at|on)|asof|as_of|back in|in|during|at|by)(?: the)?(?: year| end of)? "
_FROM = r"\b(?:since|from|between|after|starting(?: from| in| on)?|beginning(?: in| on)?)(?: the)?(?: year)? "
_UNTIL = r"\bDATE (?:and|to|until|till|through|thru|up to)(?: the)?(?: end of)? "

Read = Callable[[re.Match[str], date], date | Unread | None]


def _easter(year: int) -> date:
    from bot.market.rates import easter

    return easter(year)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday of a month; the last one for -1."""
    first, length = calendar.monthrange(year, month)
    days = range(1 + (weekday - first) % 7, length + 1, 7)
    return date(year, month, days[nth - 1] if nth > 0 else days[nth])


_HOLIDAYS: dict[str, Callable[[int], date]] = {
    name: day
    for names, day in (
        ("christmas|christmas day|chrismas|xmas|xmas day", lambda year: date(year, 12, 25)),
        ("christmas eve|xmas eve", lambda year: date(year, 12, 24)),
        ("boxing day", lambda year: date(year, 12, 26)),
        ("new year eve|new years eve|nye", lambda year: date(year, 12, 31)),
        ("new year day|new years day|new years|new year", lambda year: date(year, 1, 1)),
        ("valentine day|valentines day|valentines", lambda year: date(year, 2, 14)),
        ("april fools|april fool day|april fools day", lambda year: date(year, 4, 1)),
        ("st patrick day|st patricks day", lambda year: date(year, 3, 17)),
        ("juneteenth", lambda year: date(year, 6, 19)),
        ("independence day", lambda year: date(year, 7, 4)),
        ("halloween", lambda year: date(year, 10, 31)),
        ("veterans day", lambda year: date(year, 11, 11)),
        ("mlk day", lambda year: _nth(year, 1, 0, 3)),
        ("presidents day", lambda year: _nth(year, 2, 0, 3)),
        ("memorial day", lambda year: _nth(year, 5, 0, -1)),
        ("labor day|labour day", lambda year: _nth(year, 9, 0, 1)),
        ("columbus day", lambda year: _nth(year, 10, 0, 2)),
        ("thanksgiving|thanksgiving day", lambda year: _nth(year, 11, 3, 4)),
        ("black friday", lambda year: _nth(year, 11, 3, 4) + timedelta(days=1)),
        ("easter|easter sunday", _easter),
        ("good friday", lambda year: _easter(year) - timedelta(days=2)),
        ("easter monday", lambda year: _easter(year) + timedelta(days=1)),
    )
    for name in names.split("|")
}
_HOLIDAY = rf"(?P<holiday>{_either(_HOLIDAYS)})"


def _numeric(match: re.Match[str], today: date) -> date | Unread | None:
    text = match["numeric"]
    parts = re.split(r"[-/.]", text)
    if len(parts[0]) > 2:
        return date(*map(int, parts))
    if len(parts[2]) not in {2, 4}:
        return None
    year = _year(parts[2])
    first, second = int(parts[0]), int(parts[1])
    if "." in text or first > 12:
        return date(year, second, first)
    if second > 12 or first == second:
        return date(year, first, second)
    days = (date(year, first, second), date(year, second, first))
    been = [day for day in days if day <= today]
    if len(been) == 1:
        return been[0]
    month_first, day_first = (f"{day.day} {day:%B %Y}" for day in days)
    reason = f"{quoted(text, 20)} can be {month_first} or {day_first}. Which one?"
    return Unread("date", text, reason, tuple(day.isoformat() for day in days), "ambiguous")


def _joined(match: re.Match[str], _: date) -> date:
    """The day of "28-mar-24", "14mar25" or "3.june.2019"."""
    day, month, year = re.findall(r"\d+|[a-z]+", match["joined"])
    return date(_year(year), _MONTHS[month], int(day))


def _compact(match: re.Match[str], _: date) -> date:
    text = match["compact"]
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _day_of(match: re.Match[str], today: date) -> date:
    digits = re.match(r"\d+", match["day"])
    day, month = int(digits[0]) if digits else _ORDINALS[match["day"]], _MONTHS[match["month"]]
    if match["year"]:
        return date(_year(match["year"]), month, day)
    latest = today.year if (month, day) <= (today.month, today.day) else today.year - 1
    return date(latest if (month, day) != (2, 29) else _leap_before(latest), month, day)


def _leap_before(year: int) -> int:
    return next(one for one in range(year, year - 9, -1) if calendar.isleap(one))


def _part(match: re.Match[str], today: date) -> date:
    """The edge of a month, quarter, half or year; its end where no edge is named."""
    parts = match.groupdict()
    return _edge(parts.get("edge") or "end", *_months(parts, today), today)


def _beginning(match: re.Match[str], today: date) -> date:
    """The first day of a month, quarter or year."""
    parts = match.groupdict()
    year, first, _ = _months(parts, today)
    return date(year, first, 1)


def _months(parts: dict[str, str | None], today: date) -> tuple[int, int, int]:
    """The year of a part of it, and its first and last month."""
    nth = parts.get("quarter") or parts.get("nth")
    if nth:
        quarter = int(nth[0]) if nth[0].isdigit() else _ORDINALS[nth]
        first, last = 3 * quarter - 2, 3 * quarter
    elif half := parts.get("part"):
        first, last = (1, 6) if half == "h1" or half.startswith("first") else (7, 12)
    elif month := parts.get("month"):
        first = last = _MONTHS[month]
    else:
        first, last = 1, 12
    year = parts.get("year")
    return (_year(year) if year else today.year if first <= today.month else today.year - 1), first, last


def _edge(edge: str, year: int, first: int, last: int, today: date) -> date:
    """The first, middle or last day of some months; the day before today's end while they still run."""
    if edge in {"start", "beginning", "early", "turn"}:
        return date(year, first, 1)
    if edge in {"middle", "mid"}:
        return date(year, last, 15) if first == last else date(year, (first + last) // 2, 28) + timedelta(days=2)
    end = date(year, last, calendar.monthrange(year, last)[1])
    return today if date(year, first, 1) <= today < end else end


def _holiday(match: re.Match[str], today: date) -> date:
    day, year = _HOLIDAYS[match["holiday"]], match.groupdict().get("year")
    if year:
        return day(_year(year))
    return day(today.year) if day(today.year) <= today else day(today.year - 1)


def _yesterday(match: re.Match[str], today: date) -> date:
    return today - timedelta(days=2 if "before" in match["ago"] else 1)


def _today(_: re.Match[str], today: date) -> date:
    return today


def _weekday(match: re.Match[str], today: date) -> date:
    """The latest such day before today."""
    return today - timedelta(days=(today.weekday() - _DAYS[match["weekday"]] - 1) % 7 + 1)


def _back(match: re.Match[str], today: date) -> date:
    """So many days, weeks, months, quarters or years before today."""
    count = match["back"]
    many = int(count) if count.isdigit() else {"last": 1, "a": 1, "an": 1}.get(count) or _BELOW_HUNDRED[count]
    if match["unit"] in {"day", "week"}:
        return today - timedelta(days=many * (7 if match["unit"] == "week" else 1))
    months = many * {"month": 1, "quarter": 3, "year": 12}[match["unit"]]
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def _edge_of_last(match: re.Match[str], today: date) -> date:
    """The start or end of last week, month, quarter or year."""
    start = _start_of(match["unit"], today)
    before = start - timedelta(days=1)
    return before if match["edge"] in {"end", "close"} else _start_of(match["unit"], before)


def _start_of(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    first = {"month": day.month, "quarter": day.month - (day.month - 1) % 3, "year": 1}[unit]
    return date(day.year, first, 1)


def _year(text: str) -> int:
    if text.isdigit():
        return int(text) if len(text) > 2 else int(text) + (2000 if int(text) < 70 else 1900)
    rest = re.sub(r"^(?:two thousand(?: and)?|twenty|nineteen) ?(?:oh )?", "", text)
    return (1900 if text.startswith("nineteen") else 2000) + (_BELOW_HUNDRED[rest] if rest else 0)


_WEEKDAY_BEFORE = rf"(?:(?:{_ANY_DAY}) )?"
_HAS_MONTH = re.compile(rf"\b(?:{_MONTH})\b")
_HAS_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\btwo thousand\b|\b(?:twenty|nineteen) \w")
_HAS_QUARTER = re.compile(r"\bq[1-4]\b|\bh[12]\b|\bquarter\b|\bhalf\b")
_HAS_HOLIDAY = re.compile(rf"\b(?:{_either({name.split()[0] for name in _HOLIDAYS})})\b")
_HAS_DAY = re.compile(r"day\b")
_HAS_AS_OF = re.compile(r"\bas ?of\b")
# What a line must hold, what the pattern is after the lead that goes with it, and how it is read: the fullest first.
_SHAPES: tuple[tuple[re.Pattern[str], str, Read], ...] = (
    (
        re.compile(r"\d[-/.]\d"),
        rf"{_AS_OF}{_WEEKDAY_BEFORE}(?:the )?(?P<numeric>\d{{1,4}}([-/.])\d{{1,2}}\2\d{{1,4}})",
        _numeric,
    ),
    (
        re.compile(r"\d[-/.]?[a-z]{3,9}[-/.]?\d"),
        rf"{_AS_OF}{_WEEKDAY_BEFORE}(?:the )?(?P<joined>\d{{1,2}}[-/.]?(?:{_MONTH})[-/.]?(?:\d{{4}}|\d\d))",
        _joined,
    ),
    (
        re.compile(r"\b(?:19|20)\d{6}\b"),
        rf"{_AS_OF}(?P<compact>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))",
        _compact,
    ),
    (
        _HAS_MONTH,
        rf"{_AS_OF}{_WEEKDAY_BEFORE}(?:the )?{_DAY}(?: of)? (?P<month>{_MONTH})(?: of)?(?: {_ANY_YEAR})?",
        _day_of,
    ),
    (
        _HAS_MONTH,
        rf"{_AS_OF}{_WEEKDAY_BEFORE}(?P<month>{_MONTH})(?: the)? {_DAY}{_NOT_COUNTED}(?: {_ANY_YEAR})?",
        _day_of,
    ),
    (_HAS_HOLIDAY, rf"{_AS_OF}(?:last |this past )?{_HOLIDAY}(?: of| in)?(?: day)? {_YEAR}", _holiday),
    (_HAS_HOLIDAY, rf"{_AS_OF}{_YEAR} {_HOLIDAY}", _holiday),
    (_HAS_YEAR, rf"{_AS_OF}(?:the )?{_EDGE} of(?: the)?(?: year)? (?:(?P<month>{_MONTH}) (?:of )?)?{_YEAR}", _part),
    (_HAS_YEAR, rf"{_AS_OF}(?P<edge>year end|late|early|mid) (?:(?P<month>{_MONTH}) (?:of )?)?{_YEAR}", _part),
    (_HAS_QUARTER, rf"{_AS_OF}(?:the )?{_EDGE} of (?:the )?{_QUARTER}(?: of)? {_ANY_YEAR}", _part),
    (_HAS_QUARTER, rf"{_FROM}(?P<span>{_QUARTER}(?: of)? {_ANY_YEAR})", _beginning),
    (_HAS_QUARTER, rf"{_FROM}(?P<span>{_YEAR} q(?P<quarter>[1-4]))", _beginning),
    (_HAS_QUARTER, rf"{_AS_OF}(?:the )?{_QUARTER}(?: of)? {_ANY_YEAR}", _part),
    (_HAS_QUARTER, rf"{_AS_OF}{_YEAR} q(?P<quarter>[1-4])", _part),
    (_HAS_QUARTER, rf"{_AS_OF}(?:the )?(?P<part>h[12]|(?:first|second) half of) {_YEAR}", _part),
    (_HAS_MONTH, rf"{_FROM}(?P<span>(?P<month>{_MONTH})(?: of)? {_YEAR})", _beginning),
    (_HAS_MONTH, rf"{_AS_OF}(?P<month>{_MONTH})(?: of)? {_YEAR}", _part),
    (_HAS_YEAR, rf"{_FROM}(?P<span>{_YEAR}){_NOT_COUNTED}", _beginning),
    (re.compile(r"\bsince \d{4}\b"), rf"\bsince (?P<span>(?P<year>\d{{4}})){_NOT_COUNTED}", _beginning),
    (_HAS_YEAR, rf"{_MARKED}{_YEAR}{_NOT_COUNTED}", _part),
    (_HAS_YEAR, rf"{_UNTIL}(?P<span>{_YEAR}){_NOT_COUNTED}", _part),
    (_HAS_HOLIDAY, rf"{_FROM}(?:last )?(?P<span>{_HOLIDAY})", _holiday),
    (_HAS_HOLIDAY, rf"(?:{_MARKED}|\b(?:on|last|this past) )(?:last )?{_HOLIDAY}", _holiday),
    (_HAS_HOLIDAY, rf"{_UNTIL}(?P<span>{_HOLIDAY})", _holiday),
    (_HAS_MONTH, rf"{_FROM}(?P<span>(?P<month>(?!jan)(?:{_MONTH})))", _beginning),
    (_HAS_MONTH, rf"{_MARKED}(?P<month>{_MONTH})", _part),
    (_HAS_MONTH, rf"{_UNTIL}(?P<span>(?P<month>{_MONTH}))", _part),
    (_HAS_DAY, rf"{_AS_OF}(?:the )?(?P<ago>day before yesterday|yesterday)(?: close)?", _yesterday),
    (
        re.compile(r"\b(?:last|past|previous) "),
        rf"{_AS_OF}(?:last|this past|past|previous) (?P<weekday>{_ANY_DAY})",
        _weekday,
    ),
    (_HAS_DAY, rf"\b(?:as of|asof|on|back on) (?P<weekday>{_FULL_DAY})", _weekday),
    (_HAS_DAY, rf"{_FROM}(?P<span>(?P<weekday>{_FULL_DAY}))", _weekday),
    (_HAS_DAY, rf"{_UNTIL}(?P<span>(?P<weekday>{_FULL_DAY}))", _weekday),
    (
        _HAS_AS_OF,
        r"\bas ?of (?:the )?(?P<edge>end|close|start|beginning) of (?:the )?last (?P<unit>week|month|quarter|year)",
        _edge_of_last,
    ),
    (
        _HAS_AS_OF,
        rf"\bas ?of (?:the )?(?:end of )?(?P<back>last|an?|\d+|{_either(_BELOW_HUNDRED)})"
        r" (?P<unit>week|month|year|quarter|day)s?(?: ago| back| earlier)?",
        _back,
    ),
    (_HAS_AS_OF, r"\bas ?of (?P<today>today|now)", _today),
)

_MOMENT = re.compile(r"(?:as (?:of|at|on)|asof|as_of|at|by)\b|(?:on )?(?:the )?(?:close|end) (?:of|on)\b")

_ANY_TRIGGER = "|".join(dict.fromkeys(trigger.pattern for trigger, _, _ in _SHAPES))


def tag_dates(words: Words, today: date) -> Words:
    """The words with a DATE tag for each date in them, and UNREAD for a day that the calendar lacks or two readings.

    The words "since", "from" and "between" before a date stay, for the look-back that they make of it. Days to come are
    read too.
    """
    if not compiled(_ANY_TRIGGER).search(words.line):
        return words
    for trigger, pattern, read in _SHAPES:
        if trigger.search(words.line):
            words = words.tag(f"{pattern}(?= |$)", DATE, lambda match, read=read: _read(read, match, today))  # type: ignore[misc]
    return words


def _read(read: Read, match: re.Match[str], today: date) -> date | Unread | None:
    try:
        return read(match, today)
    except (ValueError, OverflowError):
        text = re.sub(r"^(?:as ?of|as_of|as at|as on|back on|on|at|in|by) (?:the )?", "", match[0])
        return Unread("date", text, f"There is no such day as {quoted(text, 40)}.")


def named_days(text: str, today: date) -> tuple[date, date] | None:
    """The first and the last day of what a text names as the time when something was: "yesterday", "in March 2016".

    None for a moment to look back from: "as of 24 June 2016", "at the end of March".
    """
    line = read_words(text).line
    if _MOMENT.match(line):
        return None
    for trigger, pattern, read in _SHAPES:
        match = compiled(f"(?:{pattern})$").match(line) if trigger.search(line) else None
        if match is not None:
            return _spanned(read, match, today)
    return None


def _spanned(read: Read, match: re.Match[str], today: date) -> tuple[date, date] | None:
    parts = match.groupdict()
    last = None if parts.get("edge") else read(match, today)
    if not isinstance(last, date):
        return None
    if read is not _part:
        return last, last
    year, first, _ = _months(parts, today)
    return date(year, first, 1), last


def read_date(text: str, today: date) -> date:
    """The day that a whole text names: "2009-06-01", "1 June 2009", "yesterday", "last Friday". Raises UserError."""
    words = tag_dates(read_words(f"as of {text}"), today)
    only = words.words[0] if len(words.words) == 1 else None
    if only is not None and only.low == DATE and isinstance(only.value, date):
        return only.value
    for unread in words.unread:
        raise unread.error()
    reason = f"I cannot read {quoted(text, 40)} as a date; write it like 2009-06-01, 1 June 2009 or yesterday."
    raise Unread("date", text, reason).error()
