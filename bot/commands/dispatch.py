"""From a call to a reply, and conversations: the one boundary where a command's errors become replies."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.commands.converters import SymbolConverter
from bot.commands.declaration import Call, Command, Registry
from bot.commands.last_resort import clarified
from bot.commands.reading import read_command, read_question
from bot.commands.recent import Recent
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.market.symbols import Symbol
from bot.providers.asker import Asker, asking
from bot.render.numbers import capital
from bot.render.reply import AnsweredCall, Button, Reply, Row, refusal
from bot.render.text import answer_of
from bot.settings import DEFAULTS, Settings

log = logging.getLogger(__name__)
OURS = "Something went wrong on our side. It has been noted; please try again."
LIVE_SECONDS = 2.0
LIVE = "Now"


async def answer(desk: Desk, registry: Registry, caller: Caller, call: Call) -> Reply:
    """The reply to a call. Never raises but for cancellation: a failure of ours is logged and told as such."""
    entry = registry.get(call.command)
    if call.error is not None or entry is None:
        error = call.error or UserError("There is no such command. !help lists what I answer.", "unknown_command")
        return replace(refusal(error, call.command, call.options), buttons=call.alternatives)
    try:
        _permit(entry, caller)
        with asking(Asker(caller.person, caller.tell)):
            reply = await entry.answer(desk, caller, registry, call.values)
    except UserError as error:
        return _refused(desk, entry, call, error)
    except Exception:
        log.exception("command failed", extra={"fields": {"command": call.command}})
        return refusal(UserError(OURS, "internal"), call.command, call.options)
    understood = reply.understood or call.understood
    buttons = (*call.alternatives, *_leading(desk, reply), *_explaining(desk, reply))
    ask = "" if entry.writes else entry.typed(call.values)
    answered = AnsweredCall(call.command, call.options, ask)
    warnings = (*_notes(call), *reply.warnings)
    return replace(reply, understood=understood, buttons=buttons, answered=answered, warnings=warnings)


def _notes(call: Call) -> tuple[str, ...]:
    """What has to be said of how the symbols were read, each once: "Facebook has traded as META since June 2022."."""
    values = (one for value in call.values.values() if isinstance(value, tuple) for one in value)
    return tuple(dict.fromkeys(one.note for one in values if isinstance(one, Symbol) and one.note))


def _refused(desk: Desk, entry: Command, call: Call, error: UserError) -> Reply:
    """The refusal; a typed symbol that nobody has prices of may be a slip, so it offers the nearest of the book."""
    option = next((one for one in entry.options if isinstance(one.converter, SymbolConverter)), None)
    symbols: Sequence[Symbol] = call.values.get(option.name, ()) if option is not None else ()
    if error.code != "unknown_symbol" or error.suggestions or len(symbols) != 1 or option is None:
        return refusal(error, call.command, call.options)
    typed = symbols[0].canonical
    if symbols[0].note:
        error = UserError(f"{symbols[0].note} {error.message}", error.code)
    lines = (one for one in map(desk.symbols.symbol, symbols[0].also) if one is not None)
    near = tuple(one.canonical for one in lines if desk.feed.serves(one))
    if symbols[0].name and not near:
        return refusal(error, call.command, call.options)
    near = near or desk.symbols.nearest(typed)
    told = UserError(" ".join(filter(None, [error.message, desk.symbols.did_you_mean(near)])), error.code, near)
    asks = [
        Button(word, entry.typed({**call.values, option.name: (desk.symbols.stored(word),)}), private=True)
        for word in near
    ]
    return replace(refusal(told, call.command, call.options), buttons=tuple(asks))


def _leading(desk: Desk, reply: Reply) -> tuple[Button, ...]:
    """The buttons of a reply; those of an entry only where somebody here has prices of what they ask for."""
    if reply.tone != "term":
        return reply.buttons
    return tuple(button for button in reply.buttons if _has_prices(desk, button.ask))


def _has_prices(desk: Desk, ask: str) -> bool:
    """Whether every symbol that a question names, or what stands in for it, is served here; true where nobody is asked.

    Questions of entries write symbols in capitals: those are looked up, for reading whole questions takes longer than
    all the rest of an entry. Before prices are in use only a folder of them is asked: a bot that explains terms
    loads none.
    """
    if not desk.feed.in_use and not desk.config.prices:
        return True
    book = desk.symbols.symbols
    known = (desk.symbols.known(word) for word in ask.split()[1:] if word.isupper())
    stands = [(one, book.get(one.stand_in or "")) for one in known if one is not None]
    return not desk.feed.states or all(
        desk.feed.serves(one) or (other is not None and desk.feed.serves(other)) for one, other in stands
    )


def _explaining(desk: Desk, reply: Reply) -> tuple[Button, ...]:
    """Buttons that explain, privately, the terms an answer uses: those that no button of its own asks for.

    Answers that are entries of the glossary explain themselves.
    """
    if reply.tone == "term":
        return ()
    asked = {button.ask.casefold() for button in reply.buttons}
    terms = [desk.book.terms[slug] for slug in reply.terms if slug in desk.book.terms]
    asks = [(term.term, f"!define {desk.book.asked_by(term.id)}") for term in terms]
    return tuple(Button(f"{name}?", ask, private=True) for name, ask in asks if ask.casefold() not in asked)


def _permit(entry: Command, caller: Caller) -> None:
    """Raise UserError (not_permitted) where a command belongs to servers, or to those who manage them."""
    if entry.server_only and caller.guild is None:
        raise UserError(f"{capital(entry.name)} belongs to a server; there is none here.", "not_permitted")
    if entry.manages and not caller.may_manage:
        raise UserError(f"{capital(entry.name)} is for those who may manage this server.", "not_permitted")


async def with_live_number(desk: Desk, registry: Registry, caller: Caller, reply: Reply) -> Reply:
    """The reply with one more row where it names a live question whose answer comes within the time for it.

    A slow answer is left out here but goes on in the background, so that the next asker finds it in memory.
    """
    if not reply.live or reply.error is not None or not _has_prices(desk, reply.live):
        return reply
    call = read_command(desk, registry, reply.live.removeprefix(DEFAULTS.prefix))
    if registry.get(call.command) is None:
        return reply
    work = desk.jobs.start(f"live {reply.live} for {id(reply)}", answer(desk, registry, caller, call))
    done, _ = await asyncio.wait({work}, timeout=LIVE_SECONDS)
    if not done or work.result().error is not None:
        return reply
    shown: Reply = work.result()
    stale = f" ({shown.freshness.stale_reason})" if shown.freshness is not None and shown.freshness.stale else ""
    simulated = " (simulated)" if shown.freshness is not None and shown.freshness.adjustment == "simulated" else ""
    return replace(reply, more=(*reply.more, Row(LIVE, f"{answer_of(shown)}{stale}{simulated}")))


def with_prefix(reply: Reply, registry: Registry, settings: Settings) -> Reply:
    """The reply with its commands as they are typed where it is read: with the server's prefix, or as slash commands.

    What buttons and menus ask stays as it is: nobody reads it.
    """
    prefix = settings.prefix if settings.prefix_commands else "/"
    if prefix == DEFAULTS.prefix:
        return reply
    named = re.compile(rf"(?<!\w){re.escape(DEFAULTS.prefix)}(?=(?:{'|'.join(map(re.escape, registry.names))})\b)")

    def told(text: str) -> str:
        return named.sub(lambda _: prefix, text)

    def rows(given: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(row._replace(label=told(row.label), value=told(row.value)) for row in given)

    buttons = tuple(button._replace(label=told(button.label)) for button in reply.buttons)
    if reply.error is not None and not buttons and all(one.startswith("!") for one in reply.error.suggestions):
        buttons = tuple(Button(told(one), one, private=True) for one in reply.error.suggestions)
    return replace(
        reply,
        headline=told(reply.headline),
        rows=rows(reply.rows),
        more=rows(reply.more),
        footer=told(reply.footer),
        warnings=tuple(map(told, reply.warnings)),
        choices=tuple(choice._replace(hint=told(choice.hint)) for choice in reply.choices),
        buttons=buttons,
    )


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a face talks through: reading with the last call in mind, answering, remembering."""

    desk: Desk
    registry: Registry
    recent: Recent = field(default_factory=Recent)

    def read(
        self, caller: Caller, text: str, settings: Settings = DEFAULTS, *, replying_to: Call | None = None
    ) -> Call:
        """The call that a question means to this asker. Never raises: the call carries the error.

        `replying_to` is the call of the answer that it replies to; without one it follows on the asker's own last call.
        """
        previous = replying_to or self.recent.previous(caller, self.desk.clock())
        return read_question(self.desk, self.registry, text, settings, previous)

    async def answer(self, caller: Caller, call: Call, settings: Settings = DEFAULTS, *, live: bool = True) -> Reply:
        """The reply to a call, which is then the asker's last, in the words of a server's settings.

        Never raises but for cancellation.

        `live` adds to a definition what its term's first command says now, when that is quickly had.
        """
        call = await clarified(self.desk, self.registry, call)
        reply = await answer(self.desk, self.registry, caller, call)
        self.recent.remember(caller, call, self.desk.clock())
        reply = await with_live_number(self.desk, self.registry, caller, reply) if live else reply
        return with_prefix(reply, self.registry, settings)
