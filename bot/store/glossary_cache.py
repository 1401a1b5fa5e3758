"""The glossary at start: checked whole once, then read from a cached form while the file stays the same.

Reading, checking and indexing 730 entries takes a fifth of a second, reading the cached form a hundredth: names are
normalised in it, and an entry stays unread JSON until somebody asks for it. It is derived from one exact file and is
worth nothing without it.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from itertools import accumulate, chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import orjson

from bot import __version__
from bot.disk_cache import read_cache_file, write_cache_file
from bot.errors import BookError
from bot.files import read_whole
from bot.glossary.book import Book, parse_book
from bot.glossary.names import CachedNames, TermNames
from bot.glossary.search import Search
from bot.glossary.term import Term, read_terms

if TYPE_CHECKING:
    from bot.glossary.description_index import DescriptionIndex

CACHE_FILE = "glossary.cache.json"
INDEX_FILE = "descriptions.cache.npz"
FORM = 2
MAX_FILE = 32 * 2**20


class OpenBook(NamedTuple):
    """The glossary, the search over it, and whether this process read the file itself rather than its cached form."""

    book: Book
    search: Search
    fresh: bool


class CachedBook(NamedTuple):
    """A book and its names, as `Search` takes them."""

    book: Book
    names: CachedNames


class _UnreadTerms(Mapping[str, Term]):
    """Terms by id, each read from its JSON, a part of one text, when first asked for."""

    def __init__(self, text: memoryview, ends: Mapping[str, int]) -> None:
        starts = chain((0,), ends.values())
        self._parts = {slug: (start, end) for (slug, end), start in zip(ends.items(), starts, strict=False)}
        self._text = text
        self._read: dict[str, Term] = {}

    def __getitem__(self, slug: str) -> Term:
        term = self._read.get(slug)
        if term is None:
            start, end = self._parts[slug]
            term = self._read[slug] = read_terms([orjson.loads(self._text[start:end])], [])[0]
        return term

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __contains__(self, slug: object) -> bool:
        return slug in self._parts


def open_book(path: Path, folder: Path) -> OpenBook:
    """The glossary at `path`. `folder` is where the cached form lives.

    Raises BookError with every fault of a file that has any.
    """
    content = _read(path)
    digest = f"{__version__} {hashlib.sha256(content).hexdigest()}"
    del content  # it need not lie in memory beside the cached form
    place = folder / CACHE_FILE
    file = read_cache_file(place)
    cached = from_cache(file.body, digest) if file is not None else None
    if cached is not None:
        search = Search(cached.book, cached.names, lambda: open_index(cached.book, digest, folder))
        return OpenBook(cached.book, search, fresh=False)
    content = _read(path)
    book = parse_book(content, str(path))
    write_cache_file(place, to_cache(content, book, digest))
    return OpenBook(book, Search(book, index=lambda: open_index(book, digest, folder)), fresh=True)


def _read(path: Path) -> bytes:
    try:
        return read_whole(path, MAX_FILE)
    except OSError as error:
        raise BookError([f"{path}: {error.strerror or error}"]) from error


def to_cache(content: bytes, book: Book, digest: str) -> bytes:
    """Return the cached form of the book that was read from a file's `content`; `digest` names that very file.

    That is one line of JSON, which says where in the rest each entry ends.
    """
    names = TermNames(book).to_cache(book)
    texts = {entry["id"]: orjson.dumps(entry) for entry in orjson.loads(content)["terms"]}
    head = orjson.dumps(
        {
            "form": FORM,
            "digest": digest,
            "categories": dict(book.categories),
            "ambiguous": {name: list(ids) for name, ids in book.ambiguous.items()},
            "ends": dict(zip(texts, accumulate(map(len, texts.values())), strict=True)),
            "names": dict(names.exact),
            "weak": list(names.weak),
        }
    )
    return b"".join((head, b"\n", *texts.values()))


def from_cache(content: bytes, digest: str) -> CachedBook | None:
    """Return the book of a cached form; None when it is damaged, of another file, or of another form."""
    try:
        line = content.index(b"\n")
        cached = orjson.loads(memoryview(content)[:line])
        if (cached["form"], cached["digest"]) != (FORM, digest):
            return None
        book = Book(
            _UnreadTerms(memoryview(content)[line + 1 :], cached["ends"]),
            MappingProxyType(cached["categories"]),
            MappingProxyType({name: tuple(ids) for name, ids in cached["ambiguous"].items()}),
        )
        return CachedBook(book, CachedNames(cached["names"], tuple(cached["weak"])))
    except (ValueError, KeyError, TypeError):  # a JSONDecodeError is a ValueError
        return None


def open_index(book: Book, digest: str, folder: Path) -> DescriptionIndex:
    """The index of descriptions over a book, read in a fiftieth of the time that building it takes.

    `digest` names the file of the book; the phrases have their own, since they are part of the program.
    """
    from bot.glossary.description_index import build_index, phrases_digest, read_phrases
    from bot.glossary.known_names import read_known_names

    place, digest = folder / INDEX_FILE, f"{digest} {phrases_digest()}"
    file = read_cache_file(place)
    index = index_from_cache(file.body, tuple(book.terms)) if file is not None and file.facts["of"] == digest else None
    if index is None:
        phrases = (row for rows in read_phrases().values() for row in rows)
        index = build_index(tuple(book.terms.values()), phrases, read_known_names().names)
        write_cache_file(place, index_to_cache(index), of=digest)
    return index


def index_to_cache(index: DescriptionIndex) -> bytes:
    """The arrays of an index as NumPy writes them."""
    import numpy as np

    whole = io.BytesIO()
    np.savez(whole, allow_pickle=False, **index.arrays())
    return whole.getvalue()


def index_from_cache(content: bytes, ids: tuple[str, ...]) -> DescriptionIndex | None:
    """The index over terms with these ids, in the order of the book; None when the arrays cannot be read."""
    import numpy as np

    from bot.glossary.description_index import DescriptionIndex

    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return DescriptionIndex(ids, dict(arrays))
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def forget(folder: Path) -> None:
    """Drop the cached forms, so that the next start reads and checks the file again."""
    (folder / CACHE_FILE).unlink(missing_ok=True)
    (folder / INDEX_FILE).unlink(missing_ok=True)
