"""Cache files: whole or not there, and worth nothing once a single byte is another."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.disk_cache import read_cache_file, write_cache_file

NOW = datetime(2026, 11, 19, 21, 0, tzinfo=UTC)
ONE_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@ONE_FOLDER
@given(body=st.binary(max_size=300), source=st.text(max_size=20).filter(lambda text: text.isprintable()))
def test_what_is_written_is_read(tmp_path: Path, body: bytes, source: str) -> None:
    path = tmp_path / "folder" / "x.answer"
    write_cache_file(path, body, source=source)
    found = read_cache_file(path)
    assert found is not None
    assert (found.body, found.facts["source"]) == (body, source)
    assert [one.name for one in path.parent.iterdir()] == ["x.answer"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=600, deadline=None)
@given(data=st.data(), body=st.binary(max_size=80))
def test_one_changed_byte_is_noticed_and_the_file_thrown_away(tmp_path: Path, data: st.DataObject, body: bytes) -> None:
    path = tmp_path / "x"
    write_cache_file(path, body, source="ecb", fetched=NOW.isoformat())
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[place]))
    path.write_bytes(content)
    assert read_cache_file(path) is None
    assert not path.exists()


@ONE_FOLDER
@given(content=st.binary(max_size=200))
def test_any_other_bytes_are_no_cache_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    assert read_cache_file(path) is None


@pytest.mark.parametrize("cut", range(0, 100, 7))
def test_a_cut_is_noticed(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "x"
    write_cache_file(path, b"0123456789" * 20)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * cut // 100])
    assert read_cache_file(path) is None


def test_none_and_a_folder_in_its_place_count_as_none(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert read_cache_file(tmp_path / "absent") is None
    assert not caplog.records
    assert read_cache_file(tmp_path) is None
    assert [record.message for record in caplog.records] == ["cache file not read"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_file_before_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str
) -> None:
    path = tmp_path / "x"
    write_cache_file(path, b"before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync", full) if step == "fsync" else (Path, "replace", full)))
    write_cache_file(path, b"after")
    found = read_cache_file(path)
    assert found is not None
    assert found.body == b"before"
    assert [one.name for one in tmp_path.iterdir()] == ["x"]
    assert [record.message for record in caplog.records] == ["cache file not kept"]


def test_a_place_that_cannot_be_written_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    write_cache_file(tmp_path / "file" / "x", b"body")
    assert [record.message for record in caplog.records] == ["cache file not kept"]
