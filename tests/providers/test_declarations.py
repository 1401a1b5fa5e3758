"""Every provider's file is walked: what it declares is complete, its own, and followed by all that is made of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import bot.providers
from bot.providers.contract import RemoteProvider
from bot.providers.factory import declared, provider_table, variables_of
from bot.providers.macro.feed import LABELS
from bot.providers.macro.workbooks import HLW, LUBIK_MATTHES, LW

REPLIES = Path(__file__).with_name("replies")
PROVIDERS = declared()
FIGURES = {"currencies", "currencies-history", "holdings", HLW, LW, LUBIK_MATTHES, *LABELS}


def test_every_file_that_defines_a_provider_is_walked() -> None:
    folder = Path(bot.providers.__file__).parent
    texts = {path.stem: path.read_text("utf-8") for path in (*folder.glob("prices/*.py"), *folder.glob("macro/*.py"))}
    written = sum(text.count("(RemoteProvider):") for text in texts.values())
    assert len(PROVIDERS) == written >= 16


def test_names_and_places_are_each_ones_own() -> None:
    for counted in (
        Counter(one.declaration.name for one in PROVIDERS),
        Counter(one.declaration.order for one in PROVIDERS),
        Counter(variable.name for one in PROVIDERS for variable in variables_of(one)),
    ):
        assert set(counted.values()) == {1}
    assert [one.declaration.order for one in PROVIDERS] == sorted(one.declaration.order for one in PROVIDERS)


def test_every_figure_has_a_provider_and_every_provider_serves_something() -> None:
    assert set().union(*(one.declaration.capabilities.figures for one in PROVIDERS)) == FIGURES
    for one in PROVIDERS:
        has = one.declaration.capabilities
        assert has.kinds or has.figures
        assert has.history_figure is None or has.history_figure in has.figures


def defined(provider: type[RemoteProvider], name: str) -> bool:
    return getattr(provider, name) is not getattr(RemoteProvider, name)


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.declaration.name)
def test_what_is_declared_is_there_and_nothing_else(provider: type[RemoteProvider]) -> None:
    about, has = provider.declaration, provider.declaration.capabilities
    history = bool(has.kinds) and has.history and has.history_figure is None
    assert defined(provider, "requests") == defined(provider, "parse") == history
    assert defined(provider, "history_of") == (has.history_figure is not None)
    assert defined(provider, "quote_requests") == defined(provider, "parse_quote") == bool(has.quotes)
    assert defined(provider, "figure_requests") == defined(provider, "parse_figure") == bool(has.figures)
    address = urlsplit(about.address)
    assert address.scheme == "https"
    assert not address.path
    domain = address.netloc.split(".")[-2:]
    assert all(host.split(".")[-2:] == domain for host in about.moved_to)
    assert bool(about.terms) or not (about.keys or about.optional)
    assert not about.covers.endswith(".")
    assert f"| `{about.name}` |" in provider_table()
    assert bool(about.late) == bool(has.kinds)
    if has.kinds and has.history:
        assert (REPLIES / about.name / "cases.json").is_file(), "its recorded answers are missing"


def test_what_is_not_served_is_said() -> None:
    class Nothing(RemoteProvider):
        declaration = PROVIDERS[0].declaration

    nothing = Nothing("https://x.invalid")
    for name in (
        "requests", "parse", "quote_requests", "parse_quote", "figure_requests", "parse_figure", "history_of",
    ):  # fmt: skip
        given = (None,) if name.endswith("requests") else (None, None)
        with pytest.raises(Exception, match="it has no"):
            getattr(nothing, name)(*given)
