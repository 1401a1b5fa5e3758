"""What may be opened, how much of it, and in which encoding."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from bot.providers.tables.files import UnreadableTable, file_text, read_file

LIMIT = 1_000


def test_a_file_and_a_packed_one(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for content in (
        b"Date,Close\n",
        gzip.compress(b"Date,Close\n", mtime=0),
        gzip.compress(b"Date,", mtime=0) + gzip.compress(b"Close\n", mtime=0),
    ):
        path.write_bytes(content)
        assert read_file(path, LIMIT) == b"Date,Close\n"


def test_a_pipe_a_folder_and_a_device_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(UnreadableTable, match="not an ordinary file"):
            read_file(path, LIMIT)
    for path in (tmp_path, tmp_path / "gone"):
        with pytest.raises(OSError, match=r"directory"):
            read_file(path, LIMIT)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"1" * (LIMIT + 1), "larger than"),
        (gzip.compress(b"0" * 10_000_000, mtime=0), "larger than"),
        (gzip.compress(b"1,2\n" * 9, mtime=0)[:-9], "gzip file is damaged"),
        (b"\x1f\x8b\x08" + bytes(30), "gzip file is damaged"),
    ],
)
def test_limits_and_damage(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    with pytest.raises(UnreadableTable, match=reason):
        read_file(path, LIMIT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = "Datum;Schlußkurs\n2026-09-08;1,5 €\n"
    assert file_text(text.replace("\n", "\r\n").encode(encoding)) == text


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff\xfe\xfd,\x00", "not text"),
        (b"Date,Close\n\x00", "not text"),
        (b"\x81\x8d", "not text"),
        (b"PK\x03\x04", "workbook"),
        (b"  <!doctype html><html>", "web page"),
    ],
)
def test_what_is_no_text(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableTable, match=reason):
        file_text(body)
