"""What scans start from and remember: the universe, whole answers until they can have changed, single rows."""

from __future__ import annotations

import asyncio
import errno
import json
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.analysis.ranking import By, ScanTask
from bot.errors import UserError
from bot.files import read_whole
from bot.language.entities.lookbacks import Lookback
from bot.language.entities.tables import MAX_ROWS, read_table
from bot.market.symbols import FILE, AssetKind, Symbol, SymbolBook
from bot.render.reply import Reply

if TYPE_CHECKING:
    from bot.market.scan import ScanRow

BUNDLED = FILE.with_name("universe.csv")
LISTS_FILE = FILE.with_name("scan_lists.json")
_KINDS: dict[str, AssetKind] = {"stock": "stock", "fund": "fund"}
_SHARE = re.compile(r"[A-Z]{1,5}(-[A-Z]{1,2})?")
KEPT_ANSWERS = 16
MAX_FILE = 2**20
KEPT_ROWS = 10_000


class ScanList(NamedTuple):
    """A list of symbols that goes by a name, and what it was chosen by; `also` are other names of it."""

    name: str
    title: str
    also: tuple[str, ...]
    source: str
    symbols: tuple[str, ...]


@cache
def scan_lists() -> Mapping[str, ScanList]:
    """The lists that scans take by name, in the order they are shown."""
    rows: list[dict[str, Any]] = json.loads(LISTS_FILE.read_bytes())["lists"]
    return {
        row["name"]: ScanList(
            row["name"], row["title"], tuple(row["also"]), row["source"], tuple(row["symbols"].split())
        )
        for row in rows
    }


class ScanQuestion(NamedTuple):
    """What a scan answers. `universe` is the name of a list, None for the universe file."""

    symbols: int
    by: By
    periods: Lookback
    as_of: date | None
    currency: str | None = None
    universe: str | None = None


class _CachedAnswer(NamedTuple):
    reply: Reply
    until: datetime


class ScanCache:
    """The memory of one feed's scans. `turn` is held while one is computed: one at a time in a process."""

    def __init__(self) -> None:
        self._answers: OrderedDict[ScanQuestion, _CachedAnswer] = OrderedDict()
        self._rows: OrderedDict[tuple[str | float, ...], ScanRow] = OrderedDict()
        self.turn = asyncio.Lock()
        self._universe: tuple[tuple[int, int] | None, tuple[Symbol, ...]] | None = None

    async def universe(self, path: Path | None, book: SymbolBook) -> tuple[Symbol, ...]:
        """The symbols of the universe file, read again only when it changed. Raises UserError (unavailable)."""
        changed = stamp(path)
        if self._universe is None or self._universe[0] != changed:
            self._universe = changed, await asyncio.to_thread(load_universe, path, book)
        return self._universe[1]

    def answer(self, question: ScanQuestion, now: datetime) -> Reply | None:
        """The answer to the same question, as long as no bar can have been added since."""
        kept = self._answers.get(question)
        if kept is None or now >= kept.until:
            return None
        self._answers.move_to_end(question)
        return kept.reply

    def keep(self, question: ScanQuestion, reply: Reply, until: datetime) -> None:
        """Remember an answer for as long as it holds."""
        self._answers[question] = _CachedAnswer(reply, until)
        while len(self._answers) > KEPT_ANSWERS:
            self._answers.popitem(last=False)

    def has_row(self, task: ScanTask) -> bool:
        """Whether the states of these bars are known."""
        return task.key in self._rows

    def add_rows(self, tasks: Sequence[ScanTask], rows: Sequence[ScanRow]) -> None:
        """Remember the rows of bars that were new."""
        self._rows.update((one.key, row) for one, row in zip(tasks, rows, strict=True))

    def rows(self, tasks: Sequence[ScanTask]) -> list[ScanRow]:
        """One row per symbol, all of whose bars are known."""
        found = [_with_roc(self._rows[one.key], one) for one in tasks]
        while len(self._rows) > KEPT_ROWS:
            self._rows.popitem(last=False)
        return found


def _with_roc(row: ScanRow, task: ScanTask) -> ScanRow:
    """The row with the ROC of this question; its states do not depend on the periods."""
    if row.error == "not_positive":
        return row
    from bot.market.momentum import last_roc

    return replace(row, roc_pct=last_roc(task.close, task.periods))


def load_universe(path: Path | None, book: SymbolBook) -> tuple[Symbol, ...]:
    """The symbols of a universe file. Raises UserError (unavailable), since nobody but the operator can mend it."""
    try:
        return read_universe(read_whole(path or BUNDLED, MAX_FILE).decode("utf-8-sig"), book)
    except UnicodeDecodeError:
        raise UserError("The universe file cannot be read: it is not UTF-8 text.", "unavailable") from None
    except OSError as error:
        why = "it has more than 1 MB" if error.errno == errno.EFBIG else error.strerror or type(error).__name__
        raise UserError(f"The universe file cannot be read: {why}.", "unavailable") from None
    except UserError as error:
        raise UserError(f"The universe file cannot be used: {error.message}", "unavailable") from None


def stamp(path: Path | None) -> tuple[int, int] | None:
    """What tells whether a universe file has changed; None for the bundled one and for one that is not there."""
    try:
        state = path.stat() if path is not None else None
    except OSError:
        return None
    return None if state is None else (state.st_mtime_ns, state.st_size)


def read_universe(text: str, book: SymbolBook) -> tuple[Symbol, ...]:
    """The symbols in a CSV with the columns symbol, name and kind; the last two, and the heading, may be absent.

    Raises UserError for a formula, too large a file, or a line that is no symbol.
    """
    found: list[Symbol] = []
    for number, cells in read_table(text, "It"):
        if not found and cells[0].casefold() in {"symbol", "ticker"}:
            continue
        try:
            found.append(_symbol([*cells, "", ""], book))
        except UserError as error:
            raise UserError(f"line {number}: {error.message}", error.code) from None
    symbols = tuple({symbol.canonical: symbol for symbol in found}.values())
    if not 1 <= len(symbols) <= MAX_ROWS:
        raise UserError(f"it has {len(symbols):,} symbols; 1 to {MAX_ROWS:,} can be scanned.")
    return symbols


def _symbol(cells: list[str], book: SymbolBook) -> Symbol:
    """A symbol by its symbol; by a name only where the file does not say that it is a share or a fund (DOW is both)."""
    text = cells[0].upper().replace(".", "-")
    kind = _KINDS.get(cells[2].casefold())
    if text in book.symbols:
        return book.symbols[text]
    if kind is not None and _SHARE.fullmatch(text):
        return Symbol(text, cells[1], kind, "XNYS", "USD")
    return book.known(cells[0]) or book.stored(cells[0])
