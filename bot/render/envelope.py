"""A reply as the JSON envelope of the contract. Not a number, infinity and numpy's types never get out."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from bot.render.reply import Reply
from bot.render.text import to_short, to_text

_LARGEST = 2**63


def clean(value: Any) -> Any:
    """A value as JSON can hold it: ISO dates, plain numbers, null for what is not a number."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < _LARGEST else float(value)
    if isinstance(value, float):  # numpy's float64 is one, too, and JSON does not know it
        return float(value) if math.isfinite(value) else None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): clean(part) for name, part in value.items()}
    if isinstance(value, Sequence):
        return [clean(part) for part in value]
    return clean(value.item())


def envelope(question: str, reply: Reply, elapsed_ms: float, *, with_chart: bool = False) -> dict[str, Any]:
    """The envelope's fields for a question and its reply; `with_chart` puts the picture of a chart into its data."""
    error = reply.error
    data = clean(reply.data)
    if with_chart and data is not None and reply.attachments and reply.attachments[0].filename.endswith(".png"):
        data["png_base64"] = base64.b64encode(reply.attachments[0].content).decode()
    return {
        "question": question,
        "command": reply.command,
        "options": clean(reply.options),
        "ok": error is None,
        "title": reply.title,
        "text": to_text(reply),
        "short": to_short(reply),
        "understood": reply.understood,
        "data": data,
        "warnings": list(reply.warnings),
        "terms": list(reply.terms),
        "freshness": reply.freshness.to_json() if reply.freshness is not None else None,
        "error": None
        if error is None
        else {"code": error.code, "message": error.message, "suggestions": list(error.suggestions)},
        "elapsed_ms": round(elapsed_ms, 3),
    }


def dump(content: Mapping[str, Any]) -> str:
    """One line of JSON."""
    return orjson.dumps(content).decode()
