"""`python -m bot doctor`: what works, how old the data is, and what to set to improve it."""

from __future__ import annotations

import sys

from bot.desk import Desk
from bot.errors import UserError
from bot.health import health
from bot.providers.breaker import ProviderState
from bot.providers.factory import could_add
from bot.render.numbers import day

PROBE = "SPY"


async def doctor(desk: Desk) -> int:
    """Ask for one series, print the state of everything, and answer 0 when prices can be had."""
    config = desk.config
    lines = [f"glossary: {len(desk.book.terms)} terms, no faults", f"data folder: {config.data_dir}"]
    lines.append("token: set" if config.token else "token: not set (DISCORD_TOKEN; needed only for Discord)")
    status = 0
    try:
        found = await desk.feed.history(desk.symbols.resolve(PROBE))
        bars = found.bars
        lines.append(f"prices: {PROBE} from {bars.provider} up to {day(bars.last_day)}")
    except UserError as error:
        status = 1
        lines.append(f"prices: {error.message}")
    states = {**desk.feed.states, **desk.macro.states}
    lines += [f"provider {state.name}: {_words(state)}" for state in states.values()]
    lines.append(f"Discord process: {health(config.data_dir, desk.clock())[1]}")
    if not (config.demo or config.prices):
        lines += [f"to improve: {hint}" for hint in could_add(config)]
    sys.stdout.write("\n".join(lines) + "\n")
    return status


def _words(state: ProviderState) -> str:
    if state.down:
        return f"down: {state.down}"
    return "ok" if state.last_success else "not asked"
