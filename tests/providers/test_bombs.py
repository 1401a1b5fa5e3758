"""Bombs: little that unpacks to much, or that takes long to read. What is refused, and with how much memory."""

from __future__ import annotations

import gzip
import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadPayload
from bot.providers.isolation import isolated
from bot.providers.macro.folder import MacroFolder
from bot.providers.macro.workbooks import HLW, SMALL, read_workbook
from bot.providers.reference_rates import parse_zip
from bot.providers.unpacking import MAX_UNPACKED, Body, unzipped, zipped
from tests.providers.test_mutants import HLW_HEAD, workbook

LIMIT = 2**20


def packed(content: bytes, method: int = zipfile.ZIP_DEFLATED, names: tuple[str, ...] = ("a.csv",)) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as into:
        for name in names:
            into.writestr(name, content)
    return made.getvalue()


def lying(size: int, declared: int) -> bytes:
    """A zip of `size` blanks whose headers say `declared`, and whose checksum is that of the declared part."""
    body = bytearray(packed(b" " * size))
    told, checked = struct.pack("<I", declared), struct.pack("<I", zlib.crc32(b" " * declared))
    central = body.rindex(b"PK\x01\x02")
    body[14:18], body[22:26] = checked, told
    body[central + 16 : central + 20], body[central + 24 : central + 28] = checked, told
    return bytes(body)


def with_part(name: str, content: str) -> bytes:
    """A good workbook with one part replaced."""
    return zipped_again({**unzipped("test", workbook(HLW_HEAD)), name: content.encode()})


def zipped_again(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in members.items():
            into.writestr(name, content)
    return made.getvalue()


def peak_of(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        with suppress(BadPayload):
            work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@given(st.dictionaries(st.text("abc/.", min_size=1, max_size=8), st.binary(max_size=200), max_size=5))
def test_a_zip_is_unpacked_as_zipfile_does(members: dict[str, bytes]) -> None:
    assert unzipped("test", zipped_again(members)) == members
    assert unzipped("test", zipped(members)) == members


@pytest.mark.parametrize(
    "body",
    [
        packed(b" " * (MAX_UNPACKED + 1)),
        packed(b" " * (MAX_UNPACKED // 4), names=("a", "b", "c", "d", "e")),
        packed(b"", names=tuple(map(str, range(1_001)))),
        packed(b"a", zipfile.ZIP_BZIP2),
        packed(b"a", zipfile.ZIP_LZMA),
        lying(2**28, 100),
    ],
    ids=["one large", "large together", "many", "bzip2", "lzma", "lying"],
)
@pytest.mark.parametrize("read", [partial(unzipped, "test"), parse_zip, read_workbook], ids=["zip", "csv", "workbook"])
def test_zip_bombs_cost_no_more_than_the_limit(body: bytes, read: Callable[[bytes], object]) -> None:
    """Of the lying one the declared part comes out, which is no table; every other is refused."""
    assert peak_of(lambda: read(body)) < 2 * MAX_UNPACKED


def test_a_header_that_lies_about_the_size_is_not_believed() -> None:
    assert unzipped("test", lying(2**28, 100)) == {"a.csv": b" " * 100}
    with pytest.raises(BadPayload, match="too large"):
        unzipped("test", packed(b" " * (MAX_UNPACKED + 1)))


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        body = packed(b"a", names=("a", "a"))
    with pytest.raises(BadPayload, match="one name"):
        unzipped("test", body)


STYLES = '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/styles.xml", STYLES + "<xf/>" * 3_000_000 + "</cellXfs></styleSheet>"),
        (
            "xl/worksheets/sheet1.xml",
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
            + "<c/>" * 3_000_000
            + "</row></sheetData></worksheet>",
        ),
    ],
)
def test_a_workbook_that_is_read_for_minutes_is_ended(name: str, content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.providers.isolation.SECONDS", 1)
    # Its time or its memory ends first; where memory does, the parser may say so before the process is ended.
    with pytest.raises(BadPayload, match=r"takes too|cannot be opened"):
        read_workbook(with_part(name, content))


def test_a_large_good_workbook_is_read_as_a_small_one_is() -> None:
    small = workbook(HLW_HEAD)
    members = unzipped("test", small)
    large = zipped_again({**members, "docProps/note.txt": b"x" * SMALL})
    assert read_workbook(large) == read_workbook(small)
    assert read_workbook(large).model == HLW


def test_what_a_process_refuses_is_said_in_its_words() -> None:
    members = unzipped("test", workbook([["no", "table"]]))
    with pytest.raises(BadPayload, match="no sheet with r-star"):
        read_workbook(zipped_again({**members, "docProps/note.txt": b"x" * SMALL}))


@pytest.mark.parametrize("kind", ["failing", "absent"])
def test_a_process_that_fails_is_a_bad_payload(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "absent":
        monkeypatch.setattr("sys.executable", "/nonexistent/python")
    with pytest.raises(BadPayload, match=r"too much time or memory|no process"):
        isolated(int, b"no number", "test")


async def test_a_bomb_in_the_macro_folder_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(HLW_HEAD))
    (tmp_path / "b.xlsx").write_bytes(zipped_again({"[Content_Types].xml": b" " * (MAX_UNPACKED + 1)}))
    (tmp_path / "c.zip").write_bytes(packed(b" " * (MAX_UNPACKED + 1)))
    found = await MacroFolder(tmp_path).figures()
    assert [edition.model for edition in found.editions] == [HLW]


def taken(encoding: str, content: bytes, step: int, limit: int = LIMIT) -> bytes:
    body = Body("test", encoding, limit)
    for start in range(0, len(content), step):
        body.add(content[start : start + step])
    return body.whole()


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


@given(content=st.binary(max_size=500), step=st.integers(1, 50))
def test_answers_are_unpacked_in_any_pieces(content: bytes, step: int) -> None:
    assert taken("", content, step) == content
    assert taken("identity", content, step) == content
    assert taken("gzip", gzip.compress(content), step) == content
    assert taken("GZIP ", gzip.compress(content) + gzip.compress(b"more"), step) == content + b"more"
    assert taken("deflate", zlib.compress(content), step) == content
    assert taken("deflate", raw_deflate(content), step) == content


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress", "x" * 5_000, "²"])
def test_other_packings_are_refused(encoding: str) -> None:
    with pytest.raises(BadPayload, match="not asked for"):
        Body("test", encoding, LIMIT)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@given(content=st.binary(min_size=1, max_size=100))
def test_damaged_packings_are_refused(encoding: str, content: bytes) -> None:
    whole = gzip.compress(b"a" * 100) if encoding == "gzip" else zlib.compress(b"a" * 100)
    with pytest.raises(BadPayload, match="broke off"):
        taken(encoding, whole[:-1], 7)
    with pytest.raises(BadPayload):
        taken("gzip", b"\x00" + content, 7)


@pytest.mark.parametrize("step", [1_000, 2**20])
def test_a_gzip_bomb_costs_no_more_than_the_limit(step: int) -> None:
    bomb = gzip.compress(b" " * 2**26)
    with pytest.raises(BadPayload, match="too large"):
        taken("gzip", bomb, step)
    assert peak_of(lambda: taken("gzip", bomb, step)) < 4 * LIMIT
