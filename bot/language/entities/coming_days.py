"""Days that may lie ahead, as people ask whether an exchange opens on them: "tomorrow", "on Friday", "Christmas".

`dates` reads the same words as the last such day that has been; here a day without a year is the next one, today
included. What has a year, and "yesterday" and "last Friday", is read as there.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.errors import UserError, quoted
from bot.language.entities.dates import DATE, read_date, tag_dates
from bot.language.tokens import Words, compiled, read_words

_DAY = timedelta(days=1)
_YEAR = timedelta(days=365)
_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_WEEKDAY = (
    r"(?P<weekday>mon(?:days?)?|tue(?:s|sdays?)?|wed(?:s|nesdays?)?|thu(?:r|rs|rsdays?)?|fri(?:days?)?|sat(?:urdays?)?"
    r"|sun(?:days?)?)"
)
_NAMED = (
    r"\b(?:on |for |as of )?(?:(?P<after>day after tomorrow)|(?P<tomorrow>tomorrow)|(?P<today>today|tonight)"
    rf"|(?:(?P<following>next|following) |this coming |coming |this )?{_WEEKDAY})(?= |$)"
)
_PAST = re.compile(r"\b(?:yesterday|last|past|previous|ago|back|was|were|did)\b")
_HOLIDAY = re.compile(
    r"\b(?:on |for )?(?P<holiday>christmas(?: eve| day)?|xmas(?: eve| day)?|boxing day|new years? (?:eve|day)|nye"
    r"|thanksgiving(?: day)?|black friday|good friday|easter monday|juneteenth|independence day|memorial day"
    r"|lab[o]u?r day|mlk day|presidents day|columbus day|veterans day)(?= |$)"
)


def tag_coming_days(words: Words, today: date) -> Words:
    """The words with a DATE tag for each day in them; where the line speaks of what has been, the past one."""
    if _PAST.search(words.line):
        return tag_dates(words, today)
    words = words.tag(_HOLIDAY, DATE, lambda match: _ahead(match["holiday"], today))
    words = words.tag(compiled(_NAMED), DATE, lambda match: _named(match, today))
    return tag_dates(words, today + _YEAR)


def read_coming_day(text: str, today: date) -> date:
    """The day that a whole text names: "tomorrow", "friday", "2026-12-24", "25 December". Raises UserError."""
    words = tag_coming_days(read_words(text), today)
    only = words.words[0] if len(words.words) == 1 else None
    if only is not None and isinstance(only.value, date):
        return only.value
    for unread in words.unread:
        raise unread.error()
    try:
        return read_date(text, today if _PAST.search(text.casefold()) else today + _YEAR)
    except UserError:
        reason = f"I cannot read {quoted(text, 40)} as a day; write it like tomorrow, Friday or 2026-12-24."
        raise UserError(reason) from None


def _ahead(text: str, today: date) -> date:
    """The next such day, today included."""
    return read_date(text, today + _YEAR)


def _named(match: re.Match[str], today: date) -> date:
    if match["after"]:
        return today + 2 * _DAY
    if match["tomorrow"]:
        return today + _DAY
    if match["today"]:
        return today
    ahead = (_DAYS[match["weekday"][:3]] - today.weekday()) % 7
    return today + (ahead or 7 if match["following"] else ahead) * _DAY
