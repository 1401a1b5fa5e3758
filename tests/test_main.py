"""The command line's grammar and what it hands on."""

from __future__ import annotations

import argparse
import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot import __main__ as program
from bot.health import beat
from tests.conftest import GLOSSARY, NOW, OpenDesk


@pytest.fixture(autouse=True)
def environment(data_dir: Path, monkeypatch: pytest.MonkeyPatch, open_demo: OpenDesk) -> None:
    for name in [name for name in os.environ if name.startswith(("RANGEFINDER_", "DISCORD_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RANGEFINDER_DATA", str(data_dir))
    monkeypatch.setenv("RANGEFINDER_GLOSSARY", str(GLOSSARY))
    monkeypatch.setattr(program, "set_up_logging", lambda _: None)


def parsed(*arguments: str) -> argparse.Namespace:
    return program.parser().parse_args(arguments)


def test_the_command_line_sets_over_the_environment() -> None:
    assert program.overrides(parsed("run")) == {}
    assert program.overrides(parsed("console", "--demo")) == {"demo": True}
    given = program.overrides(parsed("ask", "--offline", "--prices", "csv:x", "--macro", "y", "!roc", "IWM"))
    assert given == {"offline": True, "prices": "csv:x", "macro": Path("y")}


@pytest.mark.parametrize("arguments", [(), ("fly",), ("ask", "--colour")])
def test_a_line_that_is_none(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        program.main(arguments)
    assert left.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_faults_are_sentences_on_standard_error(capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    assert program.main(["ask", "--prices", "folder", "x"]) == 1
    assert program.main(["run"]) == 1
    monkeypatch.setenv("RANGEFINDER_DEMO", "perhaps")
    assert program.main(["ask", "x"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "--prices takes csv:" in told.err
    assert "DISCORD_TOKEN is not set" in told.err
    assert "RANGEFINDER_DEMO must be on or off" in told.err


def test_doctor(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["doctor", "--demo"]) == 0
    told = capsys.readouterr().out
    assert "glossary: 1730 terms" in told
    assert "prices: SPY from demo" in told
    assert "provider demo: ok" in told
    assert "token: not set" in told
    assert program.main(["doctor", "--offline"]) == 1
    told = capsys.readouterr().out
    assert "to improve: Set RANGEFINDER_YAHOO=on to add Yahoo" in told
    assert "to improve: Set RANGEFINDER_FRED_KEY to add FRED" in told
    assert "provider ishares: not asked" in told


def test_doctor_tries_to_write(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert program.main(["doctor", "--demo"]) == 1
    assert "data folder: cannot be written: the disk is full" in capsys.readouterr().out


def test_doctors_health(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from bot.desk import utc_now

    assert program.main(["doctor", "--health"]) == 1
    beat(data_dir, NOW, connected=True)
    assert program.main(["doctor", "--health"]) == 1
    beat(data_dir, utc_now(), connected=True)
    assert program.main(["doctor", "--health"]) == 0
    assert "alive and connected" in capsys.readouterr().out


def test_a_folder_of_prices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"2017-11-{day:02},{100 + day}" for day in (1, 2, 3, 6, 7, 8, 9, 10, 13, 14, 15, 16)]
    (tmp_path / "IWM.csv").write_text("Date,Close\n" + "\n".join(rows) + "\n")
    question = "!roc IWM 5 asof:2017-11-10"
    assert program.main(["ask", "--json", "--prices", f"csv:{tmp_path}", question]) == 0
    found = json.loads(capsys.readouterr().out)
    (row,) = found["data"]["rows"]
    assert row["roc_pct"] == pytest.approx((110 / 103 - 1) * 100)
    assert (row["date"], row["base_date"]) == ("2017-11-10", "2017-11-03")
    assert found["freshness"]["provider"] == "csv"


def test_interrupting_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(program.asyncio, "run", lambda work: (work.close(), interrupted(work)))
    assert program.main(["ask", "x"]) == 130
