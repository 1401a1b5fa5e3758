"""`python -m bot backtest`: the days on which an alert would have fired, as one JSON object."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from bot.alerts.rule import read_rule, split_rule
from bot.analysis.series import STATE_BARS, Series, fetch_series, positive_from
from bot.desk import Desk
from bot.errors import UserError
from bot.logs import for_json, for_terminal
from bot.render.envelope import clean, dump
from bot.render.numbers import count, day

if TYPE_CHECKING:
    from bot.market.bars import Bars


async def backtest(desk: Desk, arguments: argparse.Namespace) -> int:
    """Print where the condition came, and on standard error what the prices are and what is wrong with them.

    Exit status: 0 done, 2 where the call is wrong or there are no prices for it.
    """
    try:
        found = await _fires(desk, arguments)
    except UserError as error:
        sys.stderr.write(f"{for_terminal(error.message)}\n")
        return 2
    sys.stdout.write(f"{for_json(dump(clean(found)))}\n")
    return 0


async def _fires(desk: Desk, arguments: argparse.Namespace) -> dict[str, Any]:
    """Crossings alone: neither the band in which an alert rests after it fired, nor its cooldown."""
    try:
        named, condition = split_rule(arguments.alert)
        rule = read_rule(condition)
    except ValueError as error:
        raise UserError(f"{str(error)[0].upper()}{str(error)[1:]}.") from None
    since, until = arguments.since, arguments.until
    if since > until:
        raise UserError(f"--from {since} lies after --to {until}.")
    got = await fetch_series(desk, desk.symbols.resolve(named), until)

    import numpy as np

    from bot.alerts.judge import crossings

    _say(got)
    first = int(np.searchsorted(got.bars.dates, np.datetime64(since, "D")))
    bars, first = (got.bars, first) if rule.level is not None else _positive(got.bars, first)
    fires = bars.dates[crossings(rule, bars.close, first)]
    return {
        "symbol": got.shown.canonical,
        "condition": str(rule),
        "from": since,
        "to": until,
        "fires": fires.tolist(),
        "bars": len(bars) - first,
    }


def _say(got: Series) -> None:
    bars = got.bars
    lines = [
        f"{got.shown.canonical}: {count(len(bars), 'close')} from {day(bars.day(0))} to {day(bars.last_day)}, "
        f"{bars.provider}",
        *(f"Note: {warning}" for warning in got.warnings),
    ]
    sys.stderr.write("".join(f"{for_terminal(line)}\n" for line in lines))


def _positive(bars: Bars, first: int) -> tuple[Bars, int]:
    """The bars after the last price of zero or less, and where `first` is in them.

    Raises UserError (not_positive) where that price is among those that the state at `first` rests on.
    """
    import numpy as np

    positive_from(bars, max(0, first - STATE_BARS))
    bad = np.flatnonzero(bars.close <= 0)
    start = int(bad[-1]) + 1 if bad.size else 0
    return bars.cut(start, len(bars)), first - start
