"""A table that arrives in pieces: refused with the piece that makes it too large, whatever it is too large in."""

from __future__ import annotations

import pytest

from bot.errors import UserError
from bot.language.entities.tables import MAX_BYTES, MAX_CELLS, MAX_LINES, TableFile, read_table

PIECE = 16 * 2**10


def taken(piece: bytes, most: int) -> int:
    """How many equal pieces are taken before one is refused."""
    file = TableFile("The file")
    for number in range(most):
        try:
            file.add(piece)
        except UserError:
            return number
    return most


@pytest.mark.parametrize(
    ("piece", "limit", "says"),
    [
        (b"x" * PIECE, MAX_BYTES, "more than 1 MB"),
        (b"\n" * PIECE, MAX_LINES, "more than 10,000 lines"),
        (b"\r" * PIECE, MAX_LINES, "more than 10,000 lines"),
        (b"," * PIECE, MAX_CELLS, "more than 100,000 cells"),
        (b";" * PIECE, MAX_CELLS, "more than 100,000 cells"),
        (b"\t" * PIECE, MAX_CELLS, "more than 100,000 cells"),
        (b"|" * PIECE, MAX_CELLS, "more than 100,000 cells"),
    ],
)
def test_what_is_too_large_is_refused_with_the_piece_that_makes_it_so(piece: bytes, limit: int, says: str) -> None:
    assert taken(piece, 1_000) == limit // PIECE
    with pytest.raises(UserError, match=says):
        TableFile("The file").add(piece * (limit // PIECE + 1))
    with pytest.raises(UserError, match=says):
        next(read_table(piece.decode() * (limit // PIECE + 1), "The file"))


def test_a_table_in_pieces_is_the_table() -> None:
    whole = "\ufeffname,value\nSociété,3\n".encode()
    file = TableFile("The file")
    for place in range(len(whole)):
        file.add(whole[place : place + 1])
    assert file.text() == "name,value\nSociété,3\n"


def test_what_is_no_text_is_said() -> None:
    file = TableFile("The file")
    file.add(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="The file is not plain text"):
        file.text()
