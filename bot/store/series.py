"""Bars as bytes for the database, and back: a compressed table of float64 with the day numbers in front."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from bot.market.bars import Bars, FloatArray

_COLUMNS = ("open", "high", "low", "close", "volume")
_WIDTH = 1 + len(_COLUMNS)


def pack(bars: Bars) -> bytes:
    """The bars as bytes."""
    table = np.full((_WIDTH, len(bars)), np.nan)
    table[0] = bars.dates.astype(np.int64)
    for place, name in enumerate(_COLUMNS, 1):
        column = getattr(bars, name)
        if column is not None:
            table[place] = column
    return zlib.compress(table.tobytes(), 3)


def unpack(row: Mapping[str, Any], kept_at: datetime) -> Bars | None:
    """The bars of a stored row; None where the bytes are damaged."""
    try:
        table = np.frombuffer(zlib.decompress(row["content"])).reshape(_WIDTH, -1)
        columns: dict[str, FloatArray | None] = {
            name: None if bool(np.isnan(values).all()) else values.copy()
            for name, values in zip(_COLUMNS, table[1:], strict=True)
        }
        close = columns.pop("close")
        if close is None or not bool(np.all(np.isfinite(table[0]))):
            return None
        return Bars(
            symbol=row["symbol"],
            dates=table[0].astype(np.int64).astype("datetime64[D]"),
            close=close,
            open=columns["open"],
            high=columns["high"],
            low=columns["low"],
            volume=columns["volume"],
            adjustment=row["adjustment"],
            provider=row["provider"],
            delay=row["delay"],
            fetched_at=kept_at,
        )
    except (zlib.error, ValueError, TypeError):
        return None
