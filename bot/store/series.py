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
        days = table[0].astype(np.int64).astype("datetime64[D]")
        columns: dict[str, FloatArray] = {
            name: table[place].copy() for place, name in enumerate(_COLUMNS, 1) if not bool(np.isnan(table[place]).all())
        }
        return Bars(
            symbol=row["symbol"],
            dates=days,
            adjustment=row["adjustment"],
            provider=row["provider"],
            delay=row["delay"],
            fetched_at=kept_at,
            **columns,
        )
    except (zlib.error, ValueError, TypeError):
        return None
