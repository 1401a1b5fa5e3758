"""How the interpreter is set for a process that answers people while it computes: nothing may hold the event loop."""

from __future__ import annotations

import gc
import os
import sys

TURN = 0.001
"""Seconds that a thread keeps the interpreter while another waits for it (usually 5 ms): charts are drawn so."""


def set_up() -> None:
    """For every face: rare collections, since start-up makes hundreds of thousands of objects; quick turns.

    And files that nobody else may read, whoever makes them: the database and its journal are SQLite's.
    """
    os.umask(0o077)
    gc.set_threshold(50_000, 20, 100)
    sys.setswitchinterval(TURN)


def settle() -> None:
    """For a face that stays: what is loaded by now is never looked through again, which takes some 50 ms each time."""
    gc.freeze()
