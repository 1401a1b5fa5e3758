"""Replies that could not be read, kept for `python -m bot replay` where the operator asks for it."""

from __future__ import annotations

import logging
import re
import shlex
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bot.files import in_words, put_in_place
from bot.providers.contract import Response

log = logging.getLogger(__name__)
MOST, MOST_BYTES = 50, 64 * 2**20
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9^-]+")


class Question(NamedTuple):
    """What a provider was asked, in the words of `replay`: the kind, the symbol or figure, and when."""

    kind: str
    what: str
    now: datetime


class BadReplies:
    """The last replies of all providers that could not be read; the oldest make room."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, provider: str, question: Question, response: Response) -> None:
        """Keep one reply and log how it is read again. A folder that cannot be written is logged, nothing else."""
        what = _NOT_IN_NAMES.sub("_", question.what)[:40]
        path = self._folder / f"{question.now:%Y%m%dT%H%M%S%f}-{provider}-{question.kind}-{what}.reply"
        about = ("--status", str(response.status), "--content-type", response.content_type[:80])
        words = (provider, question.kind, question.what, str(path), *about, "--now", question.now.isoformat())
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            put_in_place(path, response.body)
            self._make_room()
        except OSError as error:
            log.warning("bad reply not kept", extra={"fields": {"provider": provider, "reason": in_words(error)}})
        else:
            log.info(
                "bad reply kept",
                extra={"fields": {"provider": provider, "read": f"python -m bot replay {shlex.join(words)}"}},
            )

    def _make_room(self) -> None:
        left = MOST_BYTES
        for number, path in enumerate(sorted(self._folder.glob("*.reply"), reverse=True)):
            left -= path.stat().st_size
            if number >= MOST or (left < 0 and number):
                path.unlink(missing_ok=True)
