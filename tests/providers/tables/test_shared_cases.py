"""The folders of small inputs that went wrong elsewhere, asked as they were asked, where they are there."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.commands.registry import open_registry
from bot.config import Config
from bot.desk import open_desk
from tests.commands.market_desk import ask_json

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
RISE = {"roc_pct": pytest.approx(2.5374, abs=1e-4), "base_price": 985.25, "price": 1010.25}
# What is right, by folder: fields of the answer, or a pattern in the refusal. From each folder's README.txt.
RIGHT: dict[str, dict[str, dict[str, Any] | str]] = {
    "dates": {f"!roc {name} 10": RISE for name in "AAPL MSFT NVDA AMZN META TSLA JPM CAT IBM".split()},
    "ddmm": {"!quote IWM": {"price": 111.09, "as_of": "2026-09-11"}},
    "names": {f"!roc {name} 10": RISE for name in "BRK.B IBM EURUSD BTC VOD.L 7203.T ES=F".split()},
    "eudec": {"!roc IWM 10": RISE, "!quote IWM": {"price": 1010.25}},
    "heads": {f"!roc {name} 10": RISE for name in "AAPL MSFT NVDA AMZN META TSLA".split()},
    "lines": {f"!roc {name} 10": RISE for name in "AAPL MSFT NVDA".split()},
    "mt5": {"!roc IWM 10": RISE, "!roc SPY 10": RISE},
    "unqk": {"!roc IWM 10": r"IWM\.csv: row 26 has more cells than the heading"},
    "unread": {
        "!roc ETH 10": {"roc_pct": pytest.approx(-2.1632, abs=1e-4), "base_price": 1017.0},
        "!roc GBP/USD 10": r"GBP-USD\.csv: row 3, column “Close”: “1\.26 \*” is no number",
        "!rally GBP/USD": r"“1\.26 \*” is no number",
    },
    "utcday": {"!quote ^GDAXI": {"price": 1010.25, "as_of": "2026-11-27"}},
    "weekly": {name: {"warning": "are weeks"} for name in ("!roc WTI 10", "!roc VOD.L 10", "!quote IWM")},
    "yf3": {"!roc IWM 10": RISE},
    "zero": {"!quote IWM asof:2026-11-20": {"price": 117.02, "as_of": "2026-11-19"}},
    "tiingo": {"!quote IWM": {"price": 114.51, "adjustment": "raw"}},
    "holi": {"!roc IWM 10": RISE | {"warning": "1 row of IWM on days without a session"}},
    "caldays": {
        "!roc IWM 10": {"roc_pct": pytest.approx(1.8319, abs=1e-4), "warning": "56 rows"},
        "!rally IWM": {"low_date": "2026-11-06"},
    },
    "gapunk": {"!roc DHR 10": "lack 1 session.*18 Nov 2026", "!roc IWM 10": "lack 1 session.*18 Nov 2026"},
    "ecbfile": {"!rate EUR USD": {"rate": 1.121, "date": "2026-11-27"}},
}


@pytest.mark.shared
@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")
@pytest.mark.parametrize("case", RIGHT)
async def test_cases(tmp_path: Path, case: str) -> None:
    config = Config(prices=f"csv:{CASES / case}", macro=CASES / case, offline=True, data_dir=tmp_path)
    async with open_desk(config, lambda: NOW) as desk:
        registry = open_registry(desk)
        for question, right in RIGHT[case].items():
            found = await ask_json(desk, registry, question)
            if isinstance(right, str):
                assert found["error"] is not None, question
                assert re.search(right, found["error"]["message"]), question
                continue
            assert found["ok"], (question, found["error"])
            row = {**found["data"], **(found["data"].get("rows") or [{}])[0], **found["freshness"]}
            row["warning"] = next((one for one in found["warnings"] if right.get("warning", "") in one), None)
            wanted = {name: value for name, value in right.items() if name != "warning"}
            assert {name: row[name] for name in wanted} == wanted, question
            assert row["warning"] is not None or "warning" not in right, question
