"""How fast a server may be asked: calls at once, calls a minute, tokens a minute, and waiting when it says so.

Promises: in no window of a minute are more calls or tokens sent than allowed; the limits of calls at once and
of calls a minute are independent; a pause that the server asks for holds for every call. One `Pace` serves
any number of event loops, each with its own count of calls at once. Does not promise to know the limits of a
provider.
"""

from __future__ import annotations

import asyncio
import math
import random
import threading
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from weakref import WeakKeyDictionary

MINUTE_S = 60.0


class Window:
    """At most so many in any window of time."""

    def __init__(self, most: float, window_s: float):
        self.most, self.window_s = most, window_s
        self._taken: deque[tuple[float, float]] = deque()
        self._sum = 0.0

    def wait_s(self, amount: float, now: float) -> float:
        """Seconds until `amount` fits; more than all of it fits an empty window."""
        while self._taken and self._taken[0][0] <= now - self.window_s:
            self._sum -= self._taken.popleft()[1]
        excess = self._sum + min(amount, self.most) - self.most
        for moment, taken in self._taken:
            if excess <= 1e-9:
                break
            excess -= taken
            if excess <= 1e-9:
                return moment + self.window_s - now
        return 0.0

    def take(self, amount: float, now: float) -> None:
        self._taken.append((now, amount))
        self._sum += amount


class Pace:
    """The speed limits of one server."""

    def __init__(
        self,
        concurrency: int = 8,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        minute_s: float = MINUTE_S,
    ):
        for name, limit in (
            ("concurrency", concurrency),
            ("requests_per_minute", requests_per_minute),
            ("tokens_per_minute", tokens_per_minute),
        ):
            if limit is not None and (isinstance(limit, bool) or not limit > 0):
                raise ValueError(f"{name}: expected a number above 0, got {limit!r}")
        self.concurrency = int(concurrency)
        self._calls = Window(requests_per_minute, minute_s) if requests_per_minute else None
        self._tokens = Window(tokens_per_minute, minute_s) if tokens_per_minute else None
        self._closed_until = 0.0
        self._lock = threading.Lock()
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    @asynccontextmanager
    async def slot(self, tokens: int) -> AsyncIterator[None]:
        """A turn to make one call of about so many tokens."""
        turns = self._turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self.concurrency))
        async with turns:
            while (wait_s := self._try(tokens)) > 0:
                await asyncio.sleep(wait_s)
            yield

    def pause(self, seconds: float) -> None:
        """Lets nobody send for a while: the server said so."""
        self._closed_until = max(self._closed_until, time.monotonic() + seconds)

    def _try(self, tokens: int) -> float:
        with self._lock:
            now = time.monotonic()
            asked = [(window, amount) for window, amount in ((self._calls, 1), (self._tokens, tokens)) if window]
            waits = [self._closed_until - now, *(window.wait_s(amount, now) for window, amount in asked)]
            wait_s = max(waits)
            if wait_s <= 0:
                for window, amount in asked:
                    window.take(amount, now)
            return wait_s


def backoff_s(attempt: int, first_s: float, longest_s: float, rng: random.Random) -> float:
    """Seconds before try number `attempt + 1`: doubled each time, and jittered so that callers do not come in step."""
    return min(longest_s, first_s * 2.0**attempt) * (0.5 + rng.random() / 2)


def retry_after_s(seconds: str | None, milliseconds: str | None = None) -> float | None:
    """What a server's Retry-After says: seconds, or a date; None when it says nothing that makes sense."""
    try:
        said = float(milliseconds) / 1000 if milliseconds else _seconds(seconds or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, said) if math.isfinite(said) else None


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return parsedate_to_datetime(text).timestamp() - time.time()
