"""What an option's converter is: how a value is found among typed words, read from a text, completed, written as JSON.

Converters are thin: what people write is read by `bot.language`, in a typed call as in a plain question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from bot.errors import UserError
from bot.glossary.search import Search
from bot.language.entities.symbols import FILLERS
from bot.language.tokens import Word, Words
from bot.market.symbols import SymbolBook

OFFERED = 25
_MARKED = re.compile(r"^as[ _]?of[:= ]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParseContext:
    """What reading a question needs: the names that are known, commands among them, and today's date."""

    symbols: SymbolBook
    search: Search
    today: date
    commands: tuple[str, ...] = ()


class OptionRefused(UserError):
    """The words of an option make no value of it. `typed` is what was written for it, `left` are the other words."""

    def __init__(self, error: UserError, typed: Any, left: Words) -> None:
        super().__init__(error.message, error.code, error.suggestions, about=error.about)
        self.typed = typed
        self.left = left


class Converter:
    """Base of the converters.

    Among typed words every option first tags what it can tell by itself (`tag`), in the order of `order`; then what is
    left may become an option by its place (`tag_rest`); then each takes its tags out (`consume`). `whole` options take
    text as it stands, without tags. `reads` are the kinds of entity that it is about when one of them cannot be read.
    `fillers` are words that may stand beside it and say nothing.

    `metavar` stands in usage lines, `noun` in sentences, `nouns` of several, `help` in descriptions; `longest` is how
    many characters a form lets people write.
    """

    order: ClassVar[int] = 5
    whole: ClassVar[bool] = False
    tags: ClassVar[frozenset[str]] = frozenset()
    reads: ClassVar[frozenset[str]] = frozenset()
    fillers: ClassVar[frozenset[str]] = FILLERS
    longest: ClassVar[int] = 500
    metavar: str = "TEXT"
    noun: str = "some text"
    nouns: str = "texts"
    help: str = "Text"

    def tag(self, words: Words, context: ParseContext) -> Words:
        """The words with a tag for each thing of this kind in them."""
        return words

    def tag_rest(self, words: Words, context: ParseContext) -> Words:
        """The words with a tag for what only its place makes one of this kind, once every option has tagged its own."""
        return words

    def consume(self, words: Words, context: ParseContext) -> tuple[Any, Words]:
        """The value found among tagged words, or None, and the words that are left.

        Raises OptionRefused for words that were meant for it and make no value.
        """
        mine = [word for word in words.words if word.low in self.tags]
        if not mine:
            return None, words
        left = without(words, mine)
        try:
            return self.settle([word.value for word in mine], context), left
        except UserError as error:
            raise OptionRefused(error, self.as_typed(words, mine), left) from None

    def as_typed(self, words: Words, some: Sequence[Word]) -> Any:
        """What was typed for this option in some of the words: whole numbers as numbers, several things as a list."""
        texts = [_MARKED.sub("", words.text[word.start : word.end]) for word in some]
        shown = [int(text) if re.fullmatch(r"-?\d{1,15}", text) else text[:40] for text in texts]
        return shown[0] if len(shown) == 1 else shown

    def settle(self, values: Sequence[Any], context: ParseContext) -> Any:
        """The value of what was tagged. Raises UserError where it makes none."""
        return values[0]

    def convert(self, text: str, context: ParseContext) -> Any:
        """The value that a whole text means. Raises UserError naming what cannot be read and what would work."""
        raise NotImplementedError

    def convert_table(self, text: str, context: ParseContext) -> Any:
        """The value that an attached table means. Raises UserError."""
        raise UserError("A file cannot be read here.")

    @property
    def completes(self) -> bool:
        """Whether there is anything that it could offer."""
        return type(self).complete is not Converter.complete

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """What the text could become, as labels and values, best first; at most OFFERED, always from memory."""
        return []

    def typed(self, value: Any) -> str:
        """The value as it would be typed after a command."""
        return str(value)

    def to_json(self, name: str, value: Any) -> dict[str, Any]:
        """The option as the JSON contract has it."""
        return {name: value}

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The value among options as JSON has them, or as values already; None where it is not there.

        Raises UserError for a value that is none for this option.
        """
        return options.get(name)


def without(words: Words, taken: Iterable[Word]) -> Words:
    """The words without some of them."""
    gone = {id(word) for word in taken}
    if not gone:
        return words
    return Words(words.text, tuple(word for word in words.words if id(word) not in gone), words.all_caps)


def chunks(text: str) -> Words:
    """The words of a text as they stand, with nothing between them but spaces."""
    found = re.finditer(r"\S+", text)
    return Words(text, tuple(Word(one[0].lower(), one.start(), one.end()) for one in found))


def beginning(text: str, words: Iterable[str]) -> list[tuple[str, str]]:
    """The words that begin with a text, each its own label."""
    start = text.strip().casefold()
    return [(word, word) for word in words if word.casefold().startswith(start)][:OFFERED]
