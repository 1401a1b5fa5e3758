"""`define TERM`: one entry of the glossary."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from bot.commands.converters import LookedUp, TermConverter
from bot.commands.declaration import Registry, command
from bot.desk import Caller, Desk
from bot.errors import UserError, one_of, quoted
from bot.glossary.book import Book
from bot.glossary.normal import normalise
from bot.glossary.term import Term
from bot.language.intents import Intent
from bot.market.symbols import Symbol
from bot.render.entry import entry_reply
from bot.render.reply import Button, Reply, Row, refusal

log = logging.getLogger(__name__)
_LOGGED = 60

INTENT = Intent("define", terms=(1, 1))


def as_contrast(values: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """Two terms with "vs" between them, as the command that sets them side by side."""
    looked = values.get("term")
    terms = looked.verdict.contrast if isinstance(looked, LookedUp) else None
    return None if terms is None else ("contrast", {"terms": terms})


@command(
    "define",
    "What a term means, with its formula, an example and the usual confusion",
    examples=["!define r-star", "!define contango"],
    order=10,
    group="words",
    intent=INTENT,
    role="bare_terms",
    redirect=as_contrast,
)
async def define(
    desk: Desk, caller: Caller, registry: Registry, *, term: Annotated[LookedUp, TermConverter()]
) -> Reply:
    """Answer with the entry, or say which terms are near."""
    verdict = term.verdict
    if verdict.outcome != "answered" or verdict.id is None:
        if verdict.known:
            log.info("term not held", extra={"fields": {"name": normalise(term.text)[:_LOGGED]}})
        error = not_found(desk.book, term, desk.symbols.known(term.text.strip()))
        return _offering(desk.book, error)
    entry = desk.book.terms[verdict.id]
    return entry_reply(desk.book, entry, verdict, desk.config.glossary_url, own_question(desk, registry, entry))


def own_question(desk: Desk, registry: Registry, term: Term) -> str:
    """The first of an entry's questions that answers with the term's own value; "" for none.

    That is a command that explains itself by this term, `show` of this term, and a price or a rate whose symbol or pair
    is a name of the term: `!quote VIX` is the volatility index, `!rate GBP USD` is cable.
    """
    return next((question for question in term.commands if _is_of(desk, registry, term, question)), "")


def _is_of(desk: Desk, registry: Registry, term: Term, question: str) -> bool:
    name, _, rest = question.removeprefix("!").partition(" ")
    entry = registry.get(name)
    if entry is None:
        return False
    if name == "show":
        return desk.search.find(rest.rpartition(" ")[0]).id == term.id
    if name in {"quote", "rate"}:
        return desk.search.find("/".join(rest.split())).id == term.id
    intent = entry.intent
    return intent is not None and intent.explains == term.id and intent.symbols[1] <= 1


def _offering(book: Book, error: UserError) -> Reply:
    """The refusal with the terms that may be meant: each with its sentence, and a button whose presses are counted."""
    terms = [book.terms[slug] for slug in error.suggestions]
    buttons = tuple(Button(term.term, f"!define {_counted(book, term)}", private=True, offered=True) for term in terms)
    return replace(refusal(error, "define"), rows=tuple(Row(term.term, term.short) for term in terms), buttons=buttons)


def _counted(book: Book, term: Term) -> str:
    """What asks for a term in a press that is counted: its id, or more than its name where that is others' too."""
    asked = book.asked_by(term.id)
    return term.id if asked == term.term else asked


def not_found(book: Book, looked: LookedUp, symbol: Symbol | None = None) -> UserError:
    """Why there is no answer, with up to three terms that are near, or the ones that share a name.

    `symbol` is the one that the text is instead.
    """
    names = [book.terms[slug].term for slug in looked.verdict.suggestions]
    what = quoted(looked.text)
    if looked.verdict.outcome == "ambiguous":
        return UserError(f"{what} can mean {one_of(names)}. Which one?", "ambiguous", looked.verdict.suggestions)
    if names:
        asked = "Is it one of these:" if len(names) > 1 else "Did you mean"
        reason = f"{what} is not in the glossary. {asked} {one_of(names)}?"
        return UserError(reason, "unknown_term", looked.verdict.suggestions)
    if symbol is not None:
        reason = f"{what} is a symbol and no term of the glossary. !quote {symbol.canonical} answers with its price."
        return UserError(reason, "unknown_term")
    return UserError(f"{what} is not in the glossary. !terms lists what is.", "unknown_term")
