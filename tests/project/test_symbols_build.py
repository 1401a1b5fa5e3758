"""The script that builds the listings anew, on small inputs."""

from __future__ import annotations

import gzip
from pathlib import Path

from bot.market.listings import ListedRow
from tests.project import symbols

SEC = {
    "fields": ["cik", "name", "ticker", "exchange"],
    "data": [
        [1, "BERKSHIRE HATHAWAY INC", "BRK-B", "NYSE"],
        [2, "iShares Bitcoin Trust ETF", "IBIT", "Nasdaq"],
        [3, "Some Warrants", "SOME-WT", "NYSE"],
        [4, "Over The Counter", "OTCX", "OTC"],
    ],
}
DIRECTORY = ["Symbol|Security Name|ETF", "IWM|iShares Russell 2000|Y", "AAPL|Apple|N"]
WORLD = [
    {"symbol": "IWM", "name": "iShares Russell 2000 ETF", "exchange": "PCX"},
    {"symbol": "GONE", "name": "Gone ETF", "exchange": "PCX"},
    {"symbol": "BT.A.L", "name": "BT Group", "market_cap": "Large Cap", "country": "United Kingdom"},
    {"symbol": "700.HK", "name": "Tencent", "market_cap": "Mega Cap", "country": "Hong Kong"},
    {"symbol": "APC.DE", "name": "Apple Inc.", "market_cap": "Mega Cap", "country": "United States"},
    {"symbol": "TINY.L", "name": "Tiny plc", "market_cap": "Nano Cap", "country": "United Kingdom"},
    {"symbol": "OLD.L", "name": "Old plc", "market_cap": "Large Cap", "country": "United Kingdom", "delisted": "True"},
]


def test_rows_come_from_their_sources() -> None:
    found = symbols.built(symbols.world(WORLD, symbols.listed_funds(DIRECTORY)), symbols.us_shares(SEC, {"BRK-B": 6}))
    assert list(found.values()) == [
        "0700.HK\tTencent\tXHKG\tS\t6",
        "BRK-B\tBerkshire Hathaway Inc\tXNYS\tS\t6",
        "BT-A.L\tBT Group\tXLON\tS\t5",
        "IBIT\tiShares Bitcoin Trust ETF\tXNAS\tF\t1",
        "IWM\tiShares Russell 2000 ETF\tARCX\tF\t3",
    ]


def test_what_changes_is_shown_before_anything_is_written(tmp_path: Path) -> None:
    new = symbols.built([ListedRow("AA", "Alpha", "XNYS", "S", 3)], [ListedRow("AA", "Alpha plc", "XNYS", "S", 4)])
    assert list(symbols.differences({"AA": "AA\tAlpha", "B": "B\tBeta"}, new)) == [
        "- AA\tAlpha",
        "+ AA\tAlpha plc\tXNYS\tS\t4",
        "- B\tBeta",
    ]
    symbols.write(new, tmp_path / "listings.gz")
    assert gzip.decompress((tmp_path / "listings.gz").read_bytes()) == b"AA\tAlpha plc\tXNYS\tS\t4\n"


def test_the_rows_by_hand_are_in_the_file() -> None:
    kept = symbols.kept()
    assert all(kept[row.symbol] == symbols.line_of(row) for row in symbols.by_hand())
    assert not list(symbols.differences(kept, symbols.kept()))
