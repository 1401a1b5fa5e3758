"""The console face: one question, JSON, JSON lines, exit statuses; in this process and as a real one."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.__main__ import main
from bot.console import session as console
from bot.console.session import read_line
from tests.conftest import GLOSSARY, ROOT, OpenDesk

FIELDS = [
    *("question", "command", "options", "ok", "title", "text", "short", "understood", "data", "warnings", "terms"),
    *("freshness", "error", "elapsed_ms"),
]

Ask = Any


@pytest.fixture
def ask(
    data_dir: Path, open_demo: OpenDesk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Ask:
    """Runs `python -m bot ask …` in this process: its exit status and what it printed."""
    for name in [name for name in os.environ if name.startswith("RANGEFINDER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RANGEFINDER_DATA", str(data_dir))
    monkeypatch.setenv("RANGEFINDER_GLOSSARY", str(GLOSSARY))
    monkeypatch.setattr("bot.__main__.set_up_logging", lambda _: None)

    def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = main(["ask", *arguments])
        return status, capsys.readouterr().out

    return run


def test_one_question_as_text(ask: Ask) -> None:
    status, out = ask("--demo", "!roc IWM 10")
    assert status == 0
    assert "over 10 sessions" in out
    assert "Simulated sample data, not market prices." in out
    assert ask("--demo", "!define", "r-star")[0] == 0


def test_all_of_an_answer_only_when_asked_for(ask: Ask) -> None:
    assert "Rule: " not in ask("--demo", "!roc IWM 10")[1]
    for verbose in ("-v", "--verbose"):
        assert "Rule: ROC(10)" in ask("--demo", verbose, "!roc IWM 10")[1]


def test_one_question_as_json(ask: Ask) -> None:
    status, out = ask("--demo", "--json", "!roc IWM 10")
    assert status == 0
    (line,) = out.splitlines()
    found = json.loads(line)
    assert list(found) == FIELDS
    assert found["options"] == {"symbol": "IWM", "periods": 10}
    assert found["freshness"]["adjustment"] == "simulated"
    assert found["error"] is None
    assert found["elapsed_ms"] > 0


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("!flurble", "unknown_command"),
        ("!define flurble gronk", "unknown_term"),
        ("!roc ¤¤", "unknown_symbol"),
        ("!roc IWM 0", "bad_input"),
        ("", "bad_input"),
        ("   ", "bad_input"),
        ("!settings", "not_permitted"),
        ("!roc IWM asof:1800-01-01", "too_little_history"),
    ],
)
def test_not_answerable_is_status_two(ask: Ask, question: str, code: str) -> None:
    status, out = ask("--demo", "--json", question)
    found = json.loads(out)
    assert (status, found["ok"], found["data"], found["error"]["code"]) == (2, False, None, code)
    status, out = ask("--demo", question)
    assert (status, out.strip()) == (2, found["error"]["message"])


def test_prices_that_cannot_be_had_are_status_one(ask: Ask) -> None:
    status, out = ask("--offline", "--json", "!roc IWM 10")
    assert status == 1
    assert json.loads(out)["error"]["code"] == "unavailable"
    assert ask("--offline", "!define r-star")[0] == 0


def test_our_own_failure_is_status_one(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: Any, **__: Any) -> Any:
        raise RuntimeError("boom")

    from bot.providers.feed import Feed

    monkeypatch.setattr(Feed, "history", fails)
    status, out = ask("--demo", "--json", "!roc IWM 10")
    assert status == 1
    assert json.loads(out)["error"]["code"] == "internal"
    assert "boom" not in out


def test_route_prints_only_the_route_and_fetches_nothing(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("fetched")

    from bot.providers.feed import Feed

    monkeypatch.setattr(Feed, "history", never)
    for question, command, options in (
        ("!roc iwm 10d", "roc", {"symbol": "IWM", "periods": 10}),
        ("!roc apple 5 21 asof:2020-01-02", "roc", {"symbol": "AAPL", "periods": [5, 21], "as_of": "2020-01-02"}),
        ("!define rstar", "define", {"term": "r-star"}),
        ("!define support vs resistance", "contrast", {"terms": ["support", "resistance"]}),
        ("!roc ¤¤ 10", "roc", None),
    ):
        status, out = ask("--demo", "--route", "--json", question)
        found = json.loads(out)
        assert status == 0
        assert list(found) == ["question", "command", "options"]
        assert (found["question"], found["command"]) == (question, command)
        assert options is None or found["options"] == options


def test_the_picture_of_a_chart_only_when_asked_for(ask: Ask) -> None:
    plain = json.loads(ask("--demo", "--json", "!chart IWM")[1])
    assert "png_base64" not in plain["data"]
    status, out = ask("--demo", "--json", "--with-chart", "!chart IWM")
    data = json.loads(out)["data"]
    png = base64.b64decode(data.pop("png_base64"), validate=True)
    assert (status, len(png), png[:4]) == (0, data["bytes"], b"\x89PNG")
    assert data == plain["data"]
    found = ask("--demo", "--jsonl", "--with-chart", stdin=b"!chart IWM\n!roc IWM\n!chart\n")[1].splitlines()
    assert ["png_base64" in (json.loads(line)["data"] or {}) for line in found] == [True, False, False]


def test_a_price_folder_that_is_not_there_stops_the_start(ask: Ask) -> None:
    assert ask("--prices", "csv:/nowhere/at/all", "--json", "!roc IWM") == (1, "")


LINES = b"""!roc IWM 10
{"question": "!define rally", "id": 7}

{"question": 3}
{"question"
{}
!roc \xff\xfe
[1, 2]
{"question": "!rally IWM"}"""


def test_json_lines_answer_in_order(ask: Ask) -> None:
    status, out = ask("--demo", "--jsonl", stdin=LINES)
    assert status == 0
    found = [json.loads(line) for line in out.splitlines()]
    assert [list(one) for one in found] == [FIELDS] * 9
    assert [one["ok"] for one in found] == [True, True, False, False, False, False, False, False, True]
    assert [one["command"] for one in found][:2] == ["roc", "define"]
    for blank_or_malformed in found[2:6]:
        assert blank_or_malformed["error"]["code"] == "bad_input"
    assert found[8]["question"] == "!rally IWM"


def test_json_lines_can_be_routed(ask: Ask) -> None:
    status, out = ask("--demo", "--jsonl", "--route", stdin=LINES)
    found = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [list(one) for one in found] == [["question", "command", "options"]] * 9
    assert [one["command"] for one in found][:3] == ["roc", "define", "unknown"]


def test_no_lines_are_no_answers(ask: Ask) -> None:
    assert ask("--demo", "--jsonl", stdin=b"") == (0, "")


def test_bytes_that_are_no_text(ask: Ask) -> None:
    status, out = ask("--demo", "--json", "!define \udcff\ud800")
    assert status == 2
    assert json.loads(out)["error"]["code"] in {"unknown_term", "bad_input"}


@given(st.binary(max_size=80))
def test_any_line_is_a_question_or_a_fault(line: bytes) -> None:
    question, fault = read_line(line)
    assert isinstance(question, str)
    assert fault is not None or question.strip()


# real processes


def start(*arguments: str, code: str = "", stdin: bytes = b"", data: Path) -> subprocess.CompletedProcess[bytes]:
    """A process of its own, with no more in its environment than it needs."""
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "bot"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "RANGEFINDER_DATA": str(data), "LC_ALL": "C"}
    return subprocess.run(
        [*command, *arguments], env=environment, cwd=data, input=stdin, capture_output=True, check=False
    )


def test_process_answers_json_lines(data_dir: Path) -> None:
    done = start("ask", "--demo", "--jsonl", stdin="!roc IWM 10\n!define r★\n".encode(), data=data_dir)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [json.loads(line)["ok"] for line in done.stdout.splitlines()] == [True, True]


BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "discord":
            raise ImportError(name)
sys.meta_path.insert(0, Blocked())
from bot.__main__ import main
status = main(sys.argv[1:])
assert "discord" not in sys.modules
sys.exit(status)
"""


def test_console_runs_with_discord_not_importable(data_dir: Path) -> None:
    done = start("ask", "--demo", "!roc IWM 10", code=BLOCKED, data=data_dir)
    assert done.returncode == 0, done.stderr.decode()
    assert "over 10 sessions" in done.stdout.decode()
    done = start("console", "--demo", code=BLOCKED, stdin=b"!define r-star\nexit\n", data=data_dir)
    assert done.returncode == 0, done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_faults_at_start_are_sentences(data_dir: Path, tmp_path: Path) -> None:
    done = start("run", data=data_dir)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"DISCORD_TOKEN is not set" in done.stderr
    assert b"Traceback" not in done.stderr
    broken = tmp_path / "broken.json"
    broken.write_text('{"terms": [{"id": "A b"}]}')
    code = f"import os; os.environ['RANGEFINDER_GLOSSARY'] = {str(broken)!r}\n{BLOCKED}"
    done = start("ask", "--demo", "!define x", code=code, data=data_dir)
    assert done.returncode == 1
    assert b"glossary.json has faults" in done.stderr
    assert done.stderr.count(b"\n  - ") > 1
    assert b"Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_traceback(data_dir: Path) -> None:
    code = f"import os, sys\nos.close(1); sys.stdout = open(os.pipe()[1], 'w')\n{BLOCKED}"
    done = start("ask", "--demo", "!help", code=code, data=data_dir)
    assert b"Traceback" not in done.stderr


def test_module_is_the_console(ask: Ask) -> None:
    assert console.CALLER.guild is None
