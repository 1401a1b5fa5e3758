"""What every HTTP provider's answer is checked for before it is parsed: status, kind and shape."""

from __future__ import annotations

from typing import Any

import orjson

from bot.errors import AuthRefused, BadPayload, PlanRefused, RateLimited, Unavailable
from bot.prices.provider import Response


def retry_after(response: Response) -> float | None:
    """The seconds of a Retry-After header; None where there is none or it is a date."""
    text = response.headers.get("retry-after", "")
    return min(float(text), 86_400.0) if text.isdigit() else None


def check_status(provider: str, response: Response) -> None:
    """Raise what an error status means wherever the provider says nothing more precise."""
    status = response.status
    if status == 429:
        raise RateLimited(provider, "too many requests for now", retry_after(response))
    if status == 401:
        raise AuthRefused(provider, "the key was refused")
    if status == 402:
        raise PlanRefused(provider, "the plan does not cover this")
    if status == 403:
        raise Unavailable(provider, "access was refused (403)")
    if status != 200:
        raise Unavailable(provider, f"it answered with status {status}")


def json_object(provider: str, response: Response) -> dict[str, Any]:
    """The JSON object of a good answer. Raises BadPayload for HTML, cut-off text and anything else."""
    head = response.body.lstrip()[:1]
    if head == b"<":
        raise BadPayload(provider, "a web page instead of data")
    if head != b"{":
        raise BadPayload(provider, "no data in the answer")
    try:
        content = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        raise BadPayload(provider, "the answer is cut off or not JSON") from None
    if not isinstance(content, dict):
        raise BadPayload(provider, "not the documented shape")
    return content
