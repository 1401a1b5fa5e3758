"""Who has to wait, and how long: held against a slow obvious count of what was asked in the window."""

from __future__ import annotations

from dataclasses import replace

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.declaration import Registry
from bot.desk import Desk
from bot.discord_face.cooldowns import CHANNEL_QUESTIONS, PERSON_QUESTIONS, WINDOW, Cooldowns
from tests.discord_face.conftest import Running
from tests.discord_face.shown import seen
from tests.loopback_discord import LoopbackDiscord
from tests.loopback_discord.faults import VirtualClock

Asked = list[tuple[float, int]]


def spent(asked: Asked, now: float) -> int:
    return sum(cost for at, cost in asked if at > now - WINDOW)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, PERSON_QUESTIONS)), max_size=40))
def test_nobody_has_more_than_their_allowance_in_any_window(steps: list[tuple[int, int]]) -> None:
    """Seconds pass, then a question of some cost comes; a refused one is told the first second in which it would do."""
    cooldowns, asked, now = Cooldowns(), [], 0.0
    for seconds, cost in steps:
        now += seconds
        delay = cooldowns.delay(1, 2, now, cost)
        if spent(asked, now) + cost <= PERSON_QUESTIONS:
            assert delay is None
            asked.append((now, cost))
        else:
            assert delay is not None
            assert not delay.crowded
            firsts = (wait for wait in range(1, 13) if spent(asked, now + wait) + cost <= PERSON_QUESTIONS)
            assert delay.seconds == next(firsts)


def test_a_channel_counts_questions_whatever_they_cost() -> None:
    cooldowns = Cooldowns()
    for person in range(CHANNEL_QUESTIONS):
        assert cooldowns.delay(person, 2, 0.0, PERSON_QUESTIONS) is None
    delay = cooldowns.delay(99, 2, 0.0)
    assert delay is not None
    assert delay.crowded


def test_what_is_dear_costs_more_and_never_more_than_there_is(registry: Registry) -> None:
    costs = {entry.name: entry.cost for entry in registry.commands}
    assert max(costs.values()) <= PERSON_QUESTIONS
    assert costs["scan"] > costs["rank"] > costs["compare"] > costs["define"] == 1
    assert costs["chart"] > costs["roc"] == 1


@pytest.mark.parametrize("cooldowns", [True, False])
async def test_a_dear_question_is_told_what_it_costs_once(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, cooldowns: bool
) -> None:
    strict = replace(desk, config=attrs.evolve(desk.config, cooldowns=cooldowns))
    clock, eve = VirtualClock(), discord_server.add_person("Eve")
    async with running(strict, tick=clock):
        for _ in range(2):
            assert "IWM" in seen(await discord_server.say(None, "!rank IWM SPY"))
        told = seen(await discord_server.say(None, "!rank IWM SPY"))
        if not cooldowns:
            assert "One moment" not in told
            return
        assert (
            "One moment: rank is much work and counts as 3 of your 6 questions in 12 s; please ask again in 12 s."
            in told
        )
        async with discord_server.quiet(None, sentinel="!about", by=eve):
            for question in ("!rank IWM SPY", "!define rally", "!rank"):
                await discord_server.post(None, question)
        private = await discord_server.slash("define", {"term": "rally"})
        assert "One moment: please ask again in 12 s." in seen(private.answer)
        clock.advance(WINDOW)
        for _ in range(PERSON_QUESTIONS):
            assert "One moment" not in seen(await discord_server.say(None, "!about"))


async def test_what_cannot_be_read_costs_no_more_than_any_question(
    discord_server: LoopbackDiscord, running: Running, desk: Desk
) -> None:
    strict = replace(desk, config=attrs.evolve(desk.config, cooldowns=True))
    async with running(strict, tick=lambda: 0.0):
        for _ in range(PERSON_QUESTIONS):
            assert "One moment" not in seen(await discord_server.say(None, "!rank by nothing at all"))
