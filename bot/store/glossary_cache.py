"""The glossary at start: checked whole once, then read from its kept form while the file stays the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import orjson

from bot import __version__
from bot.errors import BookError
from bot.glossary.book import Book, read_book
from bot.glossary.kept import keep, restore
from bot.glossary.search import Search

KEPT = "glossary.kept.json"


@dataclass(frozen=True, slots=True)
class OpenBook:
    """The glossary, the search over it, and whether this process read the file itself rather than its kept form."""

    book: Book
    search: Search
    fresh: bool


def open_book(path: Path, folder: Path) -> OpenBook:
    """The glossary at `path`. `folder` is where the kept form lives.

    Raises BookError with every fault of a file that has any.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BookError([f"{path}: {error.strerror or error}"]) from error
    digest = f"{__version__} {hashlib.sha256(content).hexdigest()}"
    place = folder / KEPT
    try:
        kept = restore(place.read_bytes(), digest)
    except OSError:
        kept = None
    if kept is not None:
        return OpenBook(kept.book, Search(kept.book, kept.names), fresh=False)
    book = _checked(path, content)
    _keep(place, keep(orjson.loads(content), book, digest))
    return OpenBook(book, Search(book), fresh=True)


def _checked(path: Path, content: bytes) -> Book:
    try:
        return read_book(orjson.loads(content))
    except orjson.JSONDecodeError as error:
        raise BookError([f"{path}: not JSON: {error}"]) from None


def _keep(place: Path, content: bytes) -> None:
    """Write the kept form, whole or not at all; where that is impossible the next start only takes longer."""
    scratch = place.with_suffix(".part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_bytes(content)
        scratch.replace(place)
    except OSError:
        return


def forget(folder: Path) -> None:
    """Drop the kept form, so that the next start reads and checks the file again."""
    (folder / KEPT).unlink(missing_ok=True)
