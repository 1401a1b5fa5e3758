"""`python -m bot glossary`: checked, taken out, put in again, counted; what is wrong is said."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.glossary.small_book import raw_book, raw_entry

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "book.json"
    place.write_text(json.dumps(raw_book()), "utf-8")
    return place


@pytest.fixture
def run(file: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("RANGEFINDER_DATA", str(data_dir))
    monkeypatch.setenv("RANGEFINDER_GLOSSARY", str(file))
    monkeypatch.setattr("bot.__main__.set_up_logging", lambda _: None)

    def call(*arguments: object) -> tuple[int, str]:
        status = main(["glossary", *map(str, arguments)])
        told = capsys.readouterr()
        return status, told.out + told.err

    return call


def test_a_sound_file_and_one_with_faults(run: Run, file: Path, tmp_path: Path) -> None:
    assert run("check") == (0, f"{file}: 3 terms, no faults.\n")
    other = tmp_path / "other.json"
    other.write_text(json.dumps(raw_book(pitfall="Not the same as an alpha thing alias: other.", level="x")), "utf-8")
    status, told = run("check", other)
    assert status == 1
    assert "alpha-thing: level must be one of advanced, beginner, intermediate\n" in told
    assert run("check", tmp_path / "none.json") == (
        2,
        f"{tmp_path / 'none.json'} cannot be read: No such file or directory.\n",
    )


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl"])
def test_what_was_taken_out_goes_in_again(run: Run, file: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    before = file.read_bytes()
    assert run("export", out) == (0, f"{out}: 3 of 3 terms.\n")
    assert run("import", out) == (0, "0 new, 0 changed, 3 as they were.\nNothing is written: --write does.\n")
    assert file.read_bytes() == before


def test_a_table_on_standard_output(run: Run) -> None:
    status, told = run("export", "--form", "jsonl", "--category", "macro")
    assert status == 0
    assert [json.loads(line)["id"] for line in told.splitlines()] == ["alpha-thing", "beta-thing", "gamma-thing"]
    assert run("export")[1].startswith("id,term,category,level,aliases,")
    assert run("export", "--category", "forex") == (2, "There is no category 'forex'; there are macro.\n")
    assert run("export", "out.xlsx") == (2, "A file is written as .csv or .jsonl, not as .xlsx; --form says which.\n")


def test_a_change_is_shown_and_then_written(run: Run, file: Path, tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text('id,level,aliases\nbeta-thing,advanced,"Beta alias\nbee"\n', "utf-8-sig")
    told = "changed: beta-thing (aliases, level)\n0 new, 1 changed, 0 as they were.\n"
    before = file.read_bytes()
    assert run("import", table) == (0, f"{told}Nothing is written: --write does.\n")
    assert file.read_bytes() == before
    status, said = run("import", table, "--write")
    assert (status, said) == (0, f"{told}{file} is written; a bot that runs takes it up when it is started again.\n")
    beta = json.loads(file.read_text("utf-8"))["terms"][1]
    assert (beta["level"], beta["aliases"]) == ("advanced", ["Beta alias", "bee"])
    assert stat.S_IMODE(file.stat().st_mode) & 0o600 == 0o600
    assert run("check")[0] == 0


def test_one_bad_entry_and_nothing_is_written(run: Run, file: Path, tmp_path: Path) -> None:
    before = file.read_bytes()
    lines = tmp_path / "in.jsonl"
    good = raw_entry("Beta Thing", "alpha-thing", "gamma-thing", level="advanced")
    bad = raw_entry("Delta Thing", "alpha-thing", "nothing")
    lines.write_text(f"{json.dumps(good)}\n\n{json.dumps(bad)}\n", "utf-8")
    status, told = run("import", lines, "--write")
    assert status == 1
    assert "new: delta-thing\nchanged: beta-thing (level)\n" in told
    assert "delta-thing: related names 'nothing', which does not exist\n" in told
    assert told.endswith(": nothing is written.\n")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("in.csv", "", "The table is empty: its first line must name the columns."),
        ("in.csv", "id,colour\na,b\n", "colour is none."),
        ("in.csv", "short\nx\n", "the columns are id and any of term,"),
        ("in.jsonl", "{}\n{", "line 2: not JSON"),
        ("in.json", "[1]", "must hold entries: objects with an id each."),
        ("in.json", '"x"', "must hold entries: objects with an id each."),
        ("in.json", b"\xff\xfe", "is not text in UTF-8."),
    ],
)
def test_a_file_that_is_none(run: Run, tmp_path: Path, name: str, content: str | bytes, fault: str) -> None:
    place = tmp_path / name
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    status, told = run("import", place, "--write")
    assert status == 2
    assert fault in told


def test_rows_that_cannot_be_read_are_named(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text("id,sources\nalpha-thing,here\n,there\n", "utf-8")
    status, told = run("import", table)
    assert status == 1
    assert "row 2, alpha-thing: sources: 'here' is not of the form “title | address | date read”\n" in told
    assert "row 3, no id: " in told


def test_a_whole_glossary_is_a_list_too(run: Run, file: Path) -> None:
    assert run("import", file)[1].startswith("0 new, 0 changed, 3 as they were.")


def test_many_faults_are_cut(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "in.json"
    place.write_text(json.dumps([raw_entry(f"Thing {number}") for number in range(60)]), "utf-8")
    status, told = run("import", place)
    assert status == 1
    assert "\n… and 20 more\n60 new," in told


def test_figures(run: Run, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("name,glossaries\nAlpha Thing,4\nBeta Thing alias,2\nOther,3\n", "utf-8")
    status, told = run("stats", "--names", names)
    assert status == 0
    assert "Terms: 3, with 6 names and 3 formulas\n" in told
    assert "Names held by 1 or more: 2 of 3 answered by name (66.7%)\n" in told
    assert "Names held by 4 or more: 1 of 1 answered by name (100.0%)\n" in told
    names.write_text("name\nAlpha Thing\n", "utf-8")
    assert run("stats", "--names", names) == (2, f"{names} needs the columns name and glossaries, a number.\n")


def test_nowhere_to_write(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "none" / "out.csv"
    assert run("export", place) == (2, f"{place} cannot be written: No such file or directory.\n")
