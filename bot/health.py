"""The heartbeat: a small file that the running process rewrites, and that the container's health check reads."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import orjson

from bot.files import put_in_place, read_whole

EVERY_SECONDS = 15.0
MAX_FILE = 4_096
DEAD_AFTER = timedelta(seconds=60)


def heartbeat_file(folder: Path) -> Path:
    """Where the heartbeat is."""
    return folder / "heartbeat.json"


def beat(folder: Path, now: datetime, *, connected: bool) -> None:
    """Write the heartbeat, whole or not at all. Raises OSError."""
    put_in_place(heartbeat_file(folder), orjson.dumps({"time": now.isoformat(), "connected": connected}))


def health(folder: Path, now: datetime) -> tuple[bool, str]:
    """Whether a process is alive and connected, and a sentence that says so."""
    try:
        found = orjson.loads(read_whole(heartbeat_file(folder), MAX_FILE))
        then, connected = datetime.fromisoformat(found["time"]), bool(found["connected"])
    except (OSError, ValueError, KeyError, TypeError):
        return False, "no heartbeat: nothing is running on this data folder"
    seconds = (now - then).total_seconds()
    if seconds < -DEAD_AFTER.total_seconds():
        return (
            False,
            f"the last heartbeat is {-seconds:.0f} seconds in the future: the clock was set back, or it is dead",
        )
    if seconds > DEAD_AFTER.total_seconds():
        return False, f"the last heartbeat is {seconds:.0f} seconds old"
    if not connected:
        return False, "the process is alive but not connected to Discord"
    return True, f"alive and connected, heartbeat {max(seconds, 0):.0f} seconds old"
