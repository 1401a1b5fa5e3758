"""`weigh`: weights and contributions by hand, and what it refuses to read."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.declaration import Registry
from bot.commands.reading import parse_context, read_typed
from bot.commands.weigh import weigh_
from bot.desk import Desk
from bot.errors import UserError
from bot.language.entities.constituents import read_constituent_table, read_constituents
from bot.market.index import Member
from tests.commands.market_desk import ask, ask_json


async def test_a_worked_example(desk: Desk, registry: Registry) -> None:
    found = await ask_json(desk, registry, "!weigh AAPL 3000 +1% MSFT 2500 -2% Small 500 0%")
    rows = found["data"]["rows"]
    assert [row["name"] for row in rows] == ["AAPL", "MSFT", "Small"]
    assert [row["weight_pct"] for row in rows] == pytest.approx([50, 100 * 25 / 60, 100 * 5 / 60])
    assert [row["contribution_pct"] for row in rows] == pytest.approx([0.5, -50 / 60, 0])
    assert found["data"]["index_change_pct"] == pytest.approx(0.5 - 50 / 60)
    assert "−0.333 %" in found["text"]
    assert found["options"]["constituents"][0] == {"name": "AAPL", "market_value": 3000.0, "change_pct": 1.0}
    assert found["freshness"] is None


async def test_without_changes_or_with_some(desk: Desk, registry: Registry) -> None:
    none = await ask_json(desk, registry, "!weigh Small 100bn Big 900bn")
    assert none["data"]["index_change_pct"] is None
    assert none["data"]["rows"][0]["change_pct"] is None
    assert "Big weighs most: 90.00 %" in none["text"]
    some = await ask_json(desk, registry, "!weigh A 1 +1% B 1")
    assert some["data"]["index_change_pct"] is None
    assert "only 1 of 2 names have a change" in some["warnings"][0]
    still = await ask(desk, registry, "!weigh A 1 0% B 1 0%")
    assert still.headline == "The index does not move."


async def test_many_names_are_cut_for_people_only(desk: Desk, registry: Registry) -> None:
    words = " ".join(f"N{i} {i + 1}" for i in range(30))
    reply = await ask(desk, registry, f"!weigh {words}")
    assert reply.data is not None
    assert len(reply.data["rows"]) == 30
    assert any("10 smaller names" in row.value for row in reply.rows)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("AAPL 3000", [("AAPL", 3000, None)]),
        ("Apple Inc. 3,000 +1% Berkshire B 1.5e3 -0.5", [("Apple Inc.", 3000, 1), ("Berkshire B", 1500, -0.5)]),
        ("A: $3.2T B 900 bn C 5m", [("A", 3.2e12, None), ("B", 900e9, None), ("C", 5e6, None)]),
        ("3M 100 −2 % x", None),
        ("3M 100 −2%", [("3M", 100, -2)]),
        ("AAPL 3000 1%; MSFT 2500 2%", [("AAPL", 3000, 1), ("MSFT", 2500, 2)]),
        ("V 500 T 300", [("V", 500, None), ("T", 300, None)]),
    ],
)
def test_inline(desk: Desk, typed: str, expected: list[tuple[str, float, float | None]] | None) -> None:
    call = read_typed(weigh_, typed, parse_context(desk))
    if expected is None:
        assert call.error is not None
    else:
        assert call.error is None
        assert [(m.name, m.market_value, m.change_pct) for m in call.values["constituents"]] == expected


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "needs names with market values"),
        ("AAPL", "“AAPL” has no market value"),
        ("AAPL 0", "must be more than zero"),
        ("AAPL -5 MSFT 3", "must be more than zero"),
        ("AAPL 3000 2500", "could not read “2500”"),
        ("AAPL 3000 +1% +2%", "could not read “+2%”"),
        ("AAPL 10 -200%", "nothing falls by more than 100 %"),
        ("AAPL 10 aapl 20", "stands there twice"),
        ("=SUM(A1) 10", "formula"),
        ("A 1e300", "must be more than zero"),
    ],
)
def test_what_cannot_be_weighed(desk: Desk, typed: str, says: str) -> None:
    call = read_typed(weigh_, typed, parse_context(desk))
    assert call.error is not None
    assert says in call.error.message


@pytest.mark.parametrize(
    "text",
    [
        "name,market_value,change_pct\nA,60,1\nB,40,-1\n",
        "\ufeffMarket Cap;Ticker;Change %\n60;A;+1%\n40;B;−1\n",
        "A\t60\t1\n\nB\t40\t-1",
        'company,value,change\n"A",60,1%\nB,40,-1 %\n',
    ],
)
def test_csv(text: str) -> None:
    assert read_constituent_table(text) == (Member("A", 60.0, 1.0), Member("B", 40.0, -1.0))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing to weigh"),
        ("name,market_value\n", "nothing to weigh"),
        ("name,size\nA,3\n", "needs the columns name and market_value"),
        ('name,market_value\n"=HYPERLINK(""http://x"")",3\n', "Line 2 has a formula"),
        ("name,market_value\nA,=1+1\n", "Line 2 has a formula"),
        ("name,market_value\n@SUM(A1),3\n", "formula"),
        ("name,market_value\n+cmd,3\n", "formula"),
        ("name,market_value\nA,0\n", "Line 2: the market value of “A” must be more than zero"),
        ("name,market_value\nA,-3\n", "must be more than zero"),
        ("name,market_value\nA,many\n", "“many”, which is not a number"),
        ("name,market_value\n,3\n", "Line 2: a name is missing"),
        ("name,market_value,change\nA,3,up\n", "not a number of percent"),
        ("name,market_value\nA,nan\n", "not a number"),
        ('name,market_value\n"A,3\n', "a quote does not close"),
        ("".join(f"N{i},1\n" for i in range(5_001)), "5,000 are the most"),
        ("x" * 50 * 2**20, "more than 1 MB"),
        ("é" * 600_000, "more than 1 MB"),
    ],
)
def test_csv_that_is_refused(text: str, says: str) -> None:
    with pytest.raises(UserError) as raised:
        read_constituent_table(text)
    assert says in raised.value.message
    assert len(raised.value.message) < 200


def test_five_thousand_rows_are_fine() -> None:
    assert len(read_constituent_table("name,market_value\n" + "".join(f"N{i},1\n" for i in range(5_000)))) == 5_000


def test_long_names_are_cut() -> None:
    assert read_constituents(f"{'Very ' * 30}5")[0].name.endswith("…")


VALUES = st.lists(st.tuples(st.integers(1, 10**9), st.integers(-99, 500)), min_size=1, max_size=12)


@given(VALUES)
async def test_the_index_moves_as_its_value_does(values: list[tuple[int, int]]) -> None:
    members = tuple(Member(f"N{i}", float(value), float(change)) for i, (value, change) in enumerate(values))
    reply = await weigh_.run(None, None, constituents=members)
    before = sum(Fraction(value) for value, _ in values)
    after = sum(Fraction(value) * (100 + change) / 100 for value, change in values)
    data: dict[str, Any] = reply.data
    assert data["index_change_pct"] == pytest.approx(float((after / before - 1) * 100), abs=1e-9)
    assert sum(row["weight_pct"] for row in data["rows"]) == pytest.approx(100)
