"""What every HTTP provider's answer is checked for: status, kind and shape, and the cells that files have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from bot.errors import AuthRefused, BadPayload, PlanRefused, RateLimited, Unavailable
from bot.providers.contract import Quote, QuoteQuery, Response

LONGEST_WAIT = 86_400.0
_JSON_TYPES = ("json", "javascript", "text/plain", "octet-stream")
_SENTENCE = 400
_TOO_MANY = (b"too many requests", b"rate limit")
_LEFT = ("x-ratelimit-remaining", "api-credits-left")
_COUNT = re.compile(r"[0-9]{1,12}")


def retry_after(response: Response, now: datetime) -> float | None:
    """The seconds of a Retry-After header, given as seconds or as a date; None where there is none to be read."""
    text = response.headers.get("retry-after", "").strip()
    if _COUNT.fullmatch(text):
        return min(float(text), LONGEST_WAIT)
    moment = _http_date(text)
    return None if moment is None else min(max((moment - now).total_seconds(), 0.0), LONGEST_WAIT)


def answered_at(response: Response, now: datetime) -> datetime:
    """When the provider answered by its own clock (the Date header), else `now`; never later than `now`."""
    moment = _http_date(response.headers.get("date", ""))
    return now if moment is None else min(moment, now)


def live_quote(provider: str, query: QuoteQuery, response: Response, prices: tuple[float, float]) -> Quote:
    """The quote of what trades without a pause: its price now and that at the end of the UTC day before, NaN for none.

    It is of the moment of the answer. Raises BadPayload where the price is not above zero.
    """
    price, before = prices
    if not price > 0:
        raise BadPayload(provider, "not the documented shape")
    return Quote(
        symbol=query.symbol.canonical,
        price=price,
        time=answered_at(response, query.now),
        provider=provider,
        delay="real_time",
        previous_close=before if before > 0 else None,
        unfinished=True,
    )


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def remaining(response: Response) -> int | None:
    """The requests left in the present allowance, where a header tells."""
    for name in _LEFT:
        text = response.headers.get(name, "").strip()
        if _COUNT.fullmatch(text):
            return int(text)
    return None


def check_status(provider: str, response: Response, now: datetime) -> None:
    """Raise what an error status means wherever the provider says nothing more precise.

    A sentence in the place of an answer that speaks of too many requests means 429, whatever its status.
    """
    status = response.status
    if status == 429 or _says_too_many(response.body):
        raise RateLimited(provider, "too many requests for now", retry_after(response, now))
    if status == 401:
        raise AuthRefused(provider, "the key was refused")
    if status == 402:
        raise PlanRefused(provider, "the plan does not cover this")
    if status == 403:
        raise Unavailable(provider, "access was refused (403)")
    if status != 200:
        raise Unavailable(provider, f"it answered with status {status}")


def _says_too_many(body: bytes) -> bool:
    text = body.strip().lower()
    return 0 < len(text) <= _SENTENCE and text[:1] not in b"{[<" and any(words in text for words in _TOO_MANY)


@contextmanager
def documented_shape(provider: str) -> Iterator[None]:
    """Turn whatever an answer of another shape leads to into BadPayload."""
    try:
        yield
    except (KeyError, TypeError, IndexError, ValueError, AttributeError, ArithmeticError, OSError):
        raise BadPayload(provider, "not the documented shape") from None


def json_object(provider: str, response: Response) -> dict[str, Any]:
    """The JSON object of a good answer. Raises BadPayload for HTML, cut-off text and anything else."""
    content = _json(provider, response, b"{")
    if not isinstance(content, dict):
        raise BadPayload(provider, "not the documented shape")
    return content


def json_array(provider: str, response: Response) -> list[Any]:
    """The JSON array of a good answer. Raises BadPayload for everything else."""
    content = _json(provider, response, b"[")
    if not isinstance(content, list):
        raise BadPayload(provider, "not the documented shape")
    return content


def _json(provider: str, response: Response, first: bytes) -> Any:
    kind = response.content_type.casefold()
    head = response.body.lstrip()[:1]
    if head == b"<" or "html" in kind:
        raise BadPayload(provider, "a web page instead of data")
    if kind and not any(word in kind for word in _JSON_TYPES):
        raise BadPayload(provider, "another kind of content than JSON")
    if not head:
        raise BadPayload(provider, "an empty answer")
    if head != first:
        raise BadPayload(provider, "not the documented shape")
    try:
        return orjson.loads(response.body)
    except orjson.JSONDecodeError:
        raise BadPayload(provider, "the answer is cut off or not JSON") from None


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
    except (TypeError, ValueError, OverflowError):
        return None
    return value if abs(value) < float("inf") else None
