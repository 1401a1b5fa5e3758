"""Replies that could not be read are kept where the operator asks for it, and `replay` reads them as the bot did."""

from __future__ import annotations

import json
import logging
import shlex
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.errors import BadPayload
from bot.providers.bad_replies import MOST, MOST_BYTES, BadReplies, Question
from bot.providers.contract import Response
from bot.providers.http import ConnectedProvider, Http
from bot.providers.prices.cboe import Cboe
from tests.providers.building import IWM, NOW, query
from tests.providers.upstream import Upstream, upstream


@pytest.fixture
async def host() -> AsyncIterator[Upstream]:
    async with upstream() as found:
        yield found


async def test_a_bad_reply_is_kept_and_the_log_says_how_it_is_read(
    host: Upstream, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    host.body = b'{"symbol": "IWM", "data": 7}'
    http = Http([host.address], 20.0)
    connected = ConnectedProvider(Cboe(host.address), http, BadReplies(tmp_path / "replies"))
    with pytest.raises(BadPayload):
        await connected.history(query(IWM))
    host.body = b'{"symbol": "IWM"}'
    with pytest.raises(BadPayload):
        await ConnectedProvider(Cboe(host.address), http).history(query(IWM))
    await http.close()
    (kept,) = (tmp_path / "replies").iterdir()
    assert kept.read_bytes() == b'{"symbol": "IWM", "data": 7}'
    assert kept.stat().st_mode & 0o777 == 0o600
    (told,) = (record for record in caplog.records if record.message == "bad reply kept")
    words = shlex.split(told.fields["read"])  # type: ignore[attr-defined]
    assert words[:7] == ["python", "-m", "bot", "replay", "cboe", "history", "IWM"]


def test_the_command_in_the_log_reads_the_reply(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RANGEFINDER_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("bot.__main__.set_up", lambda: None)
    monkeypatch.setattr("bot.__main__.set_up_logging", lambda _: None)
    caplog.set_level(logging.INFO)
    BadReplies(tmp_path).keep("cboe", Question("history", "^GSPC", NOW), Response(200, b"<html>", "text/html; a=b"))
    (told,) = caplog.records
    words = shlex.split(told.fields["read"])  # type: ignore[attr-defined]
    assert main(words[3:]) == 0
    assert json.loads(capsys.readouterr().out)["error"]["message"] == "a web page instead of data"


def test_the_oldest_make_room(tmp_path: Path) -> None:
    replies = BadReplies(tmp_path)
    for number in range(MOST + 10):
        question = Question("quote", f"../../etc/{number}", NOW + timedelta(seconds=number))
        replies.keep("cboe", question, Response(200, b"%d" % number))
    assert sorted(int(path.read_bytes()) for path in tmp_path.iterdir()) == list(range(10, MOST + 10))
    large = Question("figure", "large", NOW + timedelta(days=1))
    replies.keep("cboe", large, Response(200, b" " * (MOST_BYTES + 1)))
    assert [path.name.split("-")[-1] for path in tmp_path.iterdir()] == ["large.reply"]


def test_a_folder_that_cannot_be_written_is_logged_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    BadReplies(tmp_path / "file").keep("cboe", Question("quote", "IWM", NOW), Response(200, b"x"))
    assert [record.message for record in caplog.records] == ["bad reply not kept"]
