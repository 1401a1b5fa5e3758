"""The queue of a host: who is served when, who is told what, and who is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs import Jobs
from bot.providers.asker import Asker, ListAsker, Priority, SharedAsker, about, ahead, asking, current, time_for
from bot.providers.cache import SingleFlight
from bot.providers.contract import Busy, Pace
from bot.providers.rate_limit import MOST_WAITING, HostQueue, Pacer
from tests.virtual_time import run_virtually

SINGLE, LIST, BACKGROUND = Priority
T = TypeVar("T")
Served = list[tuple[str, float]]


def now() -> float:
    return asyncio.get_running_loop().time()


def start(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Something that goes on beside the test, within its loop."""
    return asyncio.get_running_loop().create_task(work)


async def served(queue: HostQueue, askers: Sequence[tuple[str, Asker]]) -> Served:
    """Who had a slot when; all ask at once, in this order."""
    found: Served = []

    async def one(name: str, asker: Asker) -> None:
        await queue.slot("cboe", asker)
        found.append((name, now()))

    await asyncio.gather(*(one(name, asker) for name, asker in askers))
    return found


def in_order(pace: Pace, *askers: tuple[str, Asker]) -> Served:
    async def scene() -> Served:
        return await served(HostQueue(pace), askers)

    return run_virtually(scene())


class TestPacer:
    @given(
        st.integers(1, 8),
        st.lists(st.tuples(st.sampled_from(Priority), st.floats(0, 30)), max_size=40),
    )
    def test_no_span_has_more_than_the_pace_and_none_more_than_its_share(
        self, requests: int, asked: list[tuple[Priority, float]]
    ) -> None:
        pacer, moment, taken = Pacer(Pace(requests, 10.0)), 0.0, []
        shares = {SINGLE: requests, LIST: max(1, requests * 3 // 4), BACKGROUND: max(1, requests // 2)}
        for priority, later in asked:
            moment = max(moment + later, pacer.free_at(priority, moment + later))
            recent = sum(slot > moment - 10.0 + 1e-9 for slot in taken)
            assert recent < shares[priority]
            taken.append(moment)
            pacer.take(moment)

    def test_what_nobody_waits_for_leaves_every_other_slot_of_a_slow_host(self) -> None:
        pacer = Pacer(Pace(1, 2.0))
        pacer.take(0.0)
        assert [pacer.free_at(priority, 0.5) for priority in Priority] == [2.0, 2.0, 4.0]

    def test_a_forecast_counts_those_before(self) -> None:
        pacer = Pacer(Pace(2, 10.0))
        assert [pacer.forecast(SINGLE, before, 5.0) for before in range(5)] == [0.0, 0.0, 10.0, 10.0, 20.0]

    def test_a_request_counts_from_when_it_was_sent(self) -> None:
        pacer = Pacer(Pace(1, 2.0))
        pacer.take(1.0)
        pacer.sent(1.0, 1.5)
        pacer.sent(9.0, 9.5)
        assert pacer.free_at(SINGLE, 1.5) == 3.5


class TestOrder:
    def test_single_questions_then_lists_then_the_background(self) -> None:
        askers = [("first", Asker())]
        askers += [(priority.name, Asker(7, priority=priority)) for priority in (BACKGROUND, LIST, SINGLE)]
        found = in_order(Pace(1, 2.0), *askers)
        assert [name for name, _ in found] == ["first", "SINGLE", "LIST", "BACKGROUND"]
        assert [moment for _, moment in found] == [0.0, 2.0, 4.0, 8.0]

    def test_people_take_turns(self) -> None:
        many = [(f"a{n}", Asker(1)) for n in range(5)]
        assert [name for name, _ in in_order(Pace(1, 2.0), *many, ("b", Asker(2)), ("c", Asker(3)))] == [
            "a0", "a1", "b", "c", "a2", "a3", "a4",
        ]  # fmt: skip

    def test_who_asks_again_and_again_does_not_overtake_who_waits(self) -> None:
        async def scene() -> Served:
            queue = HostQueue(Pace(1, 1.0))
            waiting = start(served(queue, [(f"a{n}", Asker(1)) for n in range(4)]))
            again: Served = []
            for n in range(4):
                await queue.slot("cboe", Asker(2))
                again.append((f"b{n}", now()))
            return sorted(await waiting + again, key=lambda one: one[1])

        names = "".join(name[0] for name, _ in run_virtually(scene()))
        assert names.count("a") == names.count("b") == 4
        assert "bbb" not in names

    def test_lists_leave_slots_for_single_questions(self) -> None:
        async def scene() -> tuple[Served, Served]:
            queue = HostQueue(Pace(4, 60.0))
            lists = start(served(queue, [(f"l{n}", Asker(1, priority=LIST)) for n in range(5)]))
            await asyncio.sleep(1)
            single = await served(queue, [("single", Asker(2))])
            return await lists, single

        lists, single = run_virtually(scene())
        assert single == [("single", 1.0)]
        assert [moment for _, moment in lists] == [0.0, 0.0, 0.0, 60.0, 60.0]

    def test_who_joins_what_waits_makes_it_urgent(self) -> None:
        async def scene() -> Served:
            queue, shared = HostQueue(Pace(1, 2.0)), SharedAsker()
            work = [("", Asker()), ("list", Asker(1, priority=LIST)), ("shared", shared)]
            waiting = start(served(queue, work))
            await asyncio.sleep(0.5)
            assert shared.priority is BACKGROUND
            with shared.joined(Asker(5)):
                assert (shared.priority, shared.people) == (SINGLE, frozenset({5}))
                return await waiting

        assert [name for name, _ in run_virtually(scene())] == ["", "shared", "list"]

    def test_the_one_who_leaves_takes_no_slot(self) -> None:
        async def scene() -> Served:
            queue = HostQueue(Pace(1, 10.0))
            await queue.slot("cboe", Asker())
            leaving = start(queue.slot("cboe", Asker(1)))
            staying = start(served(queue, [("stays", Asker(2))]))
            await asyncio.sleep(1)
            leaving.cancel()
            return await staying

        assert run_virtually(scene()) == [("stays", 10.0)]


class TestWords:
    def test_who_waits_hears_how_long_and_behind_how_many(self) -> None:
        lines: list[str] = []
        in_order(Pace(1, 20.0), *[("", Asker(n)) for n in range(3)], ("told", Asker(9, lines.append)))
        assert lines[0] == "prices are on their way, about 60 s; 2 questions are before yours"
        assert lines[-1] == "prices are on their way, about 1 s"

    def test_a_list_is_told_of_as_a_whole(self) -> None:
        lines: list[str] = []
        asker = ListAsker(Asker(1, lines.append), 3)
        assert (asker.priority, asker.people) == (LIST, frozenset({1}))
        asker.arrived()
        asker.waits(8.2, 4)
        assert lines == [
            "prices of 1 of 3 symbols are here",
            "prices of 1 of 3 symbols are here, the next in about 8 s",
        ]

    def test_everybody_who_joined_hears(self) -> None:
        lines: list[str] = []
        shared = SharedAsker()
        with shared.joined(Asker(1, lines.append)), shared.joined(ListAsker(Asker(2, lines.append), 2)):
            shared.tell("here")
            shared.waits(3, 1)
        shared.tell("nobody hears this")
        assert lines == [
            "here",
            "here",
            "prices are on their way, about 3 s; 1 question is before yours",
            "prices of 0 of 2 symbols are here, the next in about 3 s",
        ]

    @pytest.mark.parametrize(
        ("seconds", "words"), [(0.2, "about 1 s"), (9.4, "about 9 s"), (38, "about 40 s"), (170, "about 3 min")]
    )
    def test_spans(self, seconds: float, words: str) -> None:
        assert about(seconds) == words

    def test_nobody_before(self) -> None:
        assert (ahead(0), ahead(1)) == ("", "; 1 question is before yours")


class TestRefusals:
    def test_too_long_a_wait_is_refused_at_once_and_says_how_long(self) -> None:
        async def scene() -> float:
            queue = HostQueue(Pace(1, 100.0))
            await queue.slot("cboe", Asker())
            with pytest.raises(Busy, match="asked as often as it allows: 0 are waiting, a new one about 100 s"):
                await queue.slot("cboe", Asker())
            await queue.slot("cboe", Asker(priority=LIST))
            return now()

        assert run_virtually(scene()) == 100.0

    def test_a_full_queue_takes_nobody(self) -> None:
        async def scene() -> None:
            queue = HostQueue(Pace(1, 1.0))
            work = [("", Asker(priority=BACKGROUND)) for _ in range(MOST_WAITING + 1)]
            waiting = start(served(queue, work))
            await asyncio.sleep(0)
            with pytest.raises(Busy, match=f"{MOST_WAITING} are waiting"):
                await served(queue, [("", Asker(priority=BACKGROUND))])
            waiting.cancel()

        run_virtually(scene())

    def test_who_is_overtaken_for_too_long_is_let_go(self) -> None:
        async def scene() -> float:
            queue = HostQueue(Pace(1, 10.0))
            await queue.slot("cboe", Asker())
            waiting = start(queue.slot("cboe", Asker(1, priority=LIST)))
            urgent = [start(queue.slot("cboe", Asker(2))) for _ in range(8)]
            for _ in range(3):
                await asyncio.wait(urgent)
                urgent = [start(queue.slot("cboe", Asker(2))) for _ in range(8)]
            with pytest.raises(Busy):
                await waiting
            found = now()
            for one in urgent:
                one.cancel()
            return found

        assert 180.0 < run_virtually(scene()) < 250.0

    def test_nobody_waits_for_a_host_that_refuses(self) -> None:
        async def scene() -> float:
            queue = HostQueue(Pace(1, 60.0))
            await queue.slot("cboe", Asker())
            waiting = start(queue.slot("cboe", Asker(1)))
            await asyncio.sleep(1)
            queue.turn_away()
            with pytest.raises(Busy):
                await waiting
            return now()

        assert run_virtually(scene()) == 1.0


class TestTime:
    def test_waiting_for_a_slot_is_not_counted(self) -> None:
        async def scene() -> list[float]:
            queue, found = HostQueue(Pace(1, 60.0)), []
            await queue.slot("cboe", Asker())
            async with Jobs() as jobs:
                flights = SingleFlight(jobs)

                async def work() -> None:
                    await asyncio.sleep(2)
                    await queue.slot("cboe", current())
                    found.append(now())
                    await asyncio.sleep(100)

                with pytest.raises(TimeoutError):
                    async with time_for(5.0):
                        await flights.join("x", work)
            return [*found, now()]

        assert run_virtually(scene()) == [60.0, 63.0], "two seconds before the queue, three after it"

    def test_two_waits_at_once_hold_the_time_once(self) -> None:
        async def scene() -> float:
            slow, slower = HostQueue(Pace(1, 10.0)), HostQueue(Pace(1, 30.0))
            for queue in (slow, slower):
                await queue.slot("cboe", Asker())
            async with time_for(1.0):
                await asyncio.gather(*(queue.slot("cboe", current()) for queue in (slow, slower)))
            return now()

        assert run_virtually(scene()) == 30.0

    def test_who_comes_while_it_waits_is_held_too(self) -> None:
        async def scene() -> float:
            queue = HostQueue(Pace(1, 50.0))
            await queue.slot("cboe", Asker())
            async with Jobs() as jobs:
                flights = SingleFlight(jobs)

                async def work() -> None:
                    await queue.slot("cboe", current())

                async def one(after: float) -> None:
                    await asyncio.sleep(after)
                    async with time_for(3.0):
                        await flights.join("x", work)

                await asyncio.gather(one(0), one(10), one(20))
            return now()

        assert run_virtually(scene()) == 50.0

    def test_the_asker_of_a_task_is_whoever_it_is_done_for(self) -> None:
        async def scene(then: Callable[[], Awaitable[Asker]]) -> None:
            mine = Asker(3)
            with asking(mine):
                assert await then() is mine
            assert current() is not mine

        async def asked() -> Asker:
            return await start(_current())

        run_virtually(scene(asked))


async def _current() -> Asker:
    return current()
