"""Writes what is generated from the code: the README's table of commands and .env.example."""

from __future__ import annotations

from bot.commands.registry import END, START, build_registry, command_table
from bot.config import env_example
from tests.conftest import ROOT


def main() -> None:
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    before, after = text[: text.index(START)], text[text.index(END) + len(END) :]
    readme.write_text(before + command_table(build_registry()) + after, "utf-8")
    (ROOT / ".env.example").write_text(env_example(), "utf-8")


if __name__ == "__main__":
    main()
