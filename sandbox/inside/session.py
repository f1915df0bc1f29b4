"""A run that converses: messages go to and fro between the trusted side and one confined child until either ends it.

Promises: the same confinement, limits and sweep as any run; a child that does not read, or sends half a message, or
floods, is stopped by the limits and blocks nobody; its wall clock stands still while it owes no message. Does not
promise anything about what the messages say.
"""

from __future__ import annotations

import os
import select
import time

from sandbox.inside import child
from sandbox.inside.candidate import Candidate, Conversation
from sandbox.inside.watch import DISK, EXITED, TICK_S, Ended, Guard, make_files

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    from typing import NoReturn

    from sandbox.inside.watch import Program
    from sandbox.inside.worker import Worker

_LENGTH_BYTES = 4


def serve(worker: Worker, body: bytes) -> None:
    """Runs the worker's present program in the role that `body` names, and ends with a result frame."""
    role = body.decode("ascii")
    program = worker.program
    make_files(worker.places, None)
    inward, outward = os.pipe(), os.pipe()
    child.seed_generators(b"")

    steps = worker.steps_keeping(*sorted((inward[0], outward[1])))
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
    if reason != EXITED or relay.dismissed:
        worker.tree.kill_all()
    ended = Ended(reason, pid, began)
    worker.after_run(ended)
    worker.reply(ended, b"")


def converse(task: tuple[str, Program, Conversation]) -> NoReturn:
    """The child's part."""
    role, program, conversation = task
    if role == "candidate":
        Candidate(child.compiled(program.source), program.module, program.entry).serve(conversation)
    else:
        from sandbox.inside.grader import Grader  # its workers have it loaded already; the others never need it

        Grader(program.source, conversation).serve()
    child.leave(b"x", 0)
    os._exit(0)


class Relay:
    """Carries whole messages between the channel and the child's two pipes."""

    def __init__(self, worker: Worker, to_child: int, from_child: int, pid: int, began: float):
        self.worker, self.to_child, self.from_child = worker, to_child, from_child
        self.guard = Guard(worker.program, worker.tree, worker.places, pid, began)
        self.waiter = os.pidfd_open(pid)
        self.unsent, self.unread = b"", bytearray()
        self.owed = 0
        """Messages that the child may send: one for each that it was sent. More would be a flood."""
        self.idle_from = began
        """Since when it has owed nothing, or was last seen to: it waits for others then, and its clock stands still."""
        self.dismissed = False
        """The trusted side has heard enough."""
        os.set_blocking(to_child, False)

    def run(self) -> int:
        poll = select.poll()
        channel = self.worker.channel
        poll.register(channel.reader, select.POLLIN)
        poll.register(self.from_child, select.POLLIN)
        poll.register(self.waiter, select.POLLIN)
        next_look = time.monotonic() + TICK_S
        try:
            while not self.dismissed:
                events = dict(poll.poll(TICK_S * 1000))
                if channel.reader in events:
                    self.from_channel()
                if self.from_child in events and not self.from_program():
                    return DISK
                if self.waiter in events and self.from_child not in events:
                    return EXITED
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
        kind, body = self.worker.channel.receive()
        if kind == b"E":
            self.dismissed = True
        else:
            self.rest()
            self.owed += 1
            self.unsent += len(body).to_bytes(_LENGTH_BYTES, "big") + body

    def from_program(self) -> bool:
        """Passes a whole message on; False when it is longer than a run may write, or nobody asked for it."""
        part = os.read(self.from_child, 1 << 20)
        if not part:
            self.dismissed = True
            return True
        self.unread += part
        if len(self.unread) < _LENGTH_BYTES:
            return True
        length = int.from_bytes(self.unread[:_LENGTH_BYTES], "big")
        if not self.owed or length > self.worker.program.output_bytes or len(self.unread) > _LENGTH_BYTES + length:
            return False
        if len(self.unread) == _LENGTH_BYTES + length:
            self.worker.channel.send(b"A", bytes(self.unread[_LENGTH_BYTES:]))
            self.unread.clear()
            self.owed -= 1
            self.idle_from = time.monotonic()
        return True

    def rest(self) -> None:
        """Tells the guard of the time in which nothing was owed."""
        if not self.owed:
            self.idle_from = self.guard.rested(self.idle_from)

    def push(self) -> None:
        if self.unsent:
            try:
                self.unsent = self.unsent[os.write(self.to_child, self.unsent) :]
            except BlockingIOError:
                pass  # the child is not reading; its limits will end it
            except BrokenPipeError:
                self.unsent = b""
