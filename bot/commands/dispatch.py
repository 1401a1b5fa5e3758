"""Running a call: the one boundary where a command's errors become replies."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.commands._written import written
from bot.commands.declaration import Call, Command, Registry
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.providers.asker import Asker, asking
from bot.render.numbers import capital
from bot.render.reply import Button, Reply, refusal

log = logging.getLogger(__name__)
EXPLAIN_THEMSELVES = frozenset({"define", "contrast", "terms", "glossary"})
OURS = "Something went wrong on our side. It has been noted; please try again."


async def answer(desk: Desk, registry: Registry, caller: Caller, call: Call) -> Reply:
    """The reply to a call. Never raises but for cancellation: a failure of ours is logged and told as such."""
    entry = registry.get(call.command)
    if call.error is not None or entry is None:
        error = call.error or UserError("There is no such command. !help lists what I answer.", "unknown_command")
        return replace(refusal(error, call.command, call.options), buttons=call.alternatives)
    try:
        _permit(entry, caller)
        with asking(Asker(caller.person, caller.tell)):
            reply = await entry.run(desk, caller, **call.values)
    except UserError as error:
        return _refused(desk, entry, call, error)
    except Exception:
        log.exception("command failed", extra={"fields": {"command": call.command}})
        return refusal(UserError(OURS, "internal"), call.command, call.options)
    understood = reply.understood or call.understood
    buttons = (*call.alternatives, *reply.buttons, *_explaining(desk, entry, reply))
    return replace(reply, understood=understood, buttons=buttons).answering(call.command, call.options)


def _refused(desk: Desk, entry: Command, call: Call, error: UserError) -> Reply:
    """The refusal; a typed symbol that nobody has prices of may be a slip, so it offers the nearest of the book."""
    typed = call.options.get("symbol")
    if error.code != "unknown_symbol" or error.suggestions or not isinstance(typed, str) or desk.symbols.known(typed):
        return refusal(error, call.command, call.options)
    near = desk.symbols.nearest(typed)
    told = UserError(" ".join(filter(None, [error.message, desk.symbols.did_you_mean(near)])), error.code, near)
    asks = [
        Button(word, f"!{entry.name} {written(desk.book, {**call.options, 'symbol': word})}", private=True)
        for word in near
    ]
    return replace(refusal(told, call.command, call.options), buttons=tuple(asks))


def _explaining(desk: Desk, entry: Command, reply: Reply) -> tuple[Button, ...]:
    """Buttons that explain, privately, the terms an answer uses: those that no button of its own asks for."""
    if entry.name in EXPLAIN_THEMSELVES:
        return ()
    asked = {button.ask.casefold() for button in reply.buttons}
    terms = [desk.book.terms[slug].term for slug in reply.terms if slug in desk.book.terms]
    return tuple(
        Button(f"{term}?", ask, private=True) for term in terms if (ask := f"!define {term}").casefold() not in asked
    )


def _permit(entry: Command, caller: Caller) -> None:
    """Raise UserError (not_permitted) where a command belongs to servers, or to those who manage them."""
    if entry.server_only and caller.guild is None:
        raise UserError(f"{capital(entry.name)} belongs to a server; there is none here.", "not_permitted")
    if entry.manages and not caller.may_manage:
        raise UserError(f"{capital(entry.name)} is for those who may manage this server.", "not_permitted")
