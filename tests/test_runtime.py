"""How the interpreter is set for a process that answers people."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.runtime import set_up, settle


@pytest.fixture
def restored() -> Iterator[None]:
    threshold, turn, mask = gc.get_threshold(), sys.getswitchinterval(), os.umask(0o022)
    yield
    os.umask(mask)
    gc.set_threshold(*threshold)
    sys.setswitchinterval(turn)
    gc.unfreeze()


@pytest.mark.usefixtures("restored")
def test_collections_are_rare_and_threads_take_short_turns() -> None:
    set_up()
    assert gc.get_threshold()[0] > 10_000
    assert sys.getswitchinterval() <= 0.001


@pytest.mark.usefixtures("restored")
def test_files_are_nobody_else_s_to_read(tmp_path: Path) -> None:
    set_up()
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "folder").stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("restored")
def test_what_is_loaded_is_not_looked_through_again() -> None:
    before = gc.get_freeze_count()
    kept = [[] for _ in range(1_000)]
    settle()
    assert gc.get_freeze_count() >= before + len(kept)
    assert not [one for one in gc.get_objects() if one is kept]
