"""Files: ours whole, durable and private; others' within bounds, whatever they are."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.files import in_words, keep_private, put_in_place, read_whole, remove_leftovers, write_fault

NOW = datetime(2026, 11, 19, 21, 0, tzinfo=UTC)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_what_is_written_is_there_for_nobody_else(tmp_path: Path) -> None:
    put_in_place(tmp_path / "a", b"one")
    put_in_place(tmp_path / "a", b"two")
    assert read_whole(tmp_path / "a", 3) == b"two"
    assert mode(tmp_path / "a") == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_content_is_durable_before_the_name_and_the_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash may keep a rename and lose the content, or lose the rename itself, unless each was made durable."""
    steps: list[str] = []
    replace, fsync = Path.replace, os.fsync

    def noted_fsync(number: int) -> None:
        steps.append("folder" if Path(f"/proc/self/fd/{number}").resolve() == tmp_path.resolve() else "file")
        fsync(number)

    def noted_replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    put_in_place(tmp_path / "x", b"body")
    assert steps == ["file", "rename", "folder"]


@pytest.mark.parametrize("number", range(1, 4))
def test_whatever_step_fails_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    put_in_place(tmp_path / "x", b"before")
    done = 0

    def failing(call: object) -> object:
        def instead(*given: object, **named: object) -> object:
            nonlocal done
            done += 1
            if done == number:
                raise OSError(errno.ENOSPC, "No space left on device")
            return call(*given, **named)  # type: ignore[operator]

        return instead

    for owner, name in ((os, "fsync"), (Path, "replace")):
        monkeypatch.setattr(owner, name, failing(getattr(owner, name)))
    with pytest.raises(OSError, match="No space"):
        put_in_place(tmp_path / "x", b"after")
    assert read_whole(tmp_path / "x", 10) == (b"after" if number == 3 else b"before")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_only_files_are_read_and_no_more_than_asked(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1234")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    assert read_whole(tmp_path / "a", 4) == b"1234"
    for name in ("pipe", "link", ".", "absent"):
        with pytest.raises(OSError, match=r".+"):
            read_whole(tmp_path / name, 4)
    with pytest.raises(OSError, match="Not a regular file"):
        read_whole(Path("/dev/zero"), 4)
    with pytest.raises(OSError, match="too large"):
        read_whole(tmp_path / "a", 3)


def test_leftovers_are_removed_but_not_what_is_being_written(tmp_path: Path) -> None:
    for name, age in (("old.part", 3_600), ("ahead.part", -3_600), ("new.part", 5), ("old.answer", 3_600)):
        (tmp_path / name).write_bytes(b"half")
        written = (NOW - timedelta(seconds=age)).timestamp()
        os.utime(tmp_path / name, (written, written))
    remove_leftovers(tmp_path, NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.part", "old.answer"]
    remove_leftovers(tmp_path / "absent", NOW)


def test_what_others_could_read_is_made_private_but_not_what_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    ours = ("rangefinder.db", "rangefinder.db-wal", "console-history", "heartbeat.json", "cache/ecb.answer")
    for name in (*ours, "notes.txt"):
        (tmp_path / name).write_text("x")
        (tmp_path / name).chmod(0o644)
    keep_private(tmp_path)
    assert {name: mode(tmp_path / name) for name in ours} == dict.fromkeys(ours, 0o600)
    assert mode(tmp_path / "notes.txt") == 0o644


def test_a_probe_says_why_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert write_fault(tmp_path / "new") is None
    assert list((tmp_path / "new").iterdir()) == []
    (tmp_path / "file").write_text("in the way")
    assert write_fault(tmp_path / "file") == "a file stands where a folder should"

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert write_fault(tmp_path) == "the disk is full"


@pytest.mark.parametrize(
    ("number", "words"), [(errno.EROFS, "read-only"), (errno.EACCES, "somebody else"), (errno.EBADF, "OSError")]
)
def test_a_fault_is_named(number: int, words: str) -> None:
    assert words in in_words(OSError(number, "x"))
