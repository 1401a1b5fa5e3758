"""One log line per event, with fields, on standard error: for people as text, for collectors as JSON.

The standard library's logging with one formatter: discord.py and aiohttp log through it already, and structlog would
add 4 MiB for what forty lines do. An event's fields go in `extra={"fields": {...}}`.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.config import Config, Secret

_STEERING = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]")
_TOKENS = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/?#\s'\"]+")
SHORTEST_SECRET = 6
"""Shorter ones are words that occur anyway; no token or key is that short."""


class EventFormatter(logging.Formatter):
    """`time LEVEL logger event key=value …`, or the same as one JSON object.

    Control characters are written as escapes, so that nothing from outside steers a terminal or makes a line of its
    own; none of `secrets` is ever written, wherever a library or a proxy may have put it, nor the token in the address
    of an interaction, with which anybody could answer it.
    """

    def __init__(self, *, as_json: bool, secrets: Iterable[Secret] = ()) -> None:
        super().__init__()
        self._as_json = as_json
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line; a traceback follows it as text and stands in a field as JSON."""
        return _TOKENS.sub(r"\1[token]", without_secrets(self._line(record), self._secrets))

    def _line(self, record: logging.LogRecord) -> str:
        fields: Mapping[str, Any] = getattr(record, "fields", {})
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event = record.getMessage()
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        if self._as_json:
            line: dict[str, Any] = {"time": when, "level": record.levelname, "logger": record.name, "event": event}
            line |= {name: value for name, value in fields.items() if name not in line}
            if trace:
                line["trace"] = trace
            return for_json(json.dumps(line, default=str, ensure_ascii=False, separators=(",", ":")))
        parts = [when, f"{record.levelname:<7}", record.name, escaped(event)]
        parts += [f"{escaped(name)}={_cell(value)}" for name, value in fields.items()]
        lines = [escaped(line) for line in trace.split("\n")] if trace else []
        return "\n".join([" ".join(parts), *lines])


def for_json(line: str) -> str:
    """JSON in one line with what JSON lets stand, and a terminal does not, as escapes."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def _cell(value: Any) -> str:
    text = str(value)
    return escaped(repr(text) if not text or any(c.isspace() or c == '"' for c in text) else text)


def escaped(text: str) -> str:
    """The text in one line, with an escape for each control character and for what turns the direction of writing."""
    return _STEERING.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)


def for_terminal(text: str) -> str:
    """Several lines from outside as a terminal may be given them: their ends are the only control characters."""
    return "\n".join(map(escaped, text.split("\n")))


def without_secrets(text: str, secrets: Iterable[Secret]) -> str:
    """The text with a sign in the place of each secret that it holds."""
    for secret in secrets:
        if len(secret.reveal()) >= SHORTEST_SECRET:
            text = text.replace(secret.reveal(), "[secret]")
    return text


def set_up_logging(config: Config) -> None:
    """Send every log line to standard error in the configured form.

    The level is that of our own events. What libraries say at DEBUG are the messages of people, their ids and
    addresses with tokens in them: of theirs nothing below INFO is written.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(EventFormatter(as_json=config.log_format == "json", secrets=config.secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    level = logging.getLevelNamesMapping()[config.log_level]
    root.setLevel(max(level, logging.INFO))
    logging.getLogger("bot").setLevel(level)
    for name in ("aiohttp.access", "sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
