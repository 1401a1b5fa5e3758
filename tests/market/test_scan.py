from __future__ import annotations

import numpy as np
import pytest

from bot.market.scan import ScanRow, scan_one


def test_rows_with_their_errors() -> None:
    down_up = 100 * np.exp(np.cumsum(np.concatenate([np.full(200, -0.006), np.full(120, 0.006)])))
    wave = 100 * np.exp(0.03 * np.sin(np.arange(400) * np.pi / 10))
    broken = wave.copy()
    broken[200] = -37.0
    rows = [scan_one(close, 63) for close in (down_up, broken, wave, wave[:30], wave[:0])]
    assert rows[0] == ScanRow(pytest.approx(100 * (np.exp(0.006 * 63) - 1)), "rally", "trending_up", None)
    assert rows[1] == ScanRow(None, None, None, "not_positive")
    assert rows[2].range == "range_bound"
    assert rows[2].error is None
    assert (rows[3].roc_pct, rows[3].rally, rows[3].error) == (None, "insufficient", "too_little_history")
    assert rows[4] == ScanRow(None, "insufficient", "insufficient", "too_little_history")


def test_impossible_periods() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        scan_one(np.arange(1.0, 99.0), 0)
