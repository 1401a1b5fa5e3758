"""From a plain-language question to a call: the router's reading, with its options made into values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.commands._written import written
from bot.commands.converters import FILLERS, Reading, SymbolsKind
from bot.commands.declaration import Call, Command, Registry, read_named, read_typed
from bot.errors import UserError
from bot.glossary.book import Book
from bot.render.reply import Button

if TYPE_CHECKING:
    from bot.commands._recent import LastCall
    from bot.language.router import Route

# Commands that plain language does not reach: in a message without a prefix their word still starts them.
TYPED_ONLY = frozenset({"terms", "glossary", "scan", "weigh", "working", "about", "settings", "help"})
CAN = "I explain trading terms and show how a market stands"
TRY = "Try: what is contango? · is IWM in a rally? · how much has the S&P moved in two weeks?"
DECLINES = {
    "advice": f"I cannot tell anybody what to do with their money. {CAN}. {TRY}",
    "forecast": f"I do not forecast; I describe what prices have done. {CAN}. {TRY}",
    "out_of_scope": f"That is outside what I know. {CAN}. {TRY}",
    "unsafe": f"I will not do that. {CAN}. {TRY}",
}
LABEL = 60


_CONDITION = re.compile(r"(?:rally|range|roc|price)_\S*")
_AS_OF = re.compile(r"\bas_?of[:=]", re.IGNORECASE)


def read_in_words(book: Book, registry: Registry, body: str, reading: Reading, previous: LastCall | None) -> Call:
    """The call that a question in plain words means. Never raises: the call carries the error."""
    # A third of a second of tables that a bot which is only asked typed commands never needs.
    from bot.language.message import Previous, RouteContext
    from bot.language.router import route

    typed = _typed(registry, body, reading)
    # "alert me when IWM drops": its words are a sentence, not a condition
    meant = typed is not None and typed.error is None and not loose_alert(typed)
    if typed is not None and meant and (typed.command in TYPED_ONLY or _is_terse(registry, typed, body)):
        return typed
    last = None if previous is None else Previous.from_json(previous.command, previous.options, reading.symbols)
    found = route(body, RouteContext(reading.symbols, reading.search, reading.today, registry.intents, last))
    if typed is not None and meant and (_says_more(typed, found) or found.options.get("reason") == "out_of_scope"):
        return typed
    if typed is not None and typed.error is not None and (_AS_OF.search(body) or _adds_nothing(found, body, reading)):
        return typed
    return to_call(book, registry, found, reading)


def _says_more(typed: Call, found: Route) -> bool:
    """Whether the command as typed holds all that the router found in it, and perhaps an option more."""
    given = {name: list(value) if isinstance(value, tuple) else value for name, value in typed.options.items()}
    return typed.command == found.command and all(given.get(name) == value for name, value in found.as_json().items())


def loose_alert(call: Call) -> bool:
    """Whether it is an alert whose condition is in words of one's own, not written as `price_below:200`."""
    return call.command == "alert" and not _CONDITION.fullmatch(str(call.options.get("condition") or "price_"))


def _is_terse(registry: Registry, typed: Call, body: str) -> bool:
    """Whether it is the typed form without its prefix, `roc IWM SPY 5 21`: no word between symbols and numbers."""
    entry = registry.get(typed.command)
    takes_symbols = entry is not None and any(isinstance(option.kind, SymbolsKind) for option in entry.options)
    words = body.casefold().split()
    return takes_symbols and len(words) > 1 and FILLERS.isdisjoint(words)


def _adds_nothing(found: Route, body: str, reading: Reading) -> bool:
    """Whether only a command's own word was understood, as a term: what is wrong with the rest says more."""
    word, _, rest = body.partition(" ")
    return found.command == "define" and bool(rest) and found.options.get("term") == reading.search.find(word).id


def _typed(registry: Registry, body: str, reading: Reading) -> Call | None:
    """The call of a command word with its options, or None where the first word is no command."""
    word, _, rest = body.partition(" ")
    entry = registry.get(word)
    return read_typed(entry, rest, reading) if entry is not None else None


def to_call(book: Book, registry: Registry, found: Route, reading: Reading) -> Call:
    """A route as a call. Options stay as the router resolved them."""
    if found.command == "decline":
        reason = str(found.options.get("reason"))
        return Call("decline", options=found.as_json(), error=UserError(DECLINES[reason], "declined"))
    name, options = found.command, found.as_json()
    if found.follow == "why" and registry.get("working"):
        entry = registry.get("working")
        call = read_typed(entry, f"{name} {written(book, options)}", reading) if entry else None
        if call is not None and call.error is None:
            return call
    entry = registry.get(name)
    if entry is None:
        return Call("unknown", error=UserError(f"I cannot answer {name} questions yet.", "unknown_command"))
    call = read_named(entry, _texts(entry, book, options), reading)
    understood = "; ".join([found.understood, *found.notes])
    return Call(name, call.values, options, understood, found.error or call.error, alternatives=_buttons(book, found))


def _texts(entry: Command, book: Book, options: Mapping[str, Any]) -> dict[str, str]:
    """The router's options as the texts of the command's own: several symbols or periods go where one may stand."""
    texts: dict[str, str] = {}
    names = {option.name for option in entry.options}
    for name, value in options.items():
        if name == "term":
            texts[name] = book.terms[value].term
        elif name == "terms":
            texts[name] = " vs ".join(book.terms[slug].term for slug in value)
        elif isinstance(value, list):
            singular = name.removesuffix("s")
            texts[name if name in names else singular] = " ".join(map(str, value))
        else:
            texts[name] = str(value)
    return texts


def _buttons(book: Book, found: Route) -> tuple[Button, ...]:
    """The second and third reading, where they are close."""
    readings = [other for other in found.alternatives if other.command != "decline"]
    asks = [(other.understood, f"!{other.command} {written(book, other.as_json())}".strip()) for other in readings]
    return tuple(Button(f"Or: {label}"[:LABEL], ask) for label, ask in asks[:2])
