"""Background jobs: named, supervised, cancelled on exit."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.jobs import Jobs


async def test_a_job_runs_and_is_forgotten() -> None:
    async with Jobs() as jobs:
        done = asyncio.Event()

        async def work() -> int:
            done.set()
            return 7

        task = jobs.start("count", work())
        assert jobs.names == ("count",)
        assert await task == 7
        assert done.is_set()
        assert jobs.names == ()


async def test_a_name_is_taken_while_its_job_runs() -> None:
    async with Jobs() as jobs:
        jobs.start("one", asyncio.Event().wait())
        with pytest.raises(ValueError, match="'one' is already running"):
            jobs.start("one", asyncio.Event().wait())


async def test_a_failure_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        raise RuntimeError("boom")

    async with Jobs() as jobs:
        task = jobs.start("bad", work())
        await asyncio.wait({task})
        assert list(jobs.failed) == ["bad"]
    (record,) = caplog.records
    assert record.message == "job failed"
    assert record.fields == {"job": "bad"}  # type: ignore[attr-defined]


async def test_leaving_cancels_and_waits() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("tidied up")

    async with Jobs() as jobs:
        jobs.start("long", work())
        await asyncio.sleep(0)
    assert ended == ["tidied up"]


async def test_a_failing_round_does_not_end_a_repeated_job(caplog: pytest.LogCaptureFixture) -> None:
    rounds = 0
    third = asyncio.Event()

    async def work() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 3:
            third.set()
        if rounds == 2:
            raise RuntimeError("once")

    with caplog.at_level(logging.ERROR):
        async with Jobs() as jobs:
            jobs.repeat("beat", 0.0, work)
            await third.wait()
            assert jobs.names == ("beat",)
    assert [record.message for record in caplog.records] == ["job round failed"]


async def test_what_failed_is_not_remembered_for_ever() -> None:
    async def work() -> None:
        raise RuntimeError("boom")

    async with Jobs() as jobs:
        for number in range(100):
            await asyncio.wait({jobs.start(f"bad {number}", work())})
        assert list(jobs.failed) == [f"bad {number}" for number in range(80, 100)]
