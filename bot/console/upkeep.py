"""What an operator asks of a bot, and does for its people.

`python -m bot doctor` says what works, how old the data is, and what to set to improve it; `python -m bot erase ID`
removes all that is kept of one person or server.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.config import Config
from bot.desk import Desk
from bot.errors import StartupError, UserError
from bot.files import write_fault
from bot.health import health
from bot.logs import for_terminal
from bot.providers.breaker import ProviderState
from bot.providers.factory import could_add, coverage_lines
from bot.render.numbers import count, day
from bot.store.peek import SCHEME
from bot.store.store import open_store

PROBE = "SPY"
FOLLOWS = "A bot that is running follows within five seconds."


async def doctor(desk: Desk) -> int:
    """Ask for one series, print the state of everything, and answer 0 when prices can be had and changes be kept."""
    config = desk.config
    lines = [f"glossary: {len(desk.book.terms)} terms, no faults", f"data folder: {config.data_dir.absolute()}"]
    lines.append("token: set" if config.token else "token: not set (DISCORD_TOKEN; needed only for Discord)")
    fault = write_fault(config.data_dir)
    status = 0 if fault is None else 1
    lines.append("data folder: can be written" if fault is None else f"data folder: cannot be written: {fault}")
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
        lines += coverage_lines(config)
        lines += [f"to improve: {hint}" for hint in could_add(config)]
    sys.stdout.write(for_terminal("\n".join(lines)) + "\n")
    return status


def _words(state: ProviderState) -> str:
    if state.down:
        return f"down: {state.down}"
    return "ok" if state.last_success else "not asked"


async def erase(config: Config, number: int) -> int:
    """Erase, and say what was removed. Exit status 0, also where nothing was kept; 1 where the database refused.

    Raises StartupError where there is no database: an empty one would say that nothing is kept.
    """
    _require_database(config.database_url)
    async with open_store(config.database_url, config.data_dir) as store:
        try:
            removed = await store.erase(number)
        except UserError as error:
            sys.stderr.write(f"{error.message}\n")
            return 1
    found = [f"{count(rows, 'row')} of {table}" for table, rows in removed.items() if rows]
    told = [f"Erased: {', '.join(found)}." if found else "Nothing was kept of this id."]
    told += [FOLLOWS] if removed["guild_settings"] else []
    sys.stdout.write(" ".join(told) + "\n")
    return 0


def _require_database(url: str) -> None:
    file = Path(url.removeprefix(SCHEME))
    if url.startswith(SCHEME) and not file.is_file():
        raise StartupError([f"there is no database at {file}; RANGEFINDER_DATA must name the bot's data folder"])
