"""Shares and funds listed on the exchanges of the world: `data/listings.tsv.gz`, read when first needed. Pure.

12,700 rows, one a symbol, are kept as the lines that they are and taken apart when one is asked for. Names are made
comparable once, when the first name is looked up or completed.
"""

from __future__ import annotations

import gzip
import heapq
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from functools import cache, cached_property
from typing import NamedTuple

from bot.market.venues import DATA
from bot.text import fold

_JOINT = re.compile(r"[^\W_](?:[^\w&']|_)+[^\W_]")
_LEGAL = re.compile(
    r"^the |,? (inc|corp|corporation|company|co|incorporated|limited|ltd|plc|n\.v|s\.a|holdings?|group)\.?$| &$",
    re.IGNORECASE,
)
_FORMS = frozenset(
    """
    inc corp corporation company co incorporated limited ltd plc public nv sa holding holdings group ag se spa as asa ab
    oyj bv kgaa gmbh nyrt ltda llc lp tbk bhd berhad pcl jsc pjsc kk groupe a/s adr ads publ societe europeenne cv sab &
    de
    """.split()
)
_SPELT_FORMS = (["a", "s"], ["s", "a"], ["n", "v"])
_BEFORE = frozenset({"the", "ab", "pt"})
_SHORTEST_BEGINNING = 4


def key(text: str) -> str:
    """What a name is compared by: folded, without marks, `$`, spaces and most signs.

    `=` and `:` stay: `CL=F` is no CLF. So do letters of other scripts: a Greek one in the place of a Latin one is not
    nothing.
    """
    return re.sub(r"[^\w^&=:]+|_", "", fold(text))


def is_solid(name: str) -> bool:
    """Whether a name is one piece of a few letters, as GEV is: two pieces of it, `GE V`, are something else."""
    return bool(re.fullmatch(r"[A-Za-z]{1,5}", name))


def in_pieces(text: str) -> bool:
    """Whether a text has signs or spaces inside."""
    return bool(_JOINT.search(text))


def core(name: str) -> str:
    """A company's name without its legal form: `The Home Depot, Inc.` is `Home Depot`."""
    short = _LEGAL.sub("", name)
    return name if short == name else core(short)


def world_core(name: str) -> str:
    """A company's name without the legal forms of the world: `Volkswagen AG`, `AB Volvo (publ)`, `Novo Nordisk A S`."""
    words = name.replace(",", " ").split()
    while len(words) > 1:
        if words[-1].strip("./()").lower().replace(".", "") in _FORMS or words[-1][0] in "/\\":
            words.pop()
        elif len(words) > 2 and [word.lower() for word in words[-2:]] in _SPELT_FORMS:
            del words[-2:]
        else:
            break
    return " ".join(words[1:] if len(words) > 1 and words[0].lower() in _BEFORE else words)


class ListedRow(NamedTuple):
    """One row: the canonical symbol, the name, where it is listed (MIC), S share or F fund, how large (0 to 6)."""

    symbol: str
    name: str
    mic: str
    kind: str
    size: int

    @property
    def american(self) -> bool:
        """Whether it is listed in the United States."""
        return "." not in self.symbol


class Listings:
    """The rows by symbol, by ticker and by name. `lines` are those of the file, in any order."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = {line[: line.index("\t")]: line for line in lines}

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, symbol: object) -> bool:
        return symbol in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def get(self, symbol: str) -> ListedRow | None:
        """The row of a canonical symbol."""
        line = self._lines.get(symbol)
        return None if line is None else _listing(line)

    def of_ticker(self, ticker: str) -> tuple[ListedRow, ...]:
        """The listings outside the United States that go by a ticker, the largest first."""
        return _by_size(self._lines[symbol] for symbol in self._abroad.get(ticker, ()))

    def called(self, name: str) -> tuple[ListedRow, ...]:
        """The shares whose names are this one, legal forms aside, the largest first. `name` is a key."""
        return _by_size(self._lines[symbol] for symbol in self._named.get(name, ()))

    def beginning(self, start: str) -> tuple[ListedRow, ...]:
        """The listings whose names begin with these whole words, the largest first. `start` is a key."""
        return _by_size(self._lines[symbol] for symbol in self._beginnings.get(start, ()))

    def names(self) -> Collection[str]:
        """The keys of all names, for finding the nearest."""
        return self._named.keys()

    def complete(self, prefix: str, limit: int) -> list[ListedRow]:
        """The listings whose ticker or name begins with a key: tickers first, the shorter and the larger first."""
        low = bisect_left(self._sorted, (prefix,))
        high = bisect_left(self._sorted, (prefix + "\U0010ffff",))
        best = heapq.nsmallest(limit * 2, self._sorted[low:high], key=lambda one: (one[1], len(one[0]), one[2]))
        found = dict.fromkeys(symbol for _, _, symbol in best)
        return [_listing(self._lines[symbol]) for symbol in found][:limit]

    @cached_property
    def _abroad(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for symbol in self._lines:
            if "." in symbol:
                found.setdefault(symbol.partition(".")[0], []).append(symbol)
        return found

    @cached_property
    def _cores(self) -> list[tuple[str, str]]:
        """The name of each listing without its legal form, and its symbol."""
        return [(world_core(line.split("\t", 2)[1]), symbol) for symbol, line in self._lines.items()]

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, symbol in self._cores:
            found.setdefault(key(name), []).append(symbol)
        return found

    @cached_property
    def _beginnings(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, symbol in self._cores:
            words = name.split()
            for length in range(1, len(words)):
                start = key("".join(words[:length]))
                if len(start) >= _SHORTEST_BEGINNING:
                    found.setdefault(start, []).append(symbol)
        return found

    @cached_property
    def _sorted(self) -> list[tuple[str, int, str]]:
        """Keys of tickers and names in order, each with how far behind it comes, and its symbol."""
        tickers = [(key(symbol), -_size(line), symbol) for symbol, line in self._lines.items()]
        names = [(key(name), 10 - _size(self._lines[symbol]), symbol) for name, symbol in self._cores]
        return sorted([*tickers, *names])


def _listing(line: str) -> ListedRow:
    symbol, name, mic, kind, size = line.split("\t")
    return ListedRow(symbol, name, mic, kind, int(size))


def _size(line: str) -> int:
    return int(line[-1])


def _by_size(lines: Iterable[str]) -> tuple[ListedRow, ...]:
    return tuple(_listing(line) for line in sorted(lines, key=_size, reverse=True))


@cache
def listings() -> Listings:
    """The listings of the world."""
    return Listings(gzip.decompress((DATA / "listings.tsv.gz").read_bytes()).decode().splitlines())
