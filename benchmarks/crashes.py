"""Crashes and full disks: `python -m benchmarks.crashes [ROUNDS]`, 50 rounds of each where left out, and no fewer.

- killed: a process that writes settings, watchlists, notes and cache files is ended by SIGKILL after a random time.
- power: its writes are recorded by strace, cut off at a random one, and the file system is made anew as a disk without
  power leaves it: what was synced is there, of what was not any part may be.
- full: its writes are counted; then, for every n, it runs with a disk that refuses the n-th and all after it (strace
  has the kernel answer ENOSPC): those of the database, and those of other files.

After each the next process must start, know every acknowledged write (lost: 0) and be able to write again (stuck: 0).
Power and full need Linux and strace. Exit status 1 for anything lost or stuck.
"""

from __future__ import annotations

import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

MOST = 10_000
FEWEST, LINES = 50, 3
WRITER = """
import asyncio, os, sys
from pathlib import Path
from bot.disk_cache import write_cache_file
from bot.errors import UserError
from bot.store.store import open_store

def say(line):
    os.writev(1, [f"{line}\\n".encode()])  # no write: those are counted and refused

async def main(folder, count):
    async with open_store(f"sqlite+aiosqlite:///{folder / 'rangefinder.db'}", folder) as store:
        for number in range(1, count + 1):
            write_cache_file(folder / "cache" / "a.answer", b"%06d" % number * 50)
            try:
                await store.keep_note("last", str(number))
                await store.change_setting(number % 5 + 1, "prefix", f"{number}!")
                await store.change_watchlist(number % 5 + 1, lambda _: [f"A{number}"])
            except UserError:
                say("refused")
                continue
            say(number)

asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""
CHECK = """
import asyncio, sys
from pathlib import Path
from bot.disk_cache import read_cache_file, write_cache_file
from bot.store.store import open_store

async def main(folder, acknowledged):
    path = folder / "cache" / "a.answer"
    async with open_store(f"sqlite+aiosqlite:///{folder / 'rangefinder.db'}", folder) as store:
        await store.load()
        last = int(store.note("last") or 0)
        seen = acknowledged == 0 or (
            last >= acknowledged
            and int(store.settings(acknowledged % 5 + 1).prefix[:-1]) >= acknowledged
            and int((await store.watchlist(acknowledged % 5 + 1))[0][1:]) >= acknowledged
        )
        file = read_cache_file(path)
        whole = file is None or (len(file.body) == 300 and file.body == file.body[:6] * 50)
        await store.keep_note("after", "1")
        write_cache_file(path, b"new")
        after = read_cache_file(path)
        works = after is not None and after.body == b"new"
    print("kept" if seen else "lost", "whole" if whole else "torn", "works" if works else "stuck")

asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""


@dataclass
class Row:
    """What came of the rounds of one kind."""

    rounds: int = 0
    acknowledged: int = 0
    lost: int = 0
    torn: int = 0
    stuck: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, folder: Path, acknowledged: int) -> None:
        """Start the next process on a folder and see what it finds."""
        command = [sys.executable, "-W", "ignore", "-c", CHECK, str(folder), str(acknowledged)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        words = done.stdout.split()
        self.rounds += 1
        self.acknowledged += acknowledged
        self.lost += words[:1] == ["lost"]
        self.torn += words[1:2] == ["torn"]
        if done.returncode != 0 or words[2:] != ["works"]:
            self.stuck += 1
            self.faults.append(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.stdout)


def write(folder: Path, lines: int, *, before: list[str] | None = None) -> int:
    """Let the writer write until it has acknowledged so many; the last number that it did.

    With a command `before` it, it ends by itself; else it is killed then.
    """
    count = str(lines if before else MOST)
    command = [*(before or []), sys.executable, "-W", "ignore", "-c", WRITER, str(folder), count]
    acknowledged = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        for line in process.stdout or ():
            acknowledged = int(line) if line.strip().isdecimal() else acknowledged
            if acknowledged >= lines and not before:
                process.send_signal(signal.SIGKILL)
    if acknowledged < lines and not before:
        raise RuntimeError("the writer did not write")
    return acknowledged


def killed(rounds: int, chance: random.Random, folder: Path) -> Row:
    row = Row()
    for number in range(rounds):
        place = folder / str(number)
        row.add(place, write(place, chance.randint(1, 60)))
        shutil.rmtree(place)
    return row


def full(calls: str) -> Callable[[int, random.Random, Path], Row]:
    """The attack in which these calls are refused from the n-th of a thread on, for every n that there is."""

    def attack(_: int, __: random.Random, folder: Path) -> Row:
        row, trace = Row(), folder / "trace"
        write(folder / "counted", LINES, before=["strace", "-f", "-o", str(trace), "-e", f"trace={calls}"])
        made = Counter(line.split(" ", 1)[0] for line in trace.read_text().splitlines() if " = " in line)
        for number in range(1, max(made.values()) + 1):
            place, refusing = folder / str(number), f"inject={calls}:error=ENOSPC:when={number}+"
            place.mkdir()
            traced = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={calls}", "-e", refusing]
            row.add(place, write(place, LINES, before=traced))
            shutil.rmtree(place)
        return row

    return attack


CALLS = "openat,write,writev,pwrite64,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat"
CALL = re.compile(r"^(\d+) +(\w+)\((.*)\) += (\d+)")
PATH = re.compile(r"^\d+<([^>]*)>")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass
class Disk:
    """What a disk may hold once the power is gone: files as last synced, and any of the writes since."""

    synced: dict[str, bytes] = field(default_factory=dict)
    pending: dict[str, list[tuple[int, bytes | None]]] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    acknowledged: int = 0

    def take(self, name: str, given: str) -> None:
        """One call that ended well."""
        fd = PATH.match(given)
        path = text(fd[1]) if fd else ""
        texts = [bytes.fromhex(found.replace("\\x", "")) for found in TEXT.findall(given)]
        if name == "writev" and given.startswith("1<"):
            self.acknowledged = int(texts[0])
        elif name in {"write", "pwrite64"}:
            place = int(given.rpartition(", ")[2]) if name == "pwrite64" else self.ends.get(path, 0)
            self.pending.setdefault(path, []).append((place, texts[-1]))
            self.ends[path] = place + len(texts[-1])
        elif name == "ftruncate":
            self.pending.setdefault(path, []).append((int(given.rpartition(", ")[2]), None))
        elif name.startswith("rename"):
            self.renamed.append((texts[0].decode(), texts[1].decode()))
        elif name.startswith("unlink"):
            for where in (self.synced, self.pending, self.ends):
                where.pop(texts[0].decode(), None)
        elif name in {"fsync", "fdatasync"}:
            self._sync(path)

    def _sync(self, path: str) -> None:
        if path in self.pending:
            self.synced[path] = applied(self.synced.get(path, b""), self.pending.pop(path))
        for old, new in [pair for pair in self.renamed if pair[1].rpartition("/")[0] == path]:
            self.synced[new] = self.synced.pop(old, b"")
            self.renamed.remove((old, new))

    def leave(self, chance: random.Random, source: Path, folder: Path) -> None:
        """Write a folder as the disk may have it: any of the writes and names that were not synced."""
        found = dict(self.synced)
        for path, writes in self.pending.items():
            found[path] = applied(found.get(path, b""), [one for one in writes if chance.random() < 0.5])
        for old, new in self.renamed:
            if chance.random() < 0.5 and old in found:
                found[new] = found.pop(old)
        for path, content in found.items():
            place = Path(path)
            if place.is_relative_to(source) and not path.endswith("-shm"):
                target = folder / place.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)


def text(path: str) -> str:
    return bytes.fromhex(path.replace("\\x", "")).decode() if path.startswith("\\x") else path


def applied(content: bytes, writes: list[tuple[int, bytes | None]]) -> bytes:
    made = bytearray(content)
    for place, piece in writes:
        if piece is None:
            made = made[:place].ljust(place, b"\0")
        else:
            made[len(made) :] = bytes(max(0, place - len(made)))
            made[place : place + len(piece)] = piece
    return bytes(made)


def calls(trace: Path) -> Iterator[tuple[str, str]]:
    """The calls in a trace, those that other threads cut in two put together."""
    begun: dict[str, str] = {}
    for line in trace.read_text().splitlines():
        process = line.split(" ", 1)[0]
        if line.endswith("<unfinished ...>"):
            begun[process] = line.removesuffix("<unfinished ...>").rstrip()
            continue
        if " resumed>" in line:
            line = begun.pop(process, "") + line.partition(" resumed>")[2]  # noqa: PLW2901
        found = CALL.match(line)
        if found:
            yield found[2], found[3]


def power(rounds: int, chance: random.Random, folder: Path) -> Row:
    row = Row()
    source, trace = folder / "source", folder / "trace"
    write(source, 25, before=["strace", "-f", "-y", "-xx", "-s", "1000000", "-o", str(trace), "-e", f"trace={CALLS}"])
    made = list(calls(trace))
    first = next(place for place, (name, given) in enumerate(made) if name == "writev" and given.startswith("1<"))
    for number in range(rounds):
        disk, place = Disk(), folder / str(number)
        cut = chance.randrange(first, len(made)) if number % 5 else chance.randrange(first)
        for name, given in made[:cut]:
            disk.take(name, given)
        place.mkdir()
        disk.leave(chance, source, place)
        row.add(place, disk.acknowledged)
        shutil.rmtree(place)
    return row


def main() -> int:
    rounds = max(int(sys.argv[1]) if len(sys.argv) > 1 else FEWEST, FEWEST)
    chance = random.Random(7)
    bad = 0
    sys.stdout.write("| attack | rounds | acknowledged writes | lost | torn | stuck |\n|---|---|---|---|---|---|\n")
    attacks: dict[str, Callable[[int, random.Random, Path], Row]] = {"killed": killed}
    if shutil.which("strace"):
        attacks |= {"power": power, "full, database": full("pwrite64"), "full, files": full("write")}
    for name, attack in attacks.items():
        with tempfile.TemporaryDirectory() as folder:
            row = attack(rounds, chance, Path(folder))
        bad += row.lost + row.torn + row.stuck
        sys.stdout.write(
            f"| {name} | {row.rounds} | {row.acknowledged * 4:,} | {row.lost} | {row.torn} | {row.stuck} |\n"
        )
        sys.stdout.write("".join(f"{fault}\n" for fault in row.faults[:3]))
        sys.stdout.flush()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
