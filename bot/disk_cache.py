"""Small files that are kept to save work: whole or not there, and thrown away when they are damaged.

Each begins with one line of JSON that holds a checksum of the rest.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bot.files import in_words, put_in_place, read_whole

log = logging.getLogger(__name__)
MAX_FILE = 64 * 2**20
_VERSION = 2


@dataclass(frozen=True, slots=True)
class CacheFile:
    """What a file holds: its body, and facts about it."""

    body: bytes
    facts: Mapping[str, Any]


def read_cache_file(path: Path) -> CacheFile | None:
    """The file's content; None where there is none. A damaged one is removed, which is logged, and counts as none."""
    try:
        head, _, body = read_whole(path, MAX_FILE).partition(b"\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("cache file not read", extra={"fields": {"file": path.name, "reason": in_words(error)}})
        return None
    facts = _facts(head)
    if facts.get("checksum") == checksum(body, facts) and facts.get("version") == _VERSION:
        return CacheFile(body, facts)
    throw_away(path)
    return None


def _facts(head: bytes) -> dict[str, Any]:
    try:
        facts = orjson.loads(head)
    except orjson.JSONDecodeError:
        return {}
    return facts if isinstance(facts, dict) else {}


def checksum(body: bytes, facts: Mapping[str, Any]) -> str:
    """What proves that body and facts are those that were written."""
    rest = {name: value for name, value in facts.items() if name != "checksum"}
    return hashlib.blake2b(orjson.dumps(rest, option=orjson.OPT_SORT_KEYS) + b"\n" + body, digest_size=16).hexdigest()


def throw_away(path: Path) -> None:
    """Remove a damaged file, so that it is made again."""
    log.warning("damaged cache file removed", extra={"fields": {"file": path.name}})
    with suppress(OSError):  # what cannot be removed is overwritten, or found damaged again
        path.unlink(missing_ok=True)


def write_cache_file(path: Path, body: bytes, **facts: str) -> None:
    """Put a file in its place, which is whole and durable, or leave the one before. Facts are short texts.

    A folder that cannot be written keeps nothing: that is logged, and costs time later, nothing else.
    """
    about: dict[str, Any] = {"version": _VERSION, **facts}
    about["checksum"] = checksum(body, about)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put_in_place(path, orjson.dumps(about) + b"\n" + body)
    except OSError as error:
        log.warning("cache file not kept", extra={"fields": {"file": path.name, "reason": in_words(error)}})
