"""From what a person typed to a call: prefix, command word, bare term. Shared by every face, so all read alike."""

from __future__ import annotations

import re
from datetime import date

from bot.commands._command import Call, Command, Registry, read_named, read_typed
from bot.commands._kinds import LookedUp, Reading
from bot.desk import Desk
from bot.errors import UserError, quoted
from bot.settings import DEFAULTS, Settings

MAX_QUESTION = 500
_BOT_MENTION = re.compile(r"^\s*<@!?\d+>\s*")


def reading(desk: Desk) -> Reading:
    """What reading a question at this desk needs."""
    return Reading(desk.symbols, desk.search, today(desk))


def today(desk: Desk) -> date:
    """The date now, in UTC."""
    return desk.clock().date()


def read_question(desk: Desk, registry: Registry, text: str, settings: Settings = DEFAULTS) -> Call:
    """The call that a question means, with its prefix or without. Never raises: the call carries the error."""
    body = _BOT_MENTION.sub("", text).strip()
    if not body:
        return Call("help", error=UserError("Ask me something: !define r-star, !roc IWM 10, !rally IWM or !help."))
    if len(body) > MAX_QUESTION:
        return _too_long(registry, body, settings)
    if body.startswith(settings.prefix) and len(body) > len(settings.prefix):
        return read_command(desk, registry, body[len(settings.prefix) :])
    return read_plain(desk, registry, body)


def _too_long(registry: Registry, body: str, settings: Settings) -> Call:
    word = body.removeprefix(settings.prefix).split(maxsplit=1)[0]
    entry = registry.get(word) if body.startswith(settings.prefix) else None
    error = UserError(f"That is {len(body):,} characters long; a question has {MAX_QUESTION} at most.")
    return Call(entry.name if entry else "unknown", error=error)


def read_command(desk: Desk, registry: Registry, body: str) -> Call:
    """The call of `roc IWM 10`: a command word and its options; else a bare term; else unknown_command."""
    word, _, rest = body.strip().partition(" ")
    entry = registry.get(word)
    if entry is not None:
        return settle(read_typed(entry, rest, reading(desk)))
    bare = bare_term(desk, registry, body)
    return bare or Call("unknown", error=unknown_command(registry, body))


def bare_term(desk: Desk, registry: Registry, body: str) -> Call | None:
    """The call of a bare `!contango`, or None where the glossary has no such term."""
    entry = registry.get("define")
    if entry is None:
        return None
    call = settle(read_typed(entry, body, reading(desk)))
    looked = call.values.get("term")
    known = isinstance(looked, LookedUp) and looked.verdict.outcome in {"answered", "ambiguous"}
    return call if known or call.command == "contrast" else None


def read_plain(desk: Desk, registry: Registry, body: str) -> Call:
    """The call of a question without a prefix: a command word, else a term."""
    word, _, rest = body.partition(" ")
    entry = registry.get(word)
    if entry is not None:
        call = settle(read_typed(entry, rest, reading(desk)))
        if call.error is None:
            return call
    define = registry.get("define")
    if define is None:
        return Call("unknown", error=unknown_command(registry, body))
    return settle(read_typed(define, body, reading(desk)))


def read_slash(desk: Desk, entry: Command, texts: dict[str, str]) -> Call:
    """The call of a slash command with its option texts."""
    return settle(read_named(entry, texts, reading(desk)))


def settle(call: Call) -> Call:
    """`define a vs b` is the command contrast; every other call stays as it is."""
    looked = call.values.get("term")
    if call.command != "define" or not isinstance(looked, LookedUp) or looked.verdict.contrast is None:
        return call
    terms = looked.verdict.contrast
    return Call("contrast", {"terms": terms}, {"terms": list(terms)})


def unknown_command(registry: Registry, body: str) -> UserError:
    """The error for a command word that there is not, with the nearest names."""
    from rapidfuzz import fuzz, process

    word = body.split(maxsplit=1)[0].casefold()
    hits = process.extract(word, list(registry.names), scorer=fuzz.ratio, score_cutoff=60, limit=3)
    names = dict.fromkeys(f"!{entry.name}" for name, _, _ in hits if (entry := registry.get(name)))
    also = f" Did you mean {' or '.join(names)}?" if names else " !help lists what I answer."
    return UserError(f"There is no command or term {quoted(body, 40)}.{also}", "unknown_command", tuple(names))
