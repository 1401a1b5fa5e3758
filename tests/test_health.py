"""The heartbeat file, and what the health check makes of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.health import beat, health, heartbeat_file
from tests.conftest import NOW


def test_nothing_running(tmp_path: Path) -> None:
    assert health(tmp_path, NOW) == (False, "no heartbeat: nothing is running on this data folder")


@pytest.mark.parametrize(("seconds", "alive"), [(0, True), (60, True), (61, False), (86_400, False)])
def test_age_decides(tmp_path: Path, seconds: int, alive: bool) -> None:
    beat(tmp_path, NOW, connected=True)
    found, why = health(tmp_path, NOW + timedelta(seconds=seconds))
    assert found is alive
    assert str(seconds) in why


@pytest.mark.parametrize(("seconds", "alive"), [(60, True), (61, False), (86_400, False)])
def test_a_heartbeat_from_the_future_is_an_old_one(tmp_path: Path, seconds: int, alive: bool) -> None:
    """After the clock was set back, a dead process must not look alive until that time comes round again."""
    beat(tmp_path, NOW + timedelta(seconds=seconds), connected=True)
    assert health(tmp_path, NOW)[0] is alive


def test_a_process_without_connection_is_not_healthy(tmp_path: Path) -> None:
    beat(tmp_path, NOW, connected=False)
    assert health(tmp_path, NOW) == (False, "the process is alive but not connected to Discord")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b'{"time": 3, "connected": true}', b"\xff"])
def test_a_damaged_file_is_no_heartbeat(tmp_path: Path, content: bytes) -> None:
    heartbeat_file(tmp_path).write_bytes(content)
    assert not health(tmp_path, NOW)[0]


def test_a_beat_leaves_nothing_else(tmp_path: Path) -> None:
    beat(tmp_path, NOW, connected=True)
    beat(tmp_path, NOW, connected=True)
    assert [path.name for path in tmp_path.iterdir()] == ["heartbeat.json"]
