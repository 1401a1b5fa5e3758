"""What others packed, unpacked within bounds: what a header says of the size is checked first and never believed.

A kilobyte may stand for a gigabyte. So nothing is unpacked in one go: the bytes are counted as they come out, and
anything but the two methods that everybody uses is refused, since others take memory before the first byte is out.
"""

from __future__ import annotations

import io
import struct
import zlib
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile

from bot.errors import BadPayload

MAX_UNPACKED = 32 * 2**20
MOST_MEMBERS = 1_000
ENCODINGS = "gzip, deflate"
_CHUNK = 64 * 2**10
_METHODS = frozenset({ZIP_STORED, ZIP_DEFLATED})
_ENCRYPTED = 0x1
DAMAGED = (
    *(BadZipFile, LargeZipFile, zlib.error, struct.error, OSError, EOFError, NotImplementedError, RuntimeError),
    *(KeyError, ValueError, IndexError, OverflowError),
)
"""What the standard library raises for a damaged archive."""


def unzipped(provider: str, body: bytes, limit: int = MAX_UNPACKED) -> dict[str, bytes]:
    """The members of a ZIP by name. Raises BadPayload for a damaged one and one that unpacks to more than `limit`."""
    try:
        with ZipFile(io.BytesIO(body)) as packed:
            members = packed.infolist()
            sizes = sum(member.file_size for member in members)
            if len(members) > MOST_MEMBERS or sizes > limit:
                raise BadPayload(provider, "the file is too large")
            if any(member.compress_type not in _METHODS or member.flag_bits & _ENCRYPTED for member in members):
                raise BadPayload(provider, "packed in a way that is not read")
            found: dict[str, bytes] = {}
            left = limit
            for member in members:
                if member.filename in found:
                    raise BadPayload(provider, "two files of one name in the zip")
                with packed.open(member) as file:
                    # In chunks: asked for everything, zipfile unpacks everything, whatever the header says.
                    found[member.filename] = b"".join(iter(lambda file=file: file.read(_CHUNK), b""))  # type: ignore[misc]
                left -= len(found[member.filename])
            return found
    except DAMAGED:
        raise BadPayload(provider, "a damaged zip file") from None


def zipped(members: dict[str, bytes]) -> bytes:
    """A ZIP of members as they are: for a reader that would unpack by itself, and believe what a header says."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as into:
        for name, content in members.items():
            into.writestr(name, content)
    return made.getvalue()


class Body:
    """A body taken as it arrives and unpacked as its Content-Encoding says, to `limit` bytes. Raises BadPayload."""

    def __init__(self, provider: str, encoding: str, limit: int) -> None:
        name = encoding.strip().casefold()
        if name not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise BadPayload(provider, "packed in a way that was not asked for")
        self._provider = provider
        self._limit = limit
        self._packed = name not in {"", "identity"}
        self._gzip = name.endswith("gzip")
        self._unpacker: zlib._Decompress | None = None
        self._taken = bytearray()

    def add(self, chunk: bytes) -> None:
        """Take a piece as it came over the wire."""
        if not self._packed:
            self._take(chunk)
            return
        try:
            while chunk:
                chunk = self._unpack(chunk)
        except zlib.error:
            raise BadPayload(self._provider, "a damaged answer") from None

    def _unpack(self, chunk: bytes) -> bytes:
        """Unpack a piece, and answer what is left of it: of gzip, several may follow one another."""
        unpacker = self._unpacker
        if unpacker is None or unpacker.eof:
            raw = not self._gzip and chunk[0] & 0xF != zlib.DEFLATED
            unpacker = self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS if raw else zlib.MAX_WBITS | 32)
        self._take(unpacker.decompress(chunk, self._limit + 1 - len(self._taken)))
        return unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail

    def _take(self, piece: bytes) -> None:
        self._taken += piece
        if len(self._taken) > self._limit:
            raise BadPayload(self._provider, "the answer is too large")

    def whole(self) -> bytes:
        """Everything, once the last piece is there."""
        if self._packed and self._taken and (self._unpacker is None or not self._unpacker.eof):
            raise BadPayload(self._provider, "the answer broke off")
        return bytes(self._taken)
