"""Log lines: one per event, with fields, as text or as JSON."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Config, Secret
from bot.logs import EventFormatter, escaped, for_json, for_terminal, set_up_logging, without_secrets


def record(message: str = "provider down", level: int = logging.WARNING, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("bot.x", level, "x.py", 1, message, None, None)
    made.created = 0.5
    made.fields = fields
    return made


def test_text() -> None:
    text = EventFormatter(as_json=False).format(record(provider="nasdaq", reason="no answer", empty="", n=3))
    assert text == (
        "1970-01-01T00:00:00.500+00:00 WARNING bot.x provider down provider=nasdaq reason='no answer' empty='' n=3"
    )


def test_json() -> None:
    line = EventFormatter(as_json=True).format(record(provider="nasdaq", when=object, logger="mine"))
    assert "\n" not in line
    found = json.loads(line)
    assert found["event"] == "provider down"
    assert found["provider"] == "nasdaq"
    assert (found["level"], found["logger"]) == ("WARNING", "bot.x")


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_stays_with_its_line(as_json: bool) -> None:
    made = record("failed")
    try:
        raise RuntimeError("boom")  # noqa: TRY301
    except RuntimeError:
        made.exc_info = sys.exc_info()
    text = EventFormatter(as_json=as_json).format(made)
    assert "RuntimeError: boom" in text
    assert ("\n" in text) is not as_json
    if as_json:
        assert "boom" in json.loads(text)["trace"]


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    logger = logging.getLogger()
    before = logger.handlers[:], logger.level
    yield logger
    logger.handlers[:], level = before
    logger.setLevel(level)


def test_everything_goes_to_standard_error(root: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(Config(log_format="json", log_level="INFO"))
    logging.getLogger("bot.test").info("hello", extra={"fields": {"n": 1}})
    logging.getLogger("bot.test").debug("quiet")
    logging.getLogger("sqlalchemy.engine").info("SELECT 1")
    told = capsys.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    assert json.loads(line)["event"] == "hello"


TOKEN = "MTk4NjIyNDgz.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"
HOSTILE = "a\x1b]0;title\x07\x1b[2J\r\nWARNING forged\x9b31m\u202egnp.exe\u2028\x00\ud800"


@pytest.mark.parametrize("as_json", [True, False])
def test_what_comes_from_outside_steers_no_terminal_and_makes_no_line(as_json: bool) -> None:
    made = record(HOSTILE, reason=HOSTILE, **{HOSTILE: 1})
    try:
        raise RuntimeError(HOSTILE)  # noqa: TRY301
    except RuntimeError:
        made.exc_info = sys.exc_info()
    text = EventFormatter(as_json=as_json).format(made)
    head, *trace = text.split("\n")
    assert "forged" in head
    assert all(c >= " " and c not in "\x7f\x9b\u202e\u2028\ud800" for c in "".join([head, *trace]))
    assert not any(line.startswith("WARNING") for line in trace[:-1])
    if as_json:
        assert not trace


@given(st.text())
def test_an_escaped_text_is_one_line_and_a_plain_one_is_itself(text: str) -> None:
    assert escaped(escaped(text)) == escaped(text)
    assert len(escaped(text).splitlines()) <= 1
    if text.isascii() and text.isprintable():
        assert escaped(text) == text
    assert for_terminal(f"{text}\n{text}").count("\n") == 2 * text.count("\n") + 1


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_says_the_same_with_escapes(text: str) -> None:
    line = json.dumps({"a": text}, ensure_ascii=False)
    assert json.loads(for_json(line)) == {"a": text}
    assert "\x9b" not in for_json(line)


@pytest.mark.parametrize("as_json", [True, False])
def test_no_secret_is_written_wherever_it_came_from(as_json: bool) -> None:
    """A proxy that repeats the headers it got has the token in its answer, which libraries put into their errors."""
    made = record(f"refused: Authorization: Bot {TOKEN}", body=f"<pre>{TOKEN}</pre>")
    try:
        raise RuntimeError(TOKEN)  # noqa: TRY301
    except RuntimeError:
        made.exc_info = sys.exc_info()
    text = EventFormatter(as_json=as_json, secrets=[Secret(TOKEN), Secret("")]).format(made)
    assert TOKEN not in text
    assert text.count("[secret]") >= 3
    assert without_secrets("on", [Secret("on")]) == "on"


def test_no_token_of_an_interaction_is_written() -> None:
    """Libraries put addresses into their warnings."""
    for address in (
        "https://discord.com/api/v10/webhooks/12/aW50ZXJ.x-y_z/messages/@original",
        "/interactions/3/aW50ZXJ.x/callback",
    ):
        text = EventFormatter(as_json=False).format(record(f"limited: POST {address} with 429", where=address))
        assert "aW50" not in text
        assert text.count("[token]") == 2
        assert "429" in text


def test_debug_is_of_our_own_events_alone(root: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    """Libraries say at DEBUG what people wrote, their ids, and addresses that hold an interaction's token."""
    set_up_logging(Config(log_level="DEBUG", token=Secret(TOKEN)))
    logging.getLogger("bot.test").debug("ours")
    for name in ("discord.gateway", "discord.http", "discord.webhook.async_", "asyncio", "aiohttp.client", "PIL"):
        logging.getLogger(name).debug("For Shard ID 0: {'content': 'what somebody wrote'}")
    assert [line.split(" ", 3)[-1] for line in capsys.readouterr().err.splitlines()] == [" bot.test ours"]
    logging.getLogger("bot").setLevel(logging.NOTSET)
