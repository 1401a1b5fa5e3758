"""Every command of the registry, by its own examples, in both faces: the same Reply."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.commands.declaration import Command, Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question, read_slash
from bot.commands.registry import build_registry
from bot.desk import Caller, Desk
from bot.discord_face.layout import embed
from bot.render.envelope import dump, envelope
from bot.render.reply import Reply
from bot.render.text import answer_of, shown, to_text
from tests.discord_face.conftest import Running
from tests.discord_face.shown import expected, seen, unmarked
from tests.loopback_discord import LoopbackDiscord

HERE = Caller(person=1, channel=2, guild=3, may_manage=True)
EXAMPLES = [(entry.name, entry.examples[0]) for entry in build_registry().commands]


async def replies(desk: Desk, registry: Registry, question: str) -> list[Reply]:
    """The reply to a question as typed, in plain words after a mention, and by named options."""
    typed = read_question(desk, registry, question)
    entry: Command | None = registry.get(typed.command)
    assert entry is not None
    assert typed.error is None, typed.error
    calls = [typed, read_question(desk, registry, f"<@42> {question}")]
    if entry.name == question.removeprefix("!").split()[0] and len(entry.options) == 1:
        rest = question.partition(" ")[2]
        calls.append(read_slash(desk, registry, entry, {entry.options[0].name: rest} if rest else {}))
    return [await answer(desk, registry, HERE, call) for call in calls]


@pytest.mark.parametrize(("name", "question"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
async def test_every_way_of_reading_gives_the_same_reply(
    desk: Desk, registry: Registry, name: str, question: str
) -> None:
    first, *others = await replies(desk, registry, question)
    assert name in (first.command, "ask")
    for other in others:
        assert replace(other, attachments=()) == replace(first, attachments=())
    text = to_text(first)
    if first.error is None:
        for detail in ("normal", "full"):
            told = replace(first, detail=detail)
            whole, at = unmarked(f"{told.title}\n{embed(told).description}"), 0
            for fact in expected(told) if len(whole) < 4000 else ():
                at = whole.index(fact, at)
        assert answer_of(first) in text
        assert all(row.value in text for row in (*first.rows, *first.more))
    json.loads(dump(envelope(question, first, 1.0)))


async def test_every_command_runs_on_discord(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, registry: Registry
) -> None:
    owner = discord_server.owner
    async with running(desk):
        for _, question in EXAMPLES:
            told = await discord_server.say(None, question, by=owner)
            mine = await answer(desk, registry, HERE, read_question(desk, registry, question))
            assert shown(mine).answer in seen(told), question
