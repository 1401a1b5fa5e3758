"""Answers kept on disk as they came, with whose they are and when they were fetched; parsed again when read."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

log = logging.getLogger(__name__)
_VERSION = 1


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """One answer of one source."""

    source: str
    fetched: datetime
    body: bytes


class KeptAnswers:
    """One file per figure in a folder: a line of JSON, then the body. A folder that cannot be written keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, figure: str) -> KeptAnswer | None:
        """The answer kept for a figure, or None: unreadable counts as none."""
        try:
            head, _, body = self._path(figure).read_bytes().partition(b"\n")
            row: dict[str, Any] = orjson.loads(head)
            if row["version"] != _VERSION:
                return None
            return KeptAnswer(str(row["source"]), datetime.fromisoformat(row["fetched"]), body)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, figure: str, answer: KeptAnswer) -> None:
        """Keep an answer in place of the one before; the file is whole or the old one."""
        row = {"version": _VERSION, "source": answer.source, "fetched": answer.fetched.isoformat()}
        path = self._path(figure)
        scratch = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            scratch.write_bytes(orjson.dumps(row) + b"\n" + answer.body)
            scratch.replace(path)
        except OSError as error:
            log.warning("macro answer not kept", extra={"fields": {"figure": figure, "reason": type(error).__name__}})

    def _path(self, figure: str) -> Path:
        return self._folder / f"{figure}.answer"
