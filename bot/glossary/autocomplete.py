"""Names to offer while somebody is still typing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import islice

from bot.glossary.book import Book
from bot.glossary.normal import normalise

_END = "\U0010ffff"


class Autocomplete:
    """Sorted names, and sorted tails of names that start at a later word, searched by bisection."""

    def __init__(self, book: Book) -> None:
        rows: dict[tuple[str, str], int] = {}
        for term in book.terms.values():
            for place, name in enumerate((term.term, *term.aliases)):
                words = normalise(name).split()
                for start in range(len(words)):
                    key = (" ".join(words[start:]), term.id)
                    # Best first: a term's own name, then an alias, then a later word of either.
                    rank = (0 if start == 0 else 2) + (place > 0)
                    rows[key] = min(rows.get(key, rank), rank)
        ordered = sorted((text, rank, one) for (text, one), rank in rows.items())
        self._texts = [text for text, _, _ in ordered]
        self._ids = [one for _, _, one in ordered]
        self._weights = [(rank, len(text)) for text, rank, _ in ordered]
        self._first = tuple(book.terms)

    def find(self, typed: str, limit: int) -> tuple[str, ...]:
        """Return ids for a normal form that was typed so far; the first terms of the book when it is empty."""
        if not typed:
            return self._first[:limit]
        start = bisect_left(self._texts, typed)
        whole = bisect_right(self._texts, typed, start)
        end = bisect_left(self._texts, typed + _END, whole)
        places = (*range(start, whole), *sorted(range(whole, end), key=self._weights.__getitem__))
        return tuple(islice(dict.fromkeys(self._ids[place] for place in places), limit))
