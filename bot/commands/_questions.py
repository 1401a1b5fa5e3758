"""From what a person typed to a call: prefix, command word, bare term. Shared by every face, so all read alike."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from bot.commands._plain import loose_alert, read_in_words
from bot.commands.converters import LookedUp, Reading
from bot.commands.declaration import Call, Command, Registry, read_named, read_typed
from bot.desk import Desk
from bot.errors import UserError, quoted
from bot.settings import DEFAULTS, Settings

if TYPE_CHECKING:
    from bot.commands._recent import LastCall

MAX_QUESTION = 500
IN_WORDS = "ask"
_BOT_MENTION = re.compile(r"^\s*<@!?\d+>\s*")
_NAMED = {"exact", "alias"}
_SPELLING_FROM = 7


def reading(desk: Desk) -> Reading:
    """What reading a question at this desk needs."""
    return Reading(desk.symbols, desk.search, today(desk))


def today(desk: Desk) -> date:
    """The date now, in UTC."""
    return desk.clock().date()


def read_question(
    desk: Desk, registry: Registry, text: str, settings: Settings = DEFAULTS, previous: LastCall | None = None
) -> Call:
    """The call that a question means, with its prefix or in plain words. Never raises: the call carries the error.

    `previous` is the asker's last call here, for questions that follow on ("and SPY?").
    """
    body = visible(_BOT_MENTION.sub("", text))
    if not body:
        return Call("help", error=UserError("Ask me something: !define r-star, !roc IWM 10, !rally IWM or !help."))
    if len(body) > MAX_QUESTION:
        return _too_long(registry, body, settings)
    for prefix in (settings.prefix, DEFAULTS.prefix):
        if body.startswith(prefix) and len(body) > len(prefix):
            return read_command(desk, registry, body[len(prefix) :], previous)
    return read_plain(desk, registry, body, previous)


def visible(text: str) -> str:
    """The text without characters that nobody sees: zero-width marks, direction marks, control characters."""
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in {"Cf", "Cc", "Cs"})
    return "".join(kept).strip()


def _too_long(registry: Registry, body: str, settings: Settings) -> Call:
    words = body.removeprefix(settings.prefix).split(maxsplit=1)
    entry = registry.get(words[0]) if words and body.startswith(settings.prefix) else None
    error = UserError(f"That is {len(body):,} characters long; a question has {MAX_QUESTION} at most.")
    return Call(entry.name if entry else "unknown", error=error)


def read_command(desk: Desk, registry: Registry, body: str, previous: LastCall | None = None) -> Call:
    """The call of `roc IWM 10`: a command word and its options; else a bare term; else unknown_command."""
    body = visible(body)
    word, _, rest = body.partition(" ")
    entry = registry.get(word)
    if entry is not None and entry.name == IN_WORDS and rest.strip():
        return read_plain(desk, registry, rest.strip(), previous)
    if entry is not None:
        call = read_typed(entry, rest, reading(desk))
        if loose_alert(call):
            in_words = read_plain(desk, registry, body, previous)
            call = in_words if in_words.command == "alert" else call
        return settle(call)
    bare = bare_term(desk, registry, body)
    return bare or Call("unknown", error=unknown_command(registry, body))


def bare_term(desk: Desk, registry: Registry, body: str, *, named: bool = False) -> Call | None:
    """The call of a bare `!contango`, or None where the glossary has no such term.

    `named` is for channels where other bots use the same prefix: then only a term's name or alias counts, or a long
    word that is nearly one, so that `!ping` and `!play some song about inflation` stay theirs.
    """
    entry = registry.get("define")
    if entry is None:
        return None
    call = settle(read_typed(entry, visible(body), reading(desk)))
    if call.command == "contrast":
        return call
    looked = call.values.get("term")
    if not isinstance(looked, LookedUp) or looked.verdict.outcome not in {"answered", "ambiguous"}:
        return None
    return call if not named or _is_named(looked) else None


def _is_named(looked: LookedUp) -> bool:
    verdict = looked.verdict
    if verdict.outcome == "ambiguous" or verdict.match in _NAMED:
        return True
    return verdict.match == "spelling" and len(looked.text) >= _SPELLING_FROM


def read_plain(desk: Desk, registry: Registry, body: str, previous: LastCall | None = None) -> Call:
    """The call of a question without a prefix: a command word with its options, or plain language."""
    return read_in_words(desk.book, registry, body, reading(desk), previous)


def read_slash(
    desk: Desk, registry: Registry, entry: Command, texts: dict[str, str], previous: LastCall | None = None
) -> Call:
    """The call of a slash command with its option texts."""
    if entry.name == IN_WORDS and texts.get("question", "").strip():
        return read_plain(desk, registry, texts["question"].strip()[:MAX_QUESTION], previous)
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

    word = next(iter(body.split(maxsplit=1)), "").casefold()
    hits = process.extract(word, list(registry.names), scorer=fuzz.ratio, score_cutoff=60, limit=3)
    names = dict.fromkeys(f"!{entry.name}" for name, _, _ in hits if (entry := registry.get(name)))
    also = f" Did you mean {' or '.join(names)}?" if names else " !help lists what I answer."
    return UserError(f"There is no command or term {quoted(body, 40)}.{also}", "unknown_command", tuple(names))
