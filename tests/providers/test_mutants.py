"""Whatever bytes a reply holds, a parser gives numbers that can be true, or a ProviderError: never another exception.

Every reader is given mutants of recorded replies: bytes flipped, cut and repeated, fields removed, renamed, doubled and
given values of another kind, numbers made huge, negative and infinite.
"""

from __future__ import annotations

import copy
import io
import json
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import Secret
from bot.errors import ProviderError
from bot.market.bars import Bars
from bot.market.index import Holdings
from bot.market.rates import RateTable
from bot.providers.contract import FigureQuery, HistoryQuery, Quote, QuoteQuery, RemoteProvider, Response
from bot.providers.factory import declared
from tests.providers.building import served_by

REPLIES = Path(__file__).with_name("replies")
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
ODD: list[Any] = [
    None, True, False, 0, -1, 1, 0.0, -0.0, 1e308, -1e308, 5e-324, 10**30, 2**63, "", " ", "N/A", "--", "-", ".", "NaN",
    "nan", "inf", "-Infinity", "1e400", "1e5", "0x10", "1_000", "٣", "$", "$-1", "1,2,3", "0", "-5", [], {}, [[]],
    [None], {"": None}, "2026-13-45", "0000-00-00", "9999-12-31", "99/99/9999", "Feb 30, 2026", "x" * 5000, "\x00",
    "\ud800", "Closed at ", "2026-11-19T99:99:99", "2026-11-19T15:59:59+99:00", float("1e22"), 253402300800,
    -62135596801, 10**17,
]  # fmt: skip
EXAMPLES = int(os.environ.get("MUTANTS", "150"))
EURO = (
    b'{"amount":1.0,"base":"EUR","start_date":"2026-10-29","end_date":"2026-10-30",'
    b'"rates":{"2026-10-29":{"USD":1.1165,"GBP":0.8331},"2026-10-30":{"USD":1.1172,"GBP":0.8338}}}'
)
EFFR = (
    b'{"refRates":[{"effectiveDate":"2026-11-19","type":"EFFR","percentRate":3.62},'
    b'{"effectiveDate":"2026-11-18","type":"EFFR","percentRate":3.63},'
    b'{"effectiveDate":"2026-11-18","type":"OBFR","percentRate":3.5}]}'
)
FRED = b'{"observations":[{"date":"2026-11-18","value":"3.62"},{"date":"2026-11-17","value":"."}]}'
FRED_CSV = b"observation_date,DFF\n2026-11-17,3.62\n2026-11-18,.\n"
FUND = b"""iShares Russell 2000 ETF
Fund Holdings as of,"Nov 18, 2026"

Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Quantity,Price
"AAA","ALPHA CORP","Industrials","Equity","450,123,456.10","0.65","1,000.00","10.00"
"-","BETA INC PRVT","Health Care","Equity","1.31","0.00","1,000.00","0.00"
"USD","USD CASH","Cash and/or Derivatives","Cash","-254,729,479.39","-0.32","-254,729,479.00","100.00"

"Legal text, with commas"
"""


def workbook(head: list[list[Any]], titles: tuple[str, ...] = ("data",)) -> bytes:
    book, made = openpyxl.Workbook(), io.BytesIO()
    for number, title in enumerate(titles):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet.title = title
        for row in [*head, [date(2026, 1, 1), 0.84, 0.5, 0.4], [date(2026, 4, 1), 0.85, 0.5, "NA"]]:
            sheet.append(row)
    book.save(made)
    return made.getvalue()


HLW_HEAD = [["", "Natural Rate (r*)", "", ""], ["Date", "US", "Canada", "Euro Area"]]
FIGURES: dict[str, tuple[bytes, ...]] = {
    "currencies": (EURO,),
    "ecb": ((REPLIES / "ecb" / "good.zip").read_bytes(),),
    "HLW": (workbook(HLW_HEAD),),
    "LW": (workbook([["Date", "rstar", "g", "z"]]),),
    "Lubik-Matthes": (workbook([["Date", "Median", "Lower", "Upper"]]),),
    "policy": (EFFR,),
    "fred": (FRED,),
    "fred-csv": (FRED_CSV,),
    "holdings": (FUND,),
}


@dataclass(frozen=True)
class Reader:
    """One parser and the recorded replies that its mutants are made from."""

    read: Callable[[Response], Any]
    bodies: tuple[bytes, ...]


def readers() -> dict[str, Reader]:
    found: dict[str, Reader] = {}
    known = {one.declaration.name: one for one in declared()}
    for name, made in known.items():
        provider = made("https://prices.invalid", *(Secret("KEY") for _ in made.declaration.keys))
        has = made.declaration.capabilities
        replies = recorded(REPLIES / name, name) if (REPLIES / name).is_dir() else ()
        if has.kinds and has.history:
            query = HistoryQuery(served_by(provider), date(2026, 1, 1), NOW.date(), NOW)
            found[f"{name} history"] = Reader(history(provider, query), replies)
        if has.quotes:
            asked = QuoteQuery(served_by(provider), NOW)
            quotes = recorded(REPLIES / "quotes", name)
            found[f"{name} quote"] = Reader(lambda r, p=provider, q=asked: p.parse_quote(q, r), quotes)  # type: ignore[misc]
        for figure in sorted(has.figures):
            wanted = FigureQuery(figure, NOW)
            own = () if has.kinds else replies
            bodies = own or FIGURES.get(figure if name not in FIGURES else name, ())
            found[f"{name} {figure}"] = Reader(lambda r, p=provider, q=wanted: p.parse_figure(q, r), bodies)  # type: ignore[misc]
    return found


def history(provider: RemoteProvider, query: HistoryQuery) -> Callable[[Response], Bars]:
    figure = provider.capabilities.history_figure
    if figure is None:
        return lambda response: provider.parse(query, response)
    wanted = FigureQuery(figure, NOW)
    return lambda response: provider.history_of(query, provider.parse_figure(wanted, response))


def recorded(folder: Path, provider: str) -> tuple[bytes, ...]:
    cases: dict[str, dict[str, Any]] = json.loads((folder / "cases.json").read_text())
    mine = [case for case in cases.values() if case.get("provider", provider) == provider]
    good = [case for case in mine if case["expect"] == "good"]
    return tuple(sorted({(folder / case["file"]).read_bytes() for case in good}))


def mutant(body: bytes, chance: random.Random) -> bytes:
    """A reply that is wrong in one to four ways."""
    if body[:1] in (b"{", b"[") and chance.random() < 0.75:
        content = json.loads(body)
        for _ in range(chance.randint(1, 4)):
            content = warped(content, chance)
        return json.dumps(content).encode()
    if body[:2] != b"PK" and body[:1] not in (b"{", b"[") and chance.random() < 0.6:
        return cell_changed(body, chance)
    return bytes_changed(body, chance)


def warped(content: Any, chance: random.Random) -> Any:
    """The content with one place in it changed."""
    content = copy.deepcopy(content)
    places = all_places(content)
    if not places:
        return chance.choice(ODD)
    node, key = chance.choice(places)
    way = chance.choice(["removed", "doubled", "scaled", "cut", "shuffled", "odd", "odd"])
    if way == "removed":
        del node[key]
    elif way == "doubled" and isinstance(node, list):
        node.insert(chance.randrange(len(node) + 1), copy.deepcopy(node[key]))
    elif way == "shuffled" and isinstance(node, list):
        chance.shuffle(node)
    else:
        node[key] = changed(node[key], way, chance)
    return content


def all_places(content: Any) -> list[tuple[Any, Any]]:
    """Every container in a JSON value with each of its keys."""
    places: list[tuple[Any, Any]] = []
    waiting = [content]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict | list):
            keys = list(node) if isinstance(node, dict) else range(len(node))
            places += [(node, key) for key in keys]
            waiting += [node[key] for key in keys]
    return places


def changed(value: Any, way: str, chance: random.Random) -> Any:
    if way == "scaled" and isinstance(value, int | float) and not isinstance(value, bool):
        return value * chance.choice([-1, 0, 1e-9, 100, 1e12, 1e300])
    if way == "cut" and isinstance(value, str):
        return value[: chance.randrange(len(value) + 1)] + chance.choice(["", "0", "-", ",", "é", "\n"])
    return copy.deepcopy(chance.choice(ODD))


def cell_changed(body: bytes, chance: random.Random) -> bytes:
    """A table with one cell or line of another kind."""
    lines = body.split(b"\n")
    row = chance.randrange(len(lines))
    way = chance.randrange(3)
    if way == 0:
        del lines[row]
    elif way == 1:
        lines.insert(chance.randrange(len(lines) + 1), lines[row])
    else:
        cells = lines[row].split(b",")
        cells[chance.randrange(len(cells))] = str(chance.choice(ODD)).encode("utf-8", "surrogatepass")
        lines[row] = b",".join(cells)
    return b"\n".join(lines)


def bytes_changed(body: bytes, chance: random.Random) -> bytes:
    found = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(found) + 1)
        way = chance.randrange(4)
        if way == 0:
            del found[place:]
        elif way == 1:
            found[place:place] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
        elif way == 2 and place < len(found):
            found[place] = chance.randrange(256)
        else:
            found[place:place] = found[place : place + chance.randint(1, 64)]
    return bytes(found)


def plausible(found: Any) -> None:
    """What any number that is shown must satisfy."""
    if isinstance(found, Bars):
        assert bool((np.diff(found.dates).astype(int) > 0).all())
        assert bool((np.isfinite(found.close) & ((found.close > 0) | (found.symbol in SIGNED))).all())
        assert found.last_day <= date(2026, 11, 21)
        for column in (found.open, found.high, found.low, found.volume):
            assert column is None or not bool(np.isinf(column).any())
        if found.high is not None and found.low is not None:
            assert not bool((found.low > found.high * (1 + 2e-4) + 1e-6).any())
    elif isinstance(found, Quote):
        assert isfinite(found.price)
        assert found.price > 0
        assert found.time <= NOW
        assert found.time.utcoffset() is not None
        assert found.previous_close is None or (isfinite(found.previous_close) and found.previous_close > 0)
        assert found.extended is None or (isfinite(found.extended.price) and found.extended.price > 0)
    elif isinstance(found, Holdings):
        assert found.rows
        assert all(isfinite(row.weight_pct) and isfinite(row.market_value) for row in found.rows)
    elif isinstance(found, RateTable):
        assert found.days.size
    else:
        assert found.values
        assert all(isfinite(value) for value in found.values.values())


SIGNED = {"WTI", "US10Y"}
"""What was zero or below it once."""
READERS = readers()


@pytest.mark.parametrize("name", READERS)
def test_recorded_replies_are_read(name: str) -> None:
    reader = READERS[name]
    assert reader.bodies
    for body in reader.bodies:
        plausible(reader.read(Response(200, body)))


@pytest.mark.parametrize("name", READERS)
@given(seed=st.integers(0, 2**64))
@settings(max_examples=EXAMPLES, deadline=None)
def test_no_mutant_escapes(name: str, seed: int) -> None:
    reader, chance = READERS[name], random.Random(seed)
    response = Response(chance.choice([200] * 9 + [404]), mutant(chance.choice(reader.bodies), chance))
    refused = ""
    try:
        plausible(reader.read(response))
    except ProviderError as error:
        refused = error.detail
    assert len(refused) < 200
