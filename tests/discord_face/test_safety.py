"""What people type comes back escaped, pings nobody, and asks no provider."""

from __future__ import annotations

from typing import Any

import pytest

from bot.commands.converter import Converter
from bot.discord_face.client import Rangefinder
from tests.discord_face.shown import seen
from tests.loopback_discord import LoopbackDiscord, Message, Refused

BAD: dict[str, str] = {
    "unknown symbol": "roc ¤¤¤",
    "unknown term": "define flurble gronk",
    "zero": "roc IWM 0",
    "negative": "roc IWM -3",
    "huge": "roc IWM 1e9",
    "word": "roc IWM ten",
    "no symbol": "roc",
    "no term": "define",
    "emoji": "define 🦄🦄",
    "emoji symbol": "roc 🚀",
    "everyone": "define @everyone",
    "everyone symbol": "roc @everyone",
    "here": "range @here",
    "mention": "define <@{ada}>",
    "role": "define <@&{guild}>",
    "markdown": "define **__~~||`x`||~~__**",
    "heading": "roc # ## >>> [a](http://evil.example)",
    "address": "roc http://evil.example/x?y=1",
    "path": "roc ../../etc/passwd",
    "host": "rally ftp://evil.example",
    "injection": "roc IWM;DROP 10",
    "two thousand": "define {long}",
    "two thousand symbols": "roc {long}",
    "future": "roc IWM asof:2999-01-01",
    "no date": "roc IWM asof:yesterday",
    "quote": 'define "`\\`"',
}


def check(message: Message, text: str) -> None:
    """A helpful error, escaped, with no traceback, no ping and nothing to press that leads elsewhere."""
    body = str(message.data)
    assert not message.pinged
    assert message.allowed_mentions == {"parse": []}
    assert "Traceback" not in body
    assert "internal" not in body
    shown = message.embed["description"]
    assert len(shown) < 700
    assert "⚠" in shown
    for live in ("@everyone", "@here", "<@", "http://", "ftp://", "](http://"):
        assert live not in shown, text
    assert len(seen(message)) > 20


@pytest.mark.parametrize("case", BAD)
async def test_bad_input_by_prefix_and_mention(
    discord_server: LoopbackDiscord, bot: Rangefinder, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_prices(bot, monkeypatch)
    guild = discord_server.place(None).guild
    assert guild is not None
    ada = discord_server.person(None)
    text = BAD[case].format(ada=ada.id, guild=guild.id, long="")
    text += "x" * (1980 - len(text) - len(discord_server.bot.mention)) if "{long}" in BAD[case] else ""
    check(await discord_server.say(None, f"!{text}"), text)
    if case != "no symbol":  # without the prefix, "roc" asks for the term
        check(await discord_server.say(None, f"{discord_server.bot.mention} {text}"), text)


SLASHED: list[tuple[str, dict[str, Any]]] = [
    ("roc", {"symbol": "¤¤¤"}),
    ("roc", {"symbol": "../../etc/passwd"}),
    ("roc", {"symbol": "http://evil.example/x"}),
    ("roc", {"symbol": "@everyone"}),
    ("roc", {"symbol": "🚀"}),
    ("roc", {"symbol": "x" * 2000}),
    ("roc", {"symbol": "IWM", "periods": "0"}),
    ("roc", {"symbol": "IWM", "periods": "-3"}),
    ("roc", {"symbol": "IWM", "periods": "1e9"}),
    ("roc", {"symbol": "IWM", "periods": "ten"}),
    ("roc", {"symbol": "IWM", "periods": "x" * 2000}),
    ("roc", {"symbol": "IWM", "as_of": "2999-01-01"}),
    ("roc", {"symbol": "\u200b"}),
    ("define", {"term": "flurble gronk"}),
    ("define", {"term": "x" * 2000}),
    ("define", {"term": "**@everyone** `x`"}),
    ("define", {"term": "🦄🦄"}),
    ("define", {"term": "\u200b\u200d"}),
    ("contrast", {"terms": "@here vs [x](http://evil.example)"}),
    ("rally", {"symbol": "[x](http://evil.example)"}),
    ("range", {"symbol": "<@1>"}),
    ("help", {"command": "@everyone"}),
]


async def test_bad_input_by_slash(
    discord_server: LoopbackDiscord, bot: Rangefinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_prices(bot, monkeypatch)
    for name, options in SLASHED:
        if max(map(len, options.values())) > Converter.longest:
            with pytest.raises(Refused, match="is not between"):  # Discord lets nobody write so much
                await discord_server.slash(name, options)
            continue
        one = await discord_server.slash(name, options)
        assert one.ephemeral, options
        check(one.answer, str(options))


def no_prices(bot: Rangefinder, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on no provider may be asked anything."""

    async def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("a provider was asked")

    monkeypatch.setattr(type(bot.desk.feed), "history", never)


@pytest.mark.parametrize(
    "text", ["!roc IWM\u200b 10", "!roc\u200b IWM", "\u200e!roc IWM", "!roc\nIWM\n10", "!roc **IWM** 10", "!ROC `iwm`"]
)
async def test_what_can_be_understood_is(discord_server: LoopbackDiscord, bot: Rangefinder, text: str) -> None:
    if not text.startswith("!"):
        text = f"{discord_server.bot.mention} {text}"
    assert "IWM is " in seen(await discord_server.say(None, text))
