"""The contract of a macro source: the shape of a price provider, with a figure of its own kind as the answer.

`request(query)` says what to ask, `parse(query, response)` reads the answer or raises the ProviderError that it
amounts to. Neither does I/O. `feed.py` sends, waits, falls back and remembers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from bot.errors import BadPayload
from bot.providers.macro.wire import Pace, Request, Response, check_status

Value_co = TypeVar("Value_co", covariant=True)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"
MAX_TEXT = 64 * 2**20


@dataclass(frozen=True, slots=True)
class MacroQuery:
    """What is asked: the newest figures, or those up to `as_of`. `now` is when it is asked, aware UTC."""

    now: datetime
    as_of: date | None = None


class Source(Protocol[Value_co]):
    """One figure at one institution."""

    name: str
    base_url: str
    pace: Pace

    def request(self, query: MacroQuery) -> Request:
        """What to ask."""

    def parse(self, query: MacroQuery, response: Response) -> Value_co:
        """The figure in the answer. Raises a ProviderError for everything that is not one."""


def body_of(provider: str, response: Response, now: datetime) -> bytes:
    """The body of a good answer that is a file. Raises BadPayload for a web page or nothing."""
    check_status(provider, response, now)
    body = response.body.lstrip()
    if body[:1] == b"<" and b"<html" in body[:2000].lower():
        raise BadPayload(provider, "a web page instead of data")
    if not body:
        raise BadPayload(provider, "nothing in the answer")
    return response.body


def text_of(provider: str, body: bytes) -> str:
    """UTF-8 text. Raises BadPayload."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadPayload(provider, "the answer is not text") from None


def figure(cell: object) -> float | None:
    """A finite number from a cell, or None: `NA`, `N/A`, `.`, `-` and empty are missing; `1,234.5` is a number."""
    if isinstance(cell, bool) or cell is None:
        return None
    try:
        value = float(cell.replace(",", "") if isinstance(cell, str) else cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return value if abs(value) < float("inf") else None
