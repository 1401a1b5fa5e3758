"""`glossary`: how much it holds and how to ask it; `glossary random [CATEGORY]`: a term picked by chance."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from bot.commands.converter import ParseContext, without
from bot.commands.converters import CategoryConverter, TextConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError, quoted
from bot.glossary.book import Book
from bot.glossary.listing import Listing, listing
from bot.glossary.search import SearchResult
from bot.glossary.term import Term
from bot.language.tokens import Words
from bot.render.entry import entry_reply
from bot.render.numbers import count
from bot.render.reply import Button, Reply, Row

RANDOM = "random"


class PickConverter(TextConverter):
    """The word `random`, which asks for any term."""

    order = 0

    def __init__(self) -> None:
        super().__init__(RANDOM, "Write random for a term picked by chance", (RANDOM,))
        self.noun = f"the word {RANDOM}"

    def consume(self, words: Words, context: ParseContext) -> tuple[Any, Words]:
        """The first word when it is `random`."""
        first = words.words[:1]
        return (RANDOM, without(words, first)) if first and first[0].low == RANDOM else (None, words)

    def convert(self, text: str, context: ParseContext) -> str:
        """The word itself. Raises UserError for any other."""
        if text.strip().casefold() != RANDOM:
            message = f"Only {RANDOM} can stand there, not {quoted(text, 30)}."
            raise UserError(message, "bad_input", ("!glossary random",))
        return RANDOM


@command(
    "glossary",
    "What the glossary holds and how to ask it, or a term picked by chance",
    examples=["!glossary", "!glossary random", "!glossary random options"],
    order=40,
    group="words",
)
async def glossary(
    desk: Desk,
    caller: Caller,
    *,
    pick: Annotated[str | None, PickConverter()] = None,
    category: Annotated[str | None, CategoryConverter()] = None,
) -> Reply:
    """Answer with a term by chance, or with the size of the glossary and the ways to ask."""
    found = listing(desk.book, category, None)
    if pick is None:
        return _about(desk.book, found)
    return _random(desk.book, found, picked(found.terms, desk.clock()))


def picked(terms: Sequence[Term], moment: datetime) -> Term:
    """A term by chance: always the same one for the same terms and the same microsecond."""
    microseconds = round(moment.timestamp() * 1_000_000)
    return random.Random(microseconds).choice(terms)  # noqa: S311  a term to read, not a secret


def _random(book: Book, found: Listing, term: Term) -> Reply:
    reply = entry_reply(book, term, SearchResult("answered", term.id, "exact", 1.0))
    again = f"!glossary random {found.category or ''}".strip()
    return replace(reply, buttons=(Button("Another term", again), *reply.buttons))


def _about(book: Book, found: Listing) -> Reply:
    held = count(len(found.terms), "term")
    example = next((term for term in found.terms if term.term[0].isalpha()), found.terms[0])
    where = found.category or ""
    whole = found.category is None
    return Reply(
        title="The glossary" if whole else f"The glossary: {found.title}",
        headline=f"{held} in {len(book.categories)} categories." if whole else f"{held} of {len(book)}.",
        rows=(
            Row("One term", f"!define {example.term}; a typing mistake or a description will do"),
            Row("Two terms", "!define support vs resistance"),
            Row("Leaf through", f"!terms {where}".strip()),
            Row("By chance", f"!glossary random {where}".strip()),
            Row("On Discord", "a message's menu, Apps, Explain terms"),
        ),
        tone="term",
        data={
            "terms": len(found.terms),
            "categories": len(book.categories),
            "category": found.category,
        },
        buttons=(
            Button("Leaf through", f"!terms {where}".strip(), private=True),
            Button("A term by chance", f"!glossary random {where}".strip()),
        ),
    )
