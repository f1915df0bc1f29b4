"""One sandbox for all environments of a process that ask for the same one.

Promises: opened at the first question, shared by every environment that names the same shell and number of
workers, closed when the process ends; a forked process opens its own. Does not promise to close earlier: a
script that wants that opens a `Sandbox` itself and gives it to its environments.
"""

from __future__ import annotations

import atexit
import os
import threading

from envs.keywords import one_of, whole_number
from sandbox import Sandbox, open_sandbox
from sandbox.ladder import NAMES

_open: dict[tuple[int, str, int], Sandbox] = {}
_lock = threading.Lock()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_box(sandbox: str | Sandbox, workers: int | None) -> None:
    """Raises for what can never be opened; opens nothing."""
    if not isinstance(sandbox, Sandbox):
        one_of("sandbox", sandbox, NAMES)
    if workers is not None:
        whole_number("workers", workers, least=0)


def fresh_box(name: str = "auto", workers: int | None = None) -> Sandbox:
    """A sandbox of one's own; one worker a core unless said otherwise."""
    return open_sandbox(name, workers=workers or cores())


def shared_box(name: str = "auto", workers: int | None = None) -> Sandbox:
    """The sandbox of that name; one worker a core unless said otherwise."""
    which = (os.getpid(), name, workers or cores())
    with _lock:
        if which not in _open:
            _open[which] = fresh_box(name, which[2])
        return _open[which]


@atexit.register
def _close_all() -> None:
    for (process, _, _), box in _open.items():
        if process == os.getpid():
            box.close()
