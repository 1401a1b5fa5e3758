"""How numbers and dates are written for people: the same everywhere."""

from __future__ import annotations

import math
from datetime import date, datetime

MINUS = "−"


def percent(value: float, places: int = 2) -> str:
    """A signed percent: +1.61 %, −2.15 %. The value is a percent number, not a fraction."""
    text = f"{abs(value):,.{places}f} %"
    if float(f"{abs(value):.{places}f}") == 0:
        return text
    return f"+{text}" if value > 0 else f"{MINUS}{text}"


def plain_percent(value: float, places: int = 1) -> str:
    """A percent without a plus sign: a width, a share, a position."""
    text = f"{abs(value):,.{places}f} %"
    return f"{MINUS}{text}" if value < 0 and float(f"{abs(value):.{places}f}") else text


def price(value: float) -> str:
    """A price: thousands separators, two places from 10 up, about five digits below."""
    size = abs(value)
    if size >= 10:
        text = f"{size:,.2f}"
    elif size >= 1:
        text = f"{size:,.4f}".rstrip("0")
        text = text + "0" * max(0, 2 - len(text.split(".")[1]))
    else:
        text = f"{size:.6g}" if size >= 1e-4 or size == 0 else _tiny(size)
    return f"{MINUS}{text}" if value < 0 else text


def _tiny(size: float) -> str:
    """A price below 0.0001 to four significant digits, its zeros written out."""
    places = 3 - math.floor(math.log10(size))
    return f"{size:.{places}f}".rstrip("0")


def amount(value: float) -> str:
    """A sum of money or any large number, without an exponent: 2,500 · 900 billion · 1.25 trillion."""
    for size, name in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")):
        if abs(value) >= size:
            return f"{_plain(value / size)}{name}"
    return _plain(value)


def _plain(value: float) -> str:
    """Six significant digits with thousands separators."""
    text = f"{value:,.6g}"
    return text if "e" not in text else f"{value:,.12f}".rstrip("0").rstrip(".")


def day(value: date) -> str:
    """A date that no reader can mistake: 10 Nov 2017."""
    return f"{value.day} {value:%b %Y}"


def count(value: int, noun: str) -> str:
    """A count with its noun: 1 session, 21 sessions."""
    return f"{value:,} {noun}" if value == 1 else f"{value:,} {noun}s"


def age(seconds: float) -> str:
    """How long ago, in the one unit that matters: 40 seconds, 12 minutes, 3 hours, 9 days."""
    for size, noun in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return count(int(seconds // size), noun)
    return count(max(0, int(seconds)), "second")


def moment(value: datetime) -> str:
    """A moment in UTC, for faces without the reader's own time: 10 Nov 2017 21:00 UTC."""
    return f"{day(value.date())} {value:%H:%M} UTC"


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]
