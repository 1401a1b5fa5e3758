"""What an alert waits for, read from words: `rally_ends`, `roc_above:5`, `price below 200`, `moves 5 % over 10`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, cast

from bot.market.momentum import DEFAULT_PERIODS

Kind = Literal[
    "rally_starts", "rally_ends", "range_breaks", "roc_above", "roc_below", "price_above", "price_below", "moves"
]
CONDITIONS = (
    "rally_starts, rally_ends, range_breaks, price_above:200, price_below:200, roc_above:5, roc_below:-5 over 20, "
    "moves:5"
)
_STATE = r"(?P<state>rally[_ ]starts|rally[_ ]ends|range[_ ]breaks)"
_PRICE = r"(?P<price>price[_ ](?:above|below))(?:: ?| )(?P<price_level>\S+)"
_SPAN = r"(?: over (?P<sessions>\d{1,4})(?: (?:sessions?|days?))?)?"
_CHANGE = rf"(?P<change>roc[_ ](?:above|below)|moves)(?:: ?| )(?P<change_level>\S+?)(?: ?%)?{_SPAN}"
_WRITTEN = re.compile(f"(?:{_STATE}|{_PRICE}|{_CHANGE})")
# Where the condition begins in "SYMBOL CONDITION".
_BEGINS = re.compile(
    r"\s(?=(?:rally[_ ](?:starts|ends)|range[_ ]breaks|(?:price|roc)[_ ](?:above|below)|moves)\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class AlertRule:
    """A condition: its kind, its level (a price, or percent; None for states) and sessions (None but for changes)."""

    kind: Kind
    level: float | None = None
    sessions: int | None = None

    def __str__(self) -> str:
        """The rule as it is written, without the sessions that hold where none are."""
        level = "" if self.level is None else f":{self.level:.12g}"
        return f"{self.kind}{level}" + ("" if self.sessions in (None, DEFAULT_PERIODS) else f" over {self.sessions}")


def split_rule(text: str) -> tuple[str, str]:
    """What is written before a condition, and the condition. Raises ValueError where there are not both."""
    named, _, condition = (_BEGINS.sub("\n", text.strip(), count=1)).partition("\n")
    if not named.strip() or not condition:
        raise ValueError(f"write a symbol and then a condition: IWM rally_starts. Conditions: {CONDITIONS}")
    return named.strip(), condition


def read_rule(text: str) -> AlertRule:
    """The rule of a written condition; `over N` counts sessions, 10 where it is left out, as for `!roc`.

    Raises ValueError, in words for a person, for what is no condition, a level that is no finite number, a price or a
    move not above 0, a rate of change not above -100 %, and 0 sessions.
    """
    found = _WRITTEN.fullmatch(" ".join(text.lower().split()))
    if found is None:
        raise ValueError(f"that is no condition that I know. Conditions: {CONDITIONS}")
    if found["state"]:
        return AlertRule(cast("Kind", found["state"].replace(" ", "_")))
    kind = cast("Kind", (found["price"] or found["change"]).replace(" ", "_"))
    level = _number(found["price_level"] or found["change_level"])
    least = -100 if kind.startswith("roc") else 0
    if not level > least:
        raise ValueError(f"the level of {kind} must be above {least}{'' if found['price'] else ' %'}")
    if found["price"]:
        return AlertRule(kind, level)
    sessions = int(found["sessions"] or DEFAULT_PERIODS)
    if not sessions:
        raise ValueError(f"{kind} is measured over 1 session or more")
    return AlertRule(kind, level, sessions)


def _number(text: str) -> float:
    try:
        level = float(text)
    except ValueError:
        level = math.nan
    if not math.isfinite(level):
        raise ValueError("the level must be a number, with a point before its decimals: 200 or 37.5")
    return level
