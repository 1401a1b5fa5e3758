"""From what a person asks to a call: prefix, command word, named options, plain language. All faces read through it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.commands.converter import OptionRefused, ParseContext, chunks, without
from bot.commands.converters import ChoiceConverter, LookedUp, SymbolConverter
from bot.commands.declaration import Call, Command, Option, Registry
from bot.desk import Desk
from bot.errors import UserError, quoted
from bot.language.entities.symbols import FILLERS
from bot.language.tokens import Unread, Words, read_words
from bot.market.symbols import Symbol
from bot.render.reply import Button
from bot.settings import DEFAULTS, Settings

if TYPE_CHECKING:
    from bot.language.router import Route

MAX_QUESTION = 500
MAX_TYPED = 250
LABEL = 60
OR = "Or: "
CAN = "I explain trading terms and show how a market stands"
TRY = "Try: what is contango? · is IWM in a rally? · how much has the S&P moved in two weeks?"
DECLINES = {
    "advice": f"I cannot tell anybody what to do with their money. {CAN}. {TRY}",
    "forecast": f"I do not forecast; I describe what prices have done. {CAN}. {TRY}",
    "out_of_scope": f"That is outside what I know. {CAN}. {TRY}",
    "unsafe": f"I will not do that. {CAN}. {TRY}",
}
_BOT_MENTION = re.compile(r"^\s*<@!?\d+>\s*")
_NAMED = {"exact", "alias"}
_SPELLING_FROM = 7
_AS_OF = re.compile(r"\bas_?of[:=]", re.IGNORECASE)
_ASKING = "?¿？! "
_TERM, _NOTHING = "term", "out_of_scope"
_SURE_OF_NOTHING = 0.9


def parse_context(desk: Desk, registry: Registry | None = None) -> ParseContext:
    """What reading a question at this desk needs; today's date is that of UTC."""
    names = registry.command_names if registry is not None else ()
    return ParseContext(desk.symbols, desk.search, desk.clock().date(), names)


def read_question(
    desk: Desk, registry: Registry, text: str, settings: Settings = DEFAULTS, previous: Call | None = None
) -> Call:
    """The call that a question means, with its prefix or in plain words. Never raises: the call carries the error.

    `previous` is the asker's last call here, for questions that follow on ("and SPY?").
    """
    body, overview = visible(_BOT_MENTION.sub("", text)), registry.of_role("overview")
    if overview is not None and body and not body.strip(_ASKING):
        return Call(overview.name)
    if not body:
        error = UserError("Ask me something: !define r-star, !roc IWM 10, !rally IWM or !help.")
        return Call(overview.name if overview else "unknown", error=error)
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
    return Call(entry.name if entry else "unknown", error=too_long(body))


def too_long(text: str) -> UserError:
    """The error for a question or an option that is longer than any needs to be."""
    return UserError(f"That is {len(text):,} characters long; a question has {MAX_QUESTION} at most.")


def read_command(desk: Desk, registry: Registry, body: str, previous: Call | None = None) -> Call:
    """The call of `roc IWM 10`: a command word and its options; else a bare term; else unknown_command."""
    body = visible(body)
    word, _, rest = body.partition(" ")
    entry = registry.get(word)
    if entry is not None and entry.role == "plain_questions" and rest.strip():
        return read_plain(desk, registry, rest.strip(), previous)
    if entry is not None:
        call = read_typed(entry, rest, parse_context(desk, registry))
        if call.error is not None and entry.intent is not None and len(rest.split()) > 1:
            in_words = read_plain(desk, registry, body, previous)
            call = in_words if _reads_all(in_words, call) else call
        return redirected(registry, call)
    bare = bare_term(desk, registry, body)
    return bare or Call("unknown", error=unknown_command(registry, body))


def _reads_all(in_words: Call, typed: Call) -> bool:
    """Whether the reading as a sentence is the same command with every option that the typed words hold."""
    same = in_words.command == typed.command and in_words.error is None
    return same and all(in_words.options.get(name) == value for name, value in typed.options.items())


def bare_term(desk: Desk, registry: Registry, body: str, *, named: bool = False) -> Call | None:
    """The call of a bare `!contango`, or None where the glossary has no such term.

    `named` is for channels where other bots use the same prefix: then only a term's name or alias counts that is no
    ordinary word, or a long word that is nearly one, so that `!ping`, `!trade` and `!play some song` stay theirs.
    """
    entry = registry.of_role("bare_terms")
    if entry is None:
        return None
    call = redirected(registry, read_typed(entry, visible(body), parse_context(desk, registry)))
    if call.command != entry.name:
        return call
    looked = next((value for value in call.values.values() if isinstance(value, LookedUp)), None)
    if looked is None or looked.verdict.outcome not in {"answered", "ambiguous"}:
        return None
    return call if not named or _is_named(desk, looked) else None


def _is_named(desk: Desk, looked: LookedUp) -> bool:
    verdict = looked.verdict
    if desk.search.is_ordinary(looked.text):
        return False
    if verdict.outcome == "ambiguous" or verdict.match in _NAMED:
        return True
    return verdict.match == "spelling" and len(looked.text) >= _SPELLING_FROM


def read_slash(
    desk: Desk, registry: Registry, entry: Command, texts: Mapping[str, str], previous: Call | None = None
) -> Call:
    """The call of a slash command with its option texts."""
    given = next((text.strip() for text in texts.values() if text.strip()), "")
    if entry.role == "plain_questions" and given:
        return read_plain(desk, registry, given[:MAX_QUESTION], previous)
    return redirected(registry, read_named(entry, texts, parse_context(desk, registry)))


def redirected(registry: Registry, call: Call) -> Call:
    """The call that a call means: `define a vs b` is two terms side by side; most calls mean themselves."""
    entry = registry.get(call.command)
    meant = entry.redirect(call.values) if entry is not None and entry.redirect is not None else None
    other = registry.get(meant[0]) if meant is not None else None
    return call if meant is None or other is None else made(other, meant[1])


def read_attached(entry: Command, text: str, context: ParseContext) -> Call:
    """The call of a command over an attached table. Never raises: the call carries the error."""
    option = entry.option(entry.takes_attachment or "")
    if option is None:
        return Call(entry.name, error=UserError(f"{entry.name} takes no file."))
    try:
        return made(entry, {option.name: option.converter.convert_table(text, context)})
    except UserError as error:
        return Call(entry.name, error=error)


def unknown_command(registry: Registry, body: str) -> UserError:
    """The error for a command word that there is not, with the nearest names."""
    from rapidfuzz import fuzz, process

    word = next(iter(body.split(maxsplit=1)), "").casefold()
    hits = process.extract(word, list(registry.names), scorer=fuzz.ratio, score_cutoff=60, limit=3)
    names = dict.fromkeys(f"!{entry.name}" for name, _, _ in hits if (entry := registry.get(name)))
    also = f" Did you mean {' or '.join(names)}?" if names else " !help lists what I answer."
    return UserError(f"There is no command or term {quoted(body, 40)}.{also}", "unknown_command", tuple(names))


def read_typed(entry: Command, text: str, context: ParseContext) -> Call:
    """The call that typed words after a command's name mean. Never raises: the call carries the error."""
    options = sorted(entry.options, key=lambda option: option.converter.order)
    if len(text) > MAX_QUESTION and not all(option.converter.whole for option in options):
        return made(entry, {}, error=too_long(text))
    words, typed, unread = _without_unread(options, _tagged(options, text, context))
    found, refused, words = _consumed(options, words, context)
    typed |= {name: one.typed for name, one in refused.items()}
    fault = unread or next(iter(refused.values()), None) or _left_over(entry, words)
    if fault is None:
        return _complete(entry, found, text)
    needed = [name for name in _missing(entry, found) if name not in typed]
    if needed and _left_over(entry, words) is not None:
        typed[needed[0]] = words.typed(0, len(words.words))[:MAX_TYPED]
    call = made(entry, found, typed, error=_with_usage(fault, entry))
    return replace(call, alternatives=_instead(entry, text, fault))


def _consumed(
    options: Sequence[Option], words: Words, context: ParseContext
) -> tuple[dict[str, Any], dict[str, OptionRefused], Words]:
    """The values of the options among tagged words, those that were refused, and the words that are left."""
    found: dict[str, Any] = {}
    refused: dict[str, OptionRefused] = {}
    for option in options:
        try:
            value, words = option.converter.consume(words, context)
        except OptionRefused as error:
            refused[option.name], words = error, error.left
            continue
        if value is not None:
            found[option.name] = value
    return found, refused, words


def _missing(entry: Command, found: Mapping[str, Any]) -> list[str]:
    """The names of the options that a command needs and that were not found."""
    return [option.name for option in entry.options if option.required and option.name not in found]


def _tagged(options: Sequence[Option], text: str, context: ParseContext) -> Words:
    """The words with everything tagged that the options can tell; text as it stands where none of them tags."""
    if all(option.converter.whole for option in options):
        return chunks(text)
    words = read_words(text)
    for option in options:
        words = option.converter.tag(words, context)
    for option in options:
        words = option.converter.tag_rest(words, context)
    return words


def _without_unread(options: Sequence[Option], words: Words) -> tuple[Words, dict[str, Any], UserError | None]:
    """The words without the options that hold something unread; those as they were typed; and what is wrong first."""
    typed: dict[str, Any] = {}
    fault = next((one.error() for one in words.unread), None)
    if fault is None:
        return words, typed, None
    for option in options:
        converter = option.converter
        bad = [word for word in words.words if isinstance(word.value, Unread) and word.value.entity in converter.reads]
        if bad:
            mine = [word for word in words.words if word in bad or word.low in converter.tags]
            typed[option.name] = converter.as_typed(words, mine)
            words = without(words, mine)
    return without(words, [word for word in words.words if isinstance(word.value, Unread)]), typed, fault


def _left_over(entry: Command, words: Words) -> UserError | None:
    """The error for words that no option took and that say something."""
    if not words.words:
        return None
    fillers = FILLERS.union(*(option.converter.fillers for option in entry.options), ("v",))
    said = [word for word in words.words if word.low not in fillers and any(map(str.isalnum, word.low))]
    if not said:
        return None
    text = " ".join(words.text[word.start : word.end] for word in said)
    return UserError(f"I could not place {quoted(text)}. Try it like this: {entry.examples[0]}")


def read_named(entry: Command, texts: Mapping[str, str], context: ParseContext) -> Call:
    """The call of named option texts, as a slash command gives them. Never raises: the call carries the error."""
    given = {option: text for option in entry.options if (text := texts.get(option.name, "").strip())}
    found: dict[str, Any] = {}
    typed: dict[str, Any] = {}
    fault: UserError | None = None
    for option, text in given.items():
        try:
            if len(text) > MAX_QUESTION and not option.converter.whole:
                raise too_long(text)
            found[option.name] = option.converter.convert(text, context)
        except UserError as error:
            fault = fault or error
            typed[option.name] = text[:MAX_TYPED]
    if fault is None:
        return _complete(entry, found, "")
    call = made(entry, found, typed, error=_with_usage(fault, entry))
    words = [o.converter.typed(found[o.name]) if o.name in found else text for o, text in given.items()]
    return replace(call, alternatives=_instead(entry, " ".join(words), fault))


def _instead(entry: Command, text: str, error: UserError) -> tuple[Button, ...]:
    """The same question once for each suggestion, in the place of the words that were not clear."""
    if not error.about:
        return ()
    unclear = re.compile(rf"(?<!\w){re.escape(' '.join(error.about.split()))}(?!\w)")
    before, found, after = unclear.sub("\0", " ".join(text.split()), count=1).partition("\0")
    if not found:
        return ()
    return tuple(Button(word, f"!{entry.name} {before}{word}{after}", private=True) for word in error.suggestions)


def _complete(entry: Command, found: Mapping[str, Any], text: str) -> Call:
    missing = _missing(entry, found)
    if not missing:
        return made(entry, found)
    need = _needed(entry, missing)
    error = UserError(f"{entry.name} needs {need}: for example {entry.examples[0]}", "bad_input", entry.examples)
    typed = {missing[0]: text.strip()[:MAX_TYPED]} if text.strip() and not found else {}
    return made(entry, found, typed, error=error)


def _needed(entry: Command, missing: Sequence[str]) -> str:
    """What a command lacks, in words: "a symbol and a condition"; of two alike "two currencies", "another currency"."""
    nouns = Counter(option.converter.noun for option in entry.options if option.name in missing)
    whole = Counter(option.converter.noun for option in entry.options if option.required)
    told = []
    for option in entry.options:
        noun, left = option.converter.noun, nouns.pop(option.converter.noun, 0)
        if left > 1:
            told.append(f"two {option.converter.nouns}")
        elif left:
            told.append(f"another {noun.removeprefix('a ')}" if whole[noun] > 1 else noun)
    return " and ".join(told)


def _with_usage(error: UserError, entry: Command) -> UserError:
    if error.suggestions or error.code != "bad_input":
        return error
    return UserError(error.message, error.code, entry.examples[:1])


def made(
    entry: Command, values: Mapping[str, Any], typed: Mapping[str, Any] | None = None, *, error: UserError | None = None
) -> Call:
    """The call of a command with these values; `typed` are options that could not be read, as they were typed."""
    options: dict[str, Any] = {}
    for option in entry.options:
        if option.name in values:
            options |= option.converter.to_json(option.name, values[option.name])
        elif typed and option.name in typed:
            options[option.name] = typed[option.name]
    return Call(entry.name, values, options, error=error)


def read_plain(desk: Desk, registry: Registry, body: str, previous: Call | None = None) -> Call:
    """The call of a question without a prefix: a command word with its options, or plain language.

    Never raises: the call carries the error.
    """
    # A third of a second of tables that a bot which is only asked typed commands never needs.
    from bot.language.declines import unsafe
    from bot.language.message import Previous, RouteContext
    from bot.language.router import route

    context = parse_context(desk, registry)
    typed = None if unsafe(body, body.casefold()) else _typed(registry, body, context)
    if typed is not None and _is_settled(registry, typed, body):
        return typed
    last = None if previous is None else Previous.from_json(previous.command, previous.options, context.symbols)
    found = route(body, RouteContext(context.symbols, context.search, context.today, registry.intents, last))
    if typed is not None and _is_meant(registry, typed, found, body, context):
        return typed
    return _with_match(to_call(registry, found, context, body), body, context)


def _with_match(call: Call, body: str, context: ParseContext) -> Call:
    """The call, which says of a term how the question led to it: the route holds only its id."""
    values = {
        name: replace(value, verdict=context.search.traced(body, value.verdict.id))
        for name, value in call.values.items()
        if isinstance(value, LookedUp) and value.verdict.id is not None
    }
    return replace(call, values={**call.values, **values}) if values else call


def _is_settled(registry: Registry, typed: Call, body: str) -> bool:
    """Whether a command's word with its options can mean nothing but the command.

    So it is where plain language does not reach the command, where the word stands alone and needs nothing, and where
    no word stands between symbols and numbers: `roc IWM SPY 5 21`.
    """
    entry = registry.get(typed.command)
    if entry is None or typed.error is not None or _is_order(entry):
        return False
    words = body.casefold().split()
    takes_symbols = any(isinstance(option.converter, SymbolConverter) for option in entry.options)
    return entry.intent is None or len(words) == 1 or (takes_symbols and FILLERS.isdisjoint(words))


def _is_meant(registry: Registry, typed: Call, found: Route, body: str, context: ParseContext) -> bool:
    """Whether a command's word with its options means more than the reading as a sentence."""
    if typed.error is not None:
        return _is_to_be_said(registry, typed, found, body, context)
    entry, given = registry.get(typed.command), found.as_json()
    if entry is None or typed.command != found.command:
        return found.options.get("reason") == _NOTHING and _knows_symbols(typed)
    seen = all(typed.options.get(name) == value for name, value in given.items())
    idle = [name for name in typed.options.keys() - given.keys() if _is_idle(entry, name, typed)]
    return seen and not idle and not _is_order(entry)


def _is_order(entry: Command) -> bool:
    """Whether its words are a sentence of one's own, so that what was understood has to be shown: "when IWM drops"."""
    return entry.intent is not None and entry.intent.settles


def _is_idle(entry: Command, name: str, call: Call) -> bool:
    """Whether an option is a choice that would be made without it, too."""
    option = entry.option(name)
    return option is not None and isinstance(option.converter, ChoiceConverter) and call.values[name] == option.default


def _knows_symbols(call: Call) -> bool:
    """Whether every symbol in a call is one of the book."""
    values = [value for value in call.values.values() if isinstance(value, tuple)]
    return all(one.kind != "unknown" for value in values for one in value if isinstance(one, Symbol))


def _is_to_be_said(registry: Registry, typed: Call, found: Route, body: str, context: ParseContext) -> bool:
    """Whether what is wrong with the options is the answer: where the sentence leaves one of them out or says nothing.

    A sentence says nothing, too, where it is only the term that the command's word names.
    """
    assert typed.error is not None  # noqa: S101  asked for such calls alone
    if typed.error.code == "ambiguous" or _AS_OF.search(body):
        return True
    if typed.command == found.command and not typed.options.keys() <= found.as_json().keys():
        return found.error is None
    word, _, rest = body.partition(" ")
    if (term := found.options.get(_TERM)) is not None:
        return _names_only(word, rest, term, context)
    plain = registry.intents.get(typed.command) is not None
    return not plain or (found.options.get("reason") == _NOTHING and not rest)


def _names_only(word: str, rest: str, term: str, context: ParseContext) -> bool:
    """Whether a term is only what a command's word is called, and not the whole question by its name."""
    named = context.search.find(word)
    return named.id == term and (bool(rest) or named.match not in _NAMED)


def _typed(registry: Registry, body: str, context: ParseContext) -> Call | None:
    """The call of a command word with its options, or None where the first word is no command."""
    word, _, rest = body.partition(" ")
    entry = registry.get(word)
    return read_typed(entry, rest, context) if entry is not None else None


def to_call(registry: Registry, found: Route, context: ParseContext, body: str = "") -> Call:
    """A route as a call; `body` is the question."""
    if found.command == "decline":
        return _declined(registry, found, context, body)
    entry = registry.get(found.command)
    if entry is None:
        return Call("unknown", error=UserError(f"I cannot answer {found.command} questions yet.", "unknown_command"))
    call = _of_options(entry, found.options, context)
    shows = registry.of_role("shows_working")
    if found.follow == "why" and shows is not None:
        why = read_typed(shows, entry.typed(call.values).removeprefix(DEFAULTS.prefix), context)
        if why.error is None:
            return replace(why, topic=call)
    understood = "; ".join([found.understood, *found.notes])
    asked = entry.typed(call.values).partition(" ")[2]
    meant = _instead(entry, asked, found.error) if found.error is not None else ()
    alternatives = call.alternatives or meant or _readings(registry, found, context)
    return replace(call, understood=understood, alternatives=alternatives, error=found.error or call.error)


def _declined(registry: Registry, found: Route, context: ParseContext, body: str) -> Call:
    """A decline in its words; where a question may have been meant that can be answered, with that to press."""
    reason = str(found.options.get("reason"))
    meant = _readings(registry, found, context) if reason == _NOTHING and found.error is None else ()
    said = found.error.message if found.error is not None else DECLINES[reason]
    if found.language != "en":
        from bot.language.translation import decline_in

        said = f"{decline_in(found.language, reason)} {said}"
    if meant:
        named = " or ".join(quoted(button.label.removeprefix(OR)) for button in meant)
        said = f"I am not sure what you mean. Is it {named}? Press it, or ask in other words. {TRY}"
    unsure = body if reason == _NOTHING and (meant or found.certainty < _SURE_OF_NOTHING) else ""
    error = UserError(said, "declined")
    return Call(found.command, options=found.options, error=error, alternatives=meant, unsure=unsure)


def _of_options(entry: Command, options: Mapping[str, Any], context: ParseContext) -> Call:
    """The call of options that are values already. Never raises: the call carries the error."""
    values: dict[str, Any] = {}
    unread: dict[str, Any] = {}
    fault: UserError | None = None
    for option in entry.options:
        try:
            value = option.converter.from_json(option.name, options, context)
        except UserError as error:
            fault, unread[option.name] = fault or error, str(options[option.name])
            continue
        if value is not None:
            values[option.name] = value
    if fault is None:
        return _complete(entry, values, "")
    text = " ".join(filter(None, [*unread.values(), entry.typed(values).partition(" ")[2]]))
    return replace(made(entry, values, unread, error=fault), alternatives=_instead(entry, text, fault))


def _readings(registry: Registry, found: Route, context: ParseContext) -> tuple[Button, ...]:
    """The second and third reading, where they are close."""
    buttons = []
    for other in found.alternatives:
        entry = registry.get(other.command)
        if entry is not None:
            ask = entry.typed(_of_options(entry, other.options, context).values)
            buttons.append(Button(f"{OR}{other.understood}"[:LABEL], ask))
    return tuple(buttons[:2])
