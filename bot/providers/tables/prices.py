"""The daily bars in somebody's table: which column is what, under which adjustment kind, cell by cell or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import quoted
from bot.providers.columns import Table
from bot.providers.tables.days import looks_like_day, read_days
from bot.providers.tables.decimals import UnreadableCell, Writing, looks_like_number, read_numbers
from bot.providers.tables.dialect import Dialect, find_dialect
from bot.providers.tables.files import UnreadableTable
from bot.providers.tables.headings import Heading, is_symbol, meaning, symbol_words

if TYPE_CHECKING:
    from bot.market.bars import Adjustment, FloatArray

PRICES = ("open", "high", "low", "close")
_FOOTER_LINES = 40
_PROSE = re.compile(r"[^\W\d_]{3,}")
_EVENT = re.compile(r".*\b(dividends?|stock splits?)\b.*", re.IGNORECASE)
_YAHOO = re.compile(r"(?i:adj\.?[ _]close\**)|adjclose|.+\.Adjusted")


@dataclass(frozen=True, slots=True)
class PriceTable:
    """A table of bars, and the adjustment kind that its headings mean."""

    table: Table
    adjustment: Adjustment


def read_prices(text: str, symbol: Iterable[str], named: Mapping[str, str] | None = None) -> PriceTable:
    """The bars in a table.

    `symbol` are the spellings of the symbol that is wanted, for tables that name their columns or rows by it. `named`
    are headings by role where somebody wrote down which they are; roles without one are then left out, but for the day
    and the close. Raises UnreadableTable, which names the row, the column and the text of what cannot be read.
    """
    words = symbol_words(symbol)
    dialect = find_dialect(text)
    words = symbol_words(symbol)
    found = _Choice(dialect, words)
    places = _named(dialect, named) if named else {}
    if "date" not in places:
        places["date"] = found.day(places.get("close"))
    if "close" not in places:
        places["close"] = found.close(places["date"])
    if not named:
        places |= found.others(places)
    owners = found.symbol_column()
    table = None if owners else _clean_table(dialect, places)
    if table is not None:
        return PriceTable(table, found.adjustment(places["close"]))
    rows = _Rows(dialect, dialect.columns({*places.values(), *owners}), places)
    rows.drop_what_is_no_row(words, owners)
    return PriceTable(rows.table(), found.adjustment(places["close"]))


def _named(dialect: Dialect, named: Mapping[str, str]) -> dict[str, int]:
    """The columns whose headings are given. Raises UnreadableTable for a heading that is not there."""
    headings = {dialect.name(at): at for at in range(dialect.width - 1, -1, -1)}
    for heading in filter(None, named.values()):
        if heading not in headings:
            raise UnreadableTable(f"it has no column {quoted(heading, 40)}")
    return {role: headings[heading] for role, heading in named.items() if heading}


class _Choice:
    """Which column of a table is what."""

    def __init__(self, dialect: Dialect, words: frozenset[str]) -> None:
        self._dialect = dialect
        self._words = words
        self._means = {at: meaning(dialect.texts(at), words) for at in range(dialect.width)}

    def _of(self, role: str) -> list[int]:
        """The columns of a role, the plainest name first."""
        found = [(means.rank, at) for at, means in self._means.items() if means is not None and means.role == role]
        return [at for _, at in sorted(found)]

    def _rank(self, at: int) -> int:
        means: Heading | None = self._means.get(at)
        return means.rank if means is not None else -1

    def day(self, close: int | None) -> int:
        """The column of days: the one that is called so among those that hold days, else the first of them."""
        days = [at for at in self._dialect.days() if at != close]
        if not days:
            called = self._of("date")
            if called:
                return called[0]
            raise UnreadableTable("no column in it holds a day in every row")
        return next((at for at in self._of("date") if at in days), days[0])

    def close(self, day: int) -> int:
        """The column of closes. Raises UnreadableTable where none is called so and several could be."""
        closes = self._of("close")
        closes = [at for at in closes if at != day]
        if closes:
            return self._only([at for at in closes if self._rank(at) == self._rank(closes[0])])
        adjusted = self._of("adjusted")
        if adjusted:
            return self._only(adjusted)
        own = [at for at in self._means if any(is_symbol(text, self._words) for text in self._dialect.texts(at))]
        numbers = [at for at in self._dialect.numbers() if at != day and self._means.get(at) is None]
        if len(own) == 1:
            return own[0]
        if not self._dialect.heading:
            return self._headless(day, numbers)
        if len(numbers) == 1 and not self._of("open"):
            return numbers[0]
        names = ", ".join(quoted(self._dialect.name(at), 20) for at in range(min(self._dialect.width, 6)))
        raise UnreadableTable(f"no column in it is called close; its columns are {names}")

    def _only(self, places: Sequence[int]) -> int:
        """The one column, or the one of several symbols' columns that is the wanted symbol's."""
        if len(places) == 1:
            return places[0]
        own = [at for at in places if any(is_symbol(text, self._words) for text in self._dialect.texts(at))]
        if len(own) == 1:
            return own[0]
        raise UnreadableTable(f"several columns in it are called {quoted(self._dialect.name(places[0]), 20)}")

    def _headless(self, day: int, numbers: Sequence[int]) -> int:
        """The close of a table without a heading: its only number, or the last of four that can be open to close."""
        after = [at for at in numbers if at > day]
        if len(after) == 1:
            return after[0]
        if len(after) >= len(PRICES) and after[: len(PRICES)] == list(range(after[0], after[0] + len(PRICES))):
            return after[len(PRICES) - 1]
        raise UnreadableTable("it has no heading, and several of its columns could be the close")

    def others(self, places: Mapping[str, int]) -> dict[str, int]:
        """Open, high, low and volume, where the table has them."""
        if not self._dialect.heading:
            close = places["close"]
            return {} if close - places["date"] < len(PRICES) else self._before(close)
        found = {}
        for role in ("open", "high", "low", "volume"):
            columns = [at for at in self._of(role) if at not in places.values()]
            if len(columns) > 1 and self._rank(columns[0]) == self._rank(columns[1]):
                columns = [at for at in columns if any(is_symbol(t, self._words) for t in self._dialect.texts(at))]
            if columns:
                found[role] = columns[0]
        if places["close"] in self._of("adjusted"):
            found = {role: at for role, at in found.items() if role == "volume"}
        return found

    def _before(self, close: int) -> dict[str, int]:
        found = {"open": close - 3, "high": close - 2, "low": close - 1}
        return found | ({"volume": close + 1} if close + 1 in self._dialect.numbers() else {})

    def symbol_column(self) -> list[int]:
        """The column that says whose each row is, where there is one."""
        return self._of("symbol")[:1] if self._dialect.heading else []

    def adjustment(self, close: int) -> Adjustment:
        """The kind that the columns mean.

        Yahoo's close is adjusted for splits, with a close adjusted for dividends too beside it; where that alone is
        there, or the events are but it is not, prices are adjusted for both. Tiingo, Alpha Vantage and others write a
        raw close beside an adjusted one, and the splits' factors.
        """
        adjusted = self._of("adjusted")
        if close in adjusted:
            return "split_dividend"
        if self._of("split"):
            return "raw"
        if adjusted:
            return "split" if any(map(_YAHOO.fullmatch, self._dialect.texts(adjusted[0]))) else "raw"
        return "split_dividend" if self._of("events") else "raw"


def _clean_table(dialect: Dialect, places: Mapping[str, int]) -> Table | None:
    """The bars of a table without a doubtful cell, read whole; None for any other."""
    numbers = {role: at for role, at in places.items() if role != "date"}
    clean = dialect.clean_columns(places["date"], numbers.values())
    if clean is None:
        return None
    try:
        days = read_days(clean[0])
    except UnreadableCell:
        return None
    columns = {role: clean[1][at] for role, at in numbers.items()}
    _check_order(dialect, columns)
    return Table(days, **columns)


class _Rows:
    """The cells of a table, row by row the same; `kept` are the places of the rows that are rows."""

    def __init__(self, dialect: Dialect, columns: dict[int, list[str]], places: Mapping[str, int]) -> None:
        self._dialect = dialect
        self._columns = columns
        self._places = places
        self._kept = list(range(len(columns[places["date"]])))

    def drop_what_is_no_row(self, words: frozenset[str], symbol_column: Sequence[int]) -> None:
        """Leave out blank lines, a heading that comes again, dividends between the prices, and notes at the end."""
        days = self._columns[self._places["date"]]
        others = [self._columns[at] for role, at in self._places.items() if role != "date"]
        kept = [row for row in self._kept if days[row].strip() or any(cells[row].strip() for cells in others)]
        kept = self._without_notes(kept, days, others)
        again = frozenset(self._dialect.texts(self._places["date"]))
        if "ividend" in self._dialect.text or "plit" in self._dialect.text:
            kept = [row for row in kept if not self._is_event(row, others)]
        kept = [row for row in kept if days[row] not in again]
        for at in symbol_column:
            kept = self._of_symbol(kept, self._columns[at], words)
        if not kept:
            raise UnreadableTable("it has no rows")
        self._kept = kept

    def _without_notes(self, kept: list[int], days: Sequence[str], others: Sequence[Sequence[str]]) -> list[int]:
        """The rows without the lines of words that an exporter adds at the end."""
        last = len(kept)
        while last and len(kept) - last < _FOOTER_LINES and self._is_note(kept[last - 1], days, others):
            last -= 1
        return kept[:last]

    @staticmethod
    def _is_note(row: int, days: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
        """Whether a line at the end is words without a number."""
        cell = days[row].strip()
        if looks_like_day(cell) or not _PROSE.search(cell):
            return False
        return not any(looks_like_number(cells[row]) for cells in others)

    @staticmethod
    def _is_event(row: int, others: Sequence[Sequence[str]]) -> bool:
        cells = [cells[row].strip() for cells in others]
        return any(map(_EVENT.fullmatch, cells)) and not any(map(looks_like_number, cells))

    def _of_symbol(self, kept: list[int], owners: Sequence[str], words: frozenset[str]) -> list[int]:
        """The rows of the wanted symbol in a table of several. Raises UnreadableTable where it has none of them."""
        several = {owners[row].strip() for row in kept} - {""}
        if len(several) < 2:
            return kept
        found = [row for row in kept if is_symbol(owners[row], words)]
        if not found:
            names = ", ".join(quoted(name, 12) for name in sorted(several)[:3])
            raise UnreadableTable(f"it holds rows of several symbols ({names}) and none of the one asked for")
        return found

    def table(self) -> Table:
        """The bars. Raises UnreadableTable with row, column and text of a cell that cannot be read."""
        whole = len(self._kept) == len(self._columns[self._places["date"]])
        cells = {
            role: self._columns[at] if whole else [self._columns[at][row] for row in self._kept]
            for role, at in self._places.items()
        }
        try:
            days = read_days(cells.pop("date"))
            numbers = read_numbers(
                cells, Writing(self._dialect.separator, '"' in self._dialect.text, self._other_cells)
            )
        except UnreadableCell as error:
            row = self._dialect.first + self._kept[error.place] + 1
            name = quoted(self._dialect.name(self._places[error.column]), 30)
            raise UnreadableTable(f"row {row}, column {name}: {error.fault}") from None
        _check_order(self._dialect, numbers)
        return Table(days, **numbers)

    def _other_cells(self) -> list[str]:
        """The first cells of the columns that hold no price: also written in the file's style."""
        used = set(self._places.values())
        return [cell for row in self._dialect.sample for at, cell in enumerate(row) if at not in used]


def _check_order(dialect: Dialect, numbers: Mapping[str, FloatArray]) -> None:
    """Without a heading, four columns are open, high, low and close only where high and low span the others."""
    if dialect.heading or "high" not in numbers:
        return
    top, bottom = numbers["high"], numbers["low"]
    for inside in (numbers["open"], numbers["close"]):
        if bool((inside > top).any() or (inside < bottom).any()):
            raise UnreadableTable("it has no heading, and its columns are not open, high, low and close in that order")
