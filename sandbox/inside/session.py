"""A run that converses: messages go to and fro between the trusted side and one confined child until either ends it.

Promises: the same confinement, limits and sweep as any run; a child that does not read, or sends half a message, or
floods, is stopped by the limits and blocks nobody; its wall clock stands still while it owes no message. Messages go
from the kernel to the kernel: of what is asked and answered this process sees the lengths alone, for the next program
starts as a copy of it. Does not promise anything about what the messages say.
"""

from __future__ import annotations

import contextlib
import os
import select
import time

from sandbox.inside import child
from sandbox.inside.candidate import Candidate, Conversation
from sandbox.inside.given import ANSWER, code_of, leave, source_of
from sandbox.inside.places import KEPT_BYTES
from sandbox.inside.watch import DISK, EXITED, TICK_S, Ended, Guard, make_files

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    from typing import NoReturn

    from sandbox.inside.given import Given
    from sandbox.inside.places import Places
    from sandbox.inside.watch import Program
    from sandbox.inside.worker import Worker

_LENGTH_BYTES, _HEAD_BYTES = 4, 5
"""A message begins with its length; a frame of the channel has its kind before that."""

_NOW = os.SPLICE_F_NONBLOCK


def serve(worker: Worker, body: bytes) -> None:
    """Runs the worker's present program in the role that `body` names, and ends with a result frame."""
    role = body.decode("ascii")
    program = worker.program
    make_files(worker.places, False)
    inward, outward = os.pipe(), os.pipe()
    child.seed_generators(0)

    steps = worker.steps_keeping(inward[0], outward[1])
    began = time.monotonic()
    pid = worker.fork(steps, converse, (role, program, Conversation(inward[0], outward[1])))
    os.close(inward[0])
    os.close(outward[1])
    relay = Relay(worker, inward[1], outward[0], pid, began)
    try:
        reason = relay.run()
    finally:
        os.close(inward[1])
        os.close(outward[0])
        worker.asked.clear()
        worker.answered.clear()
    if reason != EXITED or relay.dismissed:
        worker.tree.kill_all()
    ended = Ended(reason, pid, began)
    worker.after_run(ended)
    worker.reply(ended, b"")


def converse(task: tuple[Given, tuple[str, Program, Conversation]]) -> NoReturn:
    """The child's part."""
    given, (role, program, conversation) = task
    if role == "candidate":
        code, prefix = code_of(given)
        os.write(ANSWER, prefix)
        Candidate(code, program.module, program.entry).serve(conversation)
    else:
        from sandbox.inside.grader import Grader  # its workers have it loaded already; the others never need it

        Grader(source_of(given), conversation).serve()
    leave(b"x", 0)
    os._exit(0)


class Passage:
    """Bytes on their way from one descriptor to another, in a file that this process never reads.

    Made once for each worker: later its own filter forbids files in memory. A pipe holds pages of the file rather than
    copies, so nothing is ever written over what was given: new bytes go behind it, or into a file that was emptied.
    """

    def __init__(self, places: Places, number: int):
        self.file = number
        places.file_in_memory(number)
        self.taken = self.given = 0

    @property
    def waiting(self) -> int:
        return self.taken - self.given

    def take(self, source: int, count: int, flags: int = 0) -> int:
        moved = os.splice(source, self.file, count, offset_dst=self.taken, flags=flags)
        self.taken += moved
        return moved

    def add(self, data: bytes) -> None:
        self.taken += os.pwrite(self.file, data, self.taken)

    def give(self, target: int, flags: int = _NOW) -> None:
        """All of it, or as much as the target takes now."""
        while self.waiting:
            try:
                self.given += os.splice(self.file, target, self.waiting, offset_src=self.given, flags=flags)
            except BlockingIOError:
                return  # it is not reading; the limits will end a child that never does
            except BrokenPipeError:
                self.given = self.taken  # nobody reads any more
        if self.taken > KEPT_BYTES:
            self.clear()

    def clear(self) -> None:
        if self.taken:
            os.ftruncate(self.file, 0)
            self.taken = self.given = 0


class Relay:
    """Carries whole messages between the channel and the child's two pipes."""

    def __init__(self, worker: Worker, to_child: int, from_child: int, pid: int, began: float):
        self.worker, self.to_child, self.from_child = worker, to_child, from_child
        self.guard = Guard(worker.program, worker.tree, worker.places, pid, began)
        self.waiter = os.pidfd_open(pid)
        self.asked, self.answered = worker.asked, worker.answered
        self.head = b""
        """As much as has come of the length that the child's message begins with."""
        self.owed = 0
        """Messages that the child may send: one for each that it was sent. More would be a flood."""
        self.idle_from = began
        """Since when it has owed nothing, or was last seen to: it waits for others then, and its clock stands still."""
        self.dismissed = False
        """The trusted side has heard enough, or one of the two is gone."""
        self.poll = select.poll()
        for descriptor in (worker.channel.reader, from_child, self.waiter):
            self.poll.register(descriptor, select.POLLIN)
        os.set_blocking(from_child, False)  # the child could open its end for reading and be faster than this side

    def run(self) -> int:
        next_look = time.monotonic() + TICK_S
        try:
            while not self.dismissed:
                events = dict(self.poll.poll(TICK_S * 1000))
                if self.worker.channel.reader in events:
                    self.from_channel()
                if self.from_child in events and not self.from_program():
                    return DISK
                if self.waiter in events and self.from_child not in events:
                    return EXITED
                if self.asked.waiting:
                    self.push()
                if time.monotonic() >= next_look:
                    next_look = time.monotonic() + TICK_S
                    self.rest()
                    if (reason := self.guard.over_limit(0)) != EXITED:
                        return reason
            return EXITED
        finally:
            os.close(self.waiter)

    def from_channel(self) -> None:
        channel = self.worker.channel
        kind, length = channel.receive_head()
        if kind == b"E":
            self.dismissed = True
            return
        self.rest()
        self.owed += 1
        self.asked.add(length.to_bytes(_LENGTH_BYTES, "big"))
        while length and not self.dismissed:
            moved = self.asked.take(channel.reader, length)
            length -= moved
            self.dismissed = not moved

    def from_program(self) -> bool:
        """Passes a whole message on; False when it is longer than a run may write, or nobody asked for it."""
        try:
            self.dismissed = not self.more_of_message()
        except BlockingIOError:
            pass  # that was all for now
        if self.dismissed:
            return True
        if not self.owed or self.length() > self.worker.program.output_bytes:
            return False
        if self.answered.waiting == _HEAD_BYTES + self.length():
            self.answered.give(self.worker.channel.writer, 0)
            self.head = b""
            self.owed -= 1
            self.idle_from = time.monotonic()
        return True

    def more_of_message(self) -> int:
        """Takes in what there is of the child's present message, and no more; 0 when the child sends no more.

        Behind an A the message is the frame that the trusted side waits for: both begin with their length.
        """
        missing = _LENGTH_BYTES - len(self.head)
        if missing:
            part = os.read(self.from_child, missing)
            self.head += part
            if len(part) == missing:
                self.answered.add(b"A" + self.head)
            if len(part) < missing or not self.length():
                return len(part)
        return self.answered.take(self.from_child, _HEAD_BYTES + self.length() - self.answered.waiting, _NOW)

    def length(self) -> int:
        """Of the child's present message, as far as it is known."""
        return int.from_bytes(self.head, "big") if len(self.head) == _LENGTH_BYTES else 0

    def push(self) -> None:
        """Gives the child as much as it takes now, and waits for room where that is not all."""
        self.asked.give(self.to_child)
        if self.asked.waiting:
            self.poll.register(self.to_child, select.POLLOUT)
        else:
            with contextlib.suppress(KeyError):  # it was never waited for
                self.poll.unregister(self.to_child)

    def rest(self) -> None:
        """Tells the guard of the time in which nothing was owed."""
        if not self.owed:
            self.idle_from = self.guard.rested(self.idle_from)
