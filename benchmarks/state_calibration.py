"""Share of days in each state on simulated paths, beside the values of docs/methods.md.

sigma is 1 % a day. Range states are read at the last bar of independent paths, so the standard error of a share
p is sqrt(p (1 - p) / draws): 0.005 at most for 10,000 draws. Rally states are read on every day after the first
250 of each path. `python benchmarks/state_calibration.py --help`.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.market.rally import STATES, rally_labels
from bot.market.ranges import range_state

SIGMA = 0.01
RALLY_BARS, RUN_IN, RANGE_BARS = 1500, 250, 400
RALLY_STATES = ("rally", "fading", "attempt", "declining", "ended", "none")
RANGE_STATES = (
    "range_bound",
    "trending_up",
    "trending_down",
    "breaking_out",
    "unclear",
    "rc>=.7",
    "rc>=.8",
    "rc>=.9",
)


@dataclass(frozen=True)
class Kind:
    """A kind of path: drift in sigmas a day, half-life in bars of a level it reverts to, law of the shocks."""

    name: str
    drift: float = 0.0
    half_life: float | None = None
    law: str = "normal"

    def draw(self, rng: np.random.Generator, bars: int) -> np.ndarray:
        steps = SIGMA * (self.shocks(rng, bars) + self.drift)
        if self.half_life is None:
            return 100 * np.exp(np.cumsum(steps))
        keep = 0.5 ** (1 / self.half_life)
        level = steps[0] / math.sqrt(1 - keep * keep)
        x = [level := keep * level + step for step in steps.tolist()]
        return 100 * np.exp(np.array(x))

    def shocks(self, rng: np.random.Generator, bars: int) -> np.ndarray:
        if self.law == "t4":
            return rng.standard_t(4, bars) / math.sqrt(2.0)
        if self.law == "garch":
            return self.garch(rng, bars)
        return rng.standard_normal(bars)

    @staticmethod
    def garch(rng: np.random.Generator, bars: int, a: float = 0.08, b: float = 0.90) -> np.ndarray:
        """GARCH(1,1) of unit variance with t6 shocks, 250 bars of run-in."""
        shocks = rng.standard_t(6, bars + 250) / math.sqrt(1.5)
        variance, out = 1.0, []
        for shock in shocks.tolist():
            out.append(math.sqrt(variance) * shock)
            variance = (1 - a - b) + a * out[-1] ** 2 + b * variance
        return np.array(out[250:])


# The specification gives .14 fading, .07 ended for both upward drifts and similar pairs elsewhere.
RALLY_SPEC: list[tuple[Kind, tuple[float, ...]]] = [
    (Kind("random walk"), (0.33, 0.13, 0.16, 0.31, 0.09, 0.0)),
    (Kind("random walk, t4", law="t4"), (0.32, 0.12, 0.15, 0.33, 0.08, 0.0)),
    (Kind("drift +.05", drift=0.05), (0.45, 0.14, 0.12, 0.20, 0.07, 0.01)),
    (Kind("drift +.10", drift=0.10), (0.57, 0.14, 0.09, 0.12, 0.07, 0.01)),
    (Kind("drift -.05", drift=-0.05), (0.22, 0.10, 0.16, 0.44, 0.07, 0.0)),
    (Kind("drift -.10", drift=-0.10), (0.14, 0.07, 0.16, 0.57, 0.07, 0.0)),
    (Kind("OU half-life 5", half_life=5), (0.08, 0.11, 0.46, 0.28, 0.07, 0.0)),
    (Kind("OU half-life 10", half_life=10), (0.19, 0.15, 0.29, 0.28, 0.10, 0.0)),
]
RANGE_SPEC: list[tuple[Kind, tuple[float, ...]]] = [
    (Kind("random walk"), (0.235, 0.19, 0.20, 0.06, 0.31, 0.30, 0.20, 0.09)),
    (Kind("random walk, t4", law="t4"), (0.22, 0.21, 0.21, 0.06, 0.29, 0.27, 0.19, 0.09)),
    (Kind("GARCH(1,1), t6", law="garch"), (0.24, 0.21, 0.21, 0.06, 0.29, 0.29, 0.20, 0.09)),
    (Kind("OU half-life 5", half_life=5), (0.97, 0.0, 0.0, 0.02, 0.01, 0.98, 0.98, 0.97)),
    (Kind("OU half-life 10", half_life=10), (0.83, 0.01, 0.01, 0.05, 0.11, 0.89, 0.83, 0.64)),
    (Kind("OU half-life 20", half_life=20), (0.52, 0.06, 0.06, 0.06, 0.30, 0.62, 0.48, 0.28)),
    (Kind("OU half-life 40", half_life=40), (0.35, 0.12, 0.11, 0.07, 0.35, 0.45, 0.31, 0.16)),
    (Kind("drift .10", drift=0.10), (0.16, 0.49, 0.06, 0.06, 0.23, 0.21, 0.14, 0.06)),
    (Kind("drift .15", drift=0.15), (0.11, 0.68, 0.03, 0.04, 0.15, 0.14, 0.09, 0.04)),
    (Kind("drift .20", drift=0.20), (0.06, 0.81, 0.01, 0.03, 0.08, 0.10, 0.07, 0.03)),
    (Kind("drift .30", drift=0.30), (0.01, 0.96, 0.0, 0.01, 0.02, 0.04, 0.03, 0.01)),
]


def count_rallies(kind: Kind, draws: int, seed: int) -> Counter[str]:
    rng = np.random.default_rng(seed)
    counts = np.zeros(len(STATES), dtype=int)
    for _ in range(draws):
        counts += np.bincount(rally_labels(kind.draw(rng, RALLY_BARS))[RUN_IN:], minlength=len(STATES))
    return Counter(dict(zip(STATES, counts.tolist(), strict=True)))


def count_ranges(kind: Kind, draws: int, seed: int) -> Counter[str]:
    rng, seen = np.random.default_rng(seed), Counter[str]()
    for _ in range(draws):
        found = range_state(kind.draw(rng, RANGE_BARS))
        seen["breaking_out" if found.state.startswith("breaking") else found.state] += 1
        for level in (0.7, 0.8, 0.9):
            seen[f"rc>=.{level:.1f}".replace(".0.", ".")] += (found.range_confidence or 0.0) >= level
    return seen


def table(title: str, names: tuple[str, ...], rows: list[tuple[Kind, tuple[float, ...], Counter[str]]]) -> float:
    print(f"\n{title}, spec / measured\n{'path':18}" + "".join(f"{name:>15}" for name in names))
    worst = 0.0
    for kind, spec, seen in rows:
        draws = sum(seen[name] for name in names if not name.startswith("rc"))
        cells = [(wanted, seen[name] / draws) for wanted, name in zip(spec, names, strict=True)]
        worst = max(worst, *(abs(wanted - found) for wanted, found in cells))
        print(f"{kind.name:18}" + "".join(f"{f'{wanted:.2f} / {found:.3f}':>15}" for wanted, found in cells))
    print(f"largest difference {worst:.3f}")
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--draws", type=int, default=2000, help="paths per row of either table")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        works = [
            [
                (kind, spec, pool.submit(count, kind, options.draws, options.seed + row))
                for row, (kind, spec) in enumerate(specs)
            ]
            for count, specs in ((count_rallies, RALLY_SPEC), (count_ranges, RANGE_SPEC))
        ]
        done = [[(kind, spec, work.result()) for kind, spec, work in rows] for rows in works]
    table(f"Rally (2.4), {options.draws} paths of {RALLY_BARS} bars", RALLY_STATES, done[0])
    table(f"Range (3.4), {options.draws} paths of {RANGE_BARS} bars", RANGE_STATES, done[1])


if __name__ == "__main__":
    main()
