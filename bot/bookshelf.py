"""Opening the glossary at start: checked whole once, and from then on from its kept form while the file stays the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

import orjson

from bot import __version__
from bot.errors import BookError
from bot.glossary.book import Book
from bot.glossary.kept import keep, restore
from bot.glossary.search import Search


def open_book(path: Path, folder: Path) -> tuple[Book, Search]:
    """The glossary at `path` and the search over it. `folder` is where the kept form lives.

    Raises BookError with every fault of a file that has any.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BookError([f"{path}: {error.strerror or error}"]) from error
    digest = f"{__version__} {hashlib.sha256(content).hexdigest()}"
    place = folder / "glossary.kept.json"
    try:
        kept = restore(place.read_bytes(), digest)
    except OSError:
        kept = None
    if kept is not None:
        return kept.book, Search(kept.book, kept.names)
    book = _checked(path, content)
    _keep(place, keep(orjson.loads(content), book, digest))
    return book, Search(book)


def _checked(path: Path, content: bytes) -> Book:
    from bot.glossary.book import read_book

    try:
        return read_book(orjson.loads(content))
    except orjson.JSONDecodeError as error:
        raise BookError([f"{path}: not JSON: {error}"]) from None


def _keep(place: Path, content: bytes) -> None:
    """Write the kept form, whole or not at all; a folder that cannot be written to only costs time at the next start."""
    scratch = place.with_suffix(".part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_bytes(content)
        scratch.replace(place)
    except OSError:
        return
