"""The worker's end of the two pipes to the trusted side.

Promises: nothing is read ahead, and what is only passed on (sources, inputs, what a run has written) goes from the
kernel to the kernel: it is never in this process's memory. Does not promise to outlive the trusted side: `Gone`.
"""

from __future__ import annotations

import os
import select
import time

from sandbox.inside.given import leave_bytes

HEAD_BYTES = 5
"""A frame begins with its kind and the length of its body in four bytes."""

_STAGE_READER, _STAGE_WRITER = 206, 207

_STAGED_FILES, _STAGED_BYTES = 3, 16384
"""The beginnings of the three files of a run fit into a pipe, which holds 16 pages."""


class Gone(Exception):  # noqa: N818
    """The trusted side closed the channel, or the lifetime is over."""


class Channel:
    """Exact reads and whole writes; nothing is read ahead, so that what is not for this process can be passed on."""

    def __init__(self, reader: int, writer: int, deadline: float):
        self.reader, self.writer, self.deadline = reader, writer, deadline
        self._input = select.poll()
        self._input.register(reader, select.POLLIN)
        out, into = os.pipe()
        self._stage_out, self._stage_in = os.dup2(out, _STAGE_READER), os.dup2(into, _STAGE_WRITER)
        for descriptor in (out, into):
            os.close(descriptor)
        self._stage_most = self._stage_room()
        """Of each file so much is staged. A user who has very many pipes gets shorter ones: then nothing is."""

    def receive_head(self) -> tuple[bytes, int]:
        """A frame's kind and the length of its body, which is still to come."""
        if not self._input.poll(max(0.0, self.deadline - time.monotonic()) * 1000):
            raise Gone
        head = self.exactly(HEAD_BYTES)
        return head[:1], int.from_bytes(head[1:], "big")

    def exactly(self, count: int) -> bytes:
        parts = []
        while count:
            part = os.read(self.reader, min(count, 1 << 20))
            if not part:
                raise Gone
            parts.append(part)
            count -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def move(self, count: int, file: int) -> None:
        """Moves the rest of a frame to the beginning of a file; this process never sees it."""
        moved = 0
        try:
            while moved < count:
                part = os.splice(self.reader, file, count - moved, offset_dst=moved)
                if not part:
                    raise Gone
                moved += part
        except OSError:  # a full disk: the rest goes nowhere, so that the trusted side comes to hear of it
            null = os.open("/dev/null", os.O_WRONLY)
            while moved < count and (part := os.splice(self.reader, null, count - moved)):
                moved += part
            raise

    def send(self, kind: bytes, *parts: bytes) -> None:
        try:
            leave_bytes(b"".join((kind, sum(map(len, parts)).to_bytes(4, "big"), *parts)), self.writer)
        except OSError:
            raise Gone from None

    def _stage_room(self) -> int:
        """How much of each of three files fits into the pipe, found by trying."""
        room = _STAGED_FILES * _STAGED_BYTES
        os.set_blocking(self._stage_in, False)
        room_is_there = os.write(self._stage_in, bytes(room)) == room
        os.read(self._stage_out, room)
        os.set_blocking(self._stage_in, True)
        return _STAGED_BYTES if room_is_there else 0

    def stage(self, file: int) -> tuple[int, int]:
        """Moves the beginning of a file into a pipe, and returns the file's size and how much was moved.

        What could be moved is the size of a short file: asking for it costs 50 microseconds under sandlock.
        """
        moved = os.sendfile(self._stage_in, file, 0, self._stage_most)
        return (moved, moved) if moved < self._stage_most else (os.fstat(file).st_size, moved)

    def send_staged(self, kind: bytes, head: bytes, files: tuple[tuple[int, int, int], ...], tail: bytes) -> None:
        """One frame made of a head, the beginnings of all files that were staged, in that order, and a tail.

        For each file: its descriptor, how much of it to send, how much of that is in the pipe.
        """
        length = len(head) + len(tail)
        for _, size, _ in files:
            length += size
        try:
            leave_bytes(kind + length.to_bytes(4, "big") + head, self.writer)
            for file, size, staged in files:
                if size:
                    self._send_file(file, size, staged)
            if tail:
                leave_bytes(tail, self.writer)
        except OSError:
            raise Gone from None

    def _send_file(self, file: int, size: int, staged: int) -> None:
        offset = 0
        while offset < staged:
            offset += os.splice(self._stage_out, self.writer, staged - offset)
        while offset < size:
            sent = os.sendfile(self.writer, file, offset, size - offset)
            if not sent:  # the program has cut its file short; the frame's length is promised already
                leave_bytes(bytes(size - offset), self.writer)
                return
            offset += sent
