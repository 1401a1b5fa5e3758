"""The r-star workbooks: every known layout parses, by headings; the real files give the published values."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from bot.errors import BadPayload
from bot.market.rates import Quarter
from bot.providers.macro.newyorkfed import RStarWorkbooks
from bot.providers.macro.richmondfed import LubikMatthes
from bot.providers.macro.workbooks import HLW, LUBIK_MATTHES, LW, read_workbook
from tests.market.shared_series import SHARED, needs_shared
from tests.providers.macro.files import GROUPS_2023, HLW_2019, HLW_2023, LM_BOOK, LW_BOOK, QUERY, hlw, of, ok, workbook


@pytest.mark.parametrize(
    ("body", "model", "quarter", "value", "count"),
    [
        (HLW_2023, HLW, Quarter(2023, 2), 0.569, 2),
        (HLW_2019, HLW, Quarter(2019, 2), 0.508, 2),
        (LW_BOOK, LW, Quarter(2023, 2), 0.6, 2),
        (LM_BOOK, LUBIK_MATTHES, Quarter(2023, 2), 2.3, 2),
    ],
)
def test_each_layout_is_read(body: bytes, model: str, quarter: Quarter, value: float, count: int) -> None:
    found = read_workbook(body)
    assert (found.model, found.vintage, len(found.values)) == (model, quarter, count)
    assert found.values[quarter] == value


def test_the_first_rstar_column_is_taken_without_sides() -> None:
    rows: list[list[Any]] = [["Date", "rstar", "rstar"], ["2023:Q1", 0.9, 9.0], ["2023.Q2", 0.8, 9.0]]
    assert read_workbook(workbook(rows)).values == {Quarter(2023, 1): 0.9, Quarter(2023, 2): 0.8}


@pytest.mark.parametrize(
    "body",
    [
        b"PK\x03\x04 not a workbook",
        workbook([["Date", "US"], ["2023Q1", 1.0]]),
        workbook([["Nothing", "here"]]),
        workbook([["Date", "Median"], ["2023Q1", "NA"]]),
        workbook([["Date", "Median"], ["2023Q1", 1.0], ["2023Q1", 2.0]]),
        workbook([["Date", "Median"], ["2023Q1", 100.0]]),
        workbook([["Date", "Median"], [None, 1.0], ["n/a", 1.0], [7, 1.0]]),
        hlw(GROUPS_2023, ("Canada", "Euro Area"), {"2023-01-01": 1.0}),
    ],
)
def test_other_workbooks_are_bad_payloads(body: bytes) -> None:
    with pytest.raises(BadPayload):
        read_workbook(body)


def test_the_sources_ask_for_their_files_and_refuse_others() -> None:
    hlw_source, lm_source = RStarWorkbooks("https://ny.example"), LubikMatthes("https://rf.example")
    (hlw_request,) = hlw_source.figure_requests(of(HLW))
    (lw_request,) = hlw_source.figure_requests(of(LW))
    assert hlw_request.url.endswith("/Holston_Laubach_Williams_current_estimates.xlsx")
    assert lw_request.url.endswith("/Laubach_Williams_current_estimates.xlsx")
    assert lm_source.figure_requests(QUERY)[0].url.endswith("/lubik_matthes_natural_rate_interest.xlsx")
    assert hlw_source.parse_figure(of(HLW), ok(HLW_2023)).values[Quarter(2023, 2)] == 0.569
    assert lm_source.parse_figure(QUERY, ok(LM_BOOK)).model == LUBIK_MATTHES
    with pytest.raises(BadPayload, match="another model"):
        hlw_source.parse_figure(of(HLW), ok(LW_BOOK))
    with pytest.raises(BadPayload, match=r"newyorkfed: a damaged zip"):
        hlw_source.parse_figure(of(HLW), ok(b"PK broken"))
    with pytest.raises(BadPayload, match="web page"):
        hlw_source.parse_figure(of(HLW), ok("<!doctype html><html>Not found</html>"))
    with pytest.raises(BadPayload, match="nothing"):
        hlw_source.parse_figure(of(HLW), ok(""))


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(
    ("vintage", "quarter", "value", "count"),
    [("2023Q2", Quarter(2023, 2), 0.569, 250), ("2019Q2", Quarter(2019, 2), 0.508, 234)],
)
def test_the_real_workbooks(vintage: str, quarter: Quarter, value: float, count: int) -> None:
    body = (SHARED / "data" / f"nyfed-hlw-current-estimates-vintage-{vintage}.xlsx").read_bytes()
    found = read_workbook(body)
    assert (found.model, str(found.vintage), len(found.values)) == (HLW, vintage, count)
    assert found.values[quarter] == pytest.approx(value, abs=5e-4)


def test_a_workbook_of_vintages_is_refused() -> None:
    """Each sheet looks like a current edition; the first would be of years ago."""
    book = openpyxl.load_workbook(io.BytesIO(HLW_2023))
    book.copy_worksheet(book["HLW Estimates"]).title = "2015Q4"
    packed = io.BytesIO()
    book.save(packed)
    with pytest.raises(BadPayload, match="vintages"):
        read_workbook(packed.getvalue())
