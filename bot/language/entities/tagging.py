"""All readers in their order: over a message in running text, and over the words after a command."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from bot.language.entities.currencies import tag_currencies
from bot.language.entities.dates import tag_dates
from bot.language.entities.lookbacks import tag_lookbacks
from bot.language.entities.numbers import tag_numbers
from bot.language.entities.symbols import tag_typed_names
from bot.language.tokens import Words
from bot.market.symbols import SymbolBook


def tag_operands(words: Words, book: SymbolBook, today: date) -> Words:
    """Words after a command with their dates, the names of the book, look-backs and numbers tagged.

    Numbers stay NUM: whether they are sessions or a price the command knows. See `tag_bare_lookbacks` and, for the words
    that are left, `tag_typed_symbols`.
    """
    words = tag_typed_names(tag_dates(words, today), book)
    return tag_numbers(tag_lookbacks(words, today), every=True)


def tag_exchange(words: Words, known: Collection[str], today: date) -> Words:
    """Words after a command about currencies, with dates, currencies and amounts tagged."""
    return tag_numbers(tag_currencies(tag_dates(words, today), known, typed=True), every=True)
