"""A checked glossary in the form that a start needs: entries as unread JSON, names already normalised.

Reading, checking and indexing 730 entries takes a fifth of a second; reading this form takes a hundredth, because an
entry is only read when somebody asks for it. It is derived from one exact file and is worth nothing without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import orjson

from bot.glossary.book import Book
from bot.glossary.names import KeptNames, Names
from bot.glossary.reading import read_terms
from bot.glossary.term import Term

FORM = 1


@dataclass(frozen=True, slots=True)
class KeptBook:
    """A book and its names, as `Search` takes them."""

    book: Book
    names: KeptNames


class _Entries(Mapping[str, Term]):
    """Terms by id, each read from its JSON when first asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._read: dict[str, Term] = {}

    def __getitem__(self, slug: str) -> Term:
        term = self._read.get(slug)
        if term is None:
            term = self._read[slug] = read_terms([orjson.loads(self._texts[slug])], [])[0]
        return term

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, slug: object) -> bool:
        return slug in self._texts


def keep(raw: Mapping[str, Any], book: Book, digest: str) -> bytes:
    """Return the kept form of a book that was read from parsed JSON `raw`; `digest` names that very file."""
    names = Names(book).keep(book)
    return orjson.dumps(
        {
            "form": FORM,
            "digest": digest,
            "categories": dict(book.categories),
            "ambiguous": {name: list(ids) for name, ids in book.ambiguous.items()},
            "terms": {entry["id"]: orjson.dumps(entry).decode() for entry in raw["terms"]},
            "names": dict(names.exact),
            "weak": list(names.weak),
        }
    )


def restore(content: bytes, digest: str) -> KeptBook | None:
    """Return the book of a kept form; None when it is damaged, of another file, or of another form."""
    try:
        kept = orjson.loads(content)
        if (kept["form"], kept["digest"]) != (FORM, digest):
            return None
        book = Book(
            _Entries(kept["terms"]),
            MappingProxyType(kept["categories"]),
            MappingProxyType({name: tuple(ids) for name, ids in kept["ambiguous"].items()}),
        )
        return KeptBook(book, KeptNames(kept["names"], tuple(kept["weak"])))
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
