"""The live number under a definition: what the term's first command says right now, when that is quickly had."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.commands._questions import reading
from bot.commands.declaration import Registry, read_typed
from bot.commands.dispatch import answer
from bot.desk import Caller, Desk
from bot.render.reply import Reply, Row

BUDGET = 2.0
LABEL = "Now"


async def with_live_number(desk: Desk, registry: Registry, caller: Caller, reply: Reply) -> Reply:
    """The reply with one more row where its term has a live command whose answer comes within the budget.

    A slow answer is left out here but goes on in the background, so that the next asker finds it in memory.
    """
    question = _question(reply)
    if question is None:
        return reply
    word, _, rest = question.partition(" ")
    entry = registry.get(word)
    if entry is None:
        return reply
    call = read_typed(entry, rest, reading(desk))
    name = f"live {question} for {id(reply)}"
    work = desk.jobs.start(name, answer(desk, registry, caller, call))
    done, _ = await asyncio.wait({work}, timeout=BUDGET)
    if not done or work.result().error is not None:
        return reply
    shown: Reply = work.result()
    stale = f" ({shown.freshness.stale_reason})" if shown.freshness is not None and shown.freshness.stale else ""
    simulated = " (simulated)" if shown.freshness is not None and shown.freshness.adjustment == "simulated" else ""
    return replace(reply, rows=(*reply.rows, Row(LABEL, f"{shown.headline}{stale}{simulated}")))


def _question(reply: Reply) -> str | None:
    """The first live command of a definition, without its prefix."""
    if reply.command != "define" or reply.error is not None or reply.data is None:
        return None
    commands: list[str] = reply.data.get("commands") or []
    return commands[0].removeprefix("!") if commands else None
