"""The real series beside the project, read with the standard library; tests that need them carry `shared`."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_shared = pytest.mark.skipif(not (SHARED / "data" / "symbols.csv").exists(), reason="no ../shared/data")


@dataclass(frozen=True, slots=True)
class Series:
    dates: tuple[str, ...]
    close: np.ndarray
    high: np.ndarray | None
    low: np.ndarray | None

    def bars_to(self, as_of: str) -> int:
        return sum(day <= as_of for day in self.dates)

    def bar(self, day: str) -> int:
        return self.dates.index(day)


@cache
def series(symbol: str) -> Series:
    with (SHARED / "data" / "symbols.csv").open(newline="") as file:
        entry = next(row for row in csv.DictReader(file) if row["symbol"] == symbol)
    path = SHARED / "data" / entry["file"]
    raw = path.read_bytes()
    lines = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode().splitlines()
    rows = [row for row in csv.DictReader(lines) if row[entry["close"]]]

    def column(kind: str) -> np.ndarray | None:
        return np.array([float(row[entry[kind]]) for row in rows]) if entry[kind] else None

    close = column("close")
    assert close is not None
    return Series(tuple(row[entry["date"]] for row in rows), close, column("high"), column("low"))
