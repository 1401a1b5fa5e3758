"""A table attached to !weigh."""

from __future__ import annotations

from typing import Any

import pytest

from bot.discord_face.client import Rangefinder
from tests.discord_face.shown import seen
from tests.loopback_discord import messages
from tests.loopback_discord.server import LoopbackDiscord

TABLE = b"name,market_value,change_pct\nBig,300,1\nSmall,100,-1\n"


async def test_an_attached_table_is_weighed(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    """300 x 1 % and 100 x -1 % of 400 make +0.5 %."""
    told = await discord_server.say(None, "!weigh", files={"index.csv": TABLE})
    assert "+0.500 %" in seen(told)
    assert "Big: weight 75.00 %" in seen(told).replace("Big weight", "Big: weight")


async def test_a_formula_in_it_is_refused(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    told = await discord_server.say(None, "!weigh", files={"index.csv": b"name,market_value\n=HYPERLINK(1),3\n"})
    assert "formula" in seen(told)


async def test_what_is_too_large_or_no_text_is_refused(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    large = await discord_server.say(None, "!weigh", files={"index.csv": b"a,1\n" * 300_000})
    assert "1,200,000 bytes" in seen(large)
    binary = await discord_server.say(None, "!weigh", files={"index.csv": b"\xff\xfe\x00\x01"})
    assert "not plain text" in seen(binary)


async def test_a_file_is_taken_no_further_than_a_table_may_go(
    discord_server: LoopbackDiscord, bot: Rangefinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Discord says of its size is not believed: of 64 MB that are called 26 bytes, most are never sent."""
    made = messages.attachment

    def understated(*given: Any) -> dict[str, Any]:
        return made(*given) | {"size": len(TABLE)}

    monkeypatch.setattr(messages, "attachment", understated)
    told = await discord_server.say(None, "!weigh", files={"index.csv": b"x" * 2**26})
    assert "more than 1 MB" in seen(told)
    assert discord_server.sent < 16 * 2**20


async def test_many_short_lines_are_refused(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    told = await discord_server.say(None, "!weigh", files={"index.csv": TABLE + b"\n" * 900_000})
    assert "more than 10,000 lines" in seen(told)


async def test_a_file_that_is_gone_is_said(
    discord_server: LoopbackDiscord, bot: Rangefinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = messages.attachment

    def gone(server: LoopbackDiscord, *given: Any) -> dict[str, Any]:
        found = made(server, *given)
        server.cdn.clear()
        return found

    monkeypatch.setattr(messages, "attachment", gone)
    told = await discord_server.say(None, "!weigh", files={"index.csv": TABLE})
    assert "attach it again" in seen(told)


async def test_other_files_and_typed_numbers_stay_what_they_are(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    picture = await discord_server.say(None, "!weigh", files={"a.png": b"x"})
    assert "needs names with market values" in seen(picture)
    typed = await discord_server.say(None, "!weigh A 1 +1% B 1", files={"index.csv": TABLE})
    assert "2 names" in seen(typed)
    other = await discord_server.say(None, "!roc IWM", files={"index.csv": TABLE})
    assert "IWM is " in seen(other)
