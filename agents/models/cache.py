"""Replies on disk, so that no question is paid for twice.

Promises: a reply's key is the model, the messages, the sampling and the number of the sample, so that
repeated votes are different draws; several processes may use one file at once, and the first reply to a
question stays; a process killed at any moment leaves a good file; a full disk or a broken file costs the
cache and a warning, never a reply. Keys of servers and addresses with passwords are no part of it. Does not
promise to work on a network drive: SQLite's write-ahead log needs a local one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from agents.models.chat import ChatModel, Message, Reply, Sampling, Usage, close
from agents.models.faults import ModelError

log = logging.getLogger(__name__)

_FIND = "SELECT key, reply FROM replies WHERE key = ?"
BUSY_S = 30.0
"""How long to wait for another process that is writing."""
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
        if limit_mb is not None and not limit_mb > 0:
            raise ValueError(f"ReplyCache.limit_mb: expected a number above 0, got {limit_mb!r}")

    def __repr__(self) -> str:
        return f"ReplyCache({str(self.path)!r})"

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Reply]:
        """The replies that are there."""
        if self._broken:
            return {}
        try:
            with self._lock:
                connection = self._connection()
                rows = [connection.execute(_FIND, (key,)).fetchone() for key in keys]
            return {row[0]: reply_of(json.loads(row[1])) for row in rows if row}
        except (sqlite3.Error, OSError, ValueError, TypeError) as error:
            self._give_up("read", error)
            return {}

    def put(self, model: str, replies: Mapping[bytes, Reply]) -> dict[bytes, Reply]:
        """Keeps replies, and gives back what is kept: where another process was first, its reply."""
        if self._broken:
            self.lost += len(replies)
            return dict(replies)
        rows = [(key, model, json.dumps(reply_record(reply))) for key, reply in replies.items()]
        try:
            with self._lock, self._connection() as transaction:
                transaction.executemany("INSERT OR IGNORE INTO replies VALUES (?, ?, ?)", rows)
        except (sqlite3.Error, OSError) as error:
            self.lost += len(rows)
            if self.lost == len(rows):
                log.warning("%s: cannot keep replies (%s); going on without keeping them", self.path, error)
        others = {key: reply for key, reply in self.get(list(replies)).items() if reply.text != replies[key].text}
        return {**replies, **others}

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
        known = self.cache.get(list(keys.values()))
        missing = [sample for sample, key in keys.items() if key not in known]
        if missing:
            known |= await self._draw(messages, sampling, missing, keys)
        return [known[key] for key in keys.values()]

    async def _draw(
        self, messages: Sequence[Message], sampling: Sampling, missing: list[int], keys: Mapping[int, bytes]
    ) -> dict[bytes, Reply]:
        fresh: dict[int, Reply] = {}
        try:
            for first, count in _stretches(missing):
                drawn = await self.model.complete(messages, sampling.only(first, count))
                fresh |= dict(enumerate(drawn, first))
        except ModelError as error:
            fresh |= error.finished
            raise
        finally:
            kept = {keys[sample]: reply for sample, reply in fresh.items()}
            if kept:
                stored = await asyncio.shield(asyncio.to_thread(self.cache.put, self.identity, kept))
        return stored

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
