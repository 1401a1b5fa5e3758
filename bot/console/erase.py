"""`python -m bot erase ID`: an operator removes all that is kept of one person or server."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.config import Config
from bot.errors import StartupError, UserError
from bot.render.numbers import count
from bot.store.peek import SCHEME
from bot.store.store import open_store

RESTART = "A bot that is running goes on with them until it is restarted."


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
    told += [RESTART] if removed["guild_settings"] else []
    sys.stdout.write(" ".join(told) + "\n")
    return 0


def _require_database(url: str) -> None:
    file = Path(url.removeprefix(SCHEME))
    if url.startswith(SCHEME) and not file.is_file():
        raise StartupError([f"there is no database at {file}; RANGEFINDER_DATA must name the bot's data folder"])
