"""An operator erases by id: the line, what it says, and what stays."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import __main__ as program
from bot.config import Config
from bot.store.store import open_store

ADA, SERVER = 81384788765712384, 81384788765712999


@pytest.fixture
def erase(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> object:
    """Runs `python -m bot erase …`: its exit status and all that it wrote."""
    monkeypatch.setenv("RANGEFINDER_DATA", str(data_dir))
    monkeypatch.setattr(program, "set_up_logging", lambda _: None)

    def run(*arguments: str) -> tuple[int, str]:
        status = program.main(["erase", *arguments])
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


async def fill(folder: Path) -> None:
    async with open_store(Config(data_dir=folder).database_url, folder) as store:
        await store.change_watchlist(ADA, lambda _: ("IWM", "SPY"))
        await store.change_setting(SERVER, "prefix", "?")
        await store.change_setting(SERVER, "bare_terms", "off")


def test_a_person_and_a_server(erase, data_dir: Path) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    asyncio.run(fill(data_dir))
    assert erase(str(ADA)) == (
        0,
        "Erased: 1 row of watchlists.\n",
    )
    assert erase(str(ADA)) == (0, "Nothing was kept of this id.\n")
    told = "Erased: 2 rows of guild_settings. A bot that is running follows within five seconds.\n"
    assert erase(str(SERVER)) == (0, told)


@pytest.mark.parametrize("text", ["", "0", "-1", "ada", "81384788765712384x", "９", "9223372036854775808", "1" * 5000])
def test_what_is_no_id_is_refused(erase, text: str, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    with pytest.raises(SystemExit) as left:
        erase(text)
    assert left.value.code == 2
    assert "erase" in capsys.readouterr().err


def test_without_a_database_nothing_is_said_to_be_erased(erase, data_dir: Path) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    (data_dir / "rangefinder.db").unlink()
    status, told = erase(str(ADA))
    assert status == 1
    assert "RANGEFINDER_DATA must name the bot's data folder" in told
    assert not (data_dir / "rangefinder.db").exists()


def test_a_database_that_refuses(erase, data_dir: Path) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    for path in data_dir.glob("rangefinder.db*"):
        path.unlink()
    (data_dir / "rangefinder.db").write_bytes(b"not a database" * 100)
    status, told = erase(str(ADA))
    assert status == 1
    assert "could not be saved" in told
