"""Replies on disk, so that no question is paid for twice.

Promises: a reply's key is the model, the messages, the sampling and the number of the sample, so that
repeated votes are different draws; several processes may use one file at once, and the first reply to a
question stays, but whoever paid for another one is told what that cost; in one event loop, a question that is under way
is waited for, not asked again; a process killed at any moment leaves a good file; a full disk or a broken file costs
the cache and a warning, never a reply. Keys of servers and addresses with passwords are no part of it. Does not
promise to work on a network drive: SQLite's write-ahead log needs a local one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import random
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar
from weakref import WeakKeyDictionary, WeakValueDictionary

from agents.models.chat import ChatModel, Message, Reply, Sampling, Usage, close
from agents.models.faults import ModelError

log = logging.getLogger(__name__)

Result = TypeVar("Result")
_FIND = "SELECT key, reply FROM replies WHERE key = ?"
BUSY_S = 30.0
"""How long to wait for another process that is writing, or opening or closing the file."""
_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
PAGE_BYTES = 4096
_TABLE = "CREATE TABLE IF NOT EXISTS replies (key BLOB PRIMARY KEY, model TEXT, reply TEXT NOT NULL) WITHOUT ROWID"


def key_of(model: str, messages: Sequence[Message], sampling: Sampling, sample: int) -> bytes:
    """What one draw is known by."""
    asked = {
        "model": model,
        "messages": [[message["role"], message["content"]] for message in messages],
        "sampling": [sampling.temperature, sampling.top_p, sampling.max_tokens, list(sampling.stop), sampling.seed],
        "sample": sample,
    }
    return hashlib.sha256(json.dumps(asked, ensure_ascii=True).encode()).digest()


def reply_record(reply: Reply) -> dict[str, object]:
    """A reply as JSON data."""
    record = asdict(reply)
    del record["cached"]
    return record


def reply_of(record: Mapping[str, object]) -> Reply:
    """The reply that `reply_record` wrote."""
    fields = dict(record)
    usage = fields.pop("usage", None) or {}
    return Reply(**fields, usage=Usage(**usage), cached=True)  # type: ignore[arg-type]


class ReplyCache:
    """A file of replies."""

    def __init__(self, path: str | Path, limit_mb: float | None = None):
        self.path = Path(path).expanduser()
        self.limit_mb = limit_mb
        """The file stops growing here; None for no limit."""
        self.lost = 0
        """Replies that could not be kept."""
        self._lock = threading.Lock()
        self._open: tuple[int, sqlite3.Connection] | None = None
        self._broken = False
        self._under_way: WeakKeyDictionary[asyncio.AbstractEventLoop, WeakValueDictionary[bytes, asyncio.Lock]] = (
            WeakKeyDictionary()
        )
        if limit_mb is not None and not limit_mb > 0:
            raise ValueError(f"ReplyCache.limit_mb: expected a number above 0, got {limit_mb!r}")

    def __repr__(self) -> str:
        return f"ReplyCache({str(self.path)!r})"

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Reply]:
        """The replies that are there."""
        if self._broken:
            return {}
        try:
            rows = self._patiently(lambda file: [file.execute(_FIND, (key,)).fetchone() for key in keys])
            return {row[0]: reply_of(json.loads(row[1])) for row in rows if row}
        except (sqlite3.Error, OSError, ValueError, TypeError) as error:
            self._give_up("read", error)
            return {}

    def put(self, model: str, replies: Mapping[bytes, Reply]) -> dict[bytes, Reply]:
        """Keeps replies, and gives back what is kept: where another process was first, its text at our cost."""
        if self._broken:
            self.lost += len(replies)
            return dict(replies)
        rows = [(key, model, json.dumps(reply_record(reply))) for key, reply in replies.items()]
        try:
            self._patiently(lambda file: _insert(file, rows))
        except (sqlite3.Error, OSError) as error:
            self.lost += len(rows)
            if self.lost == len(rows):
                log.warning("%s: cannot keep replies (%s); going on without keeping them", self.path, error)
            return dict(replies)
        found = self.get(list(replies))
        return {key: _paid(reply, found.get(key, reply)) for key, reply in replies.items()}

    @asynccontextmanager
    async def turn(self, keys: Iterable[bytes]) -> AsyncIterator[None]:
        """Waits until nobody else in this event loop asks for any of these replies, and lets nobody do so meanwhile."""
        locks = self._under_way.setdefault(asyncio.get_running_loop(), WeakValueDictionary())
        async with AsyncExitStack() as held:
            for key in sorted(keys):  # in one order for all, so that nobody waits in a circle
                await held.enter_async_context(locks.setdefault(key, asyncio.Lock()))
            yield

    def close(self) -> None:
        """Closes the file; using the cache again opens it again."""
        with self._lock:
            if self._open is not None and self._open[0] == os.getpid():
                self._open[1].close()
            self._open = None

    def _give_up(self, verb: str, error: Exception) -> None:
        self._broken = True
        log.warning(
            "%s: cannot be %s (%s); going on without a cache. Move the file away to start a new one",
            self.path,
            verb,
            error,
        )

    def _patiently(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Works on the file. SQLite itself does not wait while another process opens it first, or closes it last."""
        until = time.monotonic() + BUSY_S
        while True:
            try:
                with self._lock:
                    return work(self._connection())
            except sqlite3.OperationalError as error:
                code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest says more about it
                if code not in _PASSING or time.monotonic() > until:
                    raise
            time.sleep(random.uniform(0.005, 0.05))

    def _connection(self) -> sqlite3.Connection:
        """This process's own connection: one must not be carried through a fork."""
        if self._open is None or self._open[0] != os.getpid():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=BUSY_S, check_same_thread=False)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                if self.limit_mb is not None:
                    connection.execute(f"PRAGMA max_page_count = {max(8, int(self.limit_mb * 2**20) // PAGE_BYTES)}")
                connection.execute(_TABLE)
            except BaseException:
                connection.close()
                raise
            self._open = (os.getpid(), connection)
        return self._open[1]


def _insert(file: sqlite3.Connection, rows: Sequence[tuple[bytes, str, str]]) -> None:
    with file:
        file.executemany("INSERT OR IGNORE INTO replies VALUES (?, ?, ?)", rows)


def _paid(mine: Reply, kept: Reply) -> Reply:
    """The reply that counts, with what mine cost: it was paid for, whatever became of it."""
    if kept.text == mine.text:
        return mine
    return replace(kept, cached=mine.cached, usage=mine.usage, cost_usd=mine.cost_usd, latency_s=mine.latency_s)


class Cached:
    """A model whose replies are kept and read back."""

    def __init__(self, model: ChatModel, cache: ReplyCache, identity: str | None = None):
        self.model, self.cache = model, cache
        self.name = model.name
        self.identity = identity or model.name
        """What stands for the model in keys: it changes when its answers may."""

    def __repr__(self) -> str:
        return f"Cached({self.model!r}, {self.cache!r})"

    async def complete(self, messages: Sequence[Message], sampling: Sampling) -> list[Reply]:
        """Known replies from the file, the rest from the model."""
        keys = {sample: key_of(self.identity, messages, sampling, sample) for sample in sampling.samples}
        async with self.cache.turn(keys.values()):
            found = self.cache.get(list(keys.values()))
            known = {sample: found[key] for sample, key in keys.items() if key in found}
            missing = [sample for sample in keys if sample not in known]
            try:
                known |= await self._draw(messages, sampling, missing, keys)
            except ModelError as error:
                error.finished = known | error.finished
                raise
        return [known[sample] for sample in keys]

    async def _draw(
        self, messages: Sequence[Message], sampling: Sampling, missing: list[int], keys: Mapping[int, bytes]
    ) -> dict[int, Reply]:
        """Replies from the model, kept; an error carries those that arrived before it, and they are kept too."""
        fresh: dict[int, Reply] = {}
        failed: ModelError | None = None
        try:
            for first, count in _stretches(missing):
                drawn = await self.model.complete(messages, sampling.only(first, count))
                fresh |= dict(enumerate(drawn, first))
        except ModelError as error:
            failed = error
            fresh |= error.finished
        finally:  # of a cancellation, too
            if fresh:
                kept = {keys[sample]: reply for sample, reply in fresh.items()}
                stored = await asyncio.shield(asyncio.to_thread(self.cache.put, self.identity, kept))
                fresh = {sample: stored[keys[sample]] for sample in fresh}
        if failed is not None:
            failed.finished = fresh
            raise failed
        return fresh

    async def close(self) -> None:
        self.cache.close()
        await close(self.model)


def _stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of numbers that follow one another, as (first, how many)."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and sum(found[-1]) == number:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((number, 1))
    return found
