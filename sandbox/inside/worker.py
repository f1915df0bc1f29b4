"""The worker: one process inside one isolation shell that forks a confined child for every run.

Promises: one run at a time; before it answers, every process but itself has ended and every writable place is
empty again, or the answer says `tired` and the worker must be replaced. It ends by itself when the trusted side goes
away or its lifetime is over. Sources, inputs, answers and what is said in a session go past it, from kernel to kernel:
the next program starts as a copy of it. Only a worker that runs nothing but checkers is sent what is expected.
Does not promise: to protect a program from itself. Frames come from the trusted side; what a child leaves is bytes.

Frames are a kind, a length and a body. Towards the worker: P program, T its source, I input (after a seed), B batch
(after a seed and the number of inputs), S session, Q message to the session, E end of session, F fork floor, K ping.
Towards the trusted side: H hello, R result, A message from the session, F floor, K pong.
"""

from __future__ import annotations

import _signal
import gc
import json
import os
import resource
import select
import sys
import time

from sandbox.inside import child, confine, session
from sandbox.inside.channel import Channel, Gone
from sandbox.inside.floor import fork_floor
from sandbox.inside.given import ANSWER, CODE, FILE_NAME, INPUT, SOURCE
from sandbox.inside.places import ANSWER_READER, ERROR_READER, KEPT_BYTES, OUT_READER, Places
from sandbox.inside.tree import Tree, own_address_space
from sandbox.inside.watch import EXITED, TICK_S, Ended, Guard, Program, Progress, make_files

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the import of typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

TRUNCATED, TIRED, STARVED = 1, 2, 4

SEED_BYTES, COUNT_BYTES = 4, 4
"""Before an input: what the program's random generators begin with; and in a batch the number of inputs."""

_TROUBLE_READER, _ASKED, _ANSWERED = 203, 212, 213

STDERR_BYTES = 65536
"""Standard error is for people: its beginning is kept."""


class Worker:
    """Serves frames until the channel closes."""

    def __init__(self, channel: Channel, options: dict[str, Any]):
        self.channel = channel
        self.uid, self.detached = options["uid"], options["detached"]
        self.places = Places(options["places"], options["disk_mb"] << 20)
        self.asked, self.answered = session.Passage(self.places, _ASKED), session.Passage(self.places, _ANSWERED)
        for number in (SOURCE, CODE, INPUT):
            self.places.file_in_memory(number)
        self.input_bytes = 0
        """Of the present call, or calls."""
        self.count_processes = options["count_processes"]
        if self.detached:
            os.setsid()  # for all programs, which get none of their own
            confine.SignalScope().enter()
        self.complete_kill = options["complete_kill"] and confine.outside_is_unreachable(options["outer_pid"])
        confine.control(confine.PR_SET_CHILD_SUBREAPER, 1)
        confine.control(confine.PR_SET_DUMPABLE, 0)
        self.scope = confine.SignalScope() if self.uid is None else None
        if self.uid is None:
            confine.drop_capabilities()
        self.filtered = confine.deny_system_calls(on_host=self.detached)
        self.places.lasting = self.places.fresh_files and self.filtered and self.detached
        self.tree = Tree(self.complete_kill)
        self.base_bytes = own_address_space()
        self.program: Program
        """What the next inputs are for: the trusted side sends a P frame before any input."""
        self.steps: list[child.Step] = []
        """What the program's children do first."""
        self.runs, self.running = 0, False
        """A child has been started since the last frame: from then on a failure may be the program's doing."""
        self.starved = False
        """The last run was stopped when it had hardly been given a processor."""
        self.events = select.poll()
        self.events.register(channel.reader, 0)  # a hang-up is always reported
        self.waiter = channel.reader
        """The descriptor that tells of a child's end. The kernel gives the lowest free number, so it stays the same."""
        for which, value in ((resource.RLIMIT_NOFILE, child.DESCRIPTORS), (resource.RLIMIT_CORE, 0)):
            resource.setrlimit(which, (value, value))
        reader, writer = os.pipe()
        self.trouble = os.dup2(reader, _TROUBLE_READER)
        os.dup2(writer, child.TROUBLE)

    def rehearse(self) -> None:
        """Fills the interpreter's caches for all children."""
        file = self.places.new_file()
        os.dup2(file, ANSWER)
        child.rehearse()
        os.closerange(ANSWER, ANSWER + 1)
        os.close(file)

    def hello(self) -> dict[str, object]:
        return {
            "complete_kill": self.complete_kill,
            "filtered": self.filtered,
            "signal_scope": self.scope is not None and self.scope.ruleset >= 0,
            "own_user": self.uid is not None,
            "python": sys.version.split()[0],
        }

    def serve(self) -> None:
        self.channel.send(b"H", json.dumps(self.hello()).encode())
        while True:
            kind, length = self.channel.receive_head()
            self.running = False
            if kind == b"I" or kind == b"B":
                self.reply(*(self.one(length) if kind == b"I" else self.batch(length)))
                continue
            if kind == b"T":
                self.program.source_bytes = length
                self.channel.move(length, SOURCE)
                os.ftruncate(SOURCE, length)
                continue
            body = self.channel.exactly(length)
            if kind == b"P":
                self.begin_program(body)
            elif kind == b"S":
                session.serve(self, body)
            elif kind == b"F":
                self.channel.send(b"F", json.dumps(fork_floor(int(body))).encode())
            elif kind == b"K":
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                self.channel.send(b"K", json.dumps({"runs": self.runs, "peak_kib": peak}).encode())

    def begin_program(self, header: bytes) -> None:
        self.program = Program({**json.loads(header), "count_processes": self.count_processes}, self.base_bytes)
        os.ftruncate(CODE, 0)
        self.steps = self.steps_keeping()

    def one(self, length: int) -> tuple[Ended, bytes]:
        """Runs the program once on one input; gives how that ended, and the marks of the lines."""
        program, script = self.program, self.program.entry is None
        make_files(self.places, script)
        child.seed_generators(int.from_bytes(self.channel.exactly(SEED_BYTES), "big"))
        self.take_input(length - SEED_BYTES, script)
        marks = self.new_marks(program) if program.trace else -1
        steps = self.steps if marks < 0 else [*self.steps_keeping(marks), (child.trace_lines, (marks, program.lines))]
        if program.entry is None:
            ended = self.run(steps, child.run_script, (program.module,))
        else:
            ended = self.run(steps, child.run_call, (program.module, program.entry, ANSWER, os._exit))
        return ended, self.read_marks(marks, program.lines) if marks >= 0 else b""

    def take_input(self, count: int, script: bool = False) -> None:
        """Moves the input to where the program, or its child, reads it."""
        self.channel.move(count, 0 if script else INPUT)
        self.input_bytes = 0 if script else count

    def batch(self, length: int) -> tuple[Ended, bytes]:
        """Runs one process over many inputs; the trusted side learns where it stopped from the answers' count."""
        child.seed_generators(int.from_bytes(self.channel.exactly(SEED_BYTES), "big"))
        count = int.from_bytes(self.channel.exactly(COUNT_BYTES), "big")
        self.take_input(length - SEED_BYTES - COUNT_BYTES)
        make_files(self.places, False)
        steps = self.steps_keeping(inputs=count)
        return self.run(steps, child.run_batch, (self.program.module, self.program.entry), Progress(count)), b""

    def steps_keeping(self, *keep: int, inputs: int = 1) -> list[child.Step]:
        """What a child of the present program does first, if it is to keep these descriptors."""
        program = self.program
        limits, by_name = program.limits(inputs), program.entry is None
        keep = tuple(sorted((*keep, CODE)))
        return child.steps(keep, limits, self.uid, self.scope, not self.detached, by_name)

    def fork(self, steps: list[child.Step], run: Callable[[Any], None], task: tuple[Any, ...]) -> int:
        """Starts a child that goes through the steps and then runs `run`."""
        self.running, self.starved = True, False
        begin, sizes = child.begin, (self.program.source_bytes, self.input_bytes)  # here, where the pages are warm
        pid = os.fork()
        if not pid:
            begin(sizes, steps, run, task)
        return pid

    def run(
        self,
        steps: list[child.Step],
        run: Callable[[Any], None],
        task: tuple[Any, ...],
        progress: Progress | None = None,
    ) -> Ended:
        """Forks, watches, sweeps; returns only when nothing of the run is alive."""
        began = time.monotonic()
        pid = self.fork(steps, run, task)
        reason = self.watch(pid, began, progress)
        ended = Ended(reason, pid, began)
        self.after_run(ended)
        if ended.code == child.TROUBLED and select.select([self.trouble], [], [], 0)[0]:
            self.running = False
            raise OSError(os.read(self.trouble, 4096).decode("utf-8", "replace"))
        return ended

    def after_run(self, ended: Ended) -> None:
        """Nothing survives: first the processes, then the files."""
        ended.cpu_us += self.tree.sweep()
        self.places.clean(self.uid)
        if self.input_bytes > KEPT_BYTES:
            os.ftruncate(INPUT, 0)
        self.input_bytes = 0
        self.runs += 1

    def watch(self, pid: int, began: float, progress: Progress | None = None) -> int:
        """Waits for the child's end, looking at the whole tree from time to time; kills it at a limit."""
        waiter = self.new_waiter(pid)
        guard = None
        try:
            while True:
                for descriptor, _ in self.events.poll(TICK_S * 1000):
                    if descriptor == waiter:
                        return EXITED
                    raise Gone
                if time.monotonic() > self.channel.deadline:
                    raise Gone
                guard = guard or Guard(self.program, self.tree, self.places, pid, began)
                reason = guard.over_limit(progress.answers() if progress else 0)
                if reason != EXITED:
                    self.starved = guard.starved
                    self.tree.kill_all()
                    return reason
        finally:
            os.close(waiter)

    def new_waiter(self, pid: int) -> int:
        waiter = os.pidfd_open(pid)
        if waiter != self.waiter:
            if self.waiter != self.channel.reader:
                self.events.unregister(self.waiter)
            self.events.register(waiter, select.POLLIN)
            self.waiter = waiter
        return waiter

    def new_marks(self, program: Program) -> int:
        """A file with a byte for each line of the program."""
        marks = self.places.new_file()
        os.ftruncate(marks, program.lines)
        return marks

    def read_marks(self, marks: int, lines: int) -> bytes:
        data = os.pread(marks, lines, 0)
        os.close(marks)
        return data

    def reply(self, ended: Ended, marks: bytes) -> None:
        """Sends the result. The files go from the kernel to the kernel: what one program answered is never in this
        process's memory, where the next one, which starts as a copy of it, could look for it.
        """
        most, stage = self.program.output_bytes, self.channel.stage
        readers = ANSWER_READER, OUT_READER, ERROR_READER
        (answer, staged), (out, out_staged), (error, error_staged) = map(stage, readers)
        flags = (TIRED if self.tired() else 0) | (STARVED if self.starved else 0)
        if answer > most or out > most or error > STDERR_BYTES:
            flags |= TRUNCATED if max(answer, out, error) > most else 0
            answer, out, error = min(answer, most), min(out, most), min(error, STDERR_BYTES)
        head = b"%d %d %d %d %d %d %d %d %d %d\n" % (
            ended.reason, ended.code, ended.cpu_us, ended.wall_us, ended.peak_kib, flags,
            answer, out, error, len(marks),
        )  # fmt: skip
        files = ((ANSWER_READER, answer, staged), (OUT_READER, out, out_staged), (ERROR_READER, error, error_staged))
        self.channel.send_staged(b"R", head, files, marks)

    def tired(self) -> bool:
        return self.places.soiled or self.tree.survivors


def main(reader: int, writer: int, options: dict[str, Any]) -> None:
    """Prepares the process that all children will be copies of, then serves."""
    import builtins
    from _sitebuiltins import Quitter  # `exit()` and `quit()` come from site, which is not run here

    builtins.exit, builtins.quit = Quitter("exit", "Ctrl-D (i.e. EOF)"), Quitter("quit", "Ctrl-D (i.e. EOF)")
    sys.argv = [FILE_NAME]
    os.register_at_fork = options["register_at_fork"]
    child.repair_forks_of_programs()
    os.umask(0)
    os.chdir(options["places"][0])
    _signal.signal(_signal.SIGINT, _signal.default_int_handler)  # no shell's worker is in the caller's session
    worker = Worker(Channel(reader, writer, time.monotonic() + options["lifetime_s"]), options)
    worker.rehearse()
    gc.collect()
    gc.disable()
    gc.freeze()
    try:
        worker.serve()
    except Gone:
        pass
    except BaseException as error:  # the trusted side should learn why it has lost a worker
        stage = b"1" if worker.running else b"0"
        worker.channel.send(b"!", stage, f"{type(error).__name__}: {error}".encode())
    finally:
        worker.tree.sweep()
        os._exit(0)
