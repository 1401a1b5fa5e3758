"""The names of rally and range states as people read them, and in which order lists show them."""

from __future__ import annotations

from collections.abc import Mapping

RALLY: Mapping[str | None, str] = {
    "rally": "rally",
    "fading": "fading rally",
    "attempt": "rally attempt",
    "none": "no decline to rally from",
    "ended": "rally ended",
    "declining": "declining",
    "insufficient": "too little history",
    None: "no state",
}
RANGE: Mapping[str | None, str] = {
    "range_bound": "in a range",
    "breaking_out_up": "breaking out up",
    "breaking_out_down": "breaking out down",
    "unclear": "unclear",
    "trending_up": "trending up",
    "trending_down": "trending down",
    "insufficient": "too little history",
    None: "no state",
}
RALLY_ORDER = tuple(RALLY)
RANGE_ORDER = tuple(RANGE)
