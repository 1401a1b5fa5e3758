"""The text of somebody's file: what may be opened, how much of it, and in which encoding it is written."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import stat
import zlib
from pathlib import Path

MAX_FILE = 32 * 2**20
MAX_LINES = 400_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class UnreadableTable(ValueError):
    """A table that cannot be read for certain. The text says why, for the person whose file it is."""


def read_file(path: Path, limit: int = MAX_FILE) -> bytes:
    """The content of an ordinary file, unpacked where it is gzip.

    Never waits for a pipe or a device. Raises OSError, or UnreadableTable for what is no ordinary file, is larger than
    `limit` bytes (packed or unpacked) or is packed and damaged.
    """
    never_wait = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    with os.fdopen(os.open(path, os.O_RDONLY | never_wait), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnreadableTable("it is not an ordinary file")
        body = file.read(limit + 1)
    if len(body) <= limit and body[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(body)) as packed:
                body = packed.read(limit + 1)
        except (OSError, EOFError, zlib.error):
            raise UnreadableTable("it cannot be unpacked: the gzip file is damaged") from None
    if len(body) > limit:
        raise UnreadableTable(f"it is larger than {limit // 2**20} MiB")
    return body


def file_text(body: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 or UTF-32 by its mark, UTF-16 by its zero bytes, else UTF-8, else cp1252.

    Lines end in a plain newline. Raises UnreadableTable for what is no text, or has more lines than any price table.
    """
    if body[:2] == b"PK":
        raise UnreadableTable("it is a workbook or a zip file; save it as CSV")
    if body[:512].lstrip()[:1] == b"<" and b"<html" in body[:1024].lower():
        raise UnreadableTable("it is a web page")
    text = _decoded(body).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise UnreadableTable("it is not text")
    if text.count("\n") > MAX_LINES:
        raise UnreadableTable(f"it has more than {MAX_LINES:,} lines")
    return text


def _decoded(body: bytes) -> str:
    try:
        for mark, encoding in _MARKS:
            if body.startswith(mark):
                return body[len(mark) :].decode(encoding)
        head = body[:512]
        if head[1::2].count(0) > len(head) // 3:
            return body.decode("utf-16-le")
        if head[::2].count(0) > len(head) // 3:
            return body.decode("utf-16-be")
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            return body.decode("cp1252")
    except UnicodeDecodeError:
        raise UnreadableTable("it is not text") from None
