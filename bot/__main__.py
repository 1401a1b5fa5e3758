"""The command line: arguments and environment to a Config, a Config to a Desk, a Desk to one face."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot.config import Config, read_config
from bot.errors import StartupError
from bot.logs import set_up_logging
from bot.runtime import set_up

FACES = "run | console | ask | doctor | replay | backtest | erase | glossary"


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = argparse.ArgumentParser(
        prog="python -m bot", description="Rangefinder: terms explained, market states computed."
    )
    faces = top.add_subparsers(dest="face", required=True, metavar=FACES)
    faces.add_parser("run", help="connect to Discord (needs DISCORD_TOKEN)")
    console = faces.add_parser("console", help="interactive chat")
    ask = faces.add_parser("ask", help="one question, or many with --jsonl")
    ask.add_argument("question", nargs="*", help='what a person would type: "!roc IWM 10"')
    ask.add_argument("--json", action="store_true", help="one JSON object instead of text")
    ask.add_argument(
        "--jsonl", action="store_true", help="one question per line on standard input, one JSON object per line out"
    )
    ask.add_argument("--route", action="store_true", help="print only how the question is understood")
    ask.add_argument("--with-chart", action="store_true", help="with JSON: the picture of a chart, as png_base64")
    doctor = faces.add_parser("doctor", help="providers, data ages, and what to set")
    doctor.add_argument("--health", action="store_true", help="exit status for a container's health check")
    doctor.add_argument("--live", action="store_true", help="ask each provider once and show what came")
    replay = faces.add_parser("replay", help="read one saved reply of a provider through its own parser")
    replay.add_argument("provider", help="who sent it: nasdaq, cboe, yahoo, hlw, fred-csv")
    replay.add_argument("kind", choices=("history", "quote", "figure"))
    replay.add_argument("symbol", help="what was asked for: AAPL, ^GSPC, EUR/USD; a series for fred; - for none")
    replay.add_argument("file", type=Path, help="the body of the reply as it came")
    replay.add_argument("--status", type=int, default=200, help="its HTTP status")
    replay.add_argument("--content-type", default="", help="its Content-Type header")
    replay.add_argument("--now", type=_moment, help="when it came, as an ISO time; now where left out")
    backtest = faces.add_parser("backtest", help="the days on which an alert would have fired, as JSON")
    backtest.add_argument("alert", metavar='"SYMBOL CONDITION"', help="IWM rally_starts; BTC price_above:60000")
    backtest.add_argument("--from", dest="since", type=_day, required=True, metavar="DATE")
    backtest.add_argument("--to", dest="until", type=_day, required=True, metavar="DATE")
    erase = faces.add_parser("erase", help="remove all that is kept of one person or server")
    erase.add_argument("id", type=_discord_id, metavar="ID", help="the person's or the server's Discord id, a number")
    _declare_glossary(faces)
    for face in (console, ask):
        face.add_argument("-v", "--verbose", action="store_true", help="all of each answer: rule, history, sources")
    for face in (console, ask, doctor, backtest):
        face.add_argument("--demo", action="store_true", help="simulated prices, no network")
        face.add_argument("--prices", metavar="csv:DIR", help="bars only from this folder")
        face.add_argument("--macro", metavar="DIR", help="macro and currency files from this folder")
        face.add_argument("--offline", action="store_true", help="no network at all")
    return top


def _declare_glossary(faces: Any) -> None:
    top = faces.add_parser("glossary", help="check, export, import, count or publish the glossary's file")
    actions = top.add_subparsers(dest="action", required=True, metavar="check | export | import | stats | site")
    check = actions.add_parser("check", help="name every fault of a glossary file; exit status 1 where there is one")
    check.add_argument("file", nargs="?", type=Path, help="the file; the bot's own where left out")
    export = actions.add_parser("export", help="the entries as CSV or as JSON Lines, on standard output or into a file")
    export.add_argument("file", nargs="?", type=Path, help="where to; its ending, .csv or .jsonl, says the form")
    export.add_argument("--form", choices=("csv", "jsonl"), help="csv where neither this nor the file's ending says it")
    export.add_argument("--category", help="only the entries of one category, such as options")
    take = actions.add_parser("import", help="show what a table of entries would change; --write then changes it")
    take.add_argument("file", type=Path, help="CSV, JSON Lines, or JSON: a list of entries or a whole glossary")
    take.add_argument("--write", action="store_true", help="write the glossary, where nothing is refused")
    stats = actions.add_parser("stats", help="entries, names, sources, old facts, long sentences")
    stats.add_argument("--names", type=Path, help="a CSV of names and of how many glossaries hold each: how many we do")
    site = actions.add_parser("site", help="the glossary as plain pages with a search, for any web host")
    site.add_argument("folder", type=Path, help="where to: a new or empty folder, or one that this wrote before")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written year, month, day: 2024-06-30") from None


def _discord_id(text: str) -> int:
    if len(text) > 19 or not (text.isascii() and text.isdecimal()) or not 0 < int(text) < 2**63:
        raise argparse.ArgumentTypeError("a Discord id is a number of up to 19 digits, such as 81384788765712384")
    return int(text)


def overrides(arguments: argparse.Namespace) -> dict[str, Any]:
    """What the command line sets over the environment."""
    given: dict[str, Any] = {name: True for name in ("demo", "offline") if getattr(arguments, name, False)}
    prices: str | None = getattr(arguments, "prices", None)
    if prices is not None:
        if not prices.startswith("csv:"):
            raise StartupError(["--prices takes csv: followed by a folder"])
        given["prices"] = prices
    macro: str | None = getattr(arguments, "macro", None)
    if macro is not None:
        given["macro"] = Path(macro).expanduser()
    return given


async def serve(config: Config, arguments: argparse.Namespace) -> int:
    """Open the desk and hand it to the face; the exit status is the face's."""
    if arguments.face == "doctor" and arguments.health:
        from bot.desk import utc_now
        from bot.health import health

        alive, sentence = health(config.data_dir, utc_now())
        sys.stdout.write(f"{sentence}\n")
        return 0 if alive else 1
    if arguments.face == "replay":
        from bot.console.replay import replay
        from bot.desk import utc_now

        return await replay(config, arguments, arguments.now or utc_now())
    if arguments.face == "glossary":
        from bot.console.glossary_file import glossary
        from bot.desk import utc_now

        return glossary(config, arguments, utc_now().date())
    if arguments.face == "erase":
        from bot.console.upkeep import erase

        return await erase(config, arguments.id)
    if arguments.face == "run":
        from bot.discord_face.running import run

        return await run(config)
    from bot.console import session as console

    return await console.run(config, arguments)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program. Exit status: 0 answered, 2 not answerable as asked, 1 our failure."""
    set_up()
    try:
        arguments = parser().parse_args(argv)
        config = read_config(os.environ, **overrides(arguments))
        set_up_logging(config)
        return asyncio.run(serve(config, arguments))
    except StartupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            sys.stdout.close()
        return 1


if __name__ == "__main__":
    sys.exit(main())
