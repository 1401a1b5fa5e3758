"""Reading that can run long, in a process that can be ended: `python -m bot.providers.isolation` is that process.

A thread cannot be ended, and four megabytes of a workbook's styles keep openpyxl busy for half a minute and half a
gigabyte. The process has no environment of ours, so no secret, and as much memory and time as is set here.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from bot.errors import BadPayload, ProviderError

T = TypeVar("T")
SECONDS = 10
MEMORY = 512 * 2**20
_INHERITED = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")


def isolated(read: Callable[[bytes], T], body: bytes, provider: str) -> T:
    """What `read`, a function of a module, makes of `body`. Blocks: not for the event loop.

    Raises BadPayload when it takes too long or too much memory, and the ProviderError that `read` raised.
    """
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", __spec__.name, str(SECONDS)]
    try:
        # The timeout kills it; it limits itself besides, for when this process is killed first.
        ended = subprocess.run(  # noqa: S603  our own interpreter and module
            command,
            input=pickle.dumps((read, body)),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadPayload(provider, "reading it takes too long") from None
    except OSError:
        raise BadPayload(provider, "no process could be started to read it") from None
    if ended.returncode != 0:
        raise BadPayload(provider, "reading it takes too much time or memory")
    refused, found = pickle.loads(ended.stdout)  # noqa: S301  written by this very module
    if refused is not None:
        raise BadPayload(provider, refused)
    answer: T = found
    return answer


def _limit(seconds: int) -> None:
    """Hold this process to its time and memory, where the system can."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> int:
    """Read one function and its argument, and write what came of it. Exit status: 1 when it failed."""
    _limit(int(sys.argv[1]))
    read, body = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  written by `isolated`
    outcome: tuple[str | None, object]
    try:
        outcome = None, read(body)
    except ProviderError as error:
        outcome = error.detail, None
    except MemoryError:
        return 1
    sys.stdout.buffer.write(pickle.dumps(outcome))
    return 0


if __name__ == "__main__":
    sys.exit(main())
