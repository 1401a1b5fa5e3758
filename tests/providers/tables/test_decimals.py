"""Decimal marks: decided by the file's own cells, by its other columns, or refused."""

from __future__ import annotations

import math

import pytest

from bot.providers.tables.decimals import UnreadableCell, Writing, looks_like_number, read_numbers
from bot.providers.tables.files import UnreadableTable

TABS = Writing("\t", quotation_marks=False)
SEMICOLONS = Writing(";", quotation_marks=False)


def with_others(*cells: str) -> Writing:
    return Writing(";", quotation_marks=False, other_cells=lambda: cells)


@pytest.mark.parametrize(
    ("cells", "writing", "numbers"),
    [
        (("1.010", "1.011"), TABS, [1.01, 1.011]),
        (("1.010", "1.5"), SEMICOLONS, [1.01, 1.5]),
        (("1.010", "985,5"), SEMICOLONS, [1010.0, 985.5]),
        (("1.010", "1.011"), with_others("0,25%", "note"), [1010.0, 1011.0]),
        (("1,010", "1,011"), with_others("0.25%"), [1010.0, 1011.0]),
        (("985", "1010"), SEMICOLONS, [985.0, 1010.0]),
        (("1'005", "980"), SEMICOLONS, [1005.0, 980.0]),
        (("1.2.3K", "5"), SEMICOLONS, None),
        (("1.2.3", "5"), SEMICOLONS, None),
        (("$1.5e2", "$2T"), TABS, [150.0, 2e12]),
        (("4.25%", "4.5 %"), TABS, [4.25, 4.5]),
        (("\u2212.5", "-"), TABS, [-0.5, math.nan]),
        (("1,234,567.5", "n/a"), TABS, [1234567.5, math.nan]),
        (("$1€", "5"), TABS, None),
    ],
)
def test_columns(cells: tuple[str, ...], writing: Writing, numbers: list[float] | None) -> None:
    if numbers is None:
        with pytest.raises(UnreadableCell, match="is no number"):
            read_numbers({"close": cells}, writing)
    else:
        assert read_numbers({"close": cells}, writing)["close"].tolist() == pytest.approx(numbers, nan_ok=True)


@pytest.mark.parametrize("writing", [SEMICOLONS, with_others("0,25%", "0.25%"), with_others("x", "1.000")])
def test_what_nothing_decides_is_refused_with_both_readings(writing: Writing) -> None:
    with pytest.raises(UnreadableTable, match=r"“1\.010” can be 1,010 or 1\.01"):
        read_numbers({"close": ["1.010", "1.011"]}, writing)


def test_the_cells_of_all_columns_decide_together() -> None:
    found = read_numbers({"close": ["1.010", "1.011"], "volume": ["1,5M", "2M"]}, SEMICOLONS)
    assert (found["close"].tolist(), found["volume"].tolist()) == ([1010.0, 1011.0], [1.5e6, 2e6])


def test_what_looks_like_a_number() -> None:
    assert all(map(looks_like_number, ["1", " 1,5 ", "$1,000.5", "1.2K", "-3%", "1 000,5"]))
    assert not any(map(looks_like_number, ["", "-", "1_000", "1.26 *", "a", "٣", "1..2", "$1$", "12:00"]))
