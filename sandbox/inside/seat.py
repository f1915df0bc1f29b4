"""Keeps a worker and the program that it waits for on one processor.

While a program runs its worker sleeps, so they need one processor between them, and on one the program finds the
memory that it shares with the worker in the caches, and neither has to wake another processor for the other.
Promises: the scheduler chooses which, again and again; programs may use every processor that the worker may.
"""

from __future__ import annotations

import os
import time

from sandbox.inside import confine

STAY_S = 0.02
"""After so long one run goes as the scheduler likes, and the worker stays where that has left it."""


class Seat:
    """The processor that the worker and its next program share."""

    def __init__(self, movable: bool) -> None:
        self.all = list(os.sched_getaffinity(0)) if movable else []
        """A list: of all that holds numbers, a child can read it with the fewest page faults."""
        self.taken, self.until = False, 0.0

    def take(self) -> None:
        """To be called before each run."""
        if len(self.all) < 2:
            return
        if time.monotonic() > self.until:
            self.taken, self.until = False, time.monotonic() + STAY_S
            os.sched_setaffinity(0, self.all)
        elif not self.taken:
            self.taken = True
            os.sched_setaffinity(0, {confine.libc.sched_getcpu()})
