"""One log line per event, with fields, on standard error: for people as text, for collectors as JSON.

The standard library's logging with one formatter: discord.py and aiohttp log through it already, and structlog would
add 4 MiB for what forty lines do. An event's fields go in `extra={"fields": {...}}`.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from bot.config import Config


class EventFormatter(logging.Formatter):
    """`time LEVEL logger event key=value …`, or the same as one JSON object."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line; a traceback follows it as text and stands in a field as JSON."""
        fields: Mapping[str, Any] = getattr(record, "fields", {})
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event = record.getMessage()
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        if self._as_json:
            line: dict[str, Any] = {"time": when, "level": record.levelname, "logger": record.name, "event": event}
            line |= {name: value for name, value in fields.items() if name not in line}
            if trace:
                line["trace"] = trace
            return orjson.dumps(line, default=str).decode()
        parts = [when, f"{record.levelname:<7}", record.name, event]
        parts += [f"{name}={_cell(value)}" for name, value in fields.items()]
        return " ".join(parts) + (f"\n{trace}" if trace else "")


def _cell(value: Any) -> str:
    text = str(value)
    return repr(text) if not text or any(c.isspace() or c == '"' for c in text) else text


def set_up_logging(config: Config) -> None:
    """Send every log line to standard error in the configured form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(EventFormatter(as_json=config.log_format == "json"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(config.log_level)
    for name in ("aiohttp.access", "sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
