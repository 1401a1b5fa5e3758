"""Embeds and their plain twins within Discord's limits, for everything the glossary can say."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime
from typing import Any

import discord
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.commands.contrast import contrast
from bot.commands.declaration import Registry
from bot.commands.define import entry_reply
from bot.desk import Caller, Desk
from bot.discord_face.controls import controls
from bot.discord_face.layout import CONTENT, embed, escape, fit, plain
from bot.errors import UserError
from bot.glossary.book import Book
from bot.glossary.search import Search
from bot.render.entry import related_choices
from bot.render.reply import Button, Choice, Reply, Row, refusal
from bot.render.text import to_text
from tests.discord_face.shown import unmarked
from tests.loopback_discord.limits import check_message


async def body(reply: Reply, asker: int | None = 10**18) -> dict[str, Any]:
    """What would be sent to Discord for a reply."""
    view = controls(reply, asker)
    return {"embeds": [embed(reply).to_dict()], "components": view.to_components() if view else []}


def parts(view: discord.ui.View | None) -> list[dict[str, Any]]:
    """The buttons and menus of a view, as sent."""
    return [part for row in view.to_components() for part in row["components"]] if view else []


async def test_every_entry_fits(book: Book, search: Search) -> None:
    for term in book.terms.values():
        reply = entry_reply(book, term, search.find(term.term))
        check_message(await body(reply), {})
        whole = dataclasses.replace(reply, detail="full")
        check_message(await body(whole), {})
        check_message({"content": plain(whole)}, {})
        assert len(embed(whole)) <= 6000
        assert "\n…" not in (embed(whole).description or ""), f"{term.id} does not fit into an embed"


async def test_every_related_menu_offers_all_it_should(book: Book, search: Search) -> None:
    for term in book.terms.values():
        choices = related_choices(book, term)
        reply = entry_reply(book, term, search.find(term.term))
        view = controls(reply, None)
        offered = [option["value"] for part in parts(view) for option in part.get("options", [])]
        assert offered == [choice.ask for choice in choices]
        for choice in choices:
            opened = search.find(choice.ask.removeprefix("!define ")).id
            assert opened is not None
            assert book[opened].term == choice.label


async def test_every_contrast_fits(book: Book, desk: Desk) -> None:
    for term in book.terms.values():
        for other in term.contrast:
            check_message(await body(await contrast.run(desk, Caller(), terms=(term.id, other))), {})


async def test_the_buttons_of_an_entry_fit(book: Book, search: Search) -> None:
    for term in book.terms.values():
        now = next(iter(term.commands), "")
        found = entry_reply(book, term, search.find(term.term), now=now)
        reply = found.answering("define", {"term": term.id})
        assert reply.answered is not None
        asked = dataclasses.replace(reply, answered=reply.answered._replace(ask=f"!define {term.id}"))
        view = controls(asked, 1)
        assert view is not None
        labels = [part["label"] for part in parts(view) if part["type"] == 2]
        assert labels[0] == "More"
        assert labels[1] in {"Example", "Watch out"}
        assert ("Now" in labels) == bool(term.commands)
        assert any(label.startswith("Compare with") for label in labels) == bool(term.contrast)
        assert labels[-1] == "Delete"


async def test_help_fits(desk: Desk, registry: Registry) -> None:
    help_ = registry.get("help")
    assert help_ is not None
    check_message(await body(await help_.answer(desk, Caller(), registry, {})), {})


texts = st.text(max_size=60) | st.text(alphabet="@*_~`|>#[]()<\\ -.:/1a\n", max_size=80)


@example("<:0")
@example("<a:party:1>")
@given(texts)
def test_escaped_text_reads_as_it_was_typed(text: str) -> None:
    shown = escape(text)
    assert unmarked(shown.replace("\n", " ")) == text.replace("\n", " ").replace("\u2060", "")
    assert "@everyone" not in shown
    assert not re.search(r"<(@[!&]?|#|:)\w", shown)
    assert "://" not in shown


@given(st.lists(texts, min_size=1, max_size=30), st.integers(5, 400))
def test_fit_keeps_to_its_limit(lines: list[str], limit: int) -> None:
    assert len(fit(lines, limit)) <= limit
    whole = "\n".join(lines)
    if len(whole) <= limit:
        assert fit(lines, limit) == whole


@given(st.builds(Row, texts, st.text(max_size=3000)), st.integers(0, 40), st.text(max_size=900), st.text(max_size=5000))
def test_any_reply_fits(row: Row, count: int, title: str, headline: str) -> None:
    reply = Reply(title or "x", headline or "x", (row,) * count, footer="f" * 300, warnings=("w" * 300,))
    assert len(embed(reply).description or "") <= 4096
    assert len(embed(reply).title or "") <= 256
    assert len(plain(reply, ["note"])) <= CONTENT
    assert plain(reply, ["note"]).endswith("note")


async def test_controls_keep_to_the_limits() -> None:
    many = Reply(
        "t",
        "h",
        buttons=tuple(Button("b" * 200, f"!roc {n} {'x' * n}") for n in range(60, 120)),
        choices=tuple(Choice("c" * 200, f"!define {n} {'x' * n}", "h" * 200) for n in range(60, 120)),
        choices_title="p" * 300,
    )
    sent = await body(many)
    check_message(sent, {})
    assert len(sent["components"]) == 2
    nothing = dataclasses.replace(many, buttons=(), choices=(Choice("c", "x" * 101),))
    assert controls(nothing, None) is None
    again = dataclasses.replace(many, buttons=(Button("a", "!x"), Button("b", "!x")), choices=())
    assert len((await body(again, None))["components"][0]["components"]) == 1


@pytest.mark.parametrize(
    ("code", "suggestion", "asks"),
    [
        ("unknown_term", "contango", "rf:q:!define contango"),
        ("ambiguous", "beta", "rf:q:!define beta"),
        ("unknown_symbol", "IWM", "rf:q:!roc IWM"),
        ("bad_input", "!roc IWM 10", "rf:q:!roc IWM 10"),
    ],
)
async def test_suggestions_ask_what_they_say(code: Any, suggestion: str, asks: str) -> None:
    sent = await body(refusal(UserError("No.", code, (suggestion,)), "roc"), None)
    assert [part["custom_id"] for part in sent["components"][0]["components"]] == [asks]


def test_error_embeds_have_a_sign_and_no_title() -> None:
    shown = embed(refusal(UserError("Write **it** so."), "roc"))
    assert shown.title is None
    assert shown.description == "**⚠ Write \\*\\*it\\*\\* so.**"


def test_a_moment_is_told_in_the_readers_own_time() -> None:
    opens = datetime(2026, 11, 19, 14, 30, tzinfo=UTC)
    reply = Reply("Hours", "It is closed.", rows=(Row("Opens", "Thu <b> 09:30 in New York", at=opens),))
    second = int(opens.timestamp())
    for shown in (plain(reply), embed(reply).description or ""):
        assert f"09:30 in New York · <t:{second}:f> (<t:{second}:R>)" in shown
        assert "<b>" not in shown.replace("\\<b", "")
    assert "<t:" not in to_text(reply)
