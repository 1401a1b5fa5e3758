"""A server's own entries before the shared glossary, without a second index of the shared one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from bot.glossary.book import Book
from bot.glossary.search import SUGGESTIONS, Search
from bot.glossary.term import Term
from bot.glossary.verdict import Verdict


class LayeredSearch:
    """Answers like `Search`, own entries first. Costs memory for the own entries alone; the shared search stays shared.

    Raises BookError when the entries clash with each other: see `Book.overlaid`.
    """

    def __init__(self, shared: Search, entries: Iterable[Term]) -> None:
        own = tuple(entries)
        self.book = shared.book.overlaid(own)
        terms = MappingProxyType({term.id: term for term in own})
        self._own = Search(Book(terms, shared.book.categories, MappingProxyType({})))
        self._shared = shared

    def find(self, query: str) -> Verdict:
        """Return the verdict on what somebody typed: an own name, else a shared answer, else an own guess."""
        own, shared = self._own.find(query), self._shared.find(query)
        if own.outcome == "answered" and (own.match in {"exact", "alias"} or shared.outcome != "answered"):
            return own
        if shared.outcome != "unknown":
            return shared
        suggestions = tuple(dict.fromkeys((*own.suggestions[:1], *shared.suggestions, *own.suggestions)))
        return replace(shared, suggestions=suggestions[:SUGGESTIONS])

    def complete(self, prefix: str, limit: int = 25) -> tuple[str, ...]:
        """Return ids of terms with a name that begins like `prefix`, own terms first."""
        found = (*self._own.complete(prefix, limit), *self._shared.complete(prefix, limit))
        return tuple(dict.fromkeys(found))[:limit]

    def mentions(self, text: str, limit: int = 25) -> tuple[str, ...]:
        """Return the ids of the terms named in a message, own terms first."""
        found = (*self._own.mentions(text, limit), *self._shared.mentions(text, limit))
        return tuple(dict.fromkeys(found))[:limit]
