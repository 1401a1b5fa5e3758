"""The glossary as one immutable object: a file, checked whole, or every fault of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

import orjson

from bot.errors import BookError
from bot.glossary.checks import prose_faults, structure_faults
from bot.glossary.normal import slug
from bot.glossary.term import Term, read_terms

_KEYS = ("categories", "ambiguous", "terms")


@dataclass(frozen=True, slots=True)
class Book:
    """Terms by id in the order of the file, titles of categories by slug, and the names that are two terms' on purpose.

    `ambiguous` maps a name as written to the ids it may mean, best first.
    """

    terms: Mapping[str, Term]
    categories: Mapping[str, str]
    ambiguous: Mapping[str, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.terms)

    def __contains__(self, term: object) -> bool:
        return term in self.terms

    def __getitem__(self, term: str) -> Term:
        return self.terms[term]

    def asked_by(self, one: str) -> str:
        """Return the words that ask for this very term: its name, with its category where the name is others' too."""
        term = self.terms[one]
        shared = any(one in ids and slug(name) == one for name, ids in self.ambiguous.items())
        return f"{term.term} ({term.category})" if shared else term.term

    def of_category(self, category: str) -> tuple[Term, ...]:
        """Return the terms of a category in the order of the file; none when there is no such category."""
        return tuple(term for term in self.terms.values() if term.category == category)


def parse_book(content: bytes, name: str = "the file") -> Book:
    """Read and check the content of a glossary file. Raises BookError with every fault; `name` is for its sentence."""
    try:
        return read_book(orjson.loads(content))
    except orjson.JSONDecodeError as error:
        raise BookError([f"{name}: not JSON: {error}"]) from None


def read_book(raw: object) -> Book:
    """Return the book that parsed JSON holds, as `parse_book` does."""
    if not isinstance(raw, dict):
        raise BookError(["the file must hold an object with categories, ambiguous and terms"])
    faults = [f"{key} is missing" for key in _KEYS if key not in raw]
    faults += [f"{key} is not a field" for key in raw if key not in {*_KEYS, "$schema"}]
    categories = _categories(raw.get("categories", {}), faults)
    ambiguous = _ambiguous(raw.get("ambiguous", {}), faults)
    terms = read_terms(raw.get("terms", []), faults)
    # Links and shared names can only be judged when every entry could be read: else each fault would breed more.
    if not faults:
        faults.extend(structure_faults(terms, categories, ambiguous))
    faults.extend(prose_faults(terms))
    if faults:
        raise BookError(faults)
    return Book(
        MappingProxyType({term.id: term for term in terms}), MappingProxyType(categories), MappingProxyType(ambiguous)
    )


def _categories(raw: object, faults: list[str]) -> dict[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(title, str) for title in raw.values()):
        faults.append("categories must map slugs to titles")
        return {}
    faults.extend(f"categories: {name!r} is not a slug" for name in raw if slug(name) != name)
    return cast("dict[str, str]", raw)


def _ambiguous(raw: object, faults: list[str]) -> dict[str, tuple[str, ...]]:
    if not isinstance(raw, dict):
        faults.append("ambiguous must map names to lists of ids")
        return {}
    table = {}
    for name, ids in raw.items():
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            faults.append(f"ambiguous: {name!r} must name a list of ids")
            continue
        table[name] = tuple(ids)
    return table
