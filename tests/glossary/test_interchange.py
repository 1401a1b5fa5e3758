"""Entries as rows of a table, and what a list of them would change."""

from __future__ import annotations

import copy
import csv
import io
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.glossary.book import read_book
from bot.glossary.interchange import COLUMNS, change, entries_of, from_row, to_row
from tests.conftest import GLOSSARY
from tests.glossary.small_book import raw_book, raw_entry

LINE = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
NUMBER = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)


def through_csv(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry as a spreadsheet keeps it."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerow(to_row(entry))
    return from_row(next(csv.DictReader(io.StringIO(file.getvalue(), newline=""))))


def test_every_entry_of_the_glossary_comes_back_as_it_was() -> None:
    for entry in orjson.loads(GLOSSARY.read_bytes())["terms"]:
        assert through_csv(entry) == entry


@given(
    st.fixed_dictionaries(dict.fromkeys(("id", "term", "short", "definition", "example", "pitfall"), LINE)),
    st.fixed_dictionaries({name: st.lists(LINE) for name in ("aliases", "hints", "commands")}),
    st.dictionaries(LINE, NUMBER, max_size=3),
    NUMBER,
)
def test_any_texts_and_numbers_come_back(
    texts: dict[str, str], lists: dict[str, list[str]], values: dict[str, float], result: float
) -> None:
    entry = raw_entry("Alpha Thing") | texts | lists
    entry["formula"] = {"text": texts["id"], "where": {"a": texts["term"]}}
    entry["formula"]["worked"] = {"expression": texts["short"], "values": values, "result": result}
    assert through_csv(entry) == entry


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@x", "'x", "''=x"])
def test_no_cell_is_a_formula_of_a_spreadsheet(begins: str) -> None:
    row = to_row(raw_entry("Alpha Thing", example=begins))
    assert row["example"] == f"'{begins}"
    assert from_row(row)["example"] == begins


def test_columns_that_a_table_lacks_stay_as_they_were() -> None:
    before = raw_entry("Alpha Thing")
    assert from_row({"id": "alpha-thing", "short": "Other."}, before) == before | {"short": "Other."}
    assert from_row({"id": "alpha-thing", "formula": "", "where": "", "worked": ""}, before)["formula"] is None
    assert from_row({"id": "alpha-thing", "as_of": "", "aliases": " one\n\ntwo "}, before) == before | {
        "as_of": None,
        "aliases": ["one", "two"],
    }


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"formula": "a / b"}, "formula, where and worked go together: the table lacks where and worked"),
        ({"formula": "a", "where": "a: first", "worked": ""}, "where: 'a: first' is not of the form “name = value”"),
        ({"formula": "a", "where": "a = x", "worked": "a"}, "worked has the expression in its first line"),
        ({"formula": "a", "where": "a = x", "worked": "a\na = 1\n2"}, "worked has the expression in its first line"),
        ({"formula": "a", "where": "a = x", "worked": "a\na = one\n= 2"}, "could not convert string to float: 'one'"),
        ({"sources": "A page, https://example.org/a"}, "sources: 'A page, https://example.org/a' is not of the form"),
        ({None: ["more"]}, "more or fewer cells"),
        ({"short": None}, "more or fewer cells"),
    ],
)
def test_a_row_that_cannot_be_read_is_said_to_be(cells: dict[str, str], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        from_row({"id": "alpha-thing", **cells}, raw_entry("Alpha Thing"))


def test_what_a_list_would_change() -> None:
    content = raw_book()
    before = copy.deepcopy(content)
    new = raw_entry("Delta Thing", "alpha-thing", "beta-thing")
    beta = raw_entry("Beta Thing", "alpha-thing", "delta-thing", level="advanced")
    found = change(content, [new, beta, content["terms"][2]])
    assert content == before
    assert found.new == ("delta-thing",)
    assert found.changed == {"beta-thing": ("level", "related")}
    assert found.same == ("gamma-thing",)
    assert found.faults == ()
    assert [term["id"] for term in found.content["terms"]] == [
        "alpha-thing",
        "beta-thing",
        "gamma-thing",
        "delta-thing",
    ]
    assert read_book(found.content)["beta-thing"].level == "advanced"


def test_a_new_entry_stands_with_its_category() -> None:
    content = raw_book(category="fx")
    content["categories"]["fx"] = "Currencies"
    new = raw_entry("Delta Thing", "alpha-thing", "beta-thing", category="fx")
    alpha = content["terms"][0] | {"related": ["beta-thing", "delta-thing"]}
    assert [term["id"] for term in change(content, [new, alpha]).content["terms"]][:2] == ["alpha-thing", "delta-thing"]


def test_what_cannot_be_is_refused_with_its_reason() -> None:
    new = raw_entry("Delta Thing", "alpha-thing", "nothing")
    faults = change(raw_book(), [new, new]).faults
    assert "delta-thing: stands twice among the entries" in faults
    assert any("related names 'nothing', which does not exist" in fault for fault in faults)


def test_entries_of_one_category() -> None:
    content = raw_book(category="fx")
    content["categories"]["fx"] = "Currencies"
    book = read_book(content)
    assert [one["id"] for one in entries_of(content, "fx", book)] == ["alpha-thing"]
    assert len(entries_of(content, None, book)) == 3
    with pytest.raises(ValueError, match="there is no category 'forex'; there are macro, fx"):
        entries_of(content, "forex", book)
