"""Options written as a person would type them after a command's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.glossary.book import Book


def written(book: Book, options: Mapping[str, Any]) -> str:
    """Options as a person would type them."""
    parts = []
    for name, value in options.items():
        if name == "as_of":
            parts.append(f"asof:{value}")
        elif name == "term":
            parts.append(book.terms[value].term)
        elif name == "terms":
            parts.append(" vs ".join(book.terms[slug].term for slug in value))
        else:
            parts.append(" ".join(map(str, value)) if isinstance(value, list) else str(value))
    return " ".join(parts)
