"""Log lines: one per event, with fields, as text or as JSON."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest

from bot.config import Config
from bot.logs import EventFormatter, set_up_logging


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
