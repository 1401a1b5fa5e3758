"""A slow and plain writer of price files: one series in any layout, to be read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

Series = Sequence[tuple[date, str]]
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FULL_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
GERMAN_MONTHS = ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")


def seconds(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400


DAYS = {
    "iso": lambda d: f"{d.year:04}-{d.month:02}-{d.day:02}",
    "iso moment": lambda d: f"{d.year:04}-{d.month:02}-{d.day:02}T00:00:00.000Z",
    "iso with an offset": lambda d: f"{d.year:04}-{d.month:02}-{d.day:02} 00:00:00-05:00",
    "y/m/d": lambda d: f"{d.year}/{d.month}/{d.day}",
    "y.m.d": lambda d: f"{d.year}.{d.month:02}.{d.day:02}",
    "y- m- d": lambda d: f"{d.year}- {d.month:02}- {d.day:02}",
    "packed": lambda d: f"{d.year:04}{d.month:02}{d.day:02}",
    "d/m/y": lambda d: f"{d.day:02}/{d.month:02}/{d.year}",
    "m/d/y": lambda d: f"{d.month:02}/{d.day:02}/{d.year}",
    "d/m/yy": lambda d: f"{d.day:02}/{d.month:02}/{d.year % 100:02}",
    "m/d/yy": lambda d: f"{d.month}/{d.day}/{d.year % 100:02}",
    "d.m.y": lambda d: f"{d.day:02}.{d.month:02}.{d.year}",
    "d.m.yy": lambda d: f"{d.day:02}.{d.month:02}.{d.year % 100:02}",
    "d-m-y": lambda d: f"{d.day:02}-{d.month:02}-{d.year}",
    "m-d-y": lambda d: f"{d.month:02}-{d.day:02}-{d.year}",
    "m/d/y h:mm:ss": lambda d: f"{d.month}/{d.day}/{d.year} 16:00:00",
    "m/d/y h:mm AM": lambda d: f"{d.month}/{d.day}/{d.year} 12:00 AM",
    "d Mon y": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    "d-Mon-yy": lambda d: f"{d.day:02}-{MONTHS[d.month - 1]}-{d.year % 100:02}",
    "Mon d, y": lambda d: f"{MONTHS[d.month - 1]} {d.day:02}, {d.year}",
    "Month d, y": lambda d: f"{FULL_MONTHS[d.month - 1]} {d.day}, {d.year}",
    "d. Mon y in German": lambda d: f"{d.day}. {GERMAN_MONTHS[d.month - 1]} {d.year}",
    "weekday, d Mon y": lambda d: f"{d:%a}, {d.day:02} {MONTHS[d.month - 1]} {d.year}",
    "epoch seconds": lambda d: str(seconds(d)),
    "epoch milliseconds": lambda d: str(seconds(d) * 1_000),
    "epoch microseconds": lambda d: str(seconds(d) * 1_000_000),
    "epoch nanoseconds": lambda d: str(seconds(d) * 1_000_000_000),
}
# Decimal mark, mark of thousands.
NUMBERS = {
    "1234.50": (".", ""),
    "1,234.50": (".", ","),
    "1'234.50": (".", "'"),
    "1 234.50": (".", " "),
    "1234,50": (",", ""),
    "1.234,50": (",", "."),
    "1 234,50": (",", "\u202f"),
}


def number(text: str, style: str) -> str:
    """A plain decimal in a style."""
    mark, thousands = NUMBERS[style]
    whole, _, part = text.partition(".")
    grouped = f"{int(whole):,}".replace(",", thousands) if thousands else whole
    return f"{grouped}{mark}{part}" if part else grouped


@dataclass(frozen=True)
class Written:
    """How a file is written."""

    separator: str = ","
    days: str = "iso"
    numbers: str = "1234.50"
    heading: tuple[str, ...] = ("Date", "Close")
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    quote_all: bool = False
    newest_first: bool = False
    newline: str = "\n"
    encoding: str = "utf-8"
    sign: str = ""

    def write(self, series: Series) -> bytes:
        """The file's bytes."""
        out = io.StringIO()
        quoting = csv.QUOTE_ALL if self.quote_all else csv.QUOTE_MINIMAL
        writer = csv.writer(out, delimiter=self.separator, quoting=quoting, lineterminator=self.newline)
        out.writelines(line + self.newline for line in self.before)
        if self.heading:
            writer.writerow(self.heading)
        rows = list(reversed(series)) if self.newest_first else list(series)
        writer.writerows([DAYS[self.days](day), self.sign + number(price, self.numbers)] for day, price in rows)
        out.writelines(line + self.newline for line in self.after)
        return out.getvalue().encode(self.encoding)
