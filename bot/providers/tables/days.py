"""Days as people's files write them: the order of day, month and year is decided by the whole column.

What decides, in this order: a cell that is a day only one way (19/10/2026); rows that are in order only one way; six or
more bars that follow from weekday to weekday one way and lie months apart every other way; and points between the
numbers (1.9.2026: no language writes the month first so). Where nothing decides, the column is refused with both
readings. Moments in UTC that stand for a midnight further east (23:00+00:00) are told by the days of
the week that they would fall on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from bot.errors import quoted
from bot.providers.columns import iso_days
from bot.providers.tables.decimals import UnreadableCell
from bot.providers.tables.files import UnreadableTable

if TYPE_CHECKING:
    from bot.market.bars import DateArray

_Ints = NDArray[np.int64]
_Order = Literal["day first", "month first", "year first"]
_TIME = (
    r"(?:(?:\s*T\s*|[\s,]+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::[0-9]{2}(?:[.,][0-9]+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
    r"\s*(?P<zone>Z|(?:UTC|GMT)?[-+][0-9]{2}:?[0-9]{2}|UTC|GMT|[A-Z]{3,4})?(?:\s*\([^)]*\))?"
)
_YEAR_FIRST = re.compile(
    r"(?P<y>[0-9]{4})\s*[-/.年년]\s*(?P<m>[0-9]{1,2})\s*[-/.月월]\s*(?P<d>[0-9]{1,2})\s*[日일.]?" + _TIME
)
_TRIPLE = re.compile(
    r"(?P<a>[0-9]{1,2})(?P<mark>\s*[-/.]\s*)(?P<b>[0-9]{1,2})(?P=mark)(?P<c>[0-9]{4}|[0-9]{2})\.?" + _TIME
)
_PACKED = re.compile(
    r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?:[T\s]\s*[0-9]{4,6}Z?)?|(?P<a>[0-9]{2})(?P<b>[0-9]{2})(?P<c>[0-9]{2})"
    r"|(?P<yy>[0-9]{4})(?P<mm>[0-9]{2})(?P<dd>[0-9]{2})" + _TIME
)
_WORD = r"(?P<name>[^\W\d_]{3,12})\.?"
_NAMED = tuple(
    re.compile(r"(?:[^\W\d_]{2,9}\.?,?\s+)?" + body + _TIME)
    for body in (
        rf"(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th|\.)?[\s./-]*(?:de\s+)?{_WORD}[\s./,-]*(?:de\s+)?(?P<y>[0-9]{{4}}|[0-9]{{2}})",
        rf"{_WORD}[\s./-]*(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?[\s.,/-]+(?P<y>[0-9]{{4}}|[0-9]{{2}})",
        rf"(?P<y>[0-9]{{4}})[\s./-]*{_WORD}[\s./-]*(?P<d>[0-9]{{1,2}})",
    )
)
_EPOCH = re.compile(r"(?P<whole>[0-9]{9,10}|[0-9]{12,13}|[0-9]{15,16}|[0-9]{18,19})(?:\.[0-9]+)?")
_PER_SECOND = {9: 0, 10: 0, 12: 3, 13: 3, 15: 6, 16: 6, 18: 9, 19: 9}
# How months begin in English, German, Spanish, French, Italian, Portuguese, Dutch, Polish, Swedish, Danish and Turkish.
_MONTHS = (
    "jan ene gen sty oca", "feb fev lut sub", "mar mrt maa", "apr abr avr kwi nis", "may mai mag maj mei",
    "jun juin giu cze haz", "jul juil lug lip tem", "aug ago aou sie agu", "sep set wrz eyl", "oct okt ott out paz eki",
    "nov lis kas", "dec dez dic des gru ara",
)  # fmt: skip
_MONTH_OF = {start: month for month, starts in enumerate(_MONTHS, start=1) for start in starts.split()}
_EVENING, _QUARTER = 11 * 60, 15
_CENTURY, _LAST_YEAR = 70, 9999
_ROWS_WITH_WEEKEND, _LONGEST_WEEKEND, _MONTH = 6, 5, 28


@dataclass(frozen=True, slots=True)
class _Written:
    """A column of moments as written: days, minutes of the day (0 where none), and whether all say they are UTC."""

    days: DateArray
    minutes: _Ints
    utc: bool


def looks_like_day(cell: str) -> bool:
    """Whether a cell is written as a day or a moment; `20261119` is, `2026` and `12.5` are not."""
    text = cell.strip()
    if _EPOCH.fullmatch(text) or _YEAR_FIRST.fullmatch(text) or _TRIPLE.fullmatch(text) or _PACKED.fullmatch(text):
        return True
    return any((found := form.fullmatch(text)) and _month(found["name"]) for form in _NAMED)


def read_days(cells: Sequence[str]) -> DateArray:
    """One column of days. Raises UnreadableCell for a cell that is no day, UnreadableTable where nothing decides."""
    try:
        if set(map(len, cells)) == {10} and "".join(cells).replace("-", "").isdecimal():
            return iso_days(cells)
    except ValueError:
        pass
    texts = [cell.strip() for cell in cells]
    written = _epochs(texts) or _year_first(texts) or _triples(texts) or _names(texts)
    if written is None:
        place = next((place for place, text in enumerate(texts) if not looks_like_day(text)), 0)
        if looks_like_day(texts[place]):
            place = next(at for at, text in enumerate(texts) if _form(text) is not _form(texts[0]))
            raise UnreadableCell("date", place, f"{quoted(texts[place], 30)} is written unlike the days above")
        raise UnreadableCell(
            "date", place, f"{quoted(texts[place], 30)} is no day" if texts[place] else "the day is missing"
        )
    return _sessions(written)


def _form(text: str) -> object:
    """Which way a day is written."""
    return next((form for form in (_EPOCH, _YEAR_FIRST, _TRIPLE, _PACKED, *_NAMED) if form.fullmatch(text)), None)


def _all(form: re.Pattern[str], texts: Sequence[str]) -> list[re.Match[str]] | None:
    found = []
    for text in texts:
        match = form.fullmatch(text)
        if match is None:
            return None
        found.append(match)
    return found


def _epochs(texts: Sequence[str]) -> _Written | None:
    """Seconds, milliseconds, micro- or nanoseconds since 1970, each cell by its length: exporters changed over time."""
    found = _all(_EPOCH, texts)
    if found is None:
        return None
    seconds = np.array(
        [int(match["whole"]) // 10 ** _PER_SECOND[len(match["whole"])] for match in found], dtype=np.int64
    )
    return _Written((seconds // 86_400).astype("datetime64[D]"), seconds % 86_400 // 60, utc=True)


def _year_first(texts: Sequence[str]) -> _Written | None:
    """2026-11-19 and 20261119, also with a time; None for a column of something else."""
    found = _all(_YEAR_FIRST, texts)
    if found is None:
        packed = _all(_PACKED, texts)
        if packed is None or packed[0]["a"] is not None or any(match["a"] is not None for match in packed):
            return None
        numbers = [
            [int(match[long] or match[short]) for match in packed]
            for long, short in (("y", "yy"), ("m", "mm"), ("d", "dd"))
        ]
        return _moments(packed, _valid(*numbers, texts=texts))
    return _moments(found, _valid(*([int(match[part]) for match in found] for part in "ymd"), texts=texts))


def _names(texts: Sequence[str]) -> _Written | None:
    """19 Oct 2026, October 19, 2026, 2026-Oct-19, with the months' names of several languages."""
    for form in _NAMED:
        found = _all(form, texts)
        if found is not None:
            months = [_month(match["name"]) for match in found]
            if all(months):
                years, days = ([int(match[part]) for match in found] for part in "yd")
                short = [len(match["y"]) == 2 for match in found]
                return _moments(found, _valid(_full_years(years, short), months, days, texts=texts))
    return None


def _month(name: str) -> int:
    """The number of a month by its name, 0 for what is none."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return _MONTH_OF.get(plain[:4]) or _MONTH_OF.get(plain[:3], 0)


def _triples(texts: Sequence[str]) -> _Written | None:
    """19.10.2026, 10/19/26 and 191026: in the one order of day, month and year that fits the column."""
    found = _all(_TRIPLE, texts) or _all(_PACKED, texts)
    if found is None or any(match["a"] is None for match in found):
        return None
    parts = [[int(match[part]) for match in found] for part in "abc"]
    short = [len(match["c"]) == 2 for match in found]
    years = _full_years(parts[2], short)
    readings: dict[_Order, tuple[Sequence[int], Sequence[int], Sequence[int]]] = {
        "day first": (years, parts[1], parts[0]),
        "month first": (years, parts[0], parts[1]),
    }
    if all(short):
        readings["year first"] = (_full_years(parts[0], short), parts[1], parts[2])
    return _moments(found, _decided(texts, readings))


def _decided(
    texts: Sequence[str], readings: dict[_Order, tuple[Sequence[int], Sequence[int], Sequence[int]]]
) -> DateArray:
    """The days in the only order that fits. Raises UnreadableCell where none does, UnreadableTable where several do."""
    tried = {order: _days(*parts) for order, parts in readings.items()}
    fitting = {order: days for order, (days, good) in tried.items() if good.all()}
    if not fitting:
        good = max((good for _, good in tried.values()), key=lambda good: int(good.sum()))
        place = int(np.argmin(good))
        raise UnreadableCell("date", place, f"{quoted(texts[place], 30)} is no day")
    ordered = {order: days for order, days in fitting.items() if _in_order(days)} or fitting
    by_weekdays = [days for days in ordered.values() if _on_weekdays(days)]
    if len(by_weekdays) == 1 and all(_far_apart(days) for days in ordered.values() if days is not by_weekdays[0]):
        return by_weekdays[0]
    first = next(iter(ordered.values()))
    others = [days for days in ordered.values() if not np.array_equal(days, first)]
    if not others or ("day first" in ordered and "." in texts[0]):
        return first
    place = int(np.argmax(first != others[0]))
    raise UnreadableTable(
        f"{quoted(texts[place], 30)} can be {_said(first[place])} or {_said(others[0][place])}, and no row decides; "
        "write the days as YYYY-MM-DD"
    )


def _on_weekdays(days: DateArray) -> bool:
    """Whether bars follow each other from day to day and leave out the weekends: no months in a row read so."""
    return days.size >= _ROWS_WITH_WEEKEND and bool((_steps(days) <= _LONGEST_WEEKEND).all()) and not _on_weekend(days)


def _far_apart(days: DateArray) -> bool:
    return bool((_steps(days) >= _MONTH).all())


def _steps(days: DateArray) -> _Ints:
    steps: _Ints = np.abs(np.diff(days).astype(np.int64))
    return steps


def _said(day: np.datetime64) -> str:
    return f"{day.item():%d %b %Y}".lstrip("0")


def _in_order(days: DateArray) -> bool:
    steps = np.diff(days).astype(np.int64)
    return bool((steps >= 0).all() or (steps <= 0).all())


def _full_years(years: Sequence[int], short: Sequence[bool]) -> Sequence[int]:
    """Years with their century: two digits from 70 on are of the last one."""
    return [
        year + (1900 if year >= _CENTURY else 2000) if cut else year for year, cut in zip(years, short, strict=True)
    ]


def _days(years: Sequence[int], months: Sequence[int], days: Sequence[int]) -> tuple[DateArray, NDArray[np.bool_]]:
    """The days, and which of them are in the calendar."""
    year, month, day = (np.array(part, dtype=np.int64) for part in (years, months, days))
    first: DateArray = ((year - 1970) * 12 + np.clip(month, 1, 12) - 1).astype("datetime64[M]")
    start: DateArray = first.astype("datetime64[D]")
    found = start + (day - 1).astype("timedelta64[D]")
    good = (
        (month >= 1)
        & (month <= 12)
        & (day >= 1)
        & (found.astype("datetime64[M]") == first)
        & (year >= 1)
        & (year <= _LAST_YEAR)
    )
    return found, good


def _valid(years: Sequence[int], months: Sequence[int], days: Sequence[int], *, texts: Sequence[str]) -> DateArray:
    found, good = _days(years, months, days)
    if not good.all():
        place = int(np.argmin(good))
        raise UnreadableCell("date", place, f"{quoted(texts[place], 30)} is no day")
    return found


def _moments(found: Sequence[re.Match[str]], days: DateArray) -> _Written:
    """The days with the times and zones that stand behind them."""
    clocks = [(match["hour"], match["minute"], match["half"] or "") for match in found]
    if not any(hour for hour, _, _ in clocks):
        return _Written(days, np.zeros(days.size, dtype=np.int64), utc=False)
    minutes = [
        (int(hour) % 12 + (12 if half[0] in "pP" else 0) if half else int(hour)) * 60 + int(minute) if hour else 0
        for hour, minute, half in clocks
    ]
    zones = {re.sub(r"^(UTC|GMT)(?=[-+])", "", match["zone"] or "").replace(":", "") for match in found}
    return _Written(days, np.array(minutes, dtype=np.int64), utc=zones <= {"Z", "UTC", "GMT", "+0000", "-0000"})


def _sessions(written: _Written) -> DateArray:
    """The session days of moments.

    A full quarter of an hour in UTC from late morning on may be the midnight that begins the next day further east. The
    days of the week tell, in six rows or more: the reading without a Saturday or Sunday is right. Other moments are of
    the day that they name.
    Raises UnreadableTable where several bars are of one day, or nothing decides.
    """
    days, minutes = written.days, written.minutes
    same = np.flatnonzero((days[1:] == days[:-1]) & (minutes[1:] != minutes[:-1]))
    if same.size > 1:
        first, second = (_clock(minutes[same[0] + step]) for step in (0, 1))
        raise UnreadableTable(f"several bars a day ({first} and {second} of {days[same[0]]}); one a day is needed")
    late = (minutes >= _EVENING) & (minutes % _QUARTER == 0)
    if not (written.utc and late.any()):
        return days
    as_written, shifted = _on_weekend(days), _on_weekend(_next(days, late))
    decided = as_written != shifted and days.size >= _ROWS_WITH_WEEKEND
    if decided and as_written:
        return _next(days, late)
    if late.all() and not decided:
        raise UnreadableTable(
            f"the moments in UTC (such as {_clock(minutes[0])} of {days[0]}) can be the bars of that day or of the "
            "next, and no weekend decides; write the days as YYYY-MM-DD"
        )
    return days


def _next(days: DateArray, late: NDArray[np.bool_]) -> DateArray:
    moved: DateArray = days + late.astype("timedelta64[D]")
    return moved


def _clock(minute: np.int64) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _on_weekend(days: DateArray) -> bool:
    return bool((((days.astype(np.int64) + 3) % 7) >= 5).any())
