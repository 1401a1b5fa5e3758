"""Writes what is generated from the code: the README's tables of commands and providers, and .env.example."""

from __future__ import annotations

from bot.commands.registry import END, START, build_registry, command_table
from bot.config import env_example
from bot.providers.coverage import market_table
from bot.providers.factory import declared, provider_table, variables_of
from tests.conftest import ROOT

MARKETS_START, MARKETS_END = "<!-- markets -->\n", "\n<!-- /markets -->"
PROVIDERS_START, PROVIDERS_END = "<!-- providers -->\n", "\n<!-- /providers -->"


def environment() -> str:
    """What .env.example has to hold."""
    return env_example(variable for provider in declared() for variable in variables_of(provider))


def between(text: str, start: str, end: str) -> tuple[str, str, str]:
    """The text before, between and behind two marks, which stay with the outer parts."""
    first, last = text.index(start) + len(start), text.index(end)
    return text[:first], text[first:last], text[last:]


def main() -> None:
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    text = text[: text.index(START)] + command_table(build_registry()) + text[text.index(END) + len(END) :]
    before, _, after = between(text, PROVIDERS_START, PROVIDERS_END)
    before, _, after = between(before + provider_table() + after, MARKETS_START, MARKETS_END)
    readme.write_text(before + market_table(declared()) + after, "utf-8")
    (ROOT / ".env.example").write_text(environment(), "utf-8")


if __name__ == "__main__":
    main()
