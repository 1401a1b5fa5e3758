"""The heartbeat: a small file that the running process rewrites, and that the container's health check reads."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

import orjson

EVERY_SECONDS = 15.0
DEAD_AFTER = timedelta(seconds=60)


def heartbeat_file(folder: Path) -> Path:
    """Where the heartbeat is."""
    return folder / "heartbeat.json"


def beat(folder: Path, now: datetime, *, connected: bool) -> None:
    """Write the heartbeat, whole or not at all."""
    path = heartbeat_file(folder)
    # A name of its own: the last beat of a closing connection may overlap with the one before.
    scratch = path.with_name(f"heartbeat.{token_hex(4)}.part")
    scratch.write_bytes(orjson.dumps({"time": now.isoformat(), "connected": connected}))
    scratch.replace(path)


def health(folder: Path, now: datetime) -> tuple[bool, str]:
    """Whether a process is alive and connected, and a sentence that says so."""
    try:
        found = orjson.loads(heartbeat_file(folder).read_bytes())
        then, connected = datetime.fromisoformat(found["time"]), bool(found["connected"])
    except (OSError, ValueError, KeyError, TypeError):
        return False, "no heartbeat: nothing is running on this data folder"
    seconds = (now - then).total_seconds()
    if seconds > DEAD_AFTER.total_seconds():
        return False, f"the last heartbeat is {seconds:.0f} seconds old"
    if not connected:
        return False, "the process is alive but not connected to Discord"
    return True, f"alive and connected, heartbeat {seconds:.0f} seconds old"
